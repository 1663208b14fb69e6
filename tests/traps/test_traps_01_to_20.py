"""The traps of Meta's webhook, one test each; the numbers are those of docs/decisions/0007."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from raffles.numbers.models import Raffle
from tests.factories import make_order
from tests.whatsapp.chat import contact_of, heard, make_contact, make_sent, queue, say
from tests.whatsapp.graph import Answer, Graph
from tests.whatsapp.meta import (
    ANA,
    NOW,
    URL,
    Person,
    body,
    message,
    moved,
    post,
    receive,
    said,
    signature,
    status,
    statuses,
    value,
    words,
)
from tests.whatsapp.racing import race
from whatsapp import inbox, outbox
from whatsapp.contacts import recipient_of
from whatsapp.inbox import answering
from whatsapp.models import Contact, InboundEvent, OutboundMessage
from whatsapp.outbox.claims import claim
from whatsapp.payloads import split
from whatsapp.webhook import is_signed, store

pytestmark = pytest.mark.django_db(transaction=True)


def test_trap_01_the_signature_covers_the_escaped_bytes_as_they_came(client: Client) -> None:
    raw = rb'{"entry":[{"changes":[{"field":"x","value":{"a":"\u00e9\/\ud83d\ude00"}}]}]}'
    assert post(client, raw).status_code == 200
    assert InboundEvent.objects.get().payload["value"]["a"] == "é/😀"


@pytest.mark.parametrize("wrong", ["test-verify-token", "test-access-token"])
def test_trap_02_only_the_app_secret_signs(client: Client, wrong: str) -> None:
    assert post(client, b"{}", header=signature(b"{}", wrong)).status_code == 403
    assert post(client, b"{}").status_code == 200


def test_trap_03_a_signature_beyond_ascii_is_wrong_and_no_error() -> None:
    assert not is_signed(b"{}", "sha256=é\udcff", ["secret"])


def test_trap_04_meta_needs_no_csrf_token() -> None:
    assert post(Client(enforce_csrf_checks=True), b"{}").status_code == 200


def test_trap_05_the_challenge_comes_back_bare(client: Client) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "test-verify-token", "hub.challenge": "1158201444"}
    answer = client.get(URL, asked)
    assert (answer.content, answer.headers["Content-Type"].partition(";")[0]) == (b"1158201444", "text/plain")


def test_trap_08_the_view_only_stores(client: Client) -> None:
    post(client, said(ANA, words("menu")))
    assert (InboundEvent.objects.get().status, OutboundMessage.objects.count()) == ("NEW", 0)


def test_trap_09_what_makes_no_sense_to_the_business_is_still_a_200(client: Client, moto: Raffle) -> None:
    for posted in (said(ANA, words("comprar 1000000")), statuses(status("wamid.NOBODY", "read")), {"x": 1}):
        assert post(client, posted).status_code == 200
    inbox.drain(now=NOW)
    assert not InboundEvent.objects.filter(status="FAILED").exists()


def test_trap_10_two_copies_in_parallel_are_one_event() -> None:
    posted = body(value(message(ANA, words("menu"), wamid="wamid.SAME")))
    assert race(*[lambda: store(split(posted), now=NOW)] * 2) == [None, None]
    inbox.drain(now=NOW)
    assert (InboundEvent.objects.count(), len(heard())) == (1, 1)


def test_trap_11_what_crashed_after_it_was_stored_runs_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(**_: object) -> None:
        raise RuntimeError("died in the middle")

    with monkeypatch.context() as crashing:
        crashing.setattr(answering, "take_turn", crash)
        receive(said(ANA, words("menu")))
    assert OutboundMessage.objects.count() == 0
    inbox.drain(now=NOW + timedelta(minutes=1))
    assert len(heard()) == 1


def test_trap_12_every_entry_change_and_message_is_read(client: Client) -> None:
    one, two = said(ANA, words("a"), words("b")), said(ANA, words("c"), words("d"))
    change = one["entry"][0]["changes"][0]
    posted = {"entry": [{"changes": [change, change | {"value": said(ANA, words("e"))}]}, two["entry"][0]]}
    post(client, posted)
    assert InboundEvent.objects.filter(kind="MESSAGE").count() == 4
    assert InboundEvent.objects.count() == 5  # the odd change beside them is kept too


def test_trap_13_nobody_s_card_phone_or_name_is_needed() -> None:
    bare = {"from_user_id": "PY.9", "id": "wamid.B", "timestamp": "1791000000", **words("menu")}
    receive(body(value(bare)), statuses(status("wamid.X", "failed")))
    receive(body(value({"id": "wamid.S", "timestamp": "1791000000", "type": "system", "system": {}})))
    assert not InboundEvent.objects.filter(status="FAILED").exists()
    assert Contact.objects.get().bsuid == "PY.9"


def test_trap_14_a_name_is_no_identity() -> None:
    thief = Person(ANA.name, "595981999999", "PY.777")
    say("menu")
    say("menu", person=thief)
    assert contact_of(ANA).player_id != contact_of(thief).player_id


def test_trap_15_a_number_change_keeps_the_person_and_a_recycled_number_is_another() -> None:
    say("menu")
    player = contact_of(ANA).player_id
    receive(moved(ANA.bsuid, "PY.NEW", "595981000077"))
    assert Contact.objects.get(bsuid="PY.NEW").player_id == player
    say("menu", person=Person("Eva", "595981000077", "PY.EVA"))
    assert Contact.objects.get(bsuid="PY.EVA").player_id != player


def test_trap_16_a_business_scoped_id_goes_as_recipient_and_never_beside_to() -> None:
    assert recipient_of(make_contact(ANA)) == {"recipient": ANA.bsuid}


def test_trap_17_a_late_sent_does_not_undo_read() -> None:
    row = make_sent(wamid="wamid.X")
    receive(statuses(status("wamid.X", "read")), statuses(status("wamid.X", "sent")))
    assert OutboundMessage.objects.get(pk=row.pk).status == "READ"


def test_trap_18_a_status_before_the_answer_finds_its_message() -> None:
    row = queue(make_contact(ANA), "one")
    claim(NOW, 1)
    receive(statuses(status("wamid.EARLY", "delivered", callback=f"outbox:{row.pk}")))
    found = OutboundMessage.objects.get(pk=row.pk)
    assert (found.status, found.wamid) == ("DELIVERED", "wamid.EARLY")


def test_trap_19_a_failed_message_is_on_the_first_page_of_the_admin(client: Client, graph: Graph) -> None:
    queue(make_contact(ANA), "one")
    client.force_login(User.objects.create_superuser("boss"))
    graph.will_answer(Answer.refusal(131026))
    outbox.flush(now=NOW)
    assert "1</strong> messages that could not be sent" in first_page(client)
    queue(make_contact(Person("Beto", "595981000002", "PY.2")), "one")
    graph.will_answer(Answer.refusal(131042))
    outbox.flush(now=NOW)
    assert "No message leaves since" in first_page(client)
    assert "1</strong> notifications not seen" in first_page(client)


def first_page(client: Client) -> str:
    return client.get(reverse("admin:index"), headers={"accept-language": "en"}).content.decode()


def test_trap_20_sent_is_not_delivered_and_the_numbers_can_be_asked_for_again(
    moto: Raffle, graph: Graph
) -> None:
    say("menu")
    make_order(raffle=moto, player=contact_of().player, numbers=(5, 12), status="PAID")
    outbox.flush(now=NOW)
    assert set(OutboundMessage.objects.values_list("status", flat=True)) == {"SENT"}
    assert "05, 12" in say("mis pedidos")
