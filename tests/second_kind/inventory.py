from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from django.db import transaction

from raffles.sales.errors import UnitsGone, UnitsNotHeld
from raffles.sales.inventory import Line, Offering
from raffles.sales.lifecycle import open_order
from raffles.sales.models import Order, Player
from tests.second_kind.models import Seating, Table

KIND = "tables"


class TablesInventory:
    def offering(self, order: Order) -> Offering:
        return Offering("A dinner", "DINNER", "Pay at the door", datetime(2026, 12, 24, tzinfo=UTC), "UTC")

    def lines(self, order: Order) -> tuple[Line, ...]:
        return tuple(Line(table.name, table.price_minor) for table in _asked(order))

    def sell(self, order: Order) -> None:
        tables = Table.objects.filter(held_by=order, is_sold=False)
        if sum(table.price_minor for table in tables) != order.total_minor:
            raise UnitsNotHeld(order.code)
        tables.update(is_sold=True)

    def release(self, order: Order) -> None:
        Table.objects.filter(held_by=order).update(held_by=None, is_sold=False)

    def lost(self, order: Order) -> tuple[str, ...]:
        return tuple(table.name for table in _asked(order) if table.held_by_id not in {None, order.pk})

    def reclaim(self, order: Order) -> None:
        asked, gone = _asked(order), self.lost(order)
        if gone:
            raise UnitsGone(gone)
        Table.objects.filter(pk__in=[table.pk for table in asked]).update(held_by=order)


def book_tables(*, player: Player, names: Collection[str], now: datetime) -> Order:
    with transaction.atomic():
        tables = list(Table.objects.filter(name__in=names, held_by=None))
        if len(tables) != len(names):
            raise UnitsGone(tuple(set(names) - {table.name for table in tables}))
        total = sum(table.price_minor for table in tables)
        order = open_order(
            player=player, kind=KIND, currency="USD", total_minor=total, hold_minutes=30, now=now
        )
        Table.objects.filter(pk__in=[table.pk for table in tables]).update(held_by=order)
        Seating.objects.bulk_create([Seating(order=order, table=table) for table in tables])
        return order


def _asked(order: Order) -> list[Table]:
    return list(Table.objects.filter(seating__order=order).order_by("name"))
