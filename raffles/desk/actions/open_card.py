from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Q

from raffles.desk.errors import NothingToReview
from raffles.desk.leases import LEASE, taken
from raffles.desk.models import Card
from raffles.sales.models import Order


def open_card(*, order_id: int, by: User, now: datetime) -> Card:
    """Leases the order to one reviewer, or lengthens their lease. Compare-and-set: of two one gets it."""
    order = Order.objects.filter(pk=order_id, status=Order.Status.UNDER_REVIEW).first()
    if order is None:
        raise NothingToReview(str(order_id))
    card, _is_new = Card.objects.get_or_create(order=order)
    mine = Card.objects.filter(pk=card.pk, reviewer=by, lease_until__gt=now)
    if mine.update(lease_until=now + LEASE):
        return Card.objects.get(pk=card.pk)
    free = Card.objects.filter(Q(reviewer=None) | Q(lease_until__lte=now), pk=card.pk)
    if not free.update(reviewer=by, opened_at=now, lease_until=now + LEASE):
        raise taken(card.pk)
    return Card.objects.get(pk=card.pk)
