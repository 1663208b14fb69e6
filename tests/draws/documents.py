"""Published documents of draws that never were, right in every part: from docs/draws.md, by code of its own.

`of_kind` gives one of each kind, `cases` many at random; all are plain values that JSON can hold. Their
beacon is the demo chain, whose signatures cost a moment: few rounds are used, each signed once.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from config import demo_beacon
from raffles.draws.beacon import DEMO

Document = dict[str, Any]

PUBLISHED_AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
CLOSES_AT = datetime(2026, 11, 28, 20, tzinfo=UTC)
DRAWS_AT = tuple(CLOSES_AT + timedelta(hours=3, seconds=seconds) for seconds in (0, 1801))
IN_TIME, LATE = (CLOSES_AT + timedelta(seconds=seconds) for seconds in (7, 4 * 3600 - 29))
MARGIN, SECRET_LOST_HOURS, BEACON_MISSING_HOURS = 60, 24, 72
LABELS = (
    "A motorbike",
    "Una bicicleta roja",
    "Gs. 5.000.000 <b>&</b>",
    "自転車",
    "Un viaje a Encarnación",
    '"Oro"',
)
METHODS = ("BEACON", "SECRET", "LOTTERY", "BARREL")


@dataclass(frozen=True)
class Plan:
    """What a document is to be about; what is not said is left to chance."""

    method: str = "BEACON"
    status: str = "DRAWN"
    fallback: str = ""
    entries: int | None = None
    versions: int = 2
    is_late: bool = False  # which the entries of a lottery may not be
    mapping: str = "direct"
    excludes: bool = True


@dataclass
class Made:
    """A document, and what its owners know: order and salt of each number."""

    document: Document
    owners: dict[int, tuple[str, str]] = field(default_factory=dict)


# One plan of each kind, by the name under which tamperings ask for it.
KINDS = {
    "beacon": Plan(entries=12),
    "late": Plan(entries=12, is_late=True),
    "late by secret": Plan("SECRET", entries=12, is_late=True),
    "late barrel": Plan("BARREL", entries=12, is_late=True),
    "secret lost": Plan(entries=12, fallback="SECRET_LOST"),
    "beacon missing": Plan(entries=12, fallback="BEACON_MISSING"),
    "secret": Plan("SECRET", entries=12),
    "secret lost, barrel": Plan("SECRET", entries=12, fallback="SECRET_LOST"),
    "lottery": Plan("LOTTERY", entries=60),
    "lottery by remainder": Plan("LOTTERY", entries=60, mapping="remainder"),
    "barrel": Plan("BARREL", entries=12),
    "no entries": Plan("SECRET", entries=0),
    "fewer entries than prizes": Plan("SECRET", entries=2),
    "closed": Plan(status="CLOSED", entries=12),
    "committed": Plan(status="COMMITTED"),
    "planned": Plan(status="PLANNED"),
    "called off": Plan(status="CALLED_OFF", entries=12),
}


def of_kind(name: str) -> Document:
    return made(KINDS[name], random.Random(name)).document


def cases(count: int, seed: int) -> list[Document]:
    """Drawn ones by every method and fallback; the same for the same seed."""
    chance = random.Random(seed)
    plans = [plan for plan in KINDS.values() if plan.status == "DRAWN"]
    return [made(_varied(chance.choice(plans), chance), chance).document for _turn in range(count)]


def _varied(plan: Plan, chance: random.Random) -> Plan:
    entries = chance.choice((None, None, None, 0, 1, 2, 3, 64, 65, 127))
    return Plan(
        plan.method,
        "DRAWN",
        plan.fallback,
        entries,
        chance.randint(1, 3),
        chance.random() < 0.3,
        plan.mapping,
        chance.random() < 0.3,
    )


def made(plan: Plan, chance: random.Random) -> Made:
    """With every part that the status has."""
    if plan.status == "PLANNED":
        return Made(_document(None, "PLANNED"))
    secret = chance.randbytes(32).hex()
    rule = _rule(plan, chance, secret)
    found = Made(_document(rule, plan.status, rules=_versions(rule, plan.versions)))
    if plan.status != "COMMITTED":
        found.document["closing"], found.owners = _closing(plan, rule, chance)
    if plan.status == "CALLED_OFF":
        at = written(CLOSES_AT + timedelta(hours=1))
        found.document["called_off"] = {"at": at, "reason": "no permit came"}
    if plan.status == "DRAWN":
        found.document["randomness"] = _randomness(plan, rule, found.document, chance, secret)
        found.document["result"] = result_of(rule, found.document)
    return found


def _document(rule: Document | None, status: str, **parts: Any) -> Document:
    found: Document = {
        "format": "raffle-draw/1",
        "code": rule["code"] if rule else "PLANNED1",
        "title": rule["title"] if rule else "",
        "status": status,
        "rules": [],
        "closing": None,
        "randomness": _nothing(),
        "result": None,
        "called_off": None,
    }
    return found | parts


def _nothing() -> Document:
    return {"secret": None, "fallback": "", "beacon": None, "lottery": None, "barrel": None}


def written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def instant_of(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")


def canonical(value: Document) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha(given: str | bytes) -> str:
    return hashlib.sha256(given.encode() if isinstance(given, str) else given).hexdigest()


# The rule.


def _rule(plan: Plan, chance: random.Random, secret: str) -> Document:
    first = 0 if plan.method == "LOTTERY" and plan.mapping == "direct" else chance.choice((0, 1, 100))
    draws_at = chance.choice(DRAWS_AT)
    return {
        "algorithm": "raffle-draw/1",
        "code": f"MOTO{chance.randrange(1000)}",
        "title": chance.choice(LABELS),
        "numbers": {
            "first": first,
            "last": first + 99 if plan.method == "LOTTERY" else first + 299,
            "width": 3,
        },
        "sales_open_at": written(PUBLISHED_AT),
        "closes_at": written(CLOSES_AT),
        "draws_at": written(draws_at),
        "time_zone": "America/Asuncion",
        "entries": "paid when the entries are frozen",
        "unsold": "cannot win",
        "method": plan.method,
        "secret_hash": sha(bytes.fromhex(secret)) if plan.method in ("BEACON", "SECRET") else None,
        "beacon": _beacon_of_rule(draws_at) if plan.method == "BEACON" else None,
        "lottery": _lottery_of_rule(plan.mapping) if plan.method == "LOTTERY" else None,
        "prizes": list(_prizes(chance)),
        "reserves": chance.randint(2, 4),
        "redraw": chance.choice(("RESERVES", "STAYS")),
        "claim_days": 30,
        "fallback": {"secret_lost_hours": SECRET_LOST_HOURS, "beacon_missing_hours": BEACON_MISSING_HOURS},
    }


def _beacon_of_rule(draws_at: datetime) -> Document:
    return {
        "chain": DEMO.hash,
        "public_key": DEMO.public_key,
        "genesis": DEMO.genesis,
        "period": DEMO.period,
        "scheme": DEMO.scheme,
        "round": round_from(draws_at),
        "margin_seconds": MARGIN,
    }


def _lottery_of_rule(mapping: str) -> Document:
    return {"name": "Quiniela", "drawing": "28 November", "results": 20, "digits": 2, "mapping": mapping}


def _prizes(chance: random.Random) -> Iterator[Document]:
    for rank in range(1, chance.randint(2, 4)):
        money = chance.choice((None, 5_000_000))
        yield {
            "rank": rank,
            "label": chance.choice(LABELS),
            "quantity": chance.randint(1, 3),
            "amount_minor": money,
            "currency": "PYG" if money else None,
        }


def _versions(rule: Document, count: int) -> list[Document]:
    """Earlier ones had other prizes; the newest is the rule itself."""
    texts = [canonical(rule | {"claim_days": 10 + place}) for place in range(1, count)] + [canonical(rule)]
    found: list[Document] = []
    for place, text in enumerate(texts):
        reason = "more days to claim" if place else ""
        published_at = written(PUBLISHED_AT + timedelta(days=place))
        found.append({"version": place + 1, "text": text, "reason": reason, "published_at": published_at})
    return chained(found)


def chained(versions: list[Document]) -> list[Document]:
    """Gives each version the digest that follows."""
    digest = "0" * 64
    for version in versions:
        version["digest"] = digest = sha(f"{digest}\n{version['text']}")
    return versions


# Entries, their marks and their tree.


def _closing(
    plan: Plan, rule: Document, chance: random.Random
) -> tuple[Document, dict[int, tuple[str, str]]]:
    first, last = rule["numbers"]["first"], rule["numbers"]["last"]
    count = chance.randint(4, 60) if plan.entries is None else plan.entries
    numbers = sorted(chance.sample(range(first, last + 1), min(count, last - first)))
    owners = {number: (_code(chance), chance.randbytes(16).hex()) for number in numbers}
    entries = [[number, mark_of(salt, number, order)] for number, (order, salt) in owners.items()]
    unsold = sorted(set(range(first, last + 1)) - set(numbers))[:2]
    excluded = [{"order": _code(chance), "numbers": unsold, "reason": "no money came"}]
    closed_at = LATE if plan.is_late and plan.method != "LOTTERY" else IN_TIME
    found = {
        "closed_at": written(closed_at),
        "count": len(entries),
        "root": root_of(entries),
        "excluded": excluded if plan.excludes else [],
        "entries": entries,
    }
    return found, owners


def _code(chance: random.Random) -> str:
    return "".join(chance.choices("23456789ABCDEFGHJKMNPQRSTUVWXYZ", k=6))


def mark_of(salt: str, number: int, order: str) -> str:
    return sha(f"{salt}:{number}:{order}")[:32]


def root_of(entries: list[list[Any]]) -> str:
    return _node([f"{number}:{mark}" for number, mark in entries]).hex()


def _node(leaves: list[str]) -> bytes:
    """As the standard defines it, from the top."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0].encode()).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + _node(leaves[:split]) + _node(leaves[split:])).digest()


