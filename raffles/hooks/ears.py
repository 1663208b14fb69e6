"""Who may hear of what: a webhook hears what its owner may see, and a program's what a room above lets it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from raffles.hooks.happenings import Happening
from raffles.hooks.models import Subscription
from raffles.sales.sight import seen_by

# Of webhooks of programs those that may hear of it, by their keys.
Ear = Callable[[Collection[Subscription], Happening], Collection[int]]

_ears: list[Ear] = []


def add_ear(ear: Ear) -> None:
    _ears.append(ear)


def hearing(wanting: Collection[Subscription], happening: Happening) -> list[Subscription]:
    """Closed by default: a program that no room answers for hears nothing."""
    programs = [one for one in wanting if one.program]
    allowed = {key for ear in _ears if programs for key in ear(programs, happening)}
    allowed |= _seeing([one for one in wanting if not one.program], happening)
    return [one for one in wanting if one.pk in allowed]


def _seeing(people: Collection[Subscription], happening: Happening) -> set[int]:
    owners = {one.owner_id: one.owner for one in people}
    seeing = {key for key, owner in owners.items() if may_see(owner, happening)}
    return {one.pk for one in people if one.owner_id in seeing}


def may_see(user: Any, happening: Happening) -> bool:
    """Who won stands apart: who sees draws sees no winners, and hears of none."""
    if happening.award is not None and not user.has_perm("draws.view_award"):
        return False
    return seen_by(user, happening.rows()).exists()
