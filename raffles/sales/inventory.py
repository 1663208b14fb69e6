"""What an order can ask of the thing it sells; each kind of thing registers itself when its app is ready."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from raffles.sales.models import Order


@dataclass(frozen=True)
class Offering:
    title: str
    code: str
    payment_instructions: str
    draw_at: datetime
    time_zone: str
    # Nothing of it is sold any more, whether or not the draw was held.
    is_closed: bool = False
    # From this amount on, in the order's currency, two people must confirm a payment.
    two_people_from_minor: int | None = None


@dataclass(frozen=True)
class Line:
    label: str
    price_minor: int


class Inventory(Protocol):
    def offering(self, order: Order) -> Offering: ...

    def lines(self, order: Order) -> tuple[Line, ...]:
        """What the order holds or has sold; what it last held when it holds nothing any more."""

    def sell(self, order: Order) -> None:
        """Raises UnitsNotHeld when what is held is not what the order charges for."""

    def release(self, order: Order) -> None:
        """Frees whatever the order holds or has sold; an order that holds nothing stays as it is."""

    def lost(self, order: Order) -> tuple[str, ...]:
        """Labels of what it released and others have by now; empty while all of it can be had again."""

    def reclaim(self, order: Order) -> None:
        """Holds again what was released: all of it, or nothing and UnitsGone with the labels of the lost."""


_inventories: dict[str, Inventory] = {}


def register(kind: str, inventory: Inventory) -> None:
    _inventories[kind] = inventory


def inventory_of(order: Order) -> Inventory:
    return _inventories[order.kind]
