from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Aggregate, Count, F, Q, QuerySet, Sum, TextField
from django.db.models.functions import Coalesce
from django.db.models.sql.compiler import SQLCompiler

from raffles.draws.models import Draw
from raffles.numbers.models import BLOCK_SIZE, NumberBlock, Raffle, Ticket
from raffles.sales.models import Order, Player

NEAR_WINDOWS = (16, 128, 1024)
MOST_CENTRES = 5

CLAIMED = Coalesce(Sum(F("blocks__reserved") + F("blocks__sold")), 0)


class Joined(Aggregate):
    """One row instead of thousands: a pick stays quick in a raffle that is nearly sold out."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="STRING_AGG((%(expressions)s)::text, ',')")


@dataclass(frozen=True)
class Availability:
    free: int
    reserved: int
    sold: int
    size: int


@dataclass(frozen=True)
class BlockMismatch:
    raffle_id: int
    index: int
    stored: tuple[int, int]
    counted: tuple[int, int]


@dataclass(frozen=True)
class Beyond:
    """More numbers of one raffle than its limit per player; `people` of those asked about have some."""

    title: str
    limit: int
    has: int
    unpaid: int
    people: int


@dataclass(frozen=True)
class OwnNumbers:
    """What a player has paid for in one raffle: by the codes of the orders, each ascending."""

    raffle: Raffle
    by_order: dict[str, tuple[int, ...]]

    @property
    def numbers(self) -> list[int]:
        return sorted(number for numbers in self.by_order.values() for number in numbers)


def paid_numbers_of(player_id: int) -> list[OwnNumbers]:
    """Of every raffle; whose draw is last comes first."""
    sold = Ticket.objects.filter(order__player=player_id, status=Ticket.Status.SOLD)
    found: dict[int, dict[str, list[int]]] = {}
    for raffle_id, code, number in sold.order_by("number").values_list("raffle_id", "order__code", "number"):
        found.setdefault(raffle_id, {}).setdefault(code, []).append(number)
    raffles = Raffle.objects.filter(pk__in=found).select_related("draw").order_by("-draw_at", "-id")
    return [
        OwnNumbers(raffle, {code: tuple(numbers) for code, numbers in found[raffle.pk].items()})
        for raffle in raffles
    ]


def buyers_before(draw: Draw, at: datetime) -> QuerySet[Player]:
    """Who had paid numbers of this draw by then."""
    sold = Ticket.objects.filter(raffle__draw=draw, status=Ticket.Status.SOLD, order__closed_at__lte=at)
    return Player.objects.filter(pk__in=sold.values("order__player"))


def players_at(draw: Draw, at: datetime) -> QuerySet[Player]:
    """Whose orders held or had numbers of this draw at that instant, whatever became of them since."""
    since = Q(order__closed_at=None) | Q(order__status=Order.Status.PAID) | Q(order__closed_at__gte=at)
    claims = Ticket.objects.filter(since, raffle__draw=draw)
    return Player.objects.filter(pk__in=claims.values("order__player"))


def beyond_limit(player_ids: Collection[int]) -> list[Beyond]:
    """As if these players were one person."""
    live = Ticket.objects.exclude(status=Ticket.Status.RELEASED).filter(order__player__in=player_ids)
    counted = live.values("raffle__title", "raffle__max_per_player", "raffle").annotate(
        has=Count("pk"),
        unpaid=Count("pk", filter=Q(status=Ticket.Status.RESERVED)),
        people=Count("order__player", distinct=True),
    )
    found = counted.filter(has__gt=F("raffle__max_per_player")).order_by("raffle")
    names = ("raffle__title", "raffle__max_per_player", "has", "unpaid", "people")
    return [Beyond(*row) for row in found.values_list(*names)]


def raffles_on_sale(now: datetime) -> list[Raffle]:
    open_now = Raffle.objects.filter(
        status=Raffle.Status.ACTIVE, sales_open_at__lte=now, sales_close_at__gt=now
    ).order_by("draw_at", "id")
    return [_with_free(raffle, raffle.claimed) for raffle in open_now.annotate(claimed=CLAIMED)]


def _with_free(raffle: Raffle, claimed: int) -> Raffle:
    raffle.free = raffle.size - claimed
    return raffle


def on_sale_without_rule() -> list[str]:
    """Codes of raffles that opened before rules were published."""
    on_sale = Raffle.objects.filter(status__in=(Raffle.Status.ACTIVE, Raffle.Status.PAUSED))
    without = on_sale.filter(Q(draw=None) | Q(draw__status=Draw.Status.PLANNED))
    return list(without.order_by("code").values_list("code", flat=True))


def raffle_by_code(code: str) -> Raffle | None:
    return Raffle.objects.filter(code=code.strip().upper()).exclude(status=Raffle.Status.DRAFT).first()


def availability(raffle: Raffle) -> Availability:
    sums = NumberBlock.objects.filter(raffle=raffle).aggregate(
        reserved=Coalesce(Sum("reserved"), 0), sold=Coalesce(Sum("sold"), 0)
    )
    reserved, sold = sums["reserved"], sums["sold"]
    return Availability(free=raffle.size - reserved - sold, reserved=reserved, sold=sold, size=raffle.size)


def sold_by_raffle(raffles: Collection[Raffle]) -> dict[int, int]:
    """How many numbers are paid, by the key of the raffle; one without any may be missing."""
    blocks = NumberBlock.objects.filter(raffle__in=raffles).order_by("raffle").values("raffle")
    return dict(blocks.annotate(all_sold=Sum("sold")).values_list("raffle", "all_sold"))


def live_tickets(raffle: Raffle) -> QuerySet[Ticket]:
    return Ticket.objects.filter(raffle=raffle).exclude(status=Ticket.Status.RELEASED)


def taken_among(raffle: Raffle, numbers: Collection[int]) -> list[int]:
    taken = live_tickets(raffle).filter(number__in=list(numbers))
    return list(taken.order_by("number").values_list("number", flat=True))


def claimed_by_player(raffle: Raffle, player_id: int) -> int:
    return live_tickets(raffle).filter(order__player_id=player_id).count()


def free_by_block(raffle: Raffle) -> dict[int, int]:
    claimed = {
        index: reserved + sold
        for index, reserved, sold in NumberBlock.objects.filter(raffle=raffle).values_list(
            "index", "reserved", "sold"
        )
    }
    first, last = raffle.first_number // BLOCK_SIZE, raffle.last_number // BLOCK_SIZE
    return {
        index: len(block_numbers(raffle, index)) - claimed.get(index, 0) for index in range(first, last + 1)
    }


def block_numbers(raffle: Raffle, index: int) -> range:
    start, stop = index * BLOCK_SIZE, (index + 1) * BLOCK_SIZE
    return range(max(start, raffle.first_number), min(stop, raffle.last_number + 1))


def taken_in_blocks(raffle: Raffle, indexes: Iterable[int]) -> set[int]:
    spans = [block_numbers(raffle, index) for index in indexes]
    joined = live_tickets(raffle).filter(_within(spans)).aggregate(numbers=Joined("number"))["numbers"]
    return set(map(int, joined.split(","))) if joined else set()


def free_numbers_near(raffle: Raffle, numbers: Collection[int], count: int) -> list[int]:
    """The nearest free numbers, near before small; fewer than asked when the neighbourhood is sold out."""
    centres = sorted(set(numbers))[:MOST_CENTRES]
    found: list[int] = []
    for window in NEAR_WINDOWS if centres and count > 0 else ():
        found = _free_around(raffle, centres, window)
        if len(found) >= count:
            break
    return found[:count]


def block_mismatches() -> list[BlockMismatch]:
    counted = {
        (row["raffle_id"], row["index"]): (row["reserved"], row["sold"])
        for row in Ticket.objects.exclude(status=Ticket.Status.RELEASED)
        .values("raffle_id", index=F("number") / BLOCK_SIZE)
        .annotate(
            reserved=Count("pk", filter=Q(status=Ticket.Status.RESERVED)),
            sold=Count("pk", filter=Q(status=Ticket.Status.SOLD)),
        )
    }
    stored = {
        (raffle_id, index): (reserved, sold)
        for raffle_id, index, reserved, sold in NumberBlock.objects.values_list(
            "raffle_id", "index", "reserved", "sold"
        )
    }
    return [
        BlockMismatch(raffle_id, index, stored.get((raffle_id, index), (0, 0)), counts)
        for (raffle_id, index) in sorted(counted.keys() | stored.keys())
        if (counts := counted.get((raffle_id, index), (0, 0))) != stored.get((raffle_id, index), (0, 0))
    ]


def _free_around(raffle: Raffle, centres: list[int], window: int) -> list[int]:
    spans = [
        range(max(raffle.first_number, at - window), min(raffle.last_number, at + window) + 1)
        for at in centres
    ]
    taken = set(live_tickets(raffle).filter(_within(spans)).values_list("number", flat=True))
    asked = set(centres)
    free = {number for span in spans for number in span} - taken - asked
    return sorted(free, key=lambda number: (min(abs(number - at) for at in centres), number))


def _within(spans: Iterable[range]) -> Q:
    """One condition for all spans; neighbours are joined so that it stays short."""
    condition = Q(pk__in=[])
    for span in _joined(sorted(spans, key=lambda span: span.start)):
        condition |= Q(number__range=(span.start, span.stop - 1))
    return condition


def _joined(spans: Iterable[range]) -> Iterator[range]:
    current: range | None = None
    for span in spans:
        if current is None or span.start > current.stop:
            if current:
                yield current
            current = span
        else:
            current = range(current.start, max(current.stop, span.stop))
    if current:
        yield current
