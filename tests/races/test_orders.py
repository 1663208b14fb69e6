"""Staff, players and the clock reach for one order at once."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db.models import QuerySet

from raffles.numbers.actions import reserve_numbers
from raffles.numbers.errors import NumbersTaken
from raffles.numbers.invariants import violations as number_violations
from raffles.sales.actions import cancel_order, confirm_payment, expire_orders, submit_payment_proof
from raffles.sales.errors import MoveNotAllowed, OrderMoved
from raffles.sales.invariants import violations as sales_violations
from raffles.sales.lifecycle import move_order
from raffles.sales.models import Actor, Order, OrderChange, Payment, PaymentProof
from tests.factories import NOW, make_order, make_player, make_raffle, make_staff, png_bytes
from tests.races.conftest import Outcome, Race

pytestmark = pytest.mark.django_db(transaction=True)

S = Order.Status
LATE = NOW + timedelta(minutes=15)


def kinds(outcomes: list[Outcome]) -> Counter[type]:
    return Counter(type(outcome) for outcome in outcomes)


def paying(order: Order) -> partial[Payment]:
    return partial(
        confirm_payment,
        order_id=order.pk,
        by=make_staff(),
        amount_minor=None,
        method="transfer",
        reference="",
        now=NOW,
    )


def test_two_staff_who_confirm_at_once_make_one_payment(race: Race) -> None:
    order = make_order(status=S.UNDER_REVIEW)
    outcomes = race([paying(order) for _ in range(6)])
    assert kinds(outcomes) == {Payment: 1, MoveNotAllowed: 5}
    assert Payment.objects.count() == 1
    assert OrderChange.objects.filter(order=order, to_status=S.PAID).count() == 1


@pytest.mark.postgres
@pytest.mark.usefixtures("no_single_charge")
def test_without_lock_old_status_and_constraint_one_order_is_paid_twice(
    race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = make_order(status=S.UNDER_REVIEW)
    both_have_read = threading.Barrier(2, timeout=60)
    action = sys.modules["raffles.sales.actions.confirm_payment"]

    def move_whatever_it_was(order: Order, *, to: str, now: datetime, actor: Actor, reason: str = "") -> None:
        Order.objects.filter(pk=order.pk).update(status=to, closed_at=now)

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows)
    monkeypatch.setattr(action, "require_move", lambda *_: both_have_read.wait())
    monkeypatch.setattr(action, "inventory_of", lambda _: SimpleNamespace(sell=lambda _: None))
    monkeypatch.setattr(action, "move_order", move_whatever_it_was)
    outcomes = race([paying(order) for _ in range(2)])
    assert kinds(outcomes) == {Payment: 2}
    assert Payment.objects.filter(order=order).count() == 2


def test_a_stale_confirm_is_refused_by_the_old_status() -> None:
    stale = make_order(status=S.PENDING_PAYMENT)
    expire_orders(now=LATE)
    with pytest.raises(OrderMoved):
        move_order(stale, to=S.PAID, now=LATE, actor=Actor.staff(make_staff()))
    assert [*sales_violations(LATE), *number_violations(LATE)] == []


def test_without_asking_for_the_old_status_an_expired_order_would_be_paid() -> None:
    stale = make_order(status=S.PENDING_PAYMENT)
    expire_orders(now=LATE)
    Order.objects.filter(pk=stale.pk).update(status=S.PAID, closed_at=LATE)
    assert sales_violations(LATE) != []
    assert number_violations(LATE) != []


def test_money_and_the_clock_never_both_win(race: Race) -> None:
    raffle = make_raffle()
    orders = [make_order(raffle=raffle, numbers=[n], status=S.PENDING_PAYMENT) for n in range(8)]
    sweeps = [partial(expire_orders, now=LATE) for _ in range(3)]
    outcomes = race([*map(paying, orders), *sweeps])

    paid = {order.pk for order, outcome in zip(orders, outcomes, strict=False) if type(outcome) is Payment}
    expired = [order.pk for outcome in outcomes[8:] for order in outcome]
    assert len(expired) == len(set(expired))
    assert paid | set(expired) == {order.pk for order in orders}
    assert not paid & set(expired)
    assert [*sales_violations(LATE), *number_violations(LATE)] == []


def test_one_message_delivered_six_times_at_once_is_one_proof(race: Race, tmp_path: Path) -> None:
    order = make_order(status=S.PENDING_PAYMENT)
    send = partial(
        submit_payment_proof, order_id=order.pk, content=png_bytes(), source_key="wamid.1", now=NOW
    )
    outcomes = race([send for _ in range(6)])
    assert kinds(outcomes) == {PaymentProof: 6}
    assert len({proof.pk for proof in outcomes}) == 1
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_player_who_cancels_while_a_proof_arrives_does_one_of_both(race: Race) -> None:
    order = make_order(status=S.PENDING_PAYMENT)
    cancel = partial(cancel_order, order_id=order.pk, actor=Actor.player(), reason="", now=NOW)
    send = partial(submit_payment_proof, order_id=order.pk, content=png_bytes(), source_key="1", now=NOW)
    outcomes = race([cancel, send])
    assert kinds(outcomes)[MoveNotAllowed] == 1
    order.refresh_from_db()
    assert order.status in {S.CANCELLED, S.UNDER_REVIEW}
    assert [*sales_violations(NOW), *number_violations(NOW)] == []


def test_a_late_proof_and_a_new_claim_share_no_number(race: Race) -> None:
    raffle = make_raffle()
    order = make_order(raffle=raffle, numbers=[1, 2, 3], status=S.EXPIRED)
    claim = partial(reserve_numbers, raffle_id=raffle.pk, player_id=make_player().pk, numbers=[3, 2], now=NOW)
    send = partial(submit_payment_proof, order_id=order.pk, content=png_bytes(), source_key="1", now=NOW)
    claimed, proof = race([claim, send])
    order.refresh_from_db()
    assert isinstance(proof, PaymentProof)
    assert order.status == S.UNDER_REVIEW
    assert (type(claimed) is NumbersTaken) == (order.late_since is None)
    assert [*sales_violations(NOW), *number_violations(NOW)] == []
