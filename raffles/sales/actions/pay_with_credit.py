from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.sales import ledger
from raffles.sales.approvals import require_second_person
from raffles.sales.inventory import inventory_of
from raffles.sales.lifecycle import decide_proofs, hold_late, locked_order, move_order, require_move
from raffles.sales.models import Actor, Order, PaymentProof
from raffles.sales.notices import OrderPaid, announce


def pay_with_credit(*, order_id: int, by: User, now: datetime) -> Order:
    """Staff choose to use what stands to the player's credit; refused, it stays where it is."""
    actor = Actor.staff(by)
    with transaction.atomic():
        order = locked_order(order_id)
        require_move(order, Order.Status.PAID, actor)
        require_second_person(order, by, order.total_minor)
        hold_late(order, now)
        ledger.charge(order, actor, now)
        inventory_of(order).sell(order)
        move_order(order, to=Order.Status.PAID, now=now, actor=actor)
        decide_proofs(order, PaymentProof.Status.ACCEPTED, actor=actor, now=now)
        announce(OrderPaid(order, None))
        return order
