"""What somebody could change in a published document, each by its name, and what must be said of it then.

A clever forger mends what he can: `rehashed`, `rerooted` and `drawn_again` make again what follows from what
was changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from raffles.draws.beacon import QUICKNET
from tests.draws.documents import (
    Document,
    beacon_from,
    canonical,
    chained,
    due,
    instant_of,
    result_of,
    root_of,
    sha,
    signature_of,
    written,
)

OTHER_HASH, OTHER_SECRET = "ab" * 32, "cd" * 32
BEFORE_SALES_CLOSED = "2026-11-28T19:59:59Z"
AFTER_THE_DRAW = "2026-11-28T23:59:31Z"


@dataclass(frozen=True)
class Tampering:
    """`says` is part of what is said to be wrong; `kind` is one of documents.KINDS."""

    name: str
    mutate: Callable[[Document], None]
    says: str
    kind: str = "beacon"


def newest(document: Document) -> Document:
    found: Document = json.loads(document["rules"][-1]["text"])
    return found


def put(path: str, value: Any) -> Callable[[Document], None]:
    """Such as closing.entries.0.1; numbers are places in a list."""

    def mutate(document: Document) -> None:
        *parts, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        inside: Any = document
        for part in parts:
            inside = inside[part]
        inside[last] = value(inside[last]) if callable(value) else value

    return mutate


def in_order(*mutations: Callable[[Document], None]) -> Callable[[Document], None]:
    def mutate(document: Document) -> None:
        for each in mutations:
            each(document)

    return mutate


def rerooted(document: Document) -> None:
    document["closing"]["count"] = len(document["closing"]["entries"])
    document["closing"]["root"] = root_of(document["closing"]["entries"])


def rehashed(document: Document) -> None:
    chained(document["rules"])


def drawn_again(document: Document) -> None:
    """The result that follows from everything else, at an instant that fits."""
    document["result"] = result_of(newest(document), document)


def ruled(
    path: str, value: Any, *, is_rehashed: bool = True, version: int = -1
) -> Callable[[Document], None]:
    """Changes a version of the rule, the newest unless another is said."""

    def mutate(document: Document) -> None:
        rule = json.loads(document["rules"][version]["text"])
        put(path, value)(rule)
        document["rules"][version]["text"] = canonical(rule)
        if is_rehashed:
            rehashed(document)

    return mutate


def swapped(path: str) -> Callable[[Document], None]:
    """The first two of a list change places."""
    return put(path, lambda found: [found[1], found[0], *found[2:]])


def shortened(path: str) -> Callable[[Document], None]:
    return put(path, lambda found: found[:-1])


def flipped(digits: str) -> str:
    return digits[:-1] + ("0" if digits[-1] != "0" else "1")


def one_more(value: int) -> int:
    return value + 1


def one_more_day(value: int) -> int:
    return value + 86_400


def other_round(document: Document) -> None:
    """The next round and its true signature: whoever may choose among rounds chooses the winner."""
    number = document["randomness"]["beacon"]["round"] + 1
    document["randomness"]["beacon"] |= {"round": number, "signature": signature_of(number)}


def signature_of_next(document: Document) -> None:
    beacon = document["randomness"]["beacon"]
    beacon["signature"] = signature_of(beacon["round"] + 1)


def excluded_entry(document: Document) -> None:
    document["closing"]["excluded"][0]["numbers"] = [document["closing"]["entries"][3][0]]


def stranger_sold(document: Document) -> None:
    document["closing"]["entries"][-1][0] = newest(document)["numbers"]["last"] + 1
    rerooted(document)


def entry_twice(document: Document) -> None:
    document["closing"]["entries"].insert(4, document["closing"]["entries"][3])
    rerooted(document)


def without_first_version(document: Document) -> None:
    del document["rules"][0]
    document["rules"][0]["reason"] = ""
    rehashed(document)


def round_that_never_was_late(document: Document) -> None:
    """The round of a secret in its place, though it is said to be lost."""
    at = due(newest(document), document["closing"], "")
    document["randomness"]["beacon"] = beacon_from(at)


def barrel_stranger(document: Document) -> None:
    sold = {number for number, _mark in document["closing"]["entries"]}
    number = next(number for number in range(1, 400) if number not in sold)
    document["randomness"]["barrel"]["numbers"][0] = number


def barrel_twice(document: Document) -> None:
    numbers = document["randomness"]["barrel"]["numbers"]
    numbers[1] = numbers[0]


def drawn_before_the_hours_of_the_fallback(document: Document) -> None:
    """At base, as if nothing had been missing."""
    document["result"]["drawn_at"] = written(due(newest(document), document["closing"], ""))


def before_the_draw(document: Document) -> None:
    """Typed already, not held yet."""
    document |= {"status": "CLOSED", "result": None}


def put_off(document: Document) -> None:
    """A lottery that the entries missed goes by a later drawing."""
    rule = newest(document)
    drawn = instant_of(rule["draws_at"])
    later = rule | {
        "draws_at": written(drawn + timedelta(days=3)),
        "lottery": rule["lottery"] | {"drawing": "1 December"},
    }
    document["rules"][0]["text"], document["rules"][1]["text"] = canonical(rule), canonical(later)
    document["rules"][1]["published_at"] = written(drawn + timedelta(hours=2))
    document["closing"]["closed_at"] = written(drawn + timedelta(hours=3))
    rehashed(document)
    drawn_again(document)


def lottery_digits(document: Document) -> None:
    """The result that gave the first prize gives another sold number."""
    told, result = document["randomness"]["lottery"], document["result"]
    place = next(place for place, digits in enumerate(told) if int(digits[-2:]) == result["sequence"][0])
    told[place] = f"{result['sequence'][1]:04}"


BARREL = "secret lost, barrel"

TAMPERINGS = (
    # Entries.
    Tampering("number of a ticket", put("closing.entries.3.0", one_more), "the root is that of"),
    Tampering("mark", put("closing.entries.3.1", flipped), "the root is that of"),
    Tampering("order of entries", swapped("closing.entries"), "the entries ascend"),
    Tampering("entry dropped", shortened("closing.entries"), "the count is that of the entries"),
    Tampering(
        "entry dropped, count mended",
        in_order(shortened("closing.entries"), put("closing.count", 11)),
        "the root is that of",
    ),
    Tampering(
        "entry dropped, root mended", in_order(shortened("closing.entries"), rerooted), "the seed follows"
    ),
    Tampering(
        "mark changed, root mended",
        in_order(put("closing.entries.3.1", flipped), rerooted),
        "the seed follows",
    ),
    Tampering("entry twice", entry_twice, "the entries ascend"),
    Tampering("entry that is no number of the raffle", stranger_sold, "every entry is a number from"),
    Tampering("count", put("closing.count", one_more), "the count is that of the entries"),
    Tampering("root", put("closing.root", flipped), "the root is that of"),
    Tampering("excluded though sold", excluded_entry, "has no entry"),
    Tampering(
        "frozen before sales closed",
        put("closing.closed_at", BEFORE_SALES_CLOSED),
        "were frozen after sales closed",
    ),
    Tampering(
        "frozen later than told",
        put("closing.closed_at", AFTER_THE_DRAW),
        "the round is the one that counts",
    ),
    Tampering(
        "frozen after the lottery was drawn",
        in_order(put("closing.closed_at", AFTER_THE_DRAW), drawn_again),
        "were frozen before the lottery was drawn",
        "lottery",
    ),
    Tampering(
        "a lottery put off with other prizes",
        in_order(put_off, ruled("claim_days", 5), drawn_again),
        "version 2 of the rule was published before sales closed",
        "lottery",
    ),
    Tampering(
        "a lottery put off to the drawing of before",
        in_order(put_off, ruled("lottery.drawing", "28 November"), drawn_again),
        "version 2 of the rule names a drawing of the new day",
        "lottery",
    ),
    Tampering(
        "a lottery put off before it was drawn",
        in_order(put_off, put("rules.1.published_at", "2026-11-28T20:00:01Z")),
        "version 2 of the rule was published before sales closed",
        "lottery",
    ),
    Tampering(
        "frozen earlier than told",
        put("closing.closed_at", "2026-11-28T20:00:07Z"),
        "the round is the one that counts",
        "late",
    ),
    # The rule.
    Tampering(
        "text of the rule", ruled("claim_days", 5, is_rehashed=False), "the digest of version 2 of the rule"
    ),
    Tampering(
        "text of the first version",
        put("rules.0.text", lambda text: text.replace("America", "Europe")),
        "the digest of version 1",
    ),
    Tampering("text of the rule, digests mended", ruled("claim_days", 5), "the seed follows"),
    Tampering(
        "a space in the rule",
        in_order(put("rules.1.text", lambda text: text.replace(",", ", ", 1)), rehashed),
        "sorted keys and no spaces",
    ),
    Tampering(
        "rule cut off",
        in_order(shortened("rules.1.text"), rehashed),
        "the text of version 2 of the rule cannot be read",
    ),
    Tampering(
        "a key twice in the rule",
        in_order(
            put("rules.1.text", lambda text: text[:-1] + ',"width":3}'),
            put("rules.1.text", lambda text: text[:-1] + ',"width":4}'),
            rehashed,
        ),
        "occurs twice",
    ),
    Tampering("digest", put("rules.1.digest", flipped), "the digest of version 2 of the rule"),
    Tampering("first version gone", without_first_version, "is numbered so"),
    Tampering("versions change places", swapped("rules"), "is numbered so"),
    Tampering("no reason for a change", put("rules.1.reason", ""), "gives a reason"),
    Tampering(
        "draw brought forward", ruled("draws_at", "2026-11-28T20:30:00Z"), "does not bring the draw forward"
    ),
    Tampering(
        "sales closed earlier", ruled("closes_at", "2026-11-27T20:00:00Z"), "does not close sales earlier"
    ),
    Tampering(
        "changed after sales closed",
        put("rules.1.published_at", "2026-11-28T20:00:01Z"),
        "was published before sales closed",
    ),
    Tampering(
        "changed before it was published",
        put("rules.1.published_at", "2026-10-01T00:00:00Z"),
        "was published after the one before",
    ),
    Tampering("code of the document", put("code", "OTHER"), "the code is that of the rule"),
    Tampering("code of the rule", ruled("code", "OTHER"), "is about the same draw"),
    Tampering("title", put("title", "Another"), "the title is that of the newest rule"),
    Tampering(
        "quantity in the rule", ruled("prizes.0.quantity", 9), "there are as many prizes as in the rule"
    ),
    Tampering("method of the rule", ruled("method", "SECRET"), "a beacon is named if one takes part"),
    Tampering(
        "margin of the rule", ruled("beacon.margin_seconds", 4 * 3600), "the round is the one that counts"
    ),
    Tampering("expected round of the rule", ruled("beacon.round", one_more), "the expected round"),
    Tampering("no prizes in the rule", ruled("prizes", []), "there are prizes"),
    Tampering("a reason for the first version", put("rules.0.reason", "because"), "needs no reason"),
    Tampering(
        "a reason that nobody can see",
        put("rules.1.reason", " \x1c\u2003"),
        "version 2 of the rule gives a reason",
    ),
    Tampering(
        "sales close after the draw",
        in_order(
            ruled("closes_at", "2026-11-29T10:00:00Z"),
            put("closing.closed_at", "2026-11-29T10:00:01Z"),
            drawn_again,
        ),
        "version 2 of the rule: sales close before the draw",
        "secret",
    ),
    Tampering(
        "sales close after the draw in an earlier version",
        in_order(ruled("draws_at", "2026-11-28T19:00:00Z", version=0), drawn_again),
        "version 1 of the rule: sales close before the draw",
        "secret",
    ),
    Tampering(
        "no prizes in an earlier version",
        in_order(ruled("prizes", [], version=0), drawn_again),
        "version 1 of the rule: there are prizes",
        "secret",
    ),
    Tampering(
        "expected round of an earlier version",
        in_order(ruled("beacon.round", one_more, version=0), drawn_again),
        "version 1 of the rule: the expected round",
    ),
    Tampering(
        "who takes part",
        in_order(ruled("entries", "paid or promised"), drawn_again),
        "entries: expected 'paid when the entries are frozen'",
        "secret",
    ),
    Tampering(
        "what is unsold may win",
        in_order(ruled("unsold", "can win"), drawn_again),
        "unsold: expected 'cannot win'",
        "secret",
    ),
    Tampering(
        "a prize without a name",
        in_order(ruled("prizes.0.label", " "), drawn_again),
        "prizes[0].label: expected a text that says something",
        "secret",
    ),
    Tampering(
        "more digits than a number has",
        in_order(
            ruled("lottery.digits", 16),
            put("randomness.lottery", lambda told: ["0" * 16 + each for each in told]),
        ),
        "lottery.digits: expected a whole number from 1 to 15",
        "lottery",
    ),
    # The secret.
    Tampering("secret", put("randomness.secret", OTHER_SECRET), "the hash of the secret"),
    Tampering(
        "secret and its hash",
        in_order(
            put("randomness.secret", OTHER_SECRET), ruled("secret_hash", sha(bytes.fromhex(OTHER_SECRET)))
        ),
        "the seed follows",
    ),
    Tampering("hash of the secret", ruled("secret_hash", OTHER_HASH), "the hash of the secret"),
    Tampering(
        "secret of a draw by secret",
        put("randomness.secret", OTHER_SECRET),
        "the hash of the secret",
        "secret",
    ),
    Tampering("secret gone", put("randomness.secret", None), "the secret that takes part is published"),
    Tampering(
        "secret shown early",
        put("randomness.secret", OTHER_SECRET),
        "the secret is kept until the draw",
        "closed",
    ),
    # The beacon.
    Tampering("round", put("randomness.beacon.round", one_more), "the round is the one that counts"),
    Tampering("round and its signature", other_round, "the round is the one that counts"),
    Tampering("signature", put("randomness.beacon.signature", flipped), "is the beacon's"),
    Tampering("signature that is no point", put("randomness.beacon.signature", "a" * 96), "is the beacon's"),
    Tampering(
        "signature at infinity", put("randomness.beacon.signature", "c0" + "0" * 94), "is the beacon's"
    ),
    Tampering("signature of another round", signature_of_next, "is the beacon's"),
    Tampering("beacon gone", put("randomness.beacon", None), "the beacon that takes part is published"),
    Tampering("chain", put("randomness.beacon.chain", OTHER_HASH), "the chain of the beacon"),
    Tampering(
        "chain of the rule",
        in_order(ruled("beacon.chain", OTHER_HASH), put("randomness.beacon.chain", OTHER_HASH)),
        "is none of those known here",
    ),
    Tampering(
        "another's key under a known name", ruled("beacon.chain", QUICKNET.hash), "the public key is that of"
    ),
    Tampering("genesis of the rule", ruled("beacon.genesis", one_more_day), "the expected round"),
    Tampering("key of the rule", ruled("beacon.public_key", QUICKNET.public_key), "is the beacon's"),
    Tampering(
        "beacon known before the entries",
        put("randomness.beacon", {"chain": OTHER_HASH, "round": 7, "signature": "a" * 96}),
        "nothing that decides is known",
        "committed",
    ),
    Tampering(
        "no results of a lottery before the entries",
        put("randomness.lottery", []),
        "nothing that decides is known",
        "committed",
    ),
    # Fallbacks.
    Tampering(
        "secret said to be lost",
        in_order(put("randomness.fallback", "SECRET_LOST"), put("randomness.secret", None)),
        "the round is the one that counts",
    ),
    Tampering("fallback with a secret", put("randomness.fallback", "SECRET_LOST"), "no secret takes part"),
    Tampering(
        "beacon said to be missing", put("randomness.fallback", "BEACON_MISSING"), "no beacon takes part"
    ),
    Tampering(
        "beacon left out",
        in_order(put("randomness.fallback", "BEACON_MISSING"), put("randomness.beacon", None)),
        "it was drawn from",
    ),
    Tampering(
        "fallback left out",
        put("randomness.fallback", ""),
        "the secret that takes part is published",
        "secret lost",
    ),
    Tampering(
        "the first round though the secret is lost",
        round_that_never_was_late,
        "the round is the one that counts",
        "secret lost",
    ),
    Tampering(
        "fallback of another method",
        put("randomness.fallback", "BEACON_MISSING"),
        "the method SECRET allows for",
        "secret",
    ),
    Tampering(
        "hours of a fallback",
        ruled("fallback.secret_lost_hours", 1),
        "the round is the one that counts",
        "secret lost",
    ),
    Tampering(
        "a barrel for a lost secret without waiting",
        drawn_before_the_hours_of_the_fallback,
        "it was drawn from",
        BARREL,
    ),
    Tampering(
        "a beacon that is missing without waiting",
        drawn_before_the_hours_of_the_fallback,
        "it was drawn from",
        "beacon missing",
    ),
    # Lottery and barrel.
    Tampering(
        "a result left out before the draw",
        in_order(before_the_draw, shortened("randomness.lottery")),
        "there are as many results",
        "lottery",
    ),
    Tampering(
        "a result too short before the draw",
        in_order(before_the_draw, put("randomness.lottery.3", "7")),
        "every result has at least",
        "lottery",
    ),
    Tampering(
        "unsold number from the barrel before the draw",
        in_order(before_the_draw, barrel_stranger),
        "every number that came out is an entry",
        "barrel",
    ),
    Tampering(
        "a result of endless digits",
        put("randomness.lottery.19", lambda told: "0" * 40 + told),
        "randomness.lottery[19]: expected digits",
        "lottery",
    ),
    Tampering("digits of a result", lottery_digits, "the sequence follows", "lottery"),
    Tampering(
        "results in another order",
        put("randomness.lottery", lambda told: told[::-1]),
        "the sequence follows",
        "lottery",
    ),
    Tampering("a result left out", shortened("randomness.lottery"), "there are as many results", "lottery"),
    Tampering(
        "a result too short", put("randomness.lottery.19", "7"), "every result has at least", "lottery"
    ),
    Tampering("mapping", ruled("lottery.mapping", "direct"), "the sequence follows", "lottery by remainder"),
    Tampering("a seed beside a lottery", put("result.seed", OTHER_HASH), "there is no seed", "lottery"),
    Tampering(
        "a secret beside a lottery", put("randomness.secret", OTHER_SECRET), "no secret takes part", "lottery"
    ),
    Tampering(
        "barrel in another order", swapped("randomness.barrel.numbers"), "the sequence follows", "barrel"
    ),
    Tampering(
        "unsold number from the barrel", barrel_stranger, "every number that came out is an entry", "barrel"
    ),
    Tampering("number twice from the barrel", barrel_twice, "as many different ones", "barrel"),
    Tampering(
        "fewer from the barrel", shortened("randomness.barrel.numbers"), "as many were drawn", "barrel"
    ),
    Tampering(
        "barrel instead of a secret that is there",
        put("randomness.secret", OTHER_SECRET),
        "no secret takes part",
        BARREL,
    ),
    # The result.
    Tampering("seed", put("result.seed", flipped), "the seed follows"),
    Tampering("seed gone", put("result.seed", None), "the seed follows"),
    Tampering("sequence", swapped("result.sequence"), "the sequence follows"),
    Tampering("sequence cut off", shortened("result.sequence"), "the sequence follows"),
    Tampering("number of a prize", put("result.prizes.0.number", one_more), "its number"),
    Tampering("prize not awarded", put("result.prizes.0.number", None), "its number"),
    Tampering("label of a prize", put("result.prizes.0.label", "Another"), "its label"),
    Tampering("rank of a prize", put("result.prizes.0.rank", 7), "its rank"),
    Tampering("unit of a prize", put("result.prizes.0.unit", 7), "its unit"),
    Tampering("prizes change places", swapped("result.prizes"), "its number"),
    Tampering("prize gone", shortened("result.prizes"), "there are as many prizes as in the rule"),
    Tampering("reserves change places", swapped("result.reserves"), "the reserves are"),
    Tampering("reserve gone", shortened("result.reserves"), "the reserves are"),
    Tampering("drawn too early", put("result.drawn_at", "2026-11-28T22:59:59Z"), "it was drawn from"),
    # The whole.
    Tampering(
        "status back to closed", put("status", "CLOSED"), "'result' does not belong to the status CLOSED"
    ),
    Tampering("status back to committed", put("status", "COMMITTED"), "'closing' does not belong"),
    Tampering("status back to planned", put("status", "PLANNED"), "'rules' does not belong"),
    Tampering(
        "called off after all", put("status", "CALLED_OFF"), "'called_off' belongs to the status CALLED_OFF"
    ),
    Tampering(
        "drawn without a result", put("status", "DRAWN"), "'result' belongs to the status DRAWN", "closed"
    ),
    Tampering(
        "called off before the freezing",
        put("called_off.at", "2026-11-28T20:00:06Z"),
        "called off after the freezing",
        "called off",
    ),
    Tampering("called off without a reason", put("called_off", None), "'called_off' belongs", "called off"),
    # The form.
    Tampering("another format", put("format", "raffle-draw/2"), "format: expected 'raffle-draw/1'"),
    Tampering(
        "a count that is no number", put("closing.count", "12"), "closing.count: expected a whole number"
    ),
    Tampering(
        "true for a number",
        put("closing.entries.0.0", True),
        "closing.entries[0][0]: expected a whole number",
    ),
    Tampering(
        "a negative number", put("closing.entries.0.0", -1), "closing.entries[0][0]: expected a whole number"
    ),
    Tampering("uppercase", put("closing.root", str.upper), "closing.root: expected 64 lowercase hex digits"),
    Tampering(
        "an instant that never is",
        put("closing.closed_at", "2026-02-30T00:00:00Z"),
        "closing.closed_at: expected an instant",
    ),
    Tampering(
        "a line end behind a hash", put("result.seed", lambda seed: seed + "\n"), "result.seed: expected 64"
    ),
    Tampering(
        "an unknown part", put("result", lambda found: found | {"more": 1}), "'more' does not belong there"
    ),
    Tampering(
        "a part that is gone",
        put("closing", lambda found: {key: found[key] for key in found if key != "root"}),
        "closing.root: is missing",
    ),
    Tampering(
        "a year that never was",
        put("rules.0.published_at", "0000-01-01T00:00:00Z"),
        "rules[0].published_at: expected an instant",
    ),
    Tampering("a code of nothing", put("code", " "), "code: expected a text that says something", "planned"),
    Tampering("randomness gone", put("randomness", None), "randomness: expected an object", "planned"),
    Tampering("half a letter", put("title", "\ud800"), "title: expected a text"),
    Tampering("a text for a list", put("rules", "none"), "rules: expected a list"),
)
