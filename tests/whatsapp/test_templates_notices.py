"""Every notice, late: which template says it, with which values, in the language of the player."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings

from raffles.numbers.models import Raffle
from raffles.sales.actions import (
    ask_for_proof,
    cancel_order,
    confirm_payment,
    drop_refund,
    expire_orders,
    make_refund,
    record_payment,
    refund_order,
    reject_proof,
    request_refund,
)
from raffles.sales.models import Actor, Order, Refund
from raffles.sales.notices import OrderExpired
from tests.factories import make_order, make_proof
from tests.whatsapp.chat import a_member_of_staff, make_contact
from tests.whatsapp.graph import Graph
from tests.whatsapp.meta import ANA, NOW
from whatsapp import notices, outbox, templates
from whatsapp.models import Contact, MessageTemplate, OutboundMessage
from whatsapp.templates.catalogue import Definition, definitions
from whatsapp.templates.sending import meta_language

Act = Callable[[Order], object]
S = Order.Status
LATER = NOW + timedelta(hours=25)
pytestmark = pytest.mark.django_db(transaction=True)


def staff() -> Actor:
    return Actor.staff(a_member_of_staff())


def came(amount: int | None) -> Act:
    return lambda order: confirm_payment(
        order_id=order.pk, by=a_member_of_staff(), amount_minor=amount, method="", reference="", now=NOW
    )


def reject(order: Order) -> None:
    reject_proof(order_id=order.pk, by=a_member_of_staff(), reason="No se lee", now=NOW)


def ask(order: Order) -> None:
    ask_for_proof(order_id=order.pk, by=a_member_of_staff(), question="¿De qué banco?", now=NOW)


def cancel(order: Order) -> None:
    cancel_order(order_id=order.pk, actor=staff(), reason="duplicado", now=NOW)


def expire(order: Order) -> None:
    expire_orders(now=NOW + timedelta(hours=2))


def expire_and_lose(order: Order) -> None:
    """Its time is over, and somebody else has its numbers when the money is seen."""
    expire(order)
    make_order(raffle=Raffle.objects.get(), numbers=(5, 12), status=S.PAID)
    make_proof(order)
    came(None)(order)


def after(first: Act, then: Act) -> Act:
    def act(order: Order) -> None:
        first(order)
        then(order)

    return act


def record(order: Order) -> None:
    record_payment(
        player_id=order.player_id,
        currency="PYG",
        amount_minor=30_000,
        method="",
        reference="",
        by=a_member_of_staff(),
        now=NOW,
    )


def refund(order: Order) -> None:
    refund_order(order_id=order.pk, by=a_member_of_staff(), reason="anulada", now=NOW)


def ask_back(order: Order) -> None:
    request_refund(
        player_id=order.player_id,
        currency="PYG",
        amount_minor=30_000,
        destination="cuenta 1",
        reason="la pidió",
        by=a_member_of_staff(),
        now=NOW,
    )


def send_back(order: Order) -> None:
    due = Refund.objects.get()
    make_refund(refund_id=due.pk, by=a_member_of_staff(), reference="TRX-1", evidence=None, now=NOW)


def drop(order: Order) -> None:
    drop_refund(refund_id=Refund.objects.get().pk, by=a_member_of_staff(), reason="sin cuenta", now=NOW)


Case = tuple[str, str, Act]
NOTICES: list[Case] = [
    ("order_paid", S.UNDER_REVIEW, came(None)),
    ("order_paid_surplus", S.UNDER_REVIEW, came(50_000)),
    ("payment_short", S.UNDER_REVIEW, came(10_000)),
    ("proof_rejected", S.UNDER_REVIEW, reject),
    ("proof_questioned", S.UNDER_REVIEW, ask),
    ("order_expired", S.PENDING_PAYMENT, expire),
    ("order_expired_kept", S.UNDER_REVIEW, after(came(10_000), expire)),
    ("order_cancelled", S.UNDER_REVIEW, cancel),
    ("order_cancelled_kept", S.UNDER_REVIEW, after(came(10_000), cancel)),
    ("credit_kept", S.PENDING_PAYMENT, expire_and_lose),
    ("credit_recorded", S.EXPIRED, record),
    ("order_refunded", S.PAID, refund),
    ("refund_due", S.EXPIRED, after(record, ask_back)),
    ("refund_made", S.PAID, after(refund, send_back)),
    ("refund_dropped", S.EXPIRED, after(after(record, ask_back), drop)),
]
# Told in test_draw_notices.py, test_rule_news.py and test_called_off_news.py.
OF_DRAWS = {
    "draw_won",
    "draw_not_won",
    "prize_passed_on",
    "prize_lost",
    "prize_handed_over",
    "rule_changed",
    "draw_called_off",
}
BY_HAND = {"person_about_order", "person_answers"}


@pytest.fixture(params=[code for code, _ in settings.LANGUAGES])
def ana(request: pytest.FixtureRequest, moto: Raffle) -> Contact:
    contact = make_contact(ANA)
    contact.player.language = request.param
    contact.player.save()
    return contact


def approve_all() -> None:
    for each in definitions():
        columns = {"name": each.name, "language": each.language, "body": each.body}
        MessageTemplate.objects.create(key=each.key, status="APPROVED", **columns)


def wording(key: str, contact: Contact) -> Definition:
    language = meta_language(contact.player.language)
    return next(each for each in definitions() if (each.key, each.language) == (key, language))


def told_last() -> OutboundMessage:
    found = OutboundMessage.objects.order_by("pk").last()
    assert found is not None
    return found


def test_every_wording_has_its_notice() -> None:
    assert {key for key, _, _ in NOTICES} | OF_DRAWS | BY_HAND == {each.key for each in definitions()}


@pytest.mark.parametrize("case", NOTICES, ids=[key for key, _, _ in NOTICES])
def test_each_notice_gives_its_wording_every_value(ana: Contact, moto: Raffle, case: Case) -> None:
    key, status, act = case
    act(make_order(raffle=moto, player=ana.player, numbers=(5, 12), status=status))
    row = told_last()
    assert row.template_key == key
    assert set(row.template_parameters) == set(wording(key, ana).parameters)
    assert all(value.strip() for value in row.template_parameters.values())


@pytest.mark.parametrize("case", NOTICES, ids=[key for key, _, _ in NOTICES])
def test_each_notice_leaves_as_its_template_a_day_later_with_the_buttons_of_its_bubble(
    ana: Contact, moto: Raffle, graph: Graph, case: Case
) -> None:
    key, status, act = case
    approve_all()
    act(make_order(raffle=moto, player=ana.player, numbers=(5, 12), status=status))
    OutboundMessage.objects.exclude(pk=told_last().pk).delete()
    OutboundMessage.objects.update(not_after=None)
    outbox.flush(now=LATER)
    (sent,) = graph.sent
    ours = wording(key, ana)
    assert (sent["template"]["name"], sent["template"]["language"]["code"]) == (ours.name, ours.language)
    buttons = [part for part in sent["template"]["components"] if part["type"] == "button"]
    shown = told_last().content.get("interactive", {}).get("action", {}).get("buttons", [])
    assert [each["reply"]["title"] for each in shown] == list(ours.buttons)
    assert len(buttons) == len(ours.buttons)
    read = templates.words_read(told_last().sent_as or {})
    assert "{{" not in read


def test_a_notice_written_twice_leaves_once_also_as_a_template(moto: Raffle, graph: Graph) -> None:
    approve_all()
    order = make_order(
        raffle=moto, player=make_contact(ANA).player, numbers=(5, 12), status=S.PENDING_PAYMENT
    )
    expire(order)
    order.refresh_from_db()
    notices.hear(OrderExpired(order))
    outbox.flush(now=NOW + timedelta(hours=2))
    assert len(graph.sent) == 1
    outbox.flush(now=LATER)
    assert len(graph.sent) == 1
