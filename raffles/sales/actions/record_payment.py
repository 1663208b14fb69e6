from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.sales import ledger
from raffles.sales.errors import CurrencyUnknown, MoveNotAllowed
from raffles.sales.lifecycle import locked_order, locked_player
from raffles.sales.models import OVER, Order, Payment
from raffles.sales.money import is_currency
from raffles.sales.notices import MoneyRecorded, announce


def record_payment(
    *,
    player_id: int,
    currency: str,
    amount_minor: int,
    method: str,
    reference: str,
    by: User,
    now: datetime,
    order_id: int | None = None,
) -> Payment:
    """Money that pays no open order, perhaps one more transfer for an order that is over: it is credit."""
    if not is_currency(currency):
        raise CurrencyUnknown(currency)
    with transaction.atomic():
        order = None if order_id is None else _order_that_is_over(order_id)
        payment = ledger.pay_in(
            player=order.player if order else locked_player(player_id),
            order=order,
            proof=None,
            amount_minor=amount_minor,
            currency=order.currency if order else currency,
            method=method,
            reference=reference,
            by=by,
            now=now,
        )
        announce(MoneyRecorded(payment))
        return payment


def _order_that_is_over(order_id: int) -> Order:
    """Money for an order that is open pays it: that is another action."""
    order = locked_order(order_id)
    if order.status not in OVER:
        raise MoveNotAllowed(order.code, order.status, order.status)
    return order
