"""The traps of sending, one test each; the numbers are those of docs/decisions/0007."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils.translation import override

from raffles.numbers.models import Raffle
from raffles.sales.models import Order, PaymentProof
from tests.factories import make_order, png_bytes
from tests.whatsapp.chat import bubbles, contact_of, heard, make_contact, queue, reply_ids, say
from tests.whatsapp.graph import HANG_UP, Answer, Graph
from tests.whatsapp.meta import ANA, NOW, Person, picture_of, press, receive, said, words
from tests.whatsapp.racing import race
from whatsapp import cloud_api, inbox, outbox
from whatsapp.contacts import recipient_of
from whatsapp.messages import BUTTON_TITLE_LIMIT, Choices, Row, UnsendableBubble, meta_content, units
from whatsapp.models import InboundEvent, InboundMedia, MessageTemplate, OutboundMessage
from whatsapp.outbox import pace
from whatsapp.payloads import split
from whatsapp.templates import content_for
from whatsapp.templates.catalogue import definition_of
from whatsapp.templates.filling import fitted, places
from whatsapp.texts import sale
from whatsapp.webhook import store

pytestmark = pytest.mark.django_db(transaction=True)


def as_template(language: str) -> dict[str, Any]:
    """What leaves to a player of that language outside the window."""
    meta = {"es": "es", "pt-br": "pt_BR", "en": "en"}[language]
    wording = definition_of("raffle_order_expired_v1", meta)
    assert wording is not None
    MessageTemplate.objects.create(
        key="order_expired", name=wording.name, language=meta, status="APPROVED", body=wording.body
    )
    row = queue(make_contact(ANA), "x")
    row.contact.player.language = language
    row.template_key = "order_expired"
    row.template_parameters = dict.fromkeys(places(wording.body), "x")
    found = content_for(row)
    assert found is not None
    return dict(found["template"])


def test_trap_21_after_a_time_out_nothing_is_sent_again_at_once(graph: Graph) -> None:
    row = queue(make_contact(ANA), "one")
    graph.will_answer(HANG_UP)
    for second in range(3):
        outbox.flush(now=NOW + timedelta(seconds=second))
    assert (len(graph.sent), OutboundMessage.objects.get(pk=row.pk).status) == (1, "SENDING")


def test_trap_22_a_phone_goes_with_its_plus() -> None:
    assert recipient_of(make_contact(Person("Ana", "595981000001", ""))) == {"to": "+595981000001"}


@pytest.mark.parametrize("wa_id", ["5491155551234", "541155551234", "5215512345678", "551187654321"])
def test_trap_23_a_number_is_never_repaired(wa_id: str) -> None:
    receive(said(Person("Ana", wa_id, ""), words("menu")))
    assert recipient_of(contact_of(Person("Ana", wa_id, ""))) == {"to": f"+{wa_id}"}


def test_trap_24_a_list_has_ten_short_different_rows_or_is_not_sent() -> None:
    def listed(count: int) -> Any:
        rows = tuple(Row(f"r{n}", "the same title, far too long for a row") for n in range(count))
        return meta_content(Choices("Which?", "a button far too long for a list", rows))["interactive"]

    titles = [row["title"] for row in listed(10)["action"]["sections"][0]["rows"]]
    assert max(map(units, titles)) <= 24
    assert units(listed(1)["action"]["button"]) <= 20
    with pytest.raises(UnsendableBubble):
        listed(11)


def test_trap_25_buttons_fit_in_every_language() -> None:
    for language, _name in settings.LANGUAGES:
        with override(language):
            assert units(sale.random_button(50)) <= BUTTON_TITLE_LIMIT
            assert units(sale.take_rest_button(50)) <= BUTTON_TITLE_LIMIT


def test_trap_26_values_of_a_template_are_one_line_and_never_empty() -> None:
    found = fitted("Hi {{a}} and {{b}}.", {"a": "x\n\ty" + " " * 9 + "z", "b": "  "})
    assert found["a"].split() == ["x", "y", "z"]
    assert not [each for each in ("\n", "\t", " " * 5) if each in found["a"]]
    assert found["b"].strip()


def test_trap_27_every_value_goes_by_its_name() -> None:
    bodies = [part for part in as_template("es")["components"] if part["type"] == "body"]
    assert all(value["parameter_name"] for part in bodies for value in part["parameters"])


@pytest.mark.parametrize(("language", "code"), [("es", "es"), ("pt-br", "pt_BR"), ("en", "en")])
def test_trap_28_a_template_goes_under_meta_s_own_name_of_its_language(language: str, code: str) -> None:
    assert as_template(language)["language"] == {"code": code}


@pytest.fixture
def order(moto: Raffle) -> Order:
    say("menu")
    return make_order(raffle=moto, player=contact_of().player, status="PENDING_PAYMENT")


def test_trap_29_a_file_is_fetched_at_once_and_its_link_is_not_kept(order: Order, graph: Graph) -> None:
    picture = png_bytes()
    graph.has_media("77", picture)
    receive(said(ANA, picture_of(picture)))
    kept = InboundMedia.objects.get()
    assert kept.status == "STORED"
    assert graph.url not in str({field.name: str(getattr(kept, field.name)) for field in kept._meta.fields})


def test_trap_30_a_file_is_asked_for_with_token_and_agent_and_a_web_page_is_no_picture(
    order: Order, graph: Graph
) -> None:
    graph.has_media("77", b"<html>log in</html>")
    receive(said(ANA, picture_of(b"<html>log in</html>")))
    assert PaymentProof.objects.count() == 0
    headers = [asked.headers for asked in graph.asked if asked.method == "GET"]
    assert all(each["authorization"] and each["user-agent"] for each in headers)
    assert len(headers) == 2


def test_trap_31_a_hash_is_the_same_in_base64_and_hex() -> None:
    in_hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    for announced in (in_hex, in_hex.upper(), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="):
        assert cloud_api.is_same_hash(b"abc", announced)


@pytest.mark.parametrize("part", [{"message_id": "wamid.X"}, {"message_id": "wamid.X", "emoji": ""}, {}])
def test_trap_32_a_reaction_taken_back_is_read_in_silence(part: dict[str, str]) -> None:
    receive(said(ANA, {"type": "reaction", "reaction": part}))
    assert (InboundEvent.objects.get().status, OutboundMessage.objects.count()) == ("DONE", 0)


def confirm_button() -> str:
    return next(reply for reply in reply_ids(bubbles()[-1]).values() if reply.startswith("confirm"))


def test_trap_33_an_old_button_buys_nothing(moto: Raffle) -> None:
    say("rifas", "1", "5,12")
    old = confirm_button()
    say("menu")
    receive(said(ANA, press(old)))
    assert Order.objects.get().status == "DRAFT"


def test_trap_34_a_button_pressed_twice_counts_once(moto: Raffle) -> None:
    say("rifas", "1", "5,12")
    button = confirm_button()
    receive(said(ANA, press(button), press(button)))
    order = Order.objects.get()
    assert (order.status, len([each for each in heard() if "123-456" in each])) == ("PENDING_PAYMENT", 1)


def test_trap_35_two_workers_take_one_player_s_messages_in_turn(moto: Raffle) -> None:
    store(split(said(ANA, words("rifas"), words("1"), words("5,12"))), now=NOW)
    race(*[lambda: inbox.drain(now=NOW)] * 2)
    inbox.drain(now=NOW + timedelta(minutes=1))
    assert (len(heard()), Order.objects.count()) == (3, 1)


def test_trap_36_nothing_says_that_somebody_is_typing(graph: Graph) -> None:
    say("menu")
    outbox.flush(now=NOW)
    assert len(graph.asked) == 2
    assert all("typing_indicator" not in asked.body for asked in graph.asked)


def test_trap_37_an_answer_is_one_bubble(moto: Raffle) -> None:
    said_to_it = ("menu", "rifas", "1", "5,12", "confirmar", "mis pedidos", "ayuda")
    say(*said_to_it)
    assert len(heard()) == len(said_to_it)


def test_trap_38_many_tickets_are_one_message_and_bursts_stay_below_the_pair_limit(moto: Raffle) -> None:
    say("rifas", "1", "0-49", "confirmar")
    assert len(heard()) == 4
    assert pace.PAIR_LENT / pace.PAIR_STEP < 45


@pytest.mark.parametrize("code", [131049, 130472])
def test_trap_39_what_meta_keeps_from_a_player_is_dropped(graph: Graph, code: int) -> None:
    queue(make_contact(ANA), "one")
    graph.will_answer(Answer.refusal(code))
    for hour in range(5):
        outbox.flush(now=NOW + timedelta(hours=hour))
    assert (len(graph.sent), OutboundMessage.objects.get().status) == (1, "FAILED")


@pytest.mark.parametrize("code", [190, 131042, 368])
def test_trap_40_an_account_that_is_refused_is_asked_once(graph: Graph, code: int) -> None:
    queue(make_contact(ANA), "one")
    graph.will_answer(*[Answer.refusal(code)] * 50)
    for minute in range(50):
        outbox.flush(now=NOW + timedelta(minutes=minute))
    assert (len(graph.sent), OutboundMessage.objects.get().status) == (1, "QUEUED")
