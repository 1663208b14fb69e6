"""Which order a photo is for, and what happens to one that is none."""

from __future__ import annotations

from typing import Any

import pytest

from raffles.numbers.models import Raffle
from raffles.sales.models import Order, PaymentProof
from tests.factories import make_order, png_bytes
from tests.whatsapp.chat import contact_of, heard, say, state_of
from tests.whatsapp.graph import Graph
from tests.whatsapp.meta import ANA, receive, said, words

Status = Order.Status
WHICH = "¿De qué pedido es este comprobante?"


@pytest.fixture
def two_orders(moto: Raffle, graph: Graph) -> list[Order]:
    """Both wait for money; the bot lists the newer one first."""
    say("menu")
    player = contact_of().player
    graph.has_media("1", png_bytes())
    graph.has_media("2", b"MZ\x90\x00 no picture at all")
    return [
        make_order(raffle=moto, player=player, numbers=[number], status=Status.PENDING_PAYMENT)
        for number in (1, 2)
    ]


def send(media_id: str, **more: Any) -> str:
    receive(said(ANA, {"type": "image", "image": {"id": media_id, "mime_type": "image/png", **more}}))
    return heard()[-1]


def statuses(orders: list[Order]) -> list[str]:
    return [Order.objects.get(pk=order.pk).status for order in orders]


def test_with_two_orders_that_wait_the_bot_asks_which(two_orders: list[Order]) -> None:
    assert WHICH in send("1")
    assert statuses(two_orders) == [Status.PENDING_PAYMENT] * 2
    assert two_orders[0].code in say("2")
    assert statuses(two_orders) == [Status.UNDER_REVIEW, Status.PENDING_PAYMENT]


def test_what_is_no_receipt_does_not_trap_the_question(two_orders: list[Order]) -> None:
    assert WHICH in send("2")
    assert "foto (JPEG, PNG, WebP) o un PDF" in say("1")
    assert state_of() == "PAYMENT"
    assert WHICH in send("1")
    say("1")
    assert statuses(two_orders) == [Status.PENDING_PAYMENT, Status.UNDER_REVIEW]


def test_a_bad_file_beside_a_good_one_keeps_nothing_out(two_orders: list[Order]) -> None:
    send("2")
    send("1")
    say("1")
    assert statuses(two_orders) == [Status.PENDING_PAYMENT, Status.UNDER_REVIEW]
    assert PaymentProof.objects.count() == 1


@pytest.mark.parametrize("which", [0, 1])
def test_a_caption_that_names_the_order_decides(two_orders: list[Order], which: int) -> None:
    send("1", caption=f"pago {two_orders[which].code.lower()}")
    assert statuses(two_orders)[which] == Status.UNDER_REVIEW


def test_a_caption_may_name_an_order_under_review_while_another_waits(two_orders: list[Order]) -> None:
    send("1", caption=two_orders[0].code)
    send("1", caption=two_orders[0].code)
    assert statuses(two_orders) == [Status.UNDER_REVIEW, Status.PENDING_PAYMENT]
    assert PaymentProof.objects.filter(order=two_orders[0]).count() == 2


def test_a_caption_with_a_stranger_s_code_decides_nothing(two_orders: list[Order], moto: Raffle) -> None:
    stranger = make_order(raffle=moto, numbers=[9], status=Status.PENDING_PAYMENT)
    assert WHICH in send("1", caption=stranger.code)
    assert statuses([stranger]) == [Status.PENDING_PAYMENT]


def test_twenty_photos_are_ten_proofs_and_a_word(two_orders: list[Order]) -> None:
    code = two_orders[0].code
    for _ in range(20):
        send("1", caption=code)
    assert PaymentProof.objects.count() == 10
    assert "suficientes comprobantes" in heard()[-1]
    assert statuses(two_orders) == [Status.UNDER_REVIEW, Status.PENDING_PAYMENT]


def test_a_photo_before_confirming_is_evidence_enough(moto: Raffle, graph: Graph) -> None:
    graph.has_media("1", png_bytes())
    say("rifas", "1", "5,12")
    assert "revisión" in send("1")
    assert Order.objects.get().status == Status.UNDER_REVIEW


def test_confirm_with_two_held_orders_shows_both_instead_of_denying_them(moto: Raffle) -> None:
    say("menu")
    player = contact_of().player
    codes = [make_order(raffle=moto, player=player, numbers=[number]).code for number in (1, 2)]
    answer = say("confirmar")
    assert all(code in answer for code in codes)
    assert state_of() == "ORDERS"
    say("1")
    say("confirmar")
    assert Order.objects.filter(status=Status.PENDING_PAYMENT).count() == 1


def test_words_of_a_stranger_s_order_show_nothing(moto: Raffle) -> None:
    stranger = make_order(raffle=moto, numbers=[9])
    say("menu")
    receive(said(ANA, words(stranger.code)))
    assert "09" not in heard()[-1]
