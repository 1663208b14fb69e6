"""Cards on which it is somebody else's turn: the player's who was asked, or a second person's."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import F, Max

from raffles.sales.models import Order, OrderChange

# A player who has not answered by then may have answered in the chat, or never will: staff look again.
ANSWER_TIME = timedelta(minutes=15)


def questions_to(orders: Collection[Order]) -> dict[int, OrderChange]:
    """By the order's id the last question to its player, where no receipt has come since."""
    asked = OrderChange.objects.filter(
        order__in=orders,
        from_status=Order.Status.UNDER_REVIEW,
        to_status=Order.Status.UNDER_REVIEW,
        user__isnull=False,
    )
    unanswered = asked.annotate(newest=Max("order__proofs__received_at")).filter(newest__lt=F("at"))
    return {change.order_id: change for change in unanswered.select_related("user").order_by("id")}


def is_awaited(question: OrderChange | None, now: datetime) -> bool:
    return question is not None and now < question.at + ANSWER_TIME
