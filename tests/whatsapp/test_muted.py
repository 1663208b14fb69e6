"""A bot that is muted for a player says nothing; nothing that the player sends is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from raffles.desk.models import StaffNotification
from raffles.numbers.models import Raffle
from raffles.sales.models import Order, PaymentProof
from tests.factories import confirm, make_order, make_raffle, png_bytes
from tests.whatsapp.chat import contact_of, heard, say, state_of
from tests.whatsapp.graph import Graph
from tests.whatsapp.meta import ANA, NOW, Json, picture_of, press, receive, said
from whatsapp.admin.changes import mute, take_chats, unmute
from whatsapp.models import Conversation, InboundEvent, InboundMedia

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)


def muted() -> int:
    """How many bubbles the player had heard when the bot was muted."""
    assert mute([contact_of(ANA).pk], now=NOW) == [contact_of(ANA).pk]
    return len(heard())


def send_picture(graph: Graph, media_id: str = "77", **more: str) -> None:
    content = png_bytes() + media_id.encode()
    graph.has_media(media_id, content, mime_type="image/png")
    receive(said(ANA, picture_of(content, media_id=media_id, **more), at=LATER), now=LATER)


def silences() -> list[str]:
    return list(InboundEvent.objects.order_by("pk").values_list("silence", flat=True))


def test_words_buttons_and_what_cannot_be_read_are_kept_and_not_answered(moto: Raffle) -> None:
    say("rifas")
    before, stood = muted(), Conversation.objects.values("state", "data", "turn").get()
    sticker: Json = {"type": "sticker", "sticker": {}}
    say("menu", "1", "¿hola?")
    receive(said(ANA, press("menu::1"), sticker))
    assert len(heard()) == before
    assert Conversation.objects.values("state", "data", "turn").get() == stood
    assert silences() == ["", *["MUTED"] * 5]
    assert set(InboundEvent.objects.values_list("status", flat=True)) == {"DONE"}
    assert not StaffNotification.objects.exists()


def test_let_speak_again_the_bot_goes_on_where_it_was(moto: Raffle) -> None:
    say("rifas")
    before = muted()
    say("1")
    assert unmute([contact_of(ANA).pk]) == [contact_of(ANA).pk]
    assert "Moto 0 km" in say("1")
    assert len(heard()) == before + 1
    assert state_of() == "NUMBERS"


def test_muted_twice_it_was_muted_once(moto: Raffle) -> None:
    say("menu")
    muted()
    assert mute([contact_of(ANA).pk], now=LATER) == []
    assert contact_of(ANA).muted_at == NOW


@pytest.mark.django_db(transaction=True)
def test_a_receipt_reaches_the_one_order_that_waits_for_it(moto: Raffle, graph: Graph) -> None:
    say("MOTO", "5,12", "confirmar")
    before = muted()
    send_picture(graph)
    order = Order.objects.get()
    assert order.status == "UNDER_REVIEW"
    assert PaymentProof.objects.get().order == order
    assert len(heard()) == before
    assert set(StaffNotification.objects.values_list("kind", flat=True)) == {"PROOF_RECEIVED"}
    unmute([contact_of(ANA).pk])
    assert order.code in say("mis pedidos")


@pytest.mark.django_db(transaction=True)
def test_the_player_still_hears_that_the_payment_was_confirmed(moto: Raffle, graph: Graph) -> None:
    say("MOTO", "5,12", "confirmar")
    before = muted()
    send_picture(graph)
    confirm(Order.objects.get())
    assert len(heard()) == before + 1
    assert "¡Pago confirmado!" in heard()[-1]


@pytest.mark.django_db(transaction=True)
def test_a_receipt_that_may_be_for_two_orders_is_named_to_staff_and_asks_nothing(
    moto: Raffle, graph: Graph
) -> None:
    say("menu")
    player = contact_of(ANA).player
    codes = [
        make_order(raffle=make_raffle(), player=player, status="PENDING_PAYMENT").code for _raffle in (1, 2)
    ]
    before = muted()
    send_picture(graph)
    assert set(StaffNotification.objects.values_list("kind", flat=True)) == {"STRAY_RECEIPT"}
    assert (len(heard()), state_of()) == (before, "MENU")
    assert InboundMedia.objects.get().status == "STORED"
    send_picture(graph, "78", caption=f"pago {codes[0]}")
    assert PaymentProof.objects.get().order.code == codes[0]


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_no_receipt_is_named_to_staff_and_refused_to_nobody(
    moto: Raffle, graph: Graph
) -> None:
    say("MOTO", "5,12", "confirmar")
    before = muted()
    graph.has_media("77", b"MZ\x90\x00" + bytes(200), mime_type="image/jpeg")
    receive(said(ANA, picture_of(b"", media_id="77"), at=LATER), now=LATER)
    assert not PaymentProof.objects.exists()
    assert set(StaffNotification.objects.values_list("kind", flat=True)) == {"STRAY_RECEIPT"}
    assert (len(heard()), Order.objects.get().status) == (before, "PENDING_PAYMENT")


def test_stop_counts_and_a_call_for_a_person_is_heard(moto: Raffle) -> None:
    say("menu")
    before = muted()
    say("baja")
    assert contact_of(ANA).player.news_stopped_at == NOW
    say("agente")
    receive(said(ANA, press("person::1")))
    assert [row.kind for row in StaffNotification.objects.all()] == ["PERSON_REQUESTED"]
    assert (len(heard()), state_of()) == (before, "MENU")


def test_a_person_who_has_the_chat_hears_a_muted_player_too(moto: Raffle) -> None:
    say("menu")
    muted()
    take_chats([contact_of(ANA).pk], now=NOW)
    say("¿sigue ahí?")
    assert silences()[-1] == "PERSON"
    assert [row.kind for row in StaffNotification.objects.all()] == ["PERSON_REQUESTED"]


def test_who_is_blocked_is_told_apart_from_who_is_muted(moto: Raffle) -> None:
    say("menu")
    muted()
    contact = contact_of(ANA)
    contact.blocked_at = NOW
    contact.save(update_fields=["blocked_at"])
    say("menu")
    assert silences()[-1] == "BLOCKED"
