"""What a subscription may be, whoever asks for it."""

from __future__ import annotations

from collections.abc import Collection
from typing import NewType

from django.contrib.auth.models import User

from raffles.hooks.catalogue import unknown_among
from raffles.hooks.errors import AddressRefused, EventsUnknown, NoEventChosen, TooManySubscriptions
from raffles.hooks.models import Subscription
from raffles.hooks.reach import reach
from raffles.outside.addresses import BadAddress, require_allowed

# Each of them is looked at in every sale.
MOST_SUBSCRIPTIONS = 10
LONGEST_ADDRESS = 500


# Of it is known where it leads. To ask takes as long as others want: never in a transaction.
CheckedAddress = NewType("CheckedAddress", str)


def require_address(url: str) -> CheckedAddress:
    if len(url) > LONGEST_ADDRESS:
        raise AddressRefused("unreadable")
    try:
        require_allowed(url, reach())
    except BadAddress as refused:
        raise AddressRefused(refused.why) from None
    return CheckedAddress(url)


def require_events(kinds: Collection[str]) -> None:
    if not kinds:
        raise NoEventChosen
    if unknown := unknown_among(kinds):
        raise EventsUnknown(unknown)


def require_room(owner: User, program: str = "") -> None:
    """Counts those that are on. Two made at one moment may be one too many; that harms nobody."""
    own = Subscription.objects.filter(owner=owner, program=program, disabled_at=None)
    if own.count() >= MOST_SUBSCRIPTIONS:
        raise TooManySubscriptions(MOST_SUBSCRIPTIONS)
