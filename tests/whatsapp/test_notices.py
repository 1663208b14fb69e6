"""What players and staff hear without having asked: written with the fact, sent when it can be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from raffles.desk.actions import open_whatsapp_alerts
from raffles.desk.models import StaffNotification
from raffles.numbers.models import Raffle
from raffles.sales.actions import cancel_order, confirm_payment, expire_orders, refund_order, reject_proof
from raffles.sales.models import Actor, Order
from tests.desk.alerting import after, look
from tests.factories import make_order, make_proof
from tests.whatsapp.chat import a_member_of_staff, bubbles, heard, make_contact, reply_ids, say
from tests.whatsapp.graph import Answer, Graph
from tests.whatsapp.meta import ANA, NOW, Person, press, receive, said
from whatsapp import outbox
from whatsapp.models import Contact, OutboundMessage

Status = Order.Status
STAFF = Person("Marta", "595981000099", "PY.99")


@pytest.fixture
def ana(moto: Raffle) -> Contact:
    return make_contact(ANA)


def an_order(ana: Contact, moto: Raffle, status: str, *numbers: int) -> Order:
    return make_order(raffle=moto, player=ana.player, numbers=numbers or (5, 12), status=status)


def pay(order: Order) -> None:
    by = a_member_of_staff()
    confirm_payment(order_id=order.pk, by=by, amount_minor=None, method="", reference="", now=NOW)


def refuse(order: Order) -> None:
    reject_proof(order_id=order.pk, by=a_member_of_staff(), reason="*No* se lee", now=NOW)


def cancel(order: Order) -> None:
    actor = Actor.staff(a_member_of_staff())
    cancel_order(order_id=order.pk, actor=actor, reason="duplicado", now=NOW)


def refund(order: Order) -> None:
    refund_order(order_id=order.pk, by=a_member_of_staff(), reason="rifa anulada", now=NOW)


def expire(order: Order) -> None:
    expire_orders(now=NOW + timedelta(minutes=15))


@pytest.mark.parametrize(
    ("status", "act", "words"),
    [
        (Status.UNDER_REVIEW, pay, ["¡Pago confirmado!", "05, 12", "29 de noviembre"]),
        (Status.UNDER_REVIEW, refuse, ["No pudimos aceptar", "*\u200bNo*\u200b se lee"]),
        (Status.UNDER_REVIEW, cancel, ["cancelado", "duplicado"]),
        (Status.PAID, refund, ["Te devolveremos", "rifa anulada", "40.000"]),
        (Status.PENDING_PAYMENT, expire, ["Moto 0 km", "05, 12"]),
    ],
)
def test_each_fact_is_told_once_in_the_player_s_words(
    ana: Contact, moto: Raffle, status: str, act: Callable[[Order], None], words: list[str]
) -> None:
    order = an_order(ana, moto, status)
    before = len(heard())
    act(order)
    told = heard()[before:]
    assert len(told) == 1
    assert all(word in told[0] for word in [*words, order.code]), told


def test_it_is_told_in_the_language_of_the_player(ana: Contact, moto: Raffle) -> None:
    ana.player.language = "pt-br"
    ana.player.save()
    pay(an_order(ana, moto, Status.UNDER_REVIEW))
    assert "Pagamento confirmado" in heard()[-1]


def test_the_order_is_paid_though_graph_is_down_and_the_player_hears_it_later(
    ana: Contact, moto: Raffle, graph: Graph
) -> None:
    order = an_order(ana, moto, Status.UNDER_REVIEW)
    graph.will_answer(Answer.refusal(131000, status=500))
    pay(order)
    outbox.flush(now=NOW)
    order.refresh_from_db()
    assert (order.status, OutboundMessage.objects.get().status) == (Status.PAID, "QUEUED")
    outbox.flush(now=NOW + timedelta(minutes=1))
    assert "05, 12" in graph.sent_words[-1]
    assert OutboundMessage.objects.get().status == "SENT"


def test_what_is_undone_is_not_told(ana: Contact, moto: Raffle) -> None:
    order = an_order(ana, moto, Status.UNDER_REVIEW)
    with transaction.atomic():
        pay(order)
        transaction.set_rollback(True)
    assert heard() == []


def test_a_player_of_another_door_is_told_there(moto: Raffle) -> None:
    pay(make_order(raffle=moto, status=Status.UNDER_REVIEW))
    assert not OutboundMessage.objects.exists()


def test_a_proof_calls_staff_in_the_desk_and_on_whatsapp(ana: Contact, moto: Raffle, graph: Graph) -> None:
    make_contact(STAFF, receives_staff_alerts=True)
    open_whatsapp_alerts(by=None, now=NOW - timedelta(hours=1))
    order = an_order(ana, moto, Status.PENDING_PAYMENT)
    make_proof(order, source_key="m:1")
    make_proof(order, source_key="m:1")
    assert StaffNotification.objects.get().order == order
    look(after(31))
    outbox.flush(now=after(31))
    assert len(heard(STAFF)) == 1
    assert order.code in graph.sent_words[0]


def test_an_alert_nobody_could_get_within_half_a_day_is_dropped(
    ana: Contact, moto: Raffle, graph: Graph
) -> None:
    staff = make_contact(STAFF, receives_staff_alerts=True, last_inbound_at=NOW - timedelta(days=2))
    open_whatsapp_alerts(by=None, now=NOW - timedelta(hours=1))
    make_proof(an_order(ana, moto, Status.PENDING_PAYMENT))
    look(after(31))
    outbox.flush(now=after(31))
    assert OutboundMessage.objects.get(contact=staff).status == "WAITING"
    outbox.release_waiting(staff)
    outbox.flush(now=NOW + timedelta(hours=13))
    assert OutboundMessage.objects.get(contact=staff).status == "DROPPED"


def test_an_expiry_is_no_news_the_day_after(ana: Contact, moto: Raffle, graph: Graph) -> None:
    expire(an_order(ana, moto, Status.PENDING_PAYMENT))
    outbox.flush(now=NOW + timedelta(hours=21))
    assert OutboundMessage.objects.get().status == "DROPPED"


def test_the_buttons_of_an_expiry_show_the_raffle_and_change_nothing(ana: Contact, moto: Raffle) -> None:
    expire(an_order(ana, moto, Status.PENDING_PAYMENT))
    for reply_id in reply_ids(bubbles()[-1]).values():
        receive(said(ANA, press(reply_id)))
        assert "mensaje anterior" not in heard()[-1]
    assert Order.objects.get().status == Status.EXPIRED


def test_cancelling_oneself_is_answered_once(ana: Contact, moto: Raffle) -> None:
    say("MOTO", "5,12", "cancelar")
    assert len(heard()) == 3


@pytest.mark.parametrize(("word", "greeting"), [("hello", "Hello"), ("olá", "Olá"), ("hola", "¡Hola")])
def test_the_player_s_own_words_decide_the_language(ana: Contact, word: str, greeting: str) -> None:
    assert say(word).startswith(greeting)


def test_a_chosen_language_outlasts_a_word_of_another(ana: Contact) -> None:
    say("english")
    assert say("hola").startswith("Hello")
