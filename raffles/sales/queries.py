from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Sum

from raffles.sales.errors import OrderNotFound
from raffles.sales.models import HELD, CreditEntry, Order, Payment, Player, PlayerCredit
from raffles.sales.sight import is_limited

Status = Order.Status

LATE_PROOF_DAYS = 7


def order_by_code(code: str) -> Order:
    order = Order.objects.select_related("player").filter(code=code.strip().upper()).first()
    if order is None:
        raise OrderNotFound(code)
    return order


def order_of_player(player_id: int, code: str) -> Order | None:
    """None as well when the order is somebody else's: a code in a chat is no key."""
    orders = Order.objects.select_related("player").filter(player_id=player_id)
    return orders.filter(code=code.strip().upper()).first()


def open_orders(player_id: int) -> list[Order]:
    return _newest_first(player_id, (*HELD, Status.UNDER_REVIEW))


def orders_awaiting_payment(player_id: int) -> list[Order]:
    return _newest_first(player_id, (Status.PENDING_PAYMENT,))


def recent_orders(player_id: int, limit: int) -> list[Order]:
    return _newest_first(player_id, tuple(Status))[:limit]


def late_candidates(player_id: int, now: datetime) -> list[Order]:
    """Orders that a payment which comes now may be meant for, though their hold ran out."""
    since = now - timedelta(days=LATE_PROOF_DAYS)
    orders = Order.objects.filter(player_id=player_id, status=Status.EXPIRED, closed_at__gte=since)
    return list(orders.select_related("player").order_by("-created_at", "-id"))


def overdue_order_ids(now: datetime, limit: int) -> list[int]:
    overdue = Order.objects.filter(status__in=HELD, expires_at__lte=now).order_by("expires_at", "id")
    return list(overdue.values_list("pk", flat=True)[:limit])


def living_player(player: Player) -> Player:
    """The player that this one was merged into, however many times."""
    while player.merged_into is not None:
        player = player.merged_into
    return player


def credit_of(player_id: int, currency: str) -> int:
    found = PlayerCredit.objects.filter(player_id=player_id, currency=currency)
    return found.values_list("balance_minor", flat=True).first() or 0


def credits_of(player_id: int) -> list[tuple[int, str]]:
    """What stands to the player's credit, as amount and currency; currencies with nothing are left out."""
    found = PlayerCredit.objects.filter(player_id=player_id, balance_minor__gt=0).order_by("currency")
    return list(found.values_list("balance_minor", "currency"))


def credits_seen_by(user: Any, player_id: int) -> list[tuple[int, str]]:
    """As amount and currency. Credit is of the whole house, and its parts are of no raffle.

    Whoever sees some orders only would read of what the player paid to others: for them there is none.
    """
    return [] if is_limited(user) else credits_of(player_id)


def set_aside(order: Order) -> int:
    """What came for this order and is still there; other credit waits for a word of staff."""
    came = Payment.objects.filter(order=order).aggregate(came=Sum("amount_minor"))["came"] or 0
    return min(came, credit_of(order.player_id, order.currency)) if came else 0


def stamp_of(order: Order) -> str:
    """What of an order must not have changed between looking and deciding."""
    newest_proof = order.proofs.aggregate(newest=Max("pk"))["newest"] or 0
    hold = "late" if order.late_since else "held"
    return f"{order.status}.{newest_proof}.{hold}.{order.payments.count()}"


def stamp_of_account(player_id: int) -> str:
    """What of a player's money must not have changed between looking and deciding."""
    return str(CreditEntry.objects.filter(player=player_id).aggregate(newest=Max("pk"))["newest"] or 0)


def missing_of(order: Order) -> int:
    return order.total_minor - set_aside(order)


def _newest_first(player_id: int, statuses: tuple[str, ...]) -> list[Order]:
    orders = Order.objects.filter(player_id=player_id, status__in=statuses)
    return list(orders.select_related("player").order_by("-created_at", "-id"))
