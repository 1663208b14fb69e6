"""Who has which order open, and what happens to a decision before and after its time to be undone is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from raffles.desk.actions import leave_card, open_card, plan_verdict, take_over_card, undo_verdict
from raffles.desk.actions.plan_verdict import UNDO
from raffles.desk.errors import (
    CardNotYours,
    CardTaken,
    DecidedAlready,
    NothingToReview,
    OrderChanged,
    UndoTooLate,
)
from raffles.desk.leases import LEASE
from raffles.desk.models import Card, Handover, StaffNotification, Verdict
from raffles.desk.verdicts import ACTS, REST, carry_out_due
from raffles.numbers.models import Raffle
from raffles.sales.actions import cancel_order
from raffles.sales.errors import KeptForever
from raffles.sales.models import Actor, Order, OrderChange, Payment
from raffles.sales.queries import stamp_of
from tests.factories import NOW, confirm, make_order, make_proof, make_staff
from whatsapp.models import OutboundMessage

pytestmark = pytest.mark.django_db
S = Order.Status
Kind = Verdict.Kind


@pytest.fixture
def order() -> Order:
    return make_order(status=S.UNDER_REVIEW)


@pytest.fixture
def rosa() -> User:
    return make_staff("rosa")


@pytest.fixture
def juan() -> User:
    return make_staff("juan")


def planned(order: Order, by: User, kind: str = Kind.CONFIRM, **given: Any) -> Verdict:
    """Opened and decided on at `NOW`."""
    open_card(order_id=order.pk, by=by, now=NOW)
    usual = {"amount_minor": order.total_minor, "method": "transfer", "reference": ""}
    return plan_verdict(
        order_id=order.pk, kind=kind, given=usual | given, seen=stamp_of(order), by=by, now=NOW
    )


def ended(verdict: Verdict) -> tuple[str, str]:
    verdict.refresh_from_db()
    return verdict.status, Order.objects.get(pk=verdict.order_id).status


def test_an_open_card_is_its_reviewer_s_until_the_lease_runs_out(
    order: Order, rosa: User, juan: User
) -> None:
    open_card(order_id=order.pk, by=rosa, now=NOW)
    with pytest.raises(CardTaken) as taken:
        open_card(order_id=order.pk, by=juan, now=NOW + LEASE / 2)
    assert (taken.value.reviewer, taken.value.reviewer_id, taken.value.since) == ("rosa", rosa.pk, NOW)
    assert open_card(order_id=order.pk, by=juan, now=NOW + LEASE).reviewer == juan


def test_a_reviewer_who_stays_keeps_the_card(order: Order, rosa: User, juan: User) -> None:
    open_card(order_id=order.pk, by=rosa, now=NOW)
    kept = open_card(order_id=order.pk, by=rosa, now=NOW + LEASE / 2)
    assert (kept.opened_at, kept.lease_until) == (NOW, NOW + LEASE / 2 + LEASE)
    with pytest.raises(CardTaken):
        open_card(order_id=order.pk, by=juan, now=NOW + LEASE)


def test_a_card_that_was_left_is_free_and_only_its_reviewer_leaves_it(
    order: Order, rosa: User, juan: User
) -> None:
    open_card(order_id=order.pk, by=rosa, now=NOW)
    assert not leave_card(order_id=order.pk, by=juan)
    assert leave_card(order_id=order.pk, by=rosa)
    assert open_card(order_id=order.pk, by=juan, now=NOW).reviewer == juan


def test_taking_over_is_recorded_and_names_whom_it_is_taken_from(
    order: Order, rosa: User, juan: User
) -> None:
    eve = make_staff("eve")
    open_card(order_id=order.pk, by=rosa, now=NOW)
    with pytest.raises(CardTaken):
        take_over_card(order_id=order.pk, from_user_id=eve.pk, by=juan, now=NOW)
    take_over_card(order_id=order.pk, from_user_id=rosa.pk, by=juan, now=NOW)
    assert Card.objects.get().reviewer == juan
    assert list(Handover.objects.values_list("from_user__username", "to_user__username")) == [
        ("rosa", "juan")
    ]
    with pytest.raises(KeptForever):
        Handover.objects.update(at=NOW)


@pytest.mark.parametrize("status", [S.DRAFT, S.PENDING_PAYMENT, S.PAID, S.EXPIRED])
def test_only_what_is_under_review_is_opened(status: str, rosa: User) -> None:
    with pytest.raises(NothingToReview):
        open_card(order_id=make_order(status=status).pk, by=rosa, now=NOW)


def test_until_its_time_is_over_a_decision_moves_nothing_and_tells_nobody(order: Order, rosa: User) -> None:
    verdict = planned(order, rosa)
    assert carry_out_due(now=NOW + UNDO - timedelta(seconds=1)) == 0
    assert ended(verdict) == ("PLANNED", S.UNDER_REVIEW)
    assert not Payment.objects.exists()
    assert not OutboundMessage.objects.exists()


def test_then_it_is_carried_out_once_in_the_name_of_who_decided(order: Order, rosa: User) -> None:
    verdict = planned(order, rosa, reference="TRX 7")
    assert [carry_out_due(now=NOW + UNDO) for _ in range(2)] == [1, 0]
    assert ended(verdict) == ("DONE", S.PAID)
    payment = Payment.objects.get()
    assert (payment.confirmed_by, payment.reference, payment.amount_minor) == (
        rosa,
        "TRX 7",
        order.total_minor,
    )


def test_an_undone_decision_is_never_carried_out_and_the_order_can_be_decided_anew(
    order: Order, rosa: User
) -> None:
    verdict = planned(order, rosa)
    undo_verdict(verdict_id=verdict.pk, by=rosa, now=NOW + timedelta(seconds=9))
    assert carry_out_due(now=NOW + UNDO) == 0
    assert ended(verdict) == ("UNDONE", S.UNDER_REVIEW)
    again = planned(order, rosa, Kind.REJECT, words="No se lee")
    carry_out_due(now=NOW + UNDO)
    assert ended(again) == ("DONE", S.PENDING_PAYMENT)


def test_what_was_carried_out_is_not_undone_and_nobody_undoes_another_s(
    order: Order, rosa: User, juan: User
) -> None:
    verdict = planned(order, rosa)
    with pytest.raises(UndoTooLate):
        undo_verdict(verdict_id=verdict.pk, by=juan, now=NOW)
    carry_out_due(now=NOW + UNDO)
    with pytest.raises(UndoTooLate):
        undo_verdict(verdict_id=verdict.pk, by=rosa, now=NOW + UNDO)
    assert ended(verdict) == ("DONE", S.PAID)


def test_one_decision_waits_for_an_order_whoever_takes_the_card_over(
    order: Order, rosa: User, juan: User
) -> None:
    planned(order, rosa)
    take_over_card(order_id=order.pk, from_user_id=rosa.pk, by=juan, now=NOW)
    with pytest.raises(DecidedAlready) as first:
        planned(order, juan, Kind.REJECT, words="No")
    assert first.value.by == "rosa"


def test_who_has_not_the_card_decides_nothing(order: Order, rosa: User) -> None:
    with pytest.raises(CardNotYours):
        plan_verdict(order_id=order.pk, kind=Kind.CREDIT, given={}, seen=stamp_of(order), by=rosa, now=NOW)


def test_a_proof_that_came_meanwhile_must_be_seen_first(order: Order, rosa: User) -> None:
    seen = stamp_of(order)
    open_card(order_id=order.pk, by=rosa, now=NOW)
    make_proof(order)
    with pytest.raises(OrderChanged):
        plan_verdict(order_id=order.pk, kind=Kind.CREDIT, given={}, seen=seen, by=rosa, now=NOW)


def test_what_changed_before_the_time_was_over_is_told_and_not_decided(order: Order, rosa: User) -> None:
    verdict = planned(order, rosa)
    make_proof(order)
    assert carry_out_due(now=NOW + UNDO) == 1
    assert ended(verdict) == ("REFUSED", S.UNDER_REVIEW)
    assert "cambió" in verdict.outcome or "changed" in verdict.outcome


@pytest.mark.parametrize("how", ["confirmed", "cancelled"])
def test_whoever_was_faster_on_the_page_of_the_order_wins(
    how: str, order: Order, rosa: User, juan: User
) -> None:
    verdict = planned(order, rosa)
    if how == "confirmed":
        confirm(order, by=juan)
    else:
        cancel_order(order_id=order.pk, actor=Actor.staff(juan), reason="duplicado", now=NOW)
    carry_out_due(now=NOW + UNDO)
    verdict.refresh_from_db()
    assert verdict.status == "REFUSED"
    assert verdict.outcome
    assert Payment.objects.count() == (how == "confirmed")


def test_a_question_reaches_the_history_and_the_order_stays_under_review(order: Order, rosa: User) -> None:
    verdict = planned(order, rosa, Kind.ASK, words="¿De qué banco?")
    carry_out_due(now=NOW + UNDO)
    assert ended(verdict) == ("DONE", S.UNDER_REVIEW)
    assert OrderChange.objects.latest("id").reason == "¿De qué banco?"


def test_too_little_is_recorded_and_the_rest_is_waited_for(order: Order, rosa: User) -> None:
    verdict = planned(order, rosa, amount_minor=order.total_minor - 1)
    carry_out_due(now=NOW + UNDO)
    assert ended(verdict) == ("DONE", S.PENDING_PAYMENT)


def test_a_decision_that_breaks_holds_no_other_up_and_comes_back_to_the_queue(
    rosa: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = (make_order(status=S.UNDER_REVIEW) for _ in range(2))
    verdicts_made = [planned(order, rosa) for order in (bad, good)]
    break_for(bad, monkeypatch)
    assert carry_out_due(now=NOW + UNDO) == 1
    assert [ended(verdict)[0] for verdict in verdicts_made] == ["PLANNED", "DONE"]
    # Asked again at once, as for each decision of others, it rests.
    assert [carry_out_due(now=NOW + UNDO) for _ in range(5)] == [0] * 5
    assert [carry_out_due(now=NOW + UNDO + REST * turn) for turn in (1, 2)] == [0, 1]
    assert ended(verdicts_made[0]) == ("REFUSED", S.UNDER_REVIEW)
    assert verdicts_made[0].outcome
    told = StaffNotification.objects.get(kind="DECISION_FAILED")
    assert (told.order, told.player_id, told.seen_at) == (bad, bad.player_id, None)
    assert told.text
    assert "KeyError" in caplog.text
    assert "Marta" not in caplog.text
    assert planned(bad, rosa, Kind.REJECT, words="No se lee").status == "PLANNED"


def test_what_broke_for_a_moment_is_carried_out_all_the_same(
    order: Order, rosa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict = planned(order, rosa)
    with monkeypatch.context() as moment:
        break_for(order, moment)
        assert carry_out_due(now=NOW + UNDO) == 0
    assert carry_out_due(now=NOW + UNDO + REST) == 1
    assert ended(verdict) == ("DONE", S.PAID)
    assert not StaffNotification.objects.filter(kind="DECISION_FAILED").exists()


def break_for(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    real = ACTS[Kind.CONFIRM]

    def act(verdict: Verdict, now: datetime) -> Any:
        if verdict.order_id == order.pk:
            raise KeyError("Marta Benítez")
        return real(verdict, now)

    monkeypatch.setitem(ACTS, Kind.CONFIRM, act)


def test_who_is_alone_where_two_are_needed_since_is_told_so(order: Order, rosa: User) -> None:
    verdict = planned(order, rosa)
    Raffle.objects.update(two_people_from_minor=1)
    carry_out_due(now=NOW + UNDO)
    assert ended(verdict) == ("REFUSED", S.UNDER_REVIEW)
    assert "dos personas" in verdict.outcome
