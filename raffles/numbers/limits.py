"""What a limit per player means for two who turn out to be one."""

from __future__ import annotations

from collections.abc import Iterator

from raffles.numbers.errors import TogetherTooMany
from raffles.numbers.queries import beyond_limit
from raffles.sales.errors import Refusal
from raffles.sales.models import Player


def too_many_together(keep: Player, gone: Player) -> Iterator[Refusal]:
    """What is paid stays theirs; what is not yet paid would get around the limit."""
    for beyond in beyond_limit((keep.pk, gone.pk)):
        if beyond.people > 1 and beyond.unpaid:
            yield TogetherTooMany(beyond.title, beyond.limit, beyond.has)
