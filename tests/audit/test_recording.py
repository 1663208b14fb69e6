from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from raffles.audit.models import AuditEntry, Deed
from raffles.audit.recording import LONGEST_VALUE, record, record_each
from raffles.sales.actions import (
    approve_payment,
    cancel_order,
    confirm_payment,
    drop_refund,
    make_refund,
    refund_order,
    reject_proof,
    request_refund,
)
from raffles.sales.models import Actor, Order, OrderChange, Refund
from tests.factories import NOW, bring_to, confirm, make_order, make_player, make_raffle, make_staff

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=1)


def told(subject: object = None) -> list[tuple[str, str, str]]:
    rows = AuditEntry.objects.order_by("pk")
    if isinstance(subject, Order):
        rows = rows.filter(subject_label=subject.code)
    return [(row.action, row.actor, str(row.after.get("status", ""))) for row in rows]


def test_many_looks_are_one_statement_and_a_line_each(django_assert_num_queries: Callable[..., Any]) -> None:
    raffles = [make_raffle() for _ in range(5)]
    staff = make_staff("ana")
    with django_assert_num_queries(1):
        record_each(
            Deed.FILE_SEEN,
            ((raffle, f"the file of {raffle.code}") for raffle in raffles),
            user=staff,
            after={"by": "api"},
            now=NOW,
        )
    single = record(
        Deed.FILE_SEEN, subject=raffles[0], label="alone", user=staff, after={"by": "api"}, now=NOW
    )
    rows: list[dict[str, Any]] = [dict(row) for row in AuditEntry.objects.order_by("pk").values()]
    *many, last = rows
    assert [row["subject_label"] for row in many] == [f"the file of {raffle.code}" for raffle in raffles]
    assert [row["subject_id"] for row in many] == [str(raffle.pk) for raffle in raffles]
    shared = ("at", "user_id", "actor", "action", "subject_type", "before", "after", "reason")
    assert (last["id"], last["actor"]) == (single.pk, "staff:ana")
    assert all(row[name] == last[name] for row in many for name in shared)
    with django_assert_num_queries(0):
        record_each(Deed.FILE_SEEN, (), user=staff)


def test_every_status_change_of_an_order_has_its_line() -> None:
    for status in Order.Status.values:
        make_order(status=status)
    moves = OrderChange.objects.exclude(from_status="").order_by("pk")
    expected = [
        (str(move.order_id), move.from_status, move.to_status, move.actor, move.at, move.reason)
        for move in moves
    ]
    lines = AuditEntry.objects.filter(action=Deed.ORDER_MOVED).order_by("pk")
    assert expected
    assert [
        (line.subject_id, line.before["status"], line.after["status"], line.actor, line.at, line.reason)
        for line in lines
    ] == expected


def test_a_payment_and_the_decision_about_its_proof_are_told_with_who_and_how_much() -> None:
    order, ana = make_order(status="UNDER_REVIEW"), make_staff("ana")
    confirm(order, by=ana, now=LATER)
    rows = {row.action: row for row in AuditEntry.objects.filter(user=ana)}
    assert set(rows) == {Deed.PAYMENT_CONFIRMED, Deed.PROOFS_DECIDED, Deed.ORDER_MOVED}
    assert rows["payment.confirmed"].after["amount_minor"] == order.total_minor
    assert rows["payment.confirmed"].subject_label == order.code
    assert rows["proofs.decided"].after == {"status": "ACCEPTED", "proofs": 1}
    assert {row.at for row in rows.values()} == {LATER}


def test_a_rejected_proof_is_told_with_its_reason() -> None:
    order, ana = make_order(status="UNDER_REVIEW"), make_staff("ana")
    reject_proof(order_id=order.pk, by=ana, reason="unreadable", now=LATER)
    row = AuditEntry.objects.get(action=Deed.PROOFS_DECIDED)
    assert (row.user, row.reason, row.after["status"]) == (ana, "unreadable", "REJECTED")


def test_the_first_of_two_people_is_told_once() -> None:
    order, ana = (
        make_order(raffle=make_raffle(two_people_from_minor=1), status="UNDER_REVIEW"),
        make_staff("ana"),
    )
    for _again in range(2):
        approve_payment(order_id=order.pk, by=ana, amount_minor=None, now=LATER)
    assert AuditEntry.objects.filter(action=Deed.PAYMENT_APPROVED, user=ana).count() == 1


def test_a_refund_is_told_when_requested_dropped_and_made() -> None:
    ana, player = make_staff("ana"), make_player()
    order = make_order(player=player, status="PAID")
    first = refund_order(order_id=order.pk, by=ana, reason="moved", now=LATER)
    drop_refund(refund_id=first.pk, by=ana, reason="not asked for", now=LATER)
    second = request_refund(
        player_id=player.pk,
        currency=order.currency,
        amount_minor=order.total_minor,
        destination="",
        reason="asked for",
        by=ana,
        now=LATER,
    )
    make_refund(refund_id=second.pk, by=ana, reference="TRX 9", evidence=None, now=LATER)
    found = AuditEntry.objects.filter(subject_type=Refund._meta.label).order_by("pk")
    assert [(row.subject_id, row.action, row.reason) for row in found] == [
        (str(first.pk), "refund.requested", "moved"),
        (str(first.pk), "refund.dropped", "not asked for"),
        (str(second.pk), "refund.requested", "asked for"),
        (str(second.pk), "refund.made", ""),
    ]
    assert "TRX 9" not in str(list(AuditEntry.objects.values()))


def test_the_player_and_the_clock_are_told_by_these_names() -> None:
    order = make_order()
    cancel_order(order_id=order.pk, actor=Actor.player(), reason="", now=NOW)
    expired = make_order(status="EXPIRED")
    assert told(order)[-1] == ("order.moved", "player", "CANCELLED")
    assert told(expired)[-1] == ("order.moved", "clock", "EXPIRED")


def test_what_is_undone_leaves_no_line() -> None:
    order, ana = make_order(status="UNDER_REVIEW"), make_staff("ana")
    before = told()

    def confirm_and_fail() -> None:
        with transaction.atomic():
            confirm_payment(order_id=order.pk, by=ana, amount_minor=None, method="", reference="", now=NOW)
            raise LookupError

    with pytest.raises(LookupError):
        confirm_and_fail()
    assert told() == before


def test_the_log_names_no_player_and_no_reference() -> None:
    player = make_player(name="Marta Benítez", phone="+595981222333", email="marta@example.com")
    bring_to(make_order(player=player), "PAID")
    rows = str(list(AuditEntry.objects.values()))
    assert rows != "[]"
    for private in ("Marta", "222333", "marta@"):
        assert private not in rows


def test_a_long_value_is_cut_and_what_json_cannot_say_becomes_words() -> None:
    entry = record(
        Deed.RAFFLE_CHANGED, actor="x", after={"text": "a" * 5000, "at": NOW, "rows": {1}}, now=NOW
    )
    entry.refresh_from_db()
    assert len(entry.after["text"]) == LONGEST_VALUE
    assert entry.after["at"] == NOW.isoformat()
    assert entry.after["rows"] == [1]


def test_somebody_who_is_not_signed_in_is_nobody() -> None:
    assert record(Deed.SIGN_IN_FAILED, user=AnonymousUser(), now=NOW).actor == "nobody"
