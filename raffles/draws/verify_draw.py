"""Checks the published document of a draw, or the receipt of one number. Nothing has to be installed for it.

    python verify_draw.py proof.json
    python verify_draw.py receipt.json proof.json

Each line says what was checked: "ok", "WRONG", "later" (not published yet), "note" or "CAUTION"; the last one
is the verdict. A CAUTION keeps to the rule, and yet somebody could have known or chosen the result. Exit
status: 0 all is right, 1 something is wrong, 2 it cannot be read.

What no file can prove of itself: that it is the one that was published in time. Hold the digest of the rule
and the root that are printed here against those that were announced before the draw. Instants, reasons,
excluded orders, the results of a lottery and what witnesses saw are part of no hash: they are checked for
sense, and what was announced says whether they are true.

The arithmetic of BLS12-381 follows py_ecc, Copyright (c) 2015 Vitalik Buterin, MIT licence.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import hmac
import json
import re
import sys
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    Shape = Callable[[object, str], Iterator[str]]
    Document = dict[str, Any]
    Fp2 = tuple[int, int]
    Point = tuple[Fp2, Fp2] | None  # on either curve; None is the point at infinity

FORMAT = "raffle-draw/1"
RECEIPT_FORMAT = "raffle-draw-receipt/1"
BEFORE_THE_FIRST = "0" * 64
NOBODY = "-"
LARGEST = 2**53 - 1  # what every reader of JSON can hold
MOST_BYTES = 2**28
MOST_SHOWN = 20
EPOCH = datetime.date(1970, 1, 1).toordinal()

OK, WRONG, LATER, NOTE, CAUTION = "ok", "WRONG", "later", "note", "CAUTION"

SCHEME = "bls-unchained-g1-rfc9380"
RELAY = "https://api.drand.sh"  # one of those where drand keeps every round for everybody
# Chains whose key is public knowledge: hash, then key, genesis and period.
PINNED = {
    # drand's quicknet, https://api.drand.sh/v2/chains
    "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971": (
        "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
        "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
        1692803367,
        3,
    ),
}


@dataclass(frozen=True)
class Finding:
    kind: str
    text: str


class Unreadable(ValueError):
    pass


# --------------------------------------------------------------------------------------------------
# Reading JSON strictly: whatever two readers could understand differently is refused.


def parse(text: str) -> Any:
    """Raises Unreadable for anything that is not plain JSON with whole numbers and every key once."""
    try:
        return json.loads(
            text,
            object_pairs_hook=_once,
            parse_int=_whole,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
    except Unreadable:
        raise
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    except ValueError as error:
        raise Unreadable(f"it is not JSON ({error})") from None


def _once(pairs: list[tuple[str, Any]]) -> Document:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unreadable(f"the key {shown(twice)} occurs twice")
    return found


def _whole(digits: str) -> int:
    if len(digits) > len(str(LARGEST)) + 1:
        raise Unreadable(f"a number has {len(digits)} digits")
    return int(digits)


def _no_number(text: str) -> float:
    raise Unreadable(f"{shown(text)} is not a whole number")


def canonical(document: Document) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def shown(value: object) -> str:
    """For one line on a screen: short, and with nothing in it that a terminal would obey."""
    if isinstance(value, str):
        return repr(value if len(value) <= 140 else value[:140] + "...")
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value) if abs(value) <= LARGEST else "a number beyond all measure"
    return "a list" if isinstance(value, list) else "an object"


# --------------------------------------------------------------------------------------------------
# The form of the documents. Each shape yields what is not as it must be.


def whole(least: int = 0, most: int = LARGEST) -> Shape:
    def problems(value: object, where: str) -> Iterator[str]:
        if type(value) is not int or not least <= value <= most:
            yield f"{where}: expected a whole number from {least} to {most}, found {shown(value)}"

    return problems


def text(pattern: str = "(?s:.*)", said: str = "a text") -> Shape:
    fits = re.compile(pattern)

    def problems(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, str) or not fits.fullmatch(value) or not _is_unicode(value):
            yield f"{where}: expected {said}, found {shown(value)}"

    return problems


def _is_unicode(value: str) -> bool:
    """Half of a pair of surrogates is text to JSON and to nobody else."""
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def instant(value: object, where: str) -> Iterator[str]:
    if not isinstance(value, str) or seconds_of(value) is None:
        yield f"{where}: expected an instant such as 2026-11-28T23:00:00Z, found {shown(value)}"


def seconds_of(value: str) -> int | None:
    """Since 1970, in UTC; None for what is no instant."""
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z", value)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(each) for each in found.groups())
    try:
        days = datetime.date(year, month, day).toordinal() - EPOCH
        datetime.time(hour, minute, second)
    except ValueError:
        return None
    return days * 86400 + hour * 3600 + minute * 60 + second


def one_of(*values: str) -> Shape:
    return text("|".join(re.escape(value) for value in values), " or ".join(repr(value) for value in values))


def maybe(shape: Shape) -> Shape:
    def problems(value: object, where: str) -> Iterator[str]:
        if value is not None:
            yield from shape(value, where)

    return problems


def listed(shape: Shape) -> Shape:
    def problems(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{where}: expected a list, found {shown(value)}"
            return
        for place, each in enumerate(value):
            yield from shape(each, f"{where}[{place}]")

    return problems


def pair(first: Shape, second: Shape) -> Shape:
    def problems(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, list) or len(value) != 2:
            yield f"{where}: expected a pair, found {shown(value)}"
            return
        yield from first(value[0], f"{where}[0]")
        yield from second(value[1], f"{where}[1]")

    return problems


def record(keys: dict[str, Shape], optional: Sequence[str] = ()) -> Shape:
    def problems(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where or 'the document'}: expected an object, found {shown(value)}"
            return
        for name in sorted(value.keys() - keys.keys(), key=str):
            yield f"{where or 'the document'}: {shown(name)} does not belong there"
        for name, shape in keys.items():
            inside = f"{where}.{name}" if where else name
            if name in value:
                yield from shape(value[name], inside)
            elif name not in optional:
                yield f"{inside}: is missing"

    return problems


def lowercase_hex(digits: int) -> Shape:
    return text(f"[0-9a-f]{{{digits}}}", f"{digits} lowercase hex digits")


DIGEST, MARK, SIGNATURE, PUBLIC_KEY = (lowercase_hex(digits) for digits in (64, 32, 96, 192))
NUMBER, TEXT, DIGITS = whole(), text(), text("[0-9]{1,40}", "digits")
SAID = text(r"(?s:.*\S.*)", "a text that says something")

# fmt: off
RULE = record({
    "algorithm": one_of(FORMAT), "code": SAID, "title": TEXT,
    "numbers": record({"first": NUMBER, "last": NUMBER, "width": NUMBER}),
    "sales_open_at": instant, "closes_at": instant, "draws_at": instant, "time_zone": TEXT,
    "entries": one_of("paid when the entries are frozen"), "unsold": one_of("cannot win"),
    "method": one_of("BEACON", "SECRET", "LOTTERY", "BARREL"),
    "secret_hash": maybe(DIGEST),
    "beacon": maybe(record({
        "chain": DIGEST, "public_key": PUBLIC_KEY, "genesis": NUMBER, "period": whole(1),
        "scheme": one_of(SCHEME), "round": whole(1), "margin_seconds": NUMBER,
    })),
    "lottery": maybe(record({
        "name": TEXT, "drawing": TEXT, "results": whole(1), "digits": whole(1, 15),
        "mapping": one_of("direct", "remainder"),
    })),
    "prizes": listed(record({
        "rank": whole(1), "label": SAID, "quantity": whole(1),
        "amount_minor": maybe(NUMBER), "currency": maybe(TEXT),
    })),
    "reserves": NUMBER, "redraw": one_of("RESERVES", "STAYS"), "claim_days": NUMBER,
    "fallback": record({"secret_lost_hours": NUMBER, "beacon_missing_hours": NUMBER}),
})
DOCUMENT = record({
    "format": one_of(FORMAT), "code": SAID, "title": TEXT,
    "status": one_of("PLANNED", "COMMITTED", "CLOSED", "DRAWN", "CALLED_OFF"),
    "rules": listed(record({
        "version": whole(1), "text": TEXT, "digest": DIGEST, "reason": TEXT, "published_at": instant,
    })),
    "closing": maybe(record({
        "closed_at": instant, "count": NUMBER, "root": DIGEST,
        "excluded": listed(record({"order": SAID, "numbers": listed(NUMBER), "reason": SAID})),
        "entries": listed(pair(NUMBER, MARK)),
    })),
    "randomness": record({
        "secret": maybe(DIGEST), "fallback": one_of("", "SECRET_LOST", "BEACON_MISSING"),
        "beacon": maybe(record({"chain": DIGEST, "round": whole(1), "signature": SIGNATURE})),
        "lottery": maybe(listed(DIGITS)),
        "barrel": maybe(record({"numbers": listed(NUMBER), "witnesses": SAID})),
    }),
    "result": maybe(record({
        "drawn_at": instant, "seed": maybe(DIGEST), "sequence": listed(NUMBER),
        "prizes": listed(record({
            "rank": whole(1), "unit": whole(1), "label": TEXT, "number": maybe(NUMBER),
        })),
        "reserves": listed(NUMBER),
    })),
    "called_off": maybe(record({"at": instant, "reason": SAID})),
}, optional=["called_off"])
RECEIPT = record({
    "format": one_of(RECEIPT_FORMAT), "code": SAID, "root": DIGEST, "count": whole(1), "position": NUMBER,
    "number": NUMBER, "order": SAID, "salt": lowercase_hex(32), "mark": MARK,
    "path": listed(record({"side": one_of("left", "right"), "hash": DIGEST})),
})
# fmt: on


def form(shape: Shape, document: object, name: str) -> list[Finding]:
    found = [Finding(WRONG, each) for _turn, each in zip(range(MOST_SHOWN), shape(document, ""))]  # noqa: B905
    return found or [Finding(OK, f"every part has the form of {name}")]


def same(what: str, expected: object, found: object) -> Finding:
    if type(expected) is type(found) and expected == found:
        return Finding(OK, what)
    return Finding(WRONG, f"{what}: expected {shown(expected)}, found {shown(found)}")


def holds(what: str, is_so: bool, otherwise: str) -> Finding:
    return Finding(OK, what) if is_so else Finding(WRONG, f"{what}: {otherwise}")


def same_list(what: str, expected: Sequence[int], found: Sequence[int]) -> Finding:
    """Names the first place that differs."""
    for place, (one, other) in enumerate(zip_longest(expected, found), 1):
        if one != other:
            return Finding(WRONG, f"{what}: at place {place} expected {shown(one)}, found {shown(other)}")
    return Finding(OK, f"{what} ({len(found)})")


# --------------------------------------------------------------------------------------------------
# The checks of a document.


def check(document: object, trusted: set[str]) -> list[Finding]:
    """`trusted` are hashes of beacon chains that the reader trusts besides the pinned ones."""
    found = form(DOCUMENT, document, FORMAT)
    if is_wrong(found) or not isinstance(document, dict):
        return found
    found += _parts(document)
    has_parts = not is_wrong(found)
    rules, about_rules = _rules(document["rules"])
    found += about_rules
    if has_parts and rules and len(rules) == len(document["rules"]):
        found += _by_rule(Draw(document, rules[-1], frozenset(trusted)))
    if document["status"] == "PLANNED":
        found.append(Finding(LATER, "everything: no rule has been published"))
    return found


def is_wrong(findings: Iterable[Finding]) -> bool:
    return any(each.kind == WRONG for each in findings)


# Which parts must be there (True) or not be there (False); a draw is called off before closing or after it.
_PARTS = {
    "PLANNED": {"rules": False, "closing": False, "result": False, "called_off": False},
    "COMMITTED": {"rules": True, "closing": False, "result": False, "called_off": False},
    "CLOSED": {"rules": True, "closing": True, "result": False, "called_off": False},
    "DRAWN": {"rules": True, "closing": True, "result": True, "called_off": False},
    "CALLED_OFF": {"rules": True, "result": False, "called_off": True},
}
_CHANCES = ("secret", "beacon", "lottery", "barrel")


def _parts(document: Document) -> Iterator[Finding]:
    status = document["status"]
    for part, must in _PARTS[status].items():
        what = f"a part {part!r} {'belongs' if must else 'does not belong'} to the status {status}"
        yield holds(what, bool(document.get(part)) == must, "it is missing" if must else "it is there")
    if not document["closing"]:
        told = document["randomness"]
        there = [part for part in (*_CHANCES, "fallback") if told[part] not in (None, "")]
        yield holds(
            "nothing that decides is known before the entries", not there, f"found {', '.join(there)}"
        )


def _rules(versions: list[Document]) -> tuple[list[Document], list[Finding]]:
    """What the versions say, as far as they can be read."""
    rules: list[Document] = []
    found: list[Finding] = []
    digest = BEFORE_THE_FIRST
    for place, version in enumerate(versions, 1):
        digest = sha256_hex(f"{digest}\n{version['text']}".encode())
        name = f"version {place} of the rule"
        found.append(same(f"{name} is numbered so", place, version["version"]))
        found.append(same(f"the digest of {name} follows from its text", digest, version["digest"]))
        rule, about_text = _rule(version["text"], name)
        found += about_text
        if rule is None:
            break
        found += _sense(rule, name)
        found += _change(versions[place - 2 : place], rules[-1], rule) if rules else _first(version, rule)
        rules.append(rule)
    return rules, found


def _rule(written: str, name: str) -> tuple[Document | None, list[Finding]]:
    try:
        rule = parse(written)
    except Unreadable as error:
        return None, [Finding(WRONG, f"the text of {name} cannot be read: {error}")]
    found = form(RULE, rule, "a rule")
    if is_wrong(found):
        return None, [Finding(WRONG, f"{name}: {each.text}") for each in found]
    is_canonical = canonical(rule) == written
    return rule, [holds(f"the text of {name} has sorted keys and no spaces", is_canonical, "it has not")]


def _first(version: Document, rule: Document) -> Iterator[Finding]:
    yield same("the first version of the rule needs no reason", "", version["reason"])
    yield not_after("the rule was published before sales closed", version["published_at"], rule["closes_at"])


def _change(versions: list[Document], before: Document, rule: Document) -> Iterator[Finding]:
    earlier, version = versions
    name, reason = f"version {version['version']} of the rule", version["reason"]
    published_at = version["published_at"]
    changed = ", ".join(key for key in sorted(rule) if rule[key] != before[key])
    yield Finding(NOTE, f"{name} changes {changed or 'nothing'} because {shown(reason)}")
    yield holds(f"{name} gives a reason", bool(reason.strip()), "it gives none")
    yield same(f"{name} is about the same draw", before["code"], rule["code"])
    yield not_after(f"{name} was published after the one before", earlier["published_at"], published_at)
    if published_at > before["closes_at"] and _is_put_off(before, rule, published_at):
        yield Finding(
            CAUTION,
            f"{name} came after the drawing of {before['draws_at']}, which the entries had missed, and a "
            "later one counts: its results were known, and whoever kept the entries open could choose",
        )
    else:
        yield not_after(f"{name} was published before sales closed", published_at, before["closes_at"])
    yield not_after(f"{name} does not close sales earlier", before["closes_at"], rule["closes_at"])
    yield not_after(f"{name} does not bring the draw forward", before["draws_at"], rule["draws_at"])
    if before["lottery"] and rule["lottery"] and before["draws_at"] != rule["draws_at"]:
        drawings = [each["lottery"]["drawing"] for each in (before, rule)]
        yield holds(
            f"{name} names a drawing of the new day",
            drawings[0] != drawings[1],
            f"it is still {drawings[0]!r}",
        )


def _is_put_off(before: Document, rule: Document, published_at: str) -> bool:
    """A lottery that was missed, to another drawing: day and drawing differ, and nothing else."""
    if not before["lottery"] or not rule["lottery"]:
        return False
    old, new = (
        {**each, "draws_at": "", "lottery": {**each["lottery"], "drawing": ""}} for each in (before, rule)
    )
    return old == new and before["draws_at"] <= published_at <= rule["draws_at"]


def not_after(what: str, earlier: str, later: str) -> Finding:
    """Both are instants, which sort as texts."""
    return holds(what, earlier <= later, f"{later} is before {earlier}")


@dataclass(frozen=True)
class Draw:
    """A document of the right form with its newest rule."""

    document: Document
    rule: Document
    trusted: frozenset[str]

    @property
    def digest(self) -> str:
        """Of the newest rule, from all texts: what stands beside them is held against it elsewhere."""
        found = BEFORE_THE_FIRST
        for version in self.document["rules"]:
            found = sha256_hex(f"{found}\n{version['text']}".encode())
        return found

    @property
    def is_drawn(self) -> bool:
        return bool(self.document["status"] == "DRAWN")

    @property
    def randomness(self) -> Document:
        found: Document = self.document["randomness"]
        return found

    @property
    def manner(self) -> tuple[str, str]:
        return self.rule["method"], self.randomness["fallback"]

    @property
    def numbers(self) -> list[int]:
        return [number for number, _mark in self.document["closing"]["entries"]]

    @property
    def units(self) -> int:
        return sum(int(prize["quantity"]) for prize in self.rule["prizes"])

    @property
    def length(self) -> int:
        return min(self.units + int(self.rule["reserves"]), len(self.document["closing"]["entries"]))

    @property
    def base(self) -> int:
        """From when on the round counts, fallbacks aside."""
        margin: int = self.rule["beacon"]["margin_seconds"] if self.rule["beacon"] else 0
        return max(at(self.rule["draws_at"]), at(self.document["closing"]["closed_at"]) + margin)

    @property
    def due(self) -> int:
        """When the result can be known at the earliest, fallbacks included."""
        fallback = self.randomness["fallback"]
        hours = self.rule["fallback"][f"{fallback.lower()}_hours"] if fallback else 0
        return int(self.base + 3600 * hours)

    @property
    def key(self) -> str | None:
        """Of the beacon, if its chain is known or trusted."""
        beacon = self.rule["beacon"]
        if beacon["chain"] in PINNED:
            return PINNED[beacon["chain"]][0]
        return str(beacon["public_key"]) if beacon["chain"] in self.trusted else None

    @property
    def is_late(self) -> bool:
        """The entries were frozen when what decides, by the instant that was promised, could be known."""
        return self.base > at(self.rule["draws_at"])


def round_at(beacon: Document, instant: int) -> int:
    return int(max(-(-(instant - beacon["genesis"]) // beacon["period"]), 0) + 1)


def at(instant: str) -> int:
    return seconds_of(instant) or 0


def in_words(seconds: int) -> str:
    try:
        found = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)  # noqa: DTZ001 - UTC throughout
    except OverflowError:
        return "the end of time"
    return found.strftime("%Y-%m-%dT%H:%M:%SZ")


def _by_rule(draw: Draw) -> Iterator[Finding]:
    yield Finding(NOTE, f"the digest of the newest rule is {draw.digest}")
    yield same("the code is that of the rule", draw.rule["code"], draw.document["code"])
    yield same("the title is that of the newest rule", draw.rule["title"], draw.document["title"])
    if draw.rule["beacon"]:
        yield from _chain(draw)
    if draw.document["closing"]:
        yield from _closing(draw)
        yield from _chance(draw)
    if draw.is_drawn and draw.manner in _TAKES_PART:
        yield from _result(draw)
    yield from _to_come(draw)


def _sense(rule: Document, name: str) -> Iterator[Finding]:
    numbers, method = rule["numbers"], rule["method"]
    is_range = numbers["first"] <= numbers["last"]
    yield holds(f"{name}: the first number is not above the last", is_range, "it is")
    yield not_after(f"{name}: sales close before the draw", rule["closes_at"], rule["draws_at"])
    uses_secret = method in ("BEACON", "SECRET")
    yield same(f"{name}: a secret is promised if one takes part", uses_secret, bool(rule["secret_hash"]))
    yield same(f"{name}: a beacon is named if one takes part", method == "BEACON", bool(rule["beacon"]))
    yield same(f"{name}: a lottery is named if one takes part", method == "LOTTERY", bool(rule["lottery"]))
    ranks = [prize["rank"] for prize in rule["prizes"]]
    is_ranked = ranks == sorted(set(ranks)) != []
    yield holds(f"{name}: there are prizes, and their ranks ascend", is_ranked, "they do not")
    if rule["beacon"]:
        expected = round_at(rule["beacon"], at(rule["draws_at"]))
        what = f"{name}: the expected round is the first at or after the draw"
        yield same(what, expected, rule["beacon"]["round"])


def _chain(draw: Draw) -> Iterator[Finding]:
    beacon = draw.rule["beacon"]
    name = f"the beacon chain {beacon['chain']}"
    if beacon["chain"] in PINNED:
        known = PINNED[beacon["chain"]]
        yield same(f"the public key is that of {name}", known[0], beacon["public_key"])
        yield same(f"the first round of {name} is known", known[1], beacon["genesis"])
        yield same(f"the time between two rounds of {name} is known", known[2], beacon["period"])
    elif draw.key is None:
        yield Finding(WRONG, f"{name} is none of those known here; whoever trusts it says --trust-chain HASH")
    else:
        yield Finding(CAUTION, f"{name} IS NOT A KNOWN ONE: whoever has its key can choose the winners")


def _closing(draw: Draw) -> Iterator[Finding]:
    closing, numbers, published = draw.document["closing"], draw.numbers, draw.document["rules"][-1]
    first, last = draw.rule["numbers"]["first"], draw.rule["numbers"]["last"]
    closed_at = closing["closed_at"]
    yield not_after("the entries were frozen after sales closed", draw.rule["closes_at"], closed_at)
    yield not_after("the rule was published before that", published["published_at"], closed_at)
    yield from _lateness(draw)
    yield same("the count is that of the entries", len(numbers), closing["count"])
    yield from _in_order(numbers)
    outside = next((number for number in numbers if not first <= number <= last), None)
    yield holds(f"every entry is a number from {first} to {last}", outside is None, f"{outside} is not")
    root = root_of([leaf(number, mark) for number, mark in closing["entries"]]).hex()
    yield same("the root is that of these numbers and marks in this order", root, closing["root"])
    yield Finding(NOTE, f"the root of {len(numbers)} entries is {root}")
    yield from _excluded(closing["excluded"], set(numbers))


def _lateness(draw: Draw) -> Iterator[Finding]:
    """Results of a lottery are known to everybody at once: entries that come later could have been chosen."""
    closed_at, draws_at = draw.document["closing"]["closed_at"], draw.rule["draws_at"]
    if draw.rule["method"] == "LOTTERY":
        yield not_after("the entries were frozen before the lottery was drawn", closed_at, draws_at)
    elif draw.is_late:
        yield Finding(
            CAUTION,
            f"the entries were frozen at {closed_at}, too late for the draw as it was promised, {draws_at}: "
            f"what decides counts from {in_words(draw.base)} on. When they were frozen is the organiser's "
            "own word, and whoever could choose it could steer the result: ask when the root was announced",
        )


def _in_order(numbers: list[int]) -> Iterator[Finding]:
    wrong = next((place for place in range(1, len(numbers)) if numbers[place - 1] >= numbers[place]), 0)
    otherwise = f"{numbers[wrong]} comes after {numbers[wrong - 1]}" if wrong else ""
    yield holds("the entries ascend, and none comes twice", not wrong, otherwise)


def _excluded(excluded: list[Document], numbers: set[int]) -> Iterator[Finding]:
    for each in excluded:
        order, both = shown(each["order"]), sorted(numbers.intersection(each["numbers"]))
        yield Finding(NOTE, f"order {order} was excluded because {shown(each['reason'])}")
        yield holds(f"order {order} has no entry", not both, f"{both[0] if both else ''} is one")


_TAKES_PART = {
    ("BEACON", ""): {"secret", "beacon"},
    ("BEACON", "SECRET_LOST"): {"beacon"},
    ("BEACON", "BEACON_MISSING"): {"secret"},
    ("SECRET", ""): {"secret"},
    ("SECRET", "SECRET_LOST"): {"barrel"},
    ("LOTTERY", ""): {"lottery"},
    ("BARREL", ""): {"barrel"},
}


def _chance(draw: Draw) -> Iterator[Finding]:
    """That what decides is what the rule says, and nothing else."""
    method, fallback = draw.manner
    found = fallback or "no fallback"
    yield holds(f"the method {method} allows for {found}", draw.manner in _TAKES_PART, "it does not")
    takes_part = _TAKES_PART.get(draw.manner, set())
    yield from _fallback(draw)
    for part in _CHANCES:
        is_there = draw.randomness[part] is not None
        if draw.is_drawn and part in takes_part:
            yield holds(f"the {part} that takes part is published", is_there, "it is missing")
        elif part == "secret" and part in takes_part:
            yield holds("the secret is kept until the draw", not is_there, "it is there already")
        elif part not in takes_part:
            yield holds(f"no {part} takes part", not is_there, "one is there")
    yield from _secret(draw)
    yield from _beacon(draw)
    if "lottery" in takes_part:
        yield from _lottery(draw)
    if "barrel" in takes_part:
        yield from _barrel(draw)


def _fallback(draw: Draw) -> Iterator[Finding]:
    """By the rule, and yet what whoever runs the server can bring about and profit from."""
    beacon = draw.rule["beacon"]
    if draw.randomness["fallback"] == "SECRET_LOST":
        instead = "a later round of the beacon" if beacon else "a physical draw"
        yield Finding(
            CAUTION,
            f"the secret is said to be lost, so {instead} decides: nothing proves the loss, and whoever had "
            "the secret all the same knew the result that it gave, and could choose between the two",
        )
    if draw.randomness["fallback"] == "BEACON_MISSING" and beacon:
        number = round_at(beacon, draw.base)
        where = f" at {RELAY}/{beacon['chain']}/public/{number}" if beacon["chain"] in PINNED else ""
        yield Finding(
            CAUTION,
            "the beacon is said to be missing, so the secret alone decides: whoever knew it knew the result "
            "as soon as the entries were frozen, and whoever runs the server can keep the beacon away. "
            f"Look whether round {number} of the beacon is there{where}",
        )


def _secret(draw: Draw) -> Iterator[Finding]:
    promised, secret = draw.rule["secret_hash"], draw.randomness["secret"]
    if promised and secret:
        hashed = sha256_hex(bytes.fromhex(secret))
        yield same("the hash of the secret is the one the rule promised", promised, hashed)


def _beacon(draw: Draw) -> Iterator[Finding]:
    told, known = draw.randomness["beacon"], draw.rule["beacon"]
    if not told or not known:
        return
    number, due = told["round"], in_words(draw.due)
    yield same("the chain of the beacon is the one the rule names", known["chain"], told["chain"])
    yield same(
        f"the round is the one that counts, the first from {due} on", round_at(known, draw.due), number
    )
    if draw.key is not None:
        is_signed = verify_round(draw.key, number, told["signature"])
        yield holds(f"the signature of round {number} is the beacon's", is_signed, "it is made up or altered")


def _result(draw: Draw) -> Iterator[Finding]:
    result, due = draw.document["result"], draw.due
    drawn_at = result["drawn_at"]
    yield holds(f"it was drawn from {in_words(due)} on", at(drawn_at) >= due, f"it was at {drawn_at}")
    sequence = yield from _sequence(draw)
    yield same_list("the sequence follows from what decides", sequence, result["sequence"])
    yield from _prizes(draw, sequence)
    yield same_list("the reserves are the rest of the sequence", sequence[draw.units :], result["reserves"])


def _sequence(draw: Draw) -> Generator[Finding, None, list[int]]:
    """Yields what it finds on the way, and returns the sequence as it must be."""
    told = draw.document["result"]["seed"]
    takes_part = _TAKES_PART[draw.manner]
    if takes_part <= {"lottery", "barrel"}:
        yield same("there is no seed", None, told)
        return _by_lottery(draw) if "lottery" in takes_part else _by_barrel(draw)
    seed = seed_of(draw)
    yield same("the seed follows from the rule, the root, the secret and the beacon", seed, told)
    if draw.rule["method"] == "SECRET":
        yield Finding(NOTE, "only the secret decided; who knew it could steer by what was sold last")
    numbers = draw.numbers
    return [numbers[place] for place in chosen(seed, len(numbers), draw.length)]


def _lottery(draw: Draw) -> Iterator[Finding]:
    lottery, results = draw.rule["lottery"], draw.randomness["lottery"]
    if not lottery or results is None:
        return
    official = f"the official results of {shown(lottery['name'])}, {shown(lottery['drawing'])}"
    yield Finding(NOTE, f"compare with {official}: {', '.join(results)}")
    yield same("there are as many results as the rule says", lottery["results"], len(results))
    digits = lottery["digits"]
    short = next((result for result in results if len(result) < digits), None)
    yield holds(f"every result has at least {digits} digits", short is None, f"{shown(short)} has fewer")


def _barrel(draw: Draw) -> Iterator[Finding]:
    barrel, entries = draw.randomness["barrel"], set(draw.numbers)
    if barrel is None:
        return
    drawn: list[int] = barrel["numbers"]
    yield Finding(NOTE, f"only the witnesses can say what came out: {shown(barrel['witnesses'])}")
    stranger = next((number for number in drawn if number not in entries), None)
    yield holds("every number that came out is an entry", stranger is None, f"{stranger} is none")
    yield same("as many different ones came out as were drawn", len(drawn), len(set(drawn)))
    yield same("as many were drawn as there are prizes and reserves, or entries", draw.length, len(drawn))


def _by_lottery(draw: Draw) -> list[int]:
    lottery, results = draw.rule["lottery"] or {}, draw.randomness["lottery"]
    if not lottery or results is None:
        return []
    first, last = draw.rule["numbers"]["first"], draw.rule["numbers"]["last"]
    values = [int(result[-lottery["digits"] :]) for result in results]
    if lottery["mapping"] == "remainder":
        values = [first + value % max(last - first + 1, 1) for value in values]
    entries = set(draw.numbers)
    return list(dict.fromkeys(value for value in values if value in entries))[: draw.length]


def _by_barrel(draw: Draw) -> list[int]:
    barrel = draw.randomness["barrel"] or {"numbers": []}
    return list(barrel["numbers"][: draw.length])


def _prizes(draw: Draw, sequence: list[int]) -> Iterator[Finding]:
    told = draw.document["result"]["prizes"]
    yield same("there are as many prizes as in the rule", draw.units, len(told))
    if len(told) != draw.units:
        return
    units = ((prize, unit) for prize in draw.rule["prizes"] for unit in range(1, prize["quantity"] + 1))
    for place, (prize, unit) in enumerate(units):
        number = sequence[place] if place < len(sequence) else None
        expected = {"rank": prize["rank"], "unit": unit, "label": prize["label"], "number": number}
        yield from _prize(expected, told[place])


def _prize(expected: Document, told: Document) -> Iterator[Finding]:
    name = f"prize {expected['rank']}, unit {expected['unit']}, {shown(expected['label'])}"
    differs = [key for key in expected if told[key] != expected[key]]
    for key in differs:
        yield same(f"{name}: its {key}", expected[key], told[key])
    if not differs:
        number = expected["number"]
        yield Finding(OK, f"{name}: not awarded" if number is None else f"{name}: won by number {number}")


def _to_come(draw: Draw) -> Iterator[Finding]:
    status, closes_at, draws_at = draw.document["status"], draw.rule["closes_at"], draw.rule["draws_at"]
    if status == "CALLED_OFF":
        called_off, closing = draw.document["called_off"], draw.document["closing"]
        if closing:
            yield not_after("it was called off after the freezing", closing["closed_at"], called_off["at"])
        yield Finding(NOTE, f"it was called off at {called_off['at']} because {shown(called_off['reason'])}")
        if called_off["at"] >= draws_at:
            yield Finding(CAUTION, f"that was after {draws_at}, when the result could be known")
    if status == "COMMITTED":
        yield Finding(LATER, f"the entries and their root, when sales have closed ({closes_at})")
        yield Finding(LATER, f"what decides, and the result ({draws_at})")
    if status == "CLOSED":
        yield Finding(LATER, f"what decides, and the result ({in_words(draw.due)})")


# --------------------------------------------------------------------------------------------------
# The receipt of a number.


def check_receipt(receipt: object, proof: object = None) -> list[Finding]:
    """Against its own root, and against the published document where there is one."""
    found = form(RECEIPT, receipt, RECEIPT_FORMAT)
    if is_wrong(found) or not isinstance(receipt, dict):
        return found
    found += _climb(receipt)
    if proof is None:
        found.append(Finding(NOTE, f"the root must be the published one: {receipt['root']}"))
        found.append(Finding(LATER, "code and count can be held against the published document alone"))
    else:
        found += _against(receipt, proof)
    return found


def _climb(receipt: Document) -> Iterator[Finding]:
    position, count = receipt["position"], receipt["count"]
    mark = sha256_hex(f"{receipt['salt']}:{receipt['number']}:{receipt['order']}".encode())[:32]
    yield same("the mark is made of this salt, number and order", mark, receipt["mark"])
    yield holds(f"position {position} is one of {count}", position < count, "it is none")
    sides = [step["side"] for step in receipt["path"]]
    expected = sides_of(position, count)
    yield same("the path turns as it must from this position", " ".join(expected), " ".join(sides))
    found = leaf(receipt["number"], receipt["mark"])
    for step in receipt["path"]:
        other = bytes.fromhex(step["hash"])
        found = node(other, found) if step["side"] == "left" else node(found, other)
    yield same("the path leads from the number and its mark to the root", receipt["root"], found.hex())


def sides_of(position: int, count: int) -> list[str]:
    """Where the other node stands on each step up; a node that has no partner goes up without one."""
    found: list[str] = []
    while count > 1:
        if position % 2:
            found.append("left")
        elif position + 1 < count:
            found.append("right")
        position, count = position // 2, (count + 1) // 2
    return found


def _against(receipt: Document, proof: object) -> Iterator[Finding]:
    problems = form(DOCUMENT, proof, FORMAT)
    if is_wrong(problems) or not isinstance(proof, dict):
        yield Finding(WRONG, "the published document does not have the form to hold a receipt against")
        return
    closing = proof["closing"]
    yield same("the receipt is of the draw that is published", proof["code"], receipt["code"])
    yield holds("entries are published", closing is not None, "there are none yet")
    if closing is None:
        return
    yield same("the root of the receipt is the published one", closing["root"], receipt["root"])
    yield same("the count of the receipt is the published one", closing["count"], receipt["count"])
    place = receipt["position"]
    entry = closing["entries"][place] if place < len(closing["entries"]) else [None, None]
    yield same(f"the published entry {place} has the number of the receipt", entry[0], receipt["number"])
    yield same(f"the published entry {place} has the mark of the receipt", entry[1], receipt["mark"])


# --------------------------------------------------------------------------------------------------
# Hashes, tree and seed.


def sha256_hex(given: bytes) -> str:
    return hashlib.sha256(given).hexdigest()


def leaf(number: int, mark: str) -> bytes:
    return hashlib.sha256(b"\x00" + f"{number}:{mark}".encode()).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves: list[bytes]) -> bytes:
    """RFC 6962, level by level: the last one without a partner goes up as it is."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = leaves
    while len(level) > 1:
        above = [node(level[place], level[place + 1]) for place in range(0, len(level) - 1, 2)]
        level = above + level[len(level) & ~1 :]
    return level[0]


