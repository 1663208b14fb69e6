"""Four reviewers over one queue: no order is decided twice, and none is forgotten."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from django.contrib.auth.models import User
from django.db import connection

from raffles.desk.actions import open_card, plan_verdict, take_over_card, undo_verdict
from raffles.desk.actions.plan_verdict import UNDO
from raffles.desk.errors import CardTaken, DecidedAlready, UndoTooLate
from raffles.desk.models import Card, Handover, Verdict
from raffles.desk.verdicts import carry_out_due
from raffles.sales.errors import Refusal
from raffles.sales.invariants import violations
from raffles.sales.models import Order, Payment
from raffles.sales.queries import stamp_of
from tests.factories import NOW, make_order, make_raffle, make_staff
from tests.races.conftest import Race

pytestmark = pytest.mark.django_db(transaction=True)
S = Order.Status
DUE = NOW + UNDO
PLANNING = sys.modules["raffles.desk.actions.plan_verdict"]


def queue_of(count: int) -> list[Order]:
    raffle = make_raffle(last_number=count)
    return [make_order(raffle=raffle, numbers=[number], status=S.UNDER_REVIEW) for number in range(count)]


def decide(order: Order, by: User) -> Verdict:
    open_card(order_id=order.pk, by=by, now=NOW)
    return planned(order, by)


def planned(order: Order, by: User) -> Verdict:
    given = {"amount_minor": order.total_minor, "method": "transfer", "reference": ""}
    return plan_verdict(
        order_id=order.pk, kind=Verdict.Kind.CONFIRM, given=given, seen=stamp_of(order), by=by, now=NOW
    )


def working_through(orders: list[Order], by: User) -> Callable[[], int]:
    """Takes whatever nobody has; what somebody was faster with is passed by."""

    def work() -> int:
        done = 0
        for order in orders:
            try:
                decide(order, by)
            except Refusal:
                continue
            done += 1
        return done

    return work


@pytest.mark.postgres
def test_four_reviewers_decide_two_hundred_cards_once_each(race: Race) -> None:
    orders = queue_of(200)
    reviewers = [make_staff() for _ in range(4)]
    done = race([working_through(orders, by) for by in reviewers])
    assert sum(done) == 200
    assert race([partial(carry_out_due, now=DUE)] * 3).count(0) < 3
    assert Counter(Verdict.objects.values_list("status", flat=True)) == {"DONE": 200}
    assert Payment.objects.count() == 200
    assert set(Order.objects.values_list("status", flat=True)) == {S.PAID}
    assert list(violations(NOW)) == []


def test_of_two_who_open_a_card_at_once_one_has_it(race: Race) -> None:
    (order,) = queue_of(1)
    reviewers = [make_staff() for _ in range(4)]
    outcomes = race([partial(open_card, order_id=order.pk, by=by, now=NOW) for by in reviewers])
    assert Counter(type(outcome) for outcome in outcomes) == {Card: 1, CardTaken: 3}


def test_of_two_who_take_over_at_once_one_has_it_and_one_handover_is_recorded(race: Race) -> None:
    (order,) = queue_of(1)
    first, *others = [make_staff() for _ in range(4)]
    open_card(order_id=order.pk, by=first, now=NOW)
    race([partial(take_over_card, order_id=order.pk, from_user_id=first.pk, by=by, now=NOW) for by in others])
    assert Handover.objects.count() == 1
    assert Card.objects.get().reviewer == Handover.objects.get().to_user


def test_an_undo_and_its_carrying_out_exclude_each_other(race: Race) -> None:
    orders = queue_of(8)
    by = make_staff()
    verdicts_made = [decide(order, by) for order in orders]
    undoing = [partial(undo_verdict, verdict_id=one.pk, by=by, now=DUE) for one in verdicts_made]
    outcomes = race([*undoing, partial(carry_out_due, now=DUE)])
    undone = sum(isinstance(outcome, Verdict) for outcome in outcomes[:-1])
    assert sum(isinstance(outcome, UndoTooLate) for outcome in outcomes[:-1]) == 8 - undone
    assert Payment.objects.count() == 8 - undone == Order.objects.filter(status=S.PAID).count()


@pytest.fixture
def no_single_verdict(transactional_db: None) -> Iterator[None]:
    guard = next(one for one in Verdict._meta.constraints if one.name == "desk_verdict_one_planned")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Verdict, guard)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM desk_verdict")
    with connection.schema_editor() as editor:
        editor.add_constraint(Verdict, guard)


@pytest.mark.postgres
@pytest.mark.usefixtures("no_single_verdict")
def test_without_lease_and_constraint_two_decide_one_card(
    race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    (order,) = queue_of(1)
    both_have_read = threading.Barrier(2, timeout=60)
    monkeypatch.setattr(PLANNING, "require_mine", lambda *_: both_have_read.wait())
    outcomes = race([partial(planned, order, make_staff()) for _ in range(2)])
    assert [type(outcome) for outcome in outcomes] == [Verdict, Verdict]


@pytest.mark.postgres
def test_with_the_constraint_alone_one_of_two_decides(race: Race, monkeypatch: pytest.MonkeyPatch) -> None:
    (order,) = queue_of(1)
    both_have_read = threading.Barrier(2, timeout=60)
    monkeypatch.setattr(PLANNING, "require_mine", lambda *_: both_have_read.wait())
    outcomes = race([partial(planned, order, make_staff()) for _ in range(2)])
    assert Counter(type(outcome) for outcome in outcomes) == {Verdict: 1, DecidedAlready: 1}
