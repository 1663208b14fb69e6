"""Ways out of the house. Each is a function named in `STAFF_CHANNELS`; rooms above bring theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias, cast

from django.conf import settings
from django.utils.module_loading import import_string

from raffles.desk.alerts.summary import Summary
from raffles.desk.models import Destination

# The key is the same each time one digest is told.
Tell: TypeAlias = Callable[[Destination, Summary, str, datetime], None]


class NotDelivered(Exception):
    """`why` is shown in the admin: it never holds the address, which is a secret."""

    def __init__(self, why: str, *, is_permanent: bool) -> None:
        super().__init__(why)
        self.why, self.is_permanent = why[:100], is_permanent


def channel_of(destination: Destination) -> Tell:
    return cast(Tell, import_string(settings.STAFF_CHANNELS[destination.channel]))


def is_silent(destination: Destination) -> bool:
    """Outside production webhooks hear nothing, unless there is a test channel: then it hears for all."""
    is_webhook = destination.channel == Destination.Channel.WEBHOOK
    return is_webhook and not (settings.STAFF_WEBHOOKS_LIVE or settings.STAFF_TEST_WEBHOOK_URL)
