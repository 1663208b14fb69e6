"""The traps around templates, chats and money, one test each; the numbers are of docs/decisions/0007."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from raffles.numbers.models import Raffle, Ticket
from raffles.numbers.picks import BadPick, ExactPick, NumbersShape, parse_pick
from raffles.sales.admin.order_page import shown_proofs
from raffles.sales.models import Order, OrderChange
from tests.factories import make_order, make_proof, make_raffle, pdf_bytes
from tests.whatsapp import test_payloads
from tests.whatsapp.chat import contact_of, heard, make_sent, say
from tests.whatsapp.graph import Graph
from tests.whatsapp.meta import ANA, NOW, body, message, post, receive, said, status, statuses, value, words
from whatsapp import cloud_api, outbox
from whatsapp.inbox.rush import MOST_TURNS
from whatsapp.messages import Text, meta_content
from whatsapp.models import Conversation, InboundEvent, OutboundMessage
from whatsapp.payloads import split
from whatsapp.reactions import Then
from whatsapp.templates.catalogue import CATEGORY, definitions
from whatsapp.texts import showing

pytestmark = pytest.mark.django_db(transaction=True)

PICK = NumbersShape(first=0, last=99, width=2, max_count=50)


def stored(name: str) -> object:
    """A webhook as Meta sends it."""
    return json.loads((Path(test_payloads.__file__).parent / "payloads" / f"{name}.json").read_text())


def hear(name: str) -> None:
    receive(stored(name))  # type: ignore[arg-type]  # any JSON may come


def test_trap_41_every_template_is_about_something_the_player_did() -> None:
    assert CATEGORY == "UTILITY"
    assert all("http" not in each.body for each in definitions())


def test_trap_42_a_winner_can_be_told_days_after_the_draw() -> None:
    told = {(each.key, each.language) for each in definitions()}
    assert {("draw_won", language) for language in ("es", "pt_BR", "en")} <= told


@pytest.mark.parametrize("name", ["nfm_reply", "nfm_reply_malformed"])
def test_trap_45_an_answer_of_a_flow_changes_nothing(name: str, moto: Raffle) -> None:
    hear(name)
    assert (InboundEvent.objects.get().status, Order.objects.count()) == ("DONE", 0)


@pytest.mark.parametrize("name", ["edit", "unsupported_edit", "revoke", "echo"])
def test_trap_48_edits_and_echoes_order_nothing(name: str, moto: Raffle) -> None:
    say("rifas", "1")
    hear(name)
    assert Order.objects.count() == 0
    assert not InboundEvent.objects.filter(status__in=("NEW", "FAILED")).exists()


def test_trap_49_two_machines_do_not_talk_for_ever() -> None:
    say("menu")
    Conversation.objects.update(rush_turns=MOST_TURNS)
    receive(said(ANA, words("menu")))
    assert len(heard()) == 1


@pytest.mark.parametrize("word", ["stop", "BAJA", "Parar", "unsubscribe"])
def test_trap_50_stop_is_heard_before_anything_else(word: str, moto: Raffle) -> None:
    say("rifas", "1", word)
    assert contact_of().player.news_stopped_at == NOW


def test_trap_51_a_message_that_comes_a_day_late_is_neither_answered_nor_carried_out(graph: Graph) -> None:
    make_raffle(code="MOTO")
    say("rifas", "1")
    outbox.flush(now=NOW)
    told = len(graph.sent)
    receive(said(ANA, words("5,12"), at=NOW - timedelta(hours=25)))
    outbox.flush(now=NOW)
    assert len(graph.sent) == told == OutboundMessage.objects.count()
    assert not Order.objects.exists()


def test_trap_52_a_page_that_a_preview_fetches_changes_nothing(client: Client) -> None:
    """Links in a chat are opened by machines first: whatever is public is only looked at."""
    raffle = make_raffle(code="MOTO")
    order = make_order(raffle=raffle, numbers=(5,), status=Order.Status.PENDING_PAYMENT)
    before = rows_of_sales()
    paths = ["/", "/results/", "/draws/", "/r/MOTO/", "/r/MOTO/board.json", "/r/MOTO/preview.png", "/t/"]
    for path in (*paths, f"/t/{order.code}/"):
        assert client.get(path).status_code == 200, path
    assert rows_of_sales() == before


def rows_of_sales() -> list[object]:
    models = (Raffle, Ticket, Order, OrderChange)
    return [list(model._base_manager.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("text", ["٥", "５", "५", "05", "#5"])
def test_trap_53_digits_of_any_script_are_digits(text: str) -> None:
    assert parse_pick(text, PICK) == ExactPick((5,))


@pytest.mark.parametrize("text", ["5²", "①", "½", "五"])
def test_trap_53_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert isinstance(parse_pick(text, PICK), BadPick)


@pytest.mark.parametrize("url", ["/whatsapp/webhook", "/whatsapp/webhook/"])
def test_trap_54_the_webhook_never_redirects(client: Client, url: str) -> None:
    assert post(client, b"{}", url=url).status_code == 200


def test_trap_55_the_code_decides_and_no_word() -> None:
    refused = cloud_api.error_from({"code": 131026, "message": "(#190) access token expired"}, 401)
    assert refused.reaction.then == Then.DROP


def test_trap_56_three_megabytes_come_in(client: Client) -> None:
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE > 3 * 1024 * 1024
    many = [message(ANA, words("x" * 2900)) for _ in range(900)]
    assert post(client, body(value(*many))).status_code == 200
    assert InboundEvent.objects.count() == 900


def test_trap_57_a_price_told_twice_counts_once() -> None:
    row = make_sent(wamid="wamid.X")
    price = {"category": "service", "type": "regular"}
    other = {"category": "utility", "type": "regular"}
    told = [status("wamid.X", "sent", pricing=price), status("wamid.X", "delivered", pricing=other)]
    receive(statuses(*told))
    assert OutboundMessage.objects.get(pk=row.pk).price_category == "service"


def test_trap_58_the_key_of_an_event_outlives_what_it_said_and_names_nobody() -> None:
    posted = body(value(message(ANA, words("menu"), wamid="wamid.SECRET"), contacts=[ANA.card]))
    receive(posted)
    InboundEvent.objects.update(payload={}, sender="", contact=None)
    receive(posted)
    event = InboundEvent.objects.get()
    assert "SECRET" not in event.event_key
    assert len(heard()) == 1


def test_trap_59_one_receipt_for_two_orders_is_shown_at_both(moto: Raffle) -> None:
    first, second = (make_order(raffle=moto, numbers=(n,), status="PENDING_PAYMENT") for n in (1, 2))
    for order in (first, second):
        make_proof(order, content=pdf_bytes())
    [shown] = shown_proofs(second, User(is_superuser=True), timezone.now())
    assert [other.pk for other in shown.same_file.orders] == [first.pk]


def test_trap_59_a_forwarded_receipt_is_known_as_one() -> None:
    [event] = split(stored("image_forwarded"))
    assert event.payload["message"]["context"]["forwarded"] is True


def test_trap_60_words_of_people_format_nothing_and_links_open_no_preview() -> None:
    assert showing.plain("*a* _b_ ~c~ `d`").count("\u200b") == 8
    assert meta_content(Text("https://example.org"))["text"]["preview_url"] is False
