"""Which orders of a queue longer than its page are on it: the database chooses as the page sorts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Case, Exists, F, Min, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from raffles.desk.pages.waits import questions_of_late
from raffles.evidence.queries import risk_by_keys
from raffles.numbers.models import Ticket
from raffles.sales.approvals import counting
from raffles.sales.models import Order, PaymentProof


def chosen(
    undecided: QuerySet[Order], *, user: User, now: datetime, by_risk: bool, most: int
) -> Sequence[int]:
    """The ids of so many. A risk that the keys do not tell counts once its order is on the page."""
    known = undecided.alias(turn=_turn(user, now), draw_at=_draw(), since=_since(), risk=_risk())
    risk = (F("risk").desc(),) if by_risk else ()
    ordered = known.order_by("turn", *risk, F("draw_at").asc(nulls_last=True), "since", "pk")
    return list(ordered.values_list("pk", flat=True)[:most])


def _turn(user: User, now: datetime) -> Combinable:
    """1 where it is somebody else's: the player's who was asked, or a second person's."""
    asked = Exists(questions_of_late(now).filter(order=OuterRef("pk")))
    said = Exists(counting().filter(order=OuterRef("pk"), by=user))
    return Case(When(asked | said, then=1), default=0)


def _draw() -> Combinable:
    return Subquery(Ticket.objects.filter(order=OuterRef("pk")).values("raffle__draw_at")[:1])


def _since() -> Combinable:
    waiting = PaymentProof.objects.filter(order=OuterRef("pk"), status=PaymentProof.Status.SUBMITTED)
    return Subquery(waiting.order_by().values("order").annotate(first=Min("received_at")).values("first"))


def _risk() -> Combinable:
    waiting = PaymentProof.objects.filter(order=OuterRef("pk"), status=PaymentProof.Status.SUBMITTED)
    worst = waiting.annotate(risk=risk_by_keys()).order_by("-risk").values("risk")[:1]
    late = Case(When(late_since__isnull=False, then=1), default=0)
    return 2 * Coalesce(Subquery(worst), Value(0)) + late
