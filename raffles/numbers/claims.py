"""The rules that every way of claiming numbers shares."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime
from secrets import SystemRandom

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef

from raffles.numbers.counters import add_reserved
from raffles.numbers.errors import (
    NotEnoughNumbers,
    NumbersTaken,
    OutsideRange,
    RaffleNotFound,
    SalesClosed,
    TooFewPerOrder,
    TooManyPerOrder,
    TooManyPerPlayer,
)
from raffles.numbers.guards import FROZEN
from raffles.numbers.inventory import KIND
from raffles.numbers.models import Raffle, Ticket
from raffles.numbers.queries import block_numbers, claimed_by_player, free_by_block, taken_in_blocks
from raffles.numbers.random_pick import pick_numbers
from raffles.sales.lifecycle import expire, is_overdue, locked_order, locked_player, open_order
from raffles.sales.models import HELD, Order, Player

PICK_ATTEMPTS = 50
MOST_FREED_AT_ONCE = 100
_CLAIM = """
INSERT INTO raffles_ticket (raffle_id, number, order_id, price_minor, status) VALUES {rows}
ON CONFLICT DO NOTHING RETURNING number
"""


def raffle_on_sale(raffle_id: int, now: datetime) -> Raffle:
    raffle = Raffle.objects.filter(pk=raffle_id).first()
    if raffle is None:
        raise RaffleNotFound(raffle_id)
    if not raffle.is_on_sale(now):
        raise SalesClosed(raffle.code)
    return raffle


def require_count(raffle: Raffle, count: int) -> None:
    if count < raffle.min_per_order:
        raise TooFewPerOrder(raffle.min_per_order)
    if count > raffle.max_per_order:
        raise TooManyPerOrder(raffle.max_per_order)


def require_in_range(raffle: Raffle, numbers: Collection[int]) -> None:
    outside = [number for number in numbers if not raffle.first_number <= number <= raffle.last_number]
    if outside:
        raise OutsideRange(raffle.labels(outside))


def open_for(raffle: Raffle, player_id: int, count: int, now: datetime) -> Order:
    return open_order(
        player=_buyer(raffle, player_id, count),
        kind=KIND,
        currency=raffle.currency,
        total_minor=raffle.price_minor * count,
        hold_minutes=raffle.hold_minutes,
        now=now,
        not_after=raffle.draw_at,
    )


def claim(order: Order, raffle: Raffle, numbers: list[int]) -> None:
    """All or nothing, in the caller's transaction, which ends or goes back where this raises.

    `numbers` are sorted, so that two claims cannot wait for each other in a circle.
    """
    stuck = _inserted(order, raffle, numbers)
    lost = [number for number in numbers if number not in stuck]
    if lost:
        raise NumbersTaken(tuple(lost), raffle.labels(lost))
    add_reserved(raffle.pk, numbers)


def _inserted(order: Order, raffle: Raffle, numbers: list[int]) -> set[int]:
    """In one trip, which the ORM would make two: what did not stick has a live claim already."""
    rows = ", ".join(["(%s, %s, %s, %s, %s)"] * len(numbers))
    held = Ticket.Status.RESERVED.value
    values = [
        value for number in numbers for value in (raffle.pk, number, order.pk, raffle.price_minor, held)
    ]
    with connection.cursor() as cursor:
        try:
            cursor.execute(_CLAIM.format(rows=rows), values)
        except IntegrityError as error:
            if FROZEN in str(error):  # between the look at the raffle and this line its entries were frozen
                raise SalesClosed(raffle.code) from None
            raise
        return {number for (number,) in cursor.fetchall()}


def claim_random(order: Order, raffle: Raffle, count: int) -> None:
    """Picks again when a rival was faster; each round lost is a round that somebody else won."""
    for _attempt in range(PICK_ATTEMPTS):
        numbers = _picked(raffle, count)
        if numbers is None:
            continue
        with suppress(NumbersTaken), transaction.atomic():
            return claim(order, raffle, numbers)
    raise NotEnoughNumbers(sum(free_by_block(raffle).values()))


def with_overdue_freed(claim_once: Callable[[], Order], *, raffle_id: int, now: datetime) -> Order:
    """A hold that ran out does not stand in the way until the sweep comes.

    Freeing and claiming in one transaction can, once in a long while, wait in a circle with a rival for
    the same numbers; PostgreSQL then undoes one of the two, and whoever asked asks again.
    """
    try:
        return claim_once()
    except (NumbersTaken, NotEnoughNumbers, TooManyPerPlayer):
        if not _free_overdue(raffle_id, now):
            raise
    return claim_once()


def _buyer(raffle: Raffle, player_id: int, count: int) -> Player:
    """Locked: two orders at once are counted one after the other, and a merge waits or is followed."""
    player = locked_player(player_id)
    if raffle.max_per_player is not None:
        has = claimed_by_player(raffle, player.pk)
        if has + count > raffle.max_per_player:
            raise TooManyPerPlayer(raffle.max_per_player, has)
    return player


def _picked(raffle: Raffle, count: int) -> list[int] | None:
    free = free_by_block(raffle)
    left = sum(free.values())
    if left < count:
        raise NotEnoughNumbers(left)

    def free_in_blocks(indexes: Collection[int]) -> dict[int, list[int]]:
        taken = taken_in_blocks(raffle, indexes)
        return {index: [n for n in block_numbers(raffle, index) if n not in taken] for index in indexes}

    return pick_numbers(free, free_in_blocks, count, SystemRandom())


def _free_overdue(raffle_id: int, now: datetime) -> bool:
    """The few that are overdue are looked up first: of a raffle's tickets there may be a million.

    In the order of their ids, so that two who free the same orders cannot wait in a circle.
    """
    overdue = Order.objects.filter(status__in=HELD, expires_at__lte=now).order_by("expires_at")
    held_here = Ticket.objects.filter(
        order=OuterRef("pk"), raffle_id=raffle_id, status=Ticket.Status.RESERVED
    )
    found = overdue.filter(Exists(held_here)).values_list("pk", flat=True)[:MOST_FREED_AT_ONCE]
    freed = [_expired(order_id, now) for order_id in sorted(found)]
    return any(freed)


def _expired(order_id: int, now: datetime) -> bool:
    with transaction.atomic():
        order = locked_order(order_id)
        if not is_overdue(order, now):
            return False
        expire(order, now)
        return True
