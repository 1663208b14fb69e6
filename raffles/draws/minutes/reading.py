"""The minutes of a draw, read from its rows and held against the books."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from raffles.draws.awarding import units
from raffles.draws.beacon import randomness_of, time_of
from raffles.draws.entries import require_rooted, require_same
from raffles.draws.errors import DrawMoveNotAllowed, TotalsDiffer
from raffles.draws.minutes.form import (
    FORMAT,
    Barrel,
    Chance,
    Gone,
    Lottery,
    Minutes,
    Money,
    Numbers,
    PrizeLine,
    Reserve,
    Round,
    RuleLine,
    Winner,
)
from raffles.draws.minutes.ranges import count_of, each_of, gaps, in_ranges
from raffles.draws.models import Draw, RuleVersion
from raffles.draws.ruling import chain_of
from raffles.draws.subjects import PaidNumber, RefundedNumber, Subject, Taking, subject_of


@dataclass(frozen=True)
class _Books:
    """The entries, ascending; who has them, or had them until a refund; and what was refunded before."""

    entries: list[int]
    paid: list[PaidNumber]
    before: list[RefundedNumber]
    since: list[RefundedNumber]


def minutes_of(draw: Draw) -> Minutes:
    """Raises DrawMoveNotAllowed before the result; TotalsDiffer, EntriesChanged and RecordChanged where the
    books differ, or what was published."""
    if draw.status != Draw.Status.DRAWN or draw.closed_at is None or draw.drawn_at is None:
        raise DrawMoveNotAllowed(draw.code, draw.status)
    subject, versions = subject_of(draw), list(draw.rules.order_by("version"))
    rule: dict[str, Any] = json.loads(versions[-1].text)
    books = _books(draw, subject)
    back = ((each.currency, each.order_code, 1, each.price_minor) for each in books.since)
    return Minutes(
        format=FORMAT,
        code=draw.code,
        title=rule["title"],
        time_zone=rule["time_zone"],
        closes_at=datetime.fromisoformat(rule["closes_at"]),
        draws_at=datetime.fromisoformat(rule["draws_at"]),
        closed_at=draw.closed_at,
        drawn_at=draw.drawn_at,
        entries=draw.entry_count or 0,
        root=draw.root,
        numbers=_numbers(draw, rule["numbers"], books),
        takings=_takings(draw, subject),
        refunded_since=_sums(back),
        prizes=tuple(PrizeLine(**prize) for prize in rule["prizes"]),
        rules=tuple(map(_rule, versions)),
        chance=_chance(draw),
        sequence=tuple(draw.sequence or ()),
        winners=_winners(draw),
        reserves=_reserves(draw, books),
    )


def _books(draw: Draw, subject: Subject) -> _Books:
    """What was drawn among is what is sold, or was refunded since: by whoever had it last."""
    entries = require_rooted(draw)
    paid, refunded = subject.paid(draw), subject.refunded(draw)
    frozen, sold = {entry.number for entry in entries}, {each.number for each in paid}
    since = {each.number: each for each in refunded if each.number in frozen - sold}
    owners: list[PaidNumber | RefundedNumber] = [*paid, *since.values()]
    require_same(draw, entries, ((each.number, each.order_code) for each in owners))
    before = [each for each in refunded if each.number not in frozen]
    return _Books([entry.number for entry in entries], paid, before, list(since.values()))


def _numbers(draw: Draw, span: dict[str, int], books: _Books) -> Numbers:
    excluded = _excluded(draw)
    void = {number for each in excluded for number in each_of(each.numbers)}
    void.update(each.number for each in books.before)
    free = tuple(gaps(span["first"], span["last"], in_ranges(sorted({*books.entries} | void))))
    return Numbers(
        **span,
        sold_count=len(books.entries),
        sold=in_ranges(books.entries),
        free_count=count_of(free),
        free=free,
        excluded=excluded,
        refunded_before=_by_order(books.before),
        refunded_since=_by_order(books.since),
    )


def _excluded(draw: Draw) -> tuple[Gone, ...]:
    return tuple(
        Gone(each.order.code, in_ranges(sorted(each.numbers)), each.reason, each.at)
        for each in draw.exclusions.select_related("order").order_by("id")
    )


def _by_order(numbers: list[RefundedNumber]) -> tuple[Gone, ...]:
    found: dict[tuple[str, datetime], list[int]] = {}
    for each in numbers:
        found.setdefault((each.order_code, each.at), []).append(each.number)
    return tuple(Gone(code, in_ranges(sorted(them)), at=at) for (code, at), them in sorted(found.items()))


def _takings(draw: Draw, subject: Subject) -> tuple[Money, ...]:
    takings = subject.takings(draw)
    for taking in takings:
        _require_booked(draw, taking)
    return _sums((each.currency, each.order_code, each.numbers, each.total_minor) for each in takings)


def _require_booked(draw: Draw, taking: Taking) -> None:
    """Order by order: two that are wrong could otherwise make up for each other."""
    for found in (taking.priced_minor, taking.charged_minor):
        if found != taking.total_minor:
            raise TotalsDiffer(draw.code, taking.total_minor, found)


def _sums(rows: Iterable[tuple[str, str, int, int]]) -> tuple[Money, ...]:
    """By currency, of (currency, order, numbers, amount)."""
    orders: dict[str, set[str]] = {}
    numbers: Counter[str] = Counter()
    amounts: Counter[str] = Counter()
    for currency, order, count, amount in rows:
        orders.setdefault(currency, set()).add(order)
        numbers[currency] += count
        amounts[currency] += amount
    return tuple(
        Money(currency, len(codes), numbers[currency], amounts[currency])
        for currency, codes in sorted(orders.items())
    )


def _rule(version: RuleVersion) -> RuleLine:
    return RuleLine(version.version, version.published_at, version.digest, version.reason)


def _chance(draw: Draw) -> Chance:
    is_lottery = draw.method == Draw.Method.LOTTERY
    return Chance(
        method=draw.method,
        commitment=draw.secret_hash or None,
        secret=draw.secret or None,
        fallback=draw.fallback,
        beacon=_round(draw),
        lottery=_lottery(draw) if is_lottery else None,
        barrel=None if is_lottery or draw.typed is None else _barrel(draw),
        seed=draw.seed or None,
    )


def _round(draw: Draw) -> Round | None:
    number, signature = draw.beacon_round, draw.beacon_signature
    if number is None or not signature or draw.fallback == Draw.Fallback.BEACON_MISSING:
        return None
    return Round(draw.chain, number, time_of(chain_of(draw), number), signature, randomness_of(signature))


def _lottery(draw: Draw) -> Lottery:
    return Lottery(
        draw.lottery_name,
        draw.lottery_drawing,
        draw.lottery_digits,
        draw.lottery_mapping,
        tuple(map(str, draw.typed or ())),
    )


def _barrel(draw: Draw) -> Barrel:
    return Barrel(tuple(map(int, draw.typed or ())), draw.witnesses)


def _winners(draw: Draw) -> tuple[Winner, ...]:
    """In the order of the prizes; of one that was passed on each who had it."""
    awards = draw.awards.select_related("prize", "order").order_by("prize__rank", "unit", "place")
    return tuple(
        Winner(
            rank=award.prize.rank,
            unit=award.unit,
            prize=award.prize.label,
            number=award.number,
            order=award.order.code,
            claim_until=award.claim_until,
            status=award.status,
            lost_why=award.lost_why,
            lost_at=award.lost_at,
        )
        for award in awards
    )


def _reserves(draw: Draw, books: _Books) -> tuple[Reserve, ...]:
    known: list[PaidNumber | RefundedNumber] = [*books.since, *books.paid]
    codes = {each.number: each.order_code for each in known}
    won = sum(1 for _unit in units(draw))
    return tuple(Reserve(number, codes[number]) for number in (draw.sequence or ())[won:])
