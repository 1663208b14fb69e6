"""How long a card stays with its reviewer, and whose it is."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User

from raffles.desk.errors import CardNotYours, CardTaken, NothingToReview, OrderChanged
from raffles.desk.models import Card
from raffles.sales.models import Order
from raffles.sales.queries import stamp_of

# The page lengthens it while it is open; a phone that fell asleep gives the card back after this.
LEASE = timedelta(seconds=90)


def taken(card_id: int) -> CardTaken | CardNotYours:
    card = Card.objects.select_related("reviewer").get(pk=card_id)
    if card.reviewer is None or card.opened_at is None:
        return CardNotYours()  # given back between two looks: ask again
    return CardTaken(card.reviewer.pk, name_of(card.reviewer), card.opened_at)


def require_mine(order_id: int, by: User, now: datetime) -> None:
    if not Card.objects.filter(order=order_id, reviewer=by, lease_until__gt=now).exists():
        raise CardNotYours


def require_as_seen(order_id: int, seen: str) -> Order:
    """Still under review, and what the reviewer looked at."""
    order = Order.objects.filter(pk=order_id).first()
    if order is None or order.status != Order.Status.UNDER_REVIEW:
        raise NothingToReview(order.code if order else str(order_id))
    if stamp_of(order) != seen:
        raise OrderChanged(order.code)
    return order


def name_of(user: User) -> str:
    return user.get_full_name() or user.get_username()
