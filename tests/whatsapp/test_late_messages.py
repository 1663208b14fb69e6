"""What a player wrote days ago and Meta brings now: no answer would leave, so nothing else happens either."""

from __future__ import annotations

from datetime import timedelta

import pytest

from raffles.desk.models import StaffNotification
from raffles.numbers.models import Ticket
from raffles.sales.models import Order
from tests.factories import make_order, make_raffle, png_bytes
from tests.whatsapp.chat import contact_of, heard, say, state_of
from tests.whatsapp.graph import Graph
from tests.whatsapp.meta import ANA, NOW, picture_of, receive, said, words
from whatsapp.models import InboundEvent, OutboundMessage

pytestmark = pytest.mark.django_db(transaction=True)
DAYS_AGO = NOW - timedelta(days=2)
PICTURE = png_bytes()


def silence() -> str:
    return InboundEvent.objects.latest("pk").silence


def test_numbers_that_were_asked_for_days_ago_are_not_held() -> None:
    make_raffle(code="MOTO")
    say("rifas", "1")
    receive(said(ANA, words("5,12"), at=DAYS_AGO))
    assert not Ticket.objects.exists()
    assert (state_of(), silence(), len(heard())) == ("NUMBERS", "LATE", 2)


def test_an_order_of_today_is_not_cancelled_by_a_word_of_before_it() -> None:
    make_raffle(code="MOTO")
    say("rifas", "1", "5,12", "confirmar")
    receive(said(ANA, words("cancelar"), words("si"), at=DAYS_AGO))
    assert Order.objects.get().status == "PENDING_PAYMENT"
    assert state_of() == "PAYMENT"


def test_a_receipt_still_reaches_its_order(graph: Graph) -> None:
    raffle = make_raffle(code="MOTO")
    say("menu")
    order = make_order(raffle=raffle, player=contact_of().player, status="PENDING_PAYMENT")
    graph.has_media("77", PICTURE)
    receive(said(ANA, picture_of(PICTURE), at=DAYS_AGO))
    order.refresh_from_db()
    assert (order.status, silence(), len(heard())) == ("UNDER_REVIEW", "LATE", 1)


def test_a_stop_still_counts_and_a_call_for_a_person_is_heard() -> None:
    say("menu")
    receive(said(ANA, words("baja"), at=DAYS_AGO))
    receive(said(ANA, words("agente"), at=DAYS_AGO))
    assert contact_of().player.news_stopped_at == NOW
    assert StaffNotification.objects.count() == 1


def test_what_is_late_by_hours_only_is_answered() -> None:
    receive(said(ANA, words("menu"), at=NOW - timedelta(hours=22)))
    assert (len(heard()), silence()) == (1, "")


def test_nobody_hears_of_an_hour_long_gone() -> None:
    receive(said(ANA, words("menu"), at=NOW - timedelta(hours=23)))
    assert not OutboundMessage.objects.exists()
