from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.sales.errors import MoveNotAllowed
from raffles.sales.lifecycle import locked_order, note, required_reason
from raffles.sales.models import Actor, Order
from raffles.sales.notices import ProofQuestioned, announce


def ask_for_proof(*, order_id: int, by: User, question: str, now: datetime) -> Order:
    """The player reads the question; the order stays under review and its numbers stay held."""
    question, actor = required_reason(question), Actor.staff(by)
    with transaction.atomic():
        order = locked_order(order_id)
        if order.status != Order.Status.UNDER_REVIEW:
            raise MoveNotAllowed(order.code, order.status, Order.Status.UNDER_REVIEW)
        note(order, actor=actor, reason=question, now=now)
        announce(ProofQuestioned(order, question, now))
        return order