def receipt_of(made: Made, place: int) -> Document:
    """Of the number at this place, by the standard's own recursion for the path."""
    closing = made.document["closing"]
    number, mark = closing["entries"][place]
    order, salt = made.owners[number]
    return {
        "format": "raffle-draw-receipt/1",
        "code": made.document["code"],
        "root": closing["root"],
        "count": closing["count"],
        "position": place,
        "number": number,
        "order": order,
        "salt": salt,
        "mark": mark,
        "path": _path(place, [f"{number}:{mark}" for number, mark in closing["entries"]]),
    }


def _path(place: int, leaves: list[str]) -> list[Document]:
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if place < split:
        return [*_path(place, leaves[:split]), {"side": "right", "hash": _node(leaves[split:]).hex()}]
    return [*_path(place - split, leaves[split:]), {"side": "left", "hash": _node(leaves[:split]).hex()}]


# What decides.


def _randomness(
    plan: Plan, rule: Document, document: Document, chance: random.Random, secret: str
) -> Document:
    numbers = [number for number, _mark in document["closing"]["entries"]]
    found = _nothing() | {"fallback": plan.fallback}
    if plan.method in ("BEACON", "SECRET") and plan.fallback != "SECRET_LOST":
        found["secret"] = secret
    if plan.method == "BEACON" and plan.fallback != "BEACON_MISSING":
        found["beacon"] = beacon_from(due(rule, document["closing"], plan.fallback))
    if plan.method == "LOTTERY":
        found["lottery"] = [f"{chance.randrange(10_000):04}" for _turn in range(rule["lottery"]["results"])]
    if plan.method == "BARREL" or (plan.method == "SECRET" and plan.fallback):
        drawn = chance.sample(numbers, min(units_of(rule) + rule["reserves"], len(numbers)))
        found["barrel"] = {"numbers": drawn, "witnesses": "The notary, and two of the players"}
    return found


