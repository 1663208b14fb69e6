"""Right documents, on a border of what may be (HARMLESS) or with a result open to somebody (CAUTIONS).

Both programs that check have to say the same of all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from raffles.draws.beacon import QUICKNET
from tests.draws.documents import Document, canonical, chained, due, instant_of, written
from tests.draws.tamperings import (
    AFTER_THE_DRAW,
    BARREL,
    before_the_draw,
    drawn_again,
    in_order,
    newest,
    put,
    put_off,
    shortened,
)


def unchanged(_document: Document) -> None:
    """As its kind is made."""


def drawn_when_due(document: Document) -> None:
    at = due(newest(document), document["closing"], document["randomness"]["fallback"])
    document["result"]["drawn_at"] = written(at)


def frozen_at_the_draw(document: Document) -> None:
    document["closing"]["closed_at"] = newest(document)["draws_at"]


def by_quicknet(document: Document) -> None:
    """As if the public chain had been named; the round that is expected is that of quicknet."""
    rule = newest(document)
    told = {name: getattr(QUICKNET, name) for name in ("public_key", "genesis", "period", "scheme")}
    number = round_of_quicknet(rule["draws_at"])
    rule["beacon"] |= {"chain": QUICKNET.hash, **told, "round": number}
    document["rules"] = chained([document["rules"][0] | {"text": canonical(rule)}])
    drawn_again(document)


def round_of_quicknet(instant: str) -> int:
    since = int(instant_of(instant).timestamp()) - QUICKNET.genesis
    return next(number for number in range(since // 3, since // 3 + 3) if (number - 1) * 3 >= since)


@dataclass(frozen=True)
class Caution:
    """`says` is part of what verify_draw.py says of it, `name` the caution of verify_draw.js."""

    name: str
    says: str
    kind: str
    mutate: Callable[[Document], None] = unchanged

    def __str__(self) -> str:
        return f"{self.name}, {self.kind}"


# Beside the one about the chain of the documents, which only the tests know.
CAUTIONS = (
    Caution("late", "the entries were frozen at 2026-11-28T23:59:31Z, too late", "late"),
    Caution("late", "the entries were frozen at 2026-11-28T23:59:31Z, too late", "late by secret"),
    Caution("late", "the entries were frozen at 2026-11-28T23:59:31Z, too late", "late barrel"),
    Caution(
        "late", "too late for the draw as it was promised", "closed", put("closing.closed_at", AFTER_THE_DRAW)
    ),
    Caution("put-off", "which the entries had missed", "lottery", put_off),
    Caution("secret-lost", "so a later round of the beacon decides", "secret lost"),
    Caution("secret-lost", "so a physical draw decides", BARREL),
    Caution("beacon-missing", "so the secret alone decides", "beacon missing"),
    Caution("beacon-missing", f"https://api.drand.sh/{QUICKNET.hash}/public/", "beacon missing", by_quicknet),
    Caution(
        "ended",
        "when the result could be known",
        "called off",
        put("called_off.at", "2026-11-29T01:00:00Z"),
    ),
)

# Each on the border of what may be.
HARMLESS: tuple[tuple[str, str, Callable[[Document], None]], ...] = (
    ("the rule published when sales closed", "secret", put("rules.1.published_at", "2026-11-28T20:00:00Z")),
    (
        "the only version published when sales closed",
        "secret",
        in_order(
            shortened("rules"),
            put("rules.0.published_at", "2026-11-28T20:00:00Z"),
            drawn_again,
        ),
    ),
    ("both versions at once", "secret", put("rules.1.published_at", "2026-11-01T12:00:00Z")),
    ("frozen when sales closed", "secret", put("closing.closed_at", "2026-11-28T20:00:00Z")),
    ("a lottery frozen when it was drawn", "lottery", in_order(frozen_at_the_draw, drawn_again)),
    ("drawn at once", "beacon missing", drawn_when_due),
    ("called off when frozen", "called off", put("called_off.at", "2026-11-28T20:00:07Z")),
    ("typed and not held yet", "lottery", before_the_draw),
    ("drawn by hand and not held yet", "barrel", before_the_draw),
    ("a result of many digits", "lottery", put("randomness.lottery.19", lambda told: "0" * 36 + told)),
    ("no word of calling off", "secret", lambda document: document.pop("called_off") and None),
)
