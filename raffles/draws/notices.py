"""Facts of draws for whoever listens (settings.DRAW_LISTENERS), in the transaction that made them so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, cast

from django.conf import settings
from django.utils.module_loading import import_string

from raffles.draws.models import Award, Draw, Outcome, RuleVersion


@dataclass(frozen=True)
class RulePublished:
    """The first version opens the sales; a later one has its reason."""

    draw: Draw
    version: RuleVersion


@dataclass(frozen=True)
class EntriesWait:
    """Sales are over and orders are still undecided: the entries cannot be frozen. Told again each hour."""

    draw: Draw
    undecided: int
    at: datetime


@dataclass(frozen=True)
class DrawClosed:
    draw: Draw


@dataclass(frozen=True)
class DrawTroubled:
    """Something stops the draw; `what` is one word: entries, record, terms, beacon, secret, results."""

    draw: Draw
    what: str
    at: datetime


@dataclass(frozen=True)
class DrawHeld:
    """The result is final. Winners are told one by one, as outcomes."""

    draw: Draw


@dataclass(frozen=True)
class DrawCalledOff:
    draw: Draw


@dataclass(frozen=True)
class OutcomeDue:
    """One player hears what came of all their numbers; `awards` is empty for most."""

    outcome: Outcome
    awards: tuple[Award, ...]


@dataclass(frozen=True)
class AwardPassedOn:
    """A reserve has won what somebody else lost; `award` is the new one."""

    award: Award
    lost: Award


@dataclass(frozen=True)
class AwardLost:
    """Nobody else gets it: no reserve is left, or the rule says it stays."""

    award: Award


@dataclass(frozen=True)
class AwardClaimed:
    award: Award


@dataclass(frozen=True)
class AwardHandedOver:
    award: Award


DrawFact: TypeAlias = (
    RulePublished
    | EntriesWait
    | DrawClosed
    | DrawTroubled
    | DrawHeld
    | DrawCalledOff
    | OutcomeDue
    | AwardPassedOn
    | AwardLost
    | AwardClaimed
    | AwardHandedOver
)


def announce(fact: DrawFact) -> None:
    for path in settings.DRAW_LISTENERS:
        cast(Callable[[DrawFact], None], import_string(path))(fact)
