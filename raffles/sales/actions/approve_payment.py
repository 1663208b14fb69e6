from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.sales import trail
from raffles.sales.approvals import latest_change, newest_proof
from raffles.sales.errors import AmountNotPositive
from raffles.sales.lifecycle import locked_order, require_move
from raffles.sales.models import Actor, Approval, Order
from raffles.sales.queries import missing_of


def approve_payment(
    *, order_id: int, by: User, amount_minor: int | None, now: datetime, reason: str = ""
) -> Approval:
    """The first of two people. No amount means that exactly what is missing came.

    The reason is why it is right all the same, where something about the receipt was odd.
    """
    with transaction.atomic():
        order = locked_order(order_id)
        require_move(order, Order.Status.PAID, Actor.staff(by))
        amount = missing_of(order) if amount_minor is None else amount_minor
        if amount <= 0:
            raise AmountNotPositive
        approval, is_new = Approval.objects.get_or_create(
            after_change=latest_change(order),
            after_proof=newest_proof(order),
            by=by,
            amount_minor=amount,
            defaults={"order": order, "at": now, "reason": reason},
        )
        if is_new:
            trail.approved(approval, order)
        return approval
