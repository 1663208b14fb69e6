"""What must hold for programs that come in, in words for whoever has to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from raffles.api.hearing import deaf


def violations(now: datetime) -> list[str]:
    return list(_deaf(now))


def _deaf(now: datetime) -> Iterator[str]:
    for webhook in deaf(now)[:20]:
        yield (
            f"Webhook {webhook} hears nothing: program {webhook.program} has no token in force with "
            "webhooks:own or staff:webhooks. Give it one, or switch the webhook off."
        )