def due(rule: Document, closing: Document, fallback: str) -> datetime:
    margin = timedelta(seconds=MARGIN if rule["method"] == "BEACON" else 0)
    base = max(instant_of(rule["draws_at"]), instant_of(closing["closed_at"]) + margin)
    waits = {"SECRET_LOST": SECRET_LOST_HOURS, "BEACON_MISSING": BEACON_MISSING_HOURS}
    return base + timedelta(hours=waits.get(fallback, 0))


def beacon_from(at: datetime) -> Document:
    number = round_from(at)
    return {"chain": DEMO.hash, "round": number, "signature": signature_of(number)}


def round_from(at: datetime) -> int:
    """The first at or after the instant, found by walking on from below."""
    seconds = int(at.timestamp())
    number = max((seconds - DEMO.genesis) // DEMO.period - 2, 1)
    while DEMO.genesis + (number - 1) * DEMO.period < seconds:
        number += 1
    return number


@cache
def signature_of(round_number: int) -> str:
    return demo_beacon.signature_of(round_number)


# From what decides to the result.


def units_of(rule: Document) -> int:
    return sum(prize["quantity"] for prize in rule["prizes"])


def result_of(rule: Document, document: Document) -> Document:
    """Of a document that has everything else."""
    seed = seed_of(document) if document["randomness"]["secret"] or document["randomness"]["beacon"] else None
    drawn = _sequence(rule, document, seed)[: units_of(rule) + rule["reserves"]]
    won = [
        {"rank": prize["rank"], "unit": unit, "label": prize["label"]}
        for prize in rule["prizes"]
        for unit in range(1, prize["quantity"] + 1)
    ]
    fallback = document["randomness"]["fallback"]
    return {
        "drawn_at": written(due(rule, document["closing"], fallback) + timedelta(seconds=9)),
        "seed": seed,
        "sequence": drawn,
        "prizes": [
            unit | {"number": drawn[place] if place < len(drawn) else None} for place, unit in enumerate(won)
        ],
        "reserves": drawn[len(won) :],
    }


def seed_of(document: Document) -> str:
    told = document["randomness"]
    randomness = sha(bytes.fromhex(told["beacon"]["signature"])) if told["beacon"] else "-"
    digest, root = document["rules"][-1]["digest"], document["closing"]["root"]
    return sha(f"raffle-draw/1\n{digest}\n{root}\n{told['secret'] or '-'}\n{randomness}")


def _sequence(rule: Document, document: Document, seed: str | None) -> list[int]:
    told, numbers = document["randomness"], [number for number, _mark in document["closing"]["entries"]]
    if told["barrel"]:
        return list(told["barrel"]["numbers"])
    if told["lottery"]:
        return _by_lottery(rule, told["lottery"], numbers)
    assert seed
    words = _words(bytes.fromhex(seed))
    found = []
    while numbers:
        found.append(numbers.pop(_below(words, len(numbers))))
    return found


def _by_lottery(rule: Document, results: list[str], numbers: list[int]) -> list[int]:
    first, last = rule["numbers"]["first"], rule["numbers"]["last"]
    found: list[int] = []
    for result in results:
        number = int(result[-rule["lottery"]["digits"] :])
        if rule["lottery"]["mapping"] == "remainder":
            number = first + number % (last - first + 1)
        if number in numbers and number not in found:
            found.append(number)
    return found


def _words(entropy: bytes) -> Iterator[int]:
    """Eight bytes at a time from HMAC-DRBG, step by step as NIST SP 800-90A writes it."""
    key, value = bytes(32), bytes([1] * 32)
    for turn in (0, 1):
        key = _mac(key, value + bytes([turn]) + entropy + b"raffle-draw/1")
        value = _mac(key, value)
    while True:
        value = _mac(key, value)
        word = value[:8]
        key = _mac(key, value + b"\0")
        value = _mac(key, value)
        yield int.from_bytes(word, "big")


def _mac(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, text, hashlib.sha256).digest()


def _below(words: Iterator[int], limit: int) -> int:
    highest = 2**64 - 2**64 % limit
    return next(word for word in words if word < highest) % limit
