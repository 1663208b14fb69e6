"""Cards on which it is somebody else's turn: the player's who was asked, or a second person's."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Exists, F, Max, OuterRef, QuerySet

from raffles.sales.models import Order, OrderChange, PaymentProof

# A player who has not answered by then may have answered in the chat, or never will: staff look again.
ANSWER_TIME = timedelta(minutes=15)


def questions_to(orders: Collection[Order]) -> dict[int, OrderChange]:
    """By the order's id the last question to its player, where no receipt has come since."""
    asked = _questions().filter(order__in=orders)
    unanswered = asked.annotate(newest=Max("order__proofs__received_at")).filter(newest__lt=F("at"))
    return {change.order_id: change for change in unanswered.select_related("user").order_by("id")}


def questions_of_late(now: datetime) -> QuerySet[OrderChange]:
    """Those for which `is_awaited` holds, as the database tells: for more orders than are read."""
    since = PaymentProof.objects.filter(order=OuterRef("order"), received_at__gte=OuterRef("at"))
    return _questions().filter(~Exists(since), at__gt=now - ANSWER_TIME)


def _questions() -> QuerySet[OrderChange]:
    """What staff asked: lines of history that moved nothing."""
    status = Order.Status.UNDER_REVIEW
    return OrderChange.objects.filter(from_status=status, to_status=status, user__isnull=False)


def is_awaited(question: OrderChange | None, now: datetime) -> bool:
    return question is not None and now < question.at + ANSWER_TIME