def seed_of(draw: Draw) -> str:
    beacon, secret = draw.randomness["beacon"], draw.randomness["secret"]
    randomness = sha256_hex(bytes.fromhex(beacon["signature"])) if beacon else NOBODY
    lines = (FORMAT, draw.digest, draw.document["closing"]["root"], secret or NOBODY, randomness)
    return sha256_hex("\n".join(lines).encode())


class Drbg:
    """HMAC-DRBG with SHA-256, NIST SP 800-90A; `given` are entropy, nonce and personalization together."""

    def __init__(self, given: bytes) -> None:
        self.key, self.value = bytes(32), b"\x01" * 32
        self._update(given)

    def generate(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            self.value = hmac.digest(self.key, self.value, "sha256")
            found += self.value
        self._update(b"")
        return found[:count]

    def _update(self, given: bytes) -> None:
        for turn in (b"\x00", b"\x01") if given else (b"\x00",):
            self.key = hmac.digest(self.key, self.value + turn + given, "sha256")
            self.value = hmac.digest(self.key, self.value, "sha256")


def chosen(seed: str, count: int, length: int) -> list[int]:
    """Places in a list of `count`, in the order in which they are drawn."""
    chance = Drbg(bytes.fromhex(seed) + FORMAT.encode())
    left = list(range(count))
    return [left.pop(below(chance, len(left))) for _turn in range(min(length, count))]


def below(chance: Drbg, limit: int) -> int:
    while True:
        word = int.from_bytes(chance.generate(8), "big")
        if word < 2**64 - 2**64 % limit:
            return word % limit


# --------------------------------------------------------------------------------------------------
# Signatures of drand: BLS on BLS12-381, the signature in G1, hashed to the curve as in RFC 9380.
#
# Numbers of Fp2 are pairs (a, b) for a + bi, and points of G1 are written with pairs too, so that one
# arithmetic does for both curves. Numbers of Fp12 are coefficients of powers of w, with w^12 = 2w^6 - 2 and
# i = w^6 - 1.

P = 0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB
ORDER = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
X = 0xD201000000010000  # minus the parameter of the curve: the length of the loop, and cofactor less one
DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
G2_GENERATOR = (
    "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
    "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
)


def verify_round(public_key: str, round_number: int, signature: str) -> bool:
    """False as well for whatever is no point of its group."""
    message = hashlib.sha256(round_number.to_bytes(8, "big")).digest()
    try:
        key, signed = unpacked(public_key), unpacked(signature)
        generator = unpacked(G2_GENERATOR)
        hashed = hash_to_curve(message)
    except ValueError:
        return False
    if any(point is None or multiplied(point, ORDER) is not None for point in (key, signed)):
        return False
    return pairing_is_one([(hashed, key), (negated(signed), generator)])


def unpacked(digits: str) -> Point:
    """Compressed, of G1 or G2 by its length. Raises ValueError for what is no point."""
    raw = bytes.fromhex(digits)
    flags, words = (
        raw[0] >> 5,
        [int.from_bytes(raw[start : start + 48], "big") for start in range(0, len(raw), 48)],
    )
    words[0] %= 2**381
    if flags not in (0b100, 0b101) or max(words) >= P:
        raise ValueError(digits)  # infinity too: nobody signs with it
    x = (words[-1], words[0] if len(words) == 2 else 0)
    four = (4, 4 if len(words) == 2 else 0)
    y = square_root(plus(times(times(x, x), x), four))
    is_larger = 2 * (y[1] or y[0]) > P
    return (x, y) if is_larger == bool(flags & 1) else (x, minus((0, 0), y))


def plus(one: Fp2, two: Fp2) -> Fp2:
    return (one[0] + two[0]) % P, (one[1] + two[1]) % P


def minus(one: Fp2, two: Fp2) -> Fp2:
    return (one[0] - two[0]) % P, (one[1] - two[1]) % P


def times(one: Fp2, two: Fp2) -> Fp2:
    return (one[0] * two[0] - one[1] * two[1]) % P, (one[0] * two[1] + one[1] * two[0]) % P


def over(one: Fp2, two: Fp2) -> Fp2:
    inverse = pow(two[0] * two[0] + two[1] * two[1], -1, P)
    return times(one, (two[0] * inverse % P, -two[1] * inverse % P))


def square_root(value: Fp2) -> Fp2:
    """Raises ValueError where there is none."""
    real, imaginary = value
    found = (root_in_prime_field(real), 0)
    if imaginary:
        length = root_in_prime_field(real * real + imaginary * imaginary)
        halves = [(real + sign * length) * pow(2, -1, P) % P for sign in (1, -1)]
        first = root_in_prime_field(halves[0] if pow(halves[0], (P - 1) // 2, P) == 1 else halves[1])
        found = (first, imaginary * pow(2 * first, -1, P) % P)
    if times(found, found) != value:
        raise ValueError(value)
    return found


def root_in_prime_field(value: int) -> int:
    """Only where there is one; whoever asks looks at it again."""
    return pow(value, (P + 1) // 4, P)


def negated(point: Point) -> Point:
    return point and (point[0], minus((0, 0), point[1]))


def slope(one: tuple[Fp2, Fp2], two: tuple[Fp2, Fp2]) -> Fp2:
    if one == two:
        return over(times((3, 0), times(one[0], one[0])), times((2, 0), one[1]))
    return over(minus(two[1], one[1]), minus(two[0], one[0]))


def added(one: Point, two: Point) -> Point:
    if one is None or two is None:
        return one or two
    if one[0] == two[0] and (one[1] != two[1] or one[1] == (0, 0)):
        return None
    steep = slope(one, two)
    x = minus(minus(times(steep, steep), one[0]), two[0])
    return x, minus(times(steep, minus(one[0], x)), one[1])


def multiplied(point: Point, factor: int) -> Point:
    found: Point = None
    for bit in bin(factor)[2:]:
        found = added(found, found)
        if bit == "1":
            found = added(found, point)
    return found


def pairing_is_one(pairs: Sequence[tuple[Point, Point]]) -> bool:
    """Whether the product over all pairs (of G1, of G2) is one: Miller's loop, then the final power."""
    both = [(one, two) for one, two in pairs if one is not None and two is not None]
    points: list[Point] = [two for _one, two in both]
    found = [1] + [0] * 11
    for bit in bin(X)[3:]:
        found = times12(found, found)
        for place, (one, two) in enumerate(both):
            for other in (points[place], two) if bit == "1" else (points[place],):
                found = times12(found, line(points[place], other, one))
                points[place] = added(points[place], other)
    raised = power12(found, (P**6 + 1) // ORDER)
    return not any(raised[1::2])  # to the power of P^6 - 1 that gives one: what is odd in w changes its sign


def line(one: Point, two: Point, where: tuple[Fp2, Fp2]) -> list[int]:
    """Through two points of G2, at a point of G1; factors that the final power makes one are left out."""
    if one is None or two is None or one == negated(two):
        raise ValueError("not a point of the group")
    steep = slope(one, two)
    found = [0] * 12
    parts = {0: minus(one[1], times(steep, one[0])), 2: times(steep, where[0]), 3: minus((0, 0), where[1])}
    for power, (real, imaginary) in parts.items():
        found[power], found[power + 6] = (real - imaginary) % P, imaginary
    return found


def times12(one: list[int], two: list[int]) -> list[int]:
    found = [0] * 23
    for place, factor in enumerate(one):
        if factor:
            for other, value in enumerate(two):
                found[place + other] += factor * value
    for place in range(22, 11, -1):
        found[place - 6] += 2 * found[place]
        found[place - 12] -= 2 * found[place]
    return [value % P for value in found[:12]]


def power12(value: list[int], exponent: int) -> list[int]:
    found = [1] + [0] * 11
    for bit in bin(exponent)[2:]:
        found = times12(found, found)
        if bit == "1":
            found = times12(found, value)
    return found


def hash_to_curve(message: bytes) -> Point:
    uniform = expanded(message)
    one, two = (int.from_bytes(uniform[start : start + 64], "big") % P for start in (0, 64))
    return multiplied(added(mapped(one), mapped(two)), X + 1)


def expanded(message: bytes) -> bytes:
    """RFC 9380, expand_message_xmd, to 128 bytes."""
    domain = DOMAIN + bytes([len(DOMAIN)])
    first = hashlib.sha256(bytes(64) + message + (128).to_bytes(2, "big") + b"\x00" + domain).digest()
    found = [hashlib.sha256(first + b"\x01" + domain).digest()]
    for turn in (2, 3, 4):
        mixed = bytes(one ^ two for one, two in zip(first, found[-1]))  # noqa: B905
        found.append(hashlib.sha256(mixed + bytes([turn]) + domain).digest())
    return b"".join(found)


def mapped(value: int) -> Point:
    """RFC 9380, 6.6.2: to a curve with the constants A and B, and from there by an isogeny to G1."""
    turned = 11 * value * value % P
    both = (turned * turned + turned) % P
    x = -ISO_B * pow(ISO_A, -1, P) * (1 + pow(both, -1, P)) if both else ISO_B * pow(11 * ISO_A, -1, P)
    if pow(curve_at(x), (P - 1) // 2, P) == P - 1:
        x = turned * x
    y = root_in_prime_field(curve_at(x))
    if y % 2 != value % 2:
        y = -y
    above_x, below_x, above_y, below_y = (polynomial(each, x % P) for each in ISOGENY)
    return (above_x * pow(below_x, -1, P) % P, 0), (y * above_y * pow(below_y, -1, P) % P, 0)


def curve_at(x: int) -> int:
    return (x * x * x + ISO_A * x + ISO_B) % P


def polynomial(coefficients: Sequence[int], x: int) -> int:
    found = 0
    for each in reversed(coefficients):
        found = (found * x + each) % P
    return found


ISO_A = 0x144698A3B8E9433D693A02C96D4982B0EA985383EE66A8D8E8981AEFD881AC98936F8DA0E0F97F5CF428082D584C1D
ISO_B = 0x12E2908D11688030018B12E8753EEE3B2016C1F0F24F4070A0B9C14FCEF35EF55A23215A316CEAA5D1CC48E98E172BE0
# Coefficients of the isogeny of degree 11 (RFC 9380, E.2), ascending.
ISOGENY = (
    # x, above
    (
        0x11A05F2B1E833340B809101DD99815856B303E88A2D7005FF2627B56CDB4E2C85610C2D5F2E62D6EAEAC1662734649B7,
        0x17294ED3E943AB2F0588BAB22147A81C7C17E75B2F6A8417F565E33C70D1E86B4838F2A6F318C356E834EEF1B3CB83BB,
        0xD54005DB97678EC1D1048C5D10A9A1BCE032473295983E56878E501EC68E25C958C3E3D2A09729FE0179F9DAC9EDCB0,
        0x1778E7166FCC6DB74E0609D307E55412D7F5E4656A8DBF25F1B33289F1B330835336E25CE3107193C5B388641D9B6861,
        0xE99726A3199F4436642B4B3E4118E5499DB995A1257FB3F086EEB65982FAC18985A286F301E77C451154CE9AC8895D9,
        0x1630C3250D7313FF01D1201BF7A74AB5DB3CB17DD952799B9ED3AB9097E68F90A0870D2DCAE73D19CD13C1C66F652983,
        0xD6ED6553FE44D296A3726C38AE652BFB11586264F0F8CE19008E218F9C86B2A8DA25128C1052ECADDD7F225A139ED84,
        0x17B81E7701ABDBE2E8743884D1117E53356DE5AB275B4DB1A682C62EF0F2753339B7C8F8C8F475AF9CCB5618E3F0C88E,
        0x80D3CF1F9A78FC47B90B33563BE990DC43B756CE79F5574A2C596C928C5D1DE4FA295F296B74E956D71986A8497E317,
        0x169B1F8E1BCFA7C42E0C37515D138F22DD2ECB803A0C5C99676314BAF4BB1B7FA3190B2EDC0327797F241067BE390C9E,
        0x10321DA079CE07E272D8EC09D2565B0DFA7DCCDDE6787F96D50AF36003B14866F69B771F8C285DECCA67DF3F1605FB7B,
        0x6E08C248E260E70BD1E962381EDEE3D31D79D7E22C837BC23C0BF1BC24C6B68C24B1B80B64D391FA9C8BA2E8BA2D229,
    ),
    # x, below
    (
        0x8CA8D548CFF19AE18B2E62F4BD3FA6F01D5EF4BA35B48BA9C9588617FC8AC62B558D681BE343DF8993CF9FA40D21B1C,
        0x12561A5DEB559C4348B4711298E536367041E8CA0CF0800C0126C2588C48BF5713DAA8846CB026E9E5C8276EC82B3BFF,
        0xB2962FE57A3225E8137E629BFF2991F6F89416F5A718CD1FCA64E00B11ACEACD6A3D0967C94FEDCFCC239BA5CB83E19,
        0x3425581A58AE2FEC83AAFEF7C40EB545B08243F16B1655154CCA8ABC28D6FD04976D5243EECF5C4130DE8938DC62CD8,
        0x13A8E162022914A80A6F1D5F43E7A07DFFDFC759A12062BB8D6B44E833B306DA9BD29BA81F35781D539D395B3532A21E,
        0xE7355F8E4E667B955390F7F0506C6E9395735E9CE9CAD4D0A43BCEF24B8982F7400D24BC4228F11C02DF9A29F6304A5,
        0x772CAACF16936190F3E0C63E0596721570F5799AF53A1894E2E073062AEDE9CEA73B3538F0DE06CEC2574496EE84A3A,
        0x14A7AC2A9D64A8B230B3F5B074CF01996E7F63C21BCA68A81996E1CDF9822C580FA5B9489D11E2D311F7D99BBDCC5A5E,
        0xA10ECF6ADA54F825E920B3DAFC7A3CCE07F8D1D7161366B74100DA67F39883503826692ABBA43704776EC3A79A1D641,
        0x95FC13AB9E92AD4476D6E3EB3A56680F682B4EE96F7D03776DF533978F31C1593174E4B4B7865002D6384D168ECDD0A,
        0x1,
    ),
    # y, above
    (
        0x90D97C81BA24EE0259D1F094980DCFA11AD138E48A869522B52AF6C956543D3CD0C7AEE9B3BA3C2BE9845719707BB33,
        0x134996A104EE5811D51036D776FB46831223E96C254F383D0F906343EB67AD34D6C56711962FA8BFE097E75A2E41C696,
        0xCC786BAA966E66F4A384C86A3B49942552E2D658A31CE2C344BE4B91400DA7D26D521628B00523B8DFE240C72DE1F6,
        0x1F86376E8981C217898751AD8746757D42AA7B90EEB791C09E4A3EC03251CF9DE405ABA9EC61DECA6355C77B0E5F4CB,
        0x8CC03FDEFE0FF135CAF4FE2A21529C4195536FBE3CE50B879833FD221351ADC2EE7F8DC099040A841B6DAECF2E8FEDB,
        0x16603FCA40634B6A2211E11DB8F0A6A074A7D0D4AFADB7BD76505C3D3AD5544E203F6326C95A807299B23AB13633A5F0,
        0x4AB0B9BCFAC1BBCB2C977D027796B3CE75BB8CA2BE184CB5231413C4D634F3747A87AC2460F415EC961F8855FE9D6F2,
        0x987C8D5333AB86FDE9926BD2CA6C674170A05BFE3BDD81FFD038DA6C26C842642F64550FEDFE935A15E4CA31870FB29,
        0x9FC4018BD96684BE88C9E221E4DA1BB8F3ABD16679DC26C1E8B6E6A1F20CABE69D65201C78607A360370E577BDBA587,
        0xE1BBA7A1186BDB5223ABDE7ADA14A23C42A0CA7915AF6FE06985E7ED1E4D43B9B3F7055DD4EBA6F2BAFAAEBCA731C30,
        0x19713E47937CD1BE0DFD0B8F1D43FB93CD2FCBCB6CAF493FD1183E416389E61031BF3A5CCE3FBAFCE813711AD011C132,
        0x18B46A908F36F6DEB918C143FED2EDCC523559B8AAF0C2462E6BFE7F911F643249D9CDF41B44D606CE07C8A4D0074D8E,
        0xB182CAC101B9399D155096004F53F447AA7B12A3426B08EC02710E807B4633F06C851C1919211F20D4C04F00B971EF8,
        0x245A394AD1ECA9B72FC00AE7BE315DC757B3B080D4C158013E6632D3C40659CC6CF90AD1C232A6442D9D3F5DB980133,
        0x5C129645E44CF1102A159F748C4A3FC5E673D81D7E86568D9AB0F5D396A7CE46BA1049B6579AFB7866B1E715475224B,
        0x15E6BE4E990F03CE4EA50B3B42DF2EB5CB181D8F84965A3957ADD4FA95AF01B2B665027EFEC01C7704B456BE69C8B604,
    ),
    # y, below
    (
        0x16112C4C3A9C98B252181140FAD0EAE9601A6DE578980BE6EEC3232B5BE72E7A07F3688EF60C206D01479253B03663C1,
        0x1962D75C2381201E1A0CBD6C43C348B885C84FF731C4D59CA4A10356F453E01F78A4260763529E3532F6102C2E49A03D,
        0x58DF3306640DA276FAAAE7D6E8EB15778C4855551AE7F310C35A5DD279CD2ECA6757CD636F96F891E2538B53DBF67F2,
        0x16B7D288798E5395F20D23BF89EDB4D1D115C5DBDDBCD30E123DA489E726AF41727364F2C28297ADA8D26D98445F5416,
        0xBE0E079545F43E4B00CC912F8228DDCC6D19C9F0F69BBB0542EDA0FC9DEC916A20B15DC0FD2EDEDDA39142311A5001D,
        0x8D9E5297186DB2D9FB266EAAC783182B70152C65550D881C5ECD87B6F0F5A6449F38DB9DFA9CCE202C6477FAAF9B7AC,
        0x166007C08A99DB2FC3BA8734ACE9824B5EECFDFA8D0CF8EF5DD365BC400A0051D5FA9C01A58B1FB93D1A1399126A775C,
        0x16A3EF08BE3EA7EA03BCDDFABBA6FF6EE5A4375EFA1F4FD7FEB34FD206357132B920F5B00801DEE460EE415A15812ED9,
        0x1866C8ED336C61231A1BE54FD1D74CC4F9FB0CE4C6AF5920ABC5750C4BF39B4852CFE2F7BB9248836B233D9D55535D4A,
        0x167A55CDA70A6E1CEA820597D94A84903216F763E13D87BB5308592E7EA7D4FBC7385EA3D529B35E346EF48BB8913F55,
        0x4D2F259EEA405BD48F010A01AD2911D9C6DD039BB61A6290E591B36E636A5C871A5C29F4F83060400F8B49CBA8F6AA8,
        0xACCBB67481D033FF5852C1E48C50C477F94FF8AEFCE42D28C0F9A88CEA7913516F968986F7EBBEA9684B529E2561092,
        0xAD6B9514C767FE3C3613144B45F1496543346D98ADF02267D5CEEF9A00D9B8693000763E3B90AC11E99B138573345CC,
        0x2660400EB2E4F3B628BDD0D53CD76F2BF565B94E72927C1CB748DF27942480E420517BD8714CC80D1FADC1326ED06F7,
        0xE0FA1D816DDC03E6B24255E0D7819C171C40F65E273B853324EFCD6356CAA205CA2F570F13497804415473A1D634B8F,
        0x1,
    ),
)


# --------------------------------------------------------------------------------------------------
# On the command line.


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    try:
        findings = _of_files([read(path) for path in options.files], set(options.trust_chain))
    except (Unreadable, OSError) as error:
        say(f"UNREADABLE: {str(error)[:300]}")
        return 2
    for finding in findings:
        say(f"{finding.kind:<7} {finding.text}")
    say(verdict(findings))
    return 1 if is_wrong(findings) else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    about, _blank, more = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        description=about, epilog=more, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="proof.json, or receipt.json and perhaps proof.json"
    )
    parser.add_argument(
        "--trust-chain",
        action="append",
        default=[],
        metavar="HASH",
        help="believe a beacon chain that is not known here, such as that of a demonstration",
    )
    options = parser.parse_args(arguments)
    if len(options.files) > 2:
        parser.error("at most two files")
    return options


def read(path: str) -> Document:
    """Raises Unreadable or OSError."""
    file = Path(path)
    if file.stat().st_size > MOST_BYTES:
        raise Unreadable(f"{path}: it is larger than any draw")
    try:
        found = parse(file.read_bytes().decode())
    except UnicodeDecodeError:
        raise Unreadable(f"{path}: it is not UTF-8") from None
    except Unreadable as error:
        raise Unreadable(f"{path}: {error}") from None
    if not isinstance(found, dict) or found.get("format") not in (FORMAT, RECEIPT_FORMAT):
        raise Unreadable(f"{path}: it is neither of the format {FORMAT} nor of {RECEIPT_FORMAT}")
    return found


def _of_files(documents: list[Document], trusted: set[str]) -> list[Finding]:
    formats = [document["format"] for document in documents]
    if formats == [FORMAT]:
        return check(documents[0], trusted)
    if formats == [RECEIPT_FORMAT]:
        return check_receipt(documents[0])
    if formats == [RECEIPT_FORMAT, FORMAT]:
        return check_receipt(*documents) + check(documents[1], trusted)
    raise Unreadable("expected a published document, or a receipt and then perhaps the published document")


def verdict(findings: Sequence[Finding]) -> str:
    wrong = sum(each.kind == WRONG for each in findings)
    checks = sum(each.kind in (OK, WRONG) for each in findings)
    if wrong:
        return f"NOT VERIFIED: {wrong} of {checks} checks went wrong."
    later = " as far as it is published" if any(each.kind == LATER for each in findings) else ""
    caution = ", but READ THE CAUTION above" if any(each.kind == CAUTION for each in findings) else ""
    return f"VERIFIED{later}: {checks} checks{caution}."


def say(line: str) -> None:
    """Whatever the screen cannot show is shown by its number."""
    encoding = sys.stdout.encoding or "ascii"
    sys.stdout.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")


if __name__ == "__main__":
    sys.exit(main())
