from __future__ import annotations

from dataclasses import dataclass

from raffles.sales.errors import Refusal


@dataclass(eq=False)
class SubscriptionNotFound(Refusal):
    subscription_id: int


@dataclass(eq=False)
class AddressRefused(Refusal):
    """`why`: unreadable, insecure, private or elsewhere."""

    why: str


@dataclass(eq=False)
class EventsUnknown(Refusal):
    names: tuple[str, ...]


@dataclass(eq=False)
class NoEventChosen(Refusal):
    pass


@dataclass(eq=False)
class TooManySubscriptions(Refusal):
    limit: int


@dataclass(eq=False)
class SubscriptionOff(Refusal):
    """What it should hear waits until it is switched on."""


@dataclass(eq=False)
class TooManyTests(Refusal):
    """`limit`: of one webhook within a minute."""

    limit: int


@dataclass(eq=False)
class DeliveryNotFound(Refusal):
    delivery_id: int


@dataclass(eq=False)
class NotGivenUp(Refusal):
    """Only what was given up is sent again; the rest arrived or is still on its way."""

    status: str


class SecretUnreadable(Exception):
    """It was sealed with another SECRET_KEY: only a new one helps."""
