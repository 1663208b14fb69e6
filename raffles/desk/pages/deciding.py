"""From what a reviewer typed to a planned verdict, or to the words why not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import get_language

from raffles.desk.actions import plan_verdict
from raffles.desk.leases import require_as_seen, require_mine
from raffles.desk.models import Verdict
from raffles.desk.nudges import wake_when_due
from raffles.desk.pages.forms import ConfirmFields, WordsFields
from raffles.desk.pages.outcomes import outcome_of
from raffles.desk.words import told_to
from raffles.sales.actions import approve_payment
from raffles.sales.admin.decisions import CONFIRM, CREDIT, REJECT
from raffles.sales.approvals import require_second_person
from raffles.sales.errors import Refusal, SecondPersonNeeded
from raffles.sales.lifecycle import locked_order
from raffles.sales.models import Order

Kind = Verdict.Kind
PERMITTED = {Kind.CONFIRM: CONFIRM, Kind.REJECT: REJECT, Kind.ASK: REJECT, Kind.CREDIT: CREDIT}


@dataclass(frozen=True)
class Answer:
    """What was planned; or what must be typed again, agreed to, or was refused."""

    verdict: Verdict | None = None
    errors: dict[str, list[str]] = field(default_factory=dict)
    question: str = ""
    agreed: str = ""
    told: str = ""
    refused: str = ""


def is_permitted(kind: str, user: User) -> bool:
    return kind in PERMITTED and PERMITTED[Kind(kind)].is_permitted(user)


def why_only_looks(user: User) -> str:
    """Empty for who may decide something. `factor`: they may once a second factor was shown; else `right`."""
    if any(decision.is_permitted(user) for decision in PERMITTED.values()):
        return ""
    has_right = any(user.has_perm(f"sales.{decision.permission}") for decision in PERMITTED.values())
    return "factor" if has_right else "right"


def decide(order: Order, kind: str, typed: QueryDict, *, user: User, now: datetime) -> Answer:
    given, errors = _given(order, kind, typed, user)
    if errors:
        return Answer(errors=errors)
    if kind == Kind.CONFIRM and typed.get("agreed") != str(given["amount_minor"]):
        outcome = outcome_of(order, given["amount_minor"], now)
        if not outcome.is_usual:
            return Answer(question=outcome.question(), agreed=str(outcome.amount_minor))
    try:
        return _planned(order, kind=kind, given=given, seen=typed.get("seen", ""), user=user, now=now)
    except Refusal as refusal:
        return Answer(refused=f"{order.code}: {told_to(user, refusal, currency=order.currency)}")


def _planned(
    order: Order, *, kind: str, given: dict[str, Any], seen: str, user: User, now: datetime
) -> Answer:
    amount = _amount(order, kind, given)
    try:
        if amount is not None:
            require_second_person(order, user, amount)
    except SecondPersonNeeded as refusal:
        _say_first(order, amount, given.get("why", ""), seen=seen, user=user, now=now)
        return Answer(told=f"{order.code}: {told_to(user, refusal, currency=order.currency)}")
    verdict = plan_verdict(
        order_id=order.pk, kind=kind, given=given, seen=seen, by=user, now=now, language=get_language() or ""
    )
    transaction.on_commit(wake_when_due)
    return Answer(verdict=verdict)


def _say_first(order: Order, amount: int | None, why: str, *, seen: str, user: User, now: datetime) -> None:
    """Behind the order's lock, so that no receipt comes that was not looked at."""
    with transaction.atomic():
        locked_order(order.pk)
        require_as_seen(order.pk, seen)
        require_mine(order.pk, user, now)
        approve_payment(order_id=order.pk, by=user, amount_minor=amount, reason=why, now=now)


def _amount(order: Order, kind: str, given: dict[str, Any]) -> int | None:
    if kind == Kind.CONFIRM:
        return int(given["amount_minor"])
    return order.total_minor if kind == Kind.CREDIT else None


def _given(
    order: Order, kind: str, typed: QueryDict, user: User
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    if kind == Kind.CREDIT:
        return {}, {}
    form = ConfirmFields(typed, order=order, user=user) if kind == Kind.CONFIRM else WordsFields(typed)
    if not form.is_valid():
        return {}, {name: [str(error) for error in errors] for name, errors in form.errors.items()}
    given = dict(form.cleaned_data)
    if kind == Kind.CONFIRM:
        given["amount_minor"] = given.pop("amount")
    return given, {}
