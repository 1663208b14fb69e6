"""What was published of one draw, made again from the rows. Whatever differs was written past the product."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from raffles.audit.models import AuditEntry, Deed
from raffles.draws.awarding import units
from raffles.draws.closing import frozen_facts, require_chained
from raffles.draws.entries import require_rooted, require_same
from raffles.draws.errors import EntriesChanged, RandomnessMissing, RecordChanged, SecretLost
from raffles.draws.fairness import secret_hash
from raffles.draws.holding import opened_secret, require_due_round, seed_from, sequence_from
from raffles.draws.models import Award, Draw
from raffles.draws.models.records import Entry
from raffles.draws.results import require_agreed
from raffles.draws.ruling import changed_terms, rule_of
from raffles.draws.subjects import subject_of

Status = Draw.Status
GOES_ON = (Status.COMMITTED, Status.CLOSED)
# Of the rule: what the draw itself and its prizes say too.
OF_THE_DRAW = ("method", "secret_hash", "lottery", "prizes", "reserves", "redraw", "claim_days")
RESTORE = "compare the database with its last copy and put back what was changed."


def differences(draw: Draw) -> Iterator[str]:
    yield from _rule(draw)
    if draw.status in GOES_ON:
        yield from _secret(draw)
    if draw.closed_at is not None:
        yield from _noted(draw)
        yield from _chance(draw)
        yield from _frozen(draw)


def _rule(draw: Draw) -> Iterator[str]:
    try:
        text = require_chained(draw)
    except RecordChanged:
        yield (
            f"The published rule of draw {draw.code} was changed: its versions do not hang together, or the "
            f"draw does not go by the newest. Hold no draw; {RESTORE}"
        )
        return
    if draw.status == Status.CALLED_OFF:
        return
    differ = [*_otherwise(draw, json.loads(text)), *_terms(draw, text)]
    if differ:
        yield (
            f"What draw {draw.code} goes by is not what its published rule says ({', '.join(differ)}): the "
            f"rule counts, so {RESTORE}"
        )


def _otherwise(draw: Draw, rule: dict[str, Any]) -> Iterator[str]:
    now = rule_of(draw, subject_of(draw).terms(draw))
    yield from (name for name in OF_THE_DRAW if rule.get(name) != now[name])


def _terms(draw: Draw, text: str) -> Iterable[str]:
    """What was on sale may be put in order once the result is there; until then it is part of the promise."""
    return changed_terms(text, subject_of(draw).terms(draw)) if draw.status in GOES_ON else ()


def _noted(draw: Draw) -> Iterator[str]:
    """The log was written in the same moment. A later round, of a lost secret, it tells with the fallback."""
    told = AuditEntry.objects.filter(subject_type=draw._meta.label, subject_id=str(draw.pk))
    entry = told.filter(action=Deed.ENTRIES_FROZEN).order_by("-id").first()
    noted, now = (entry.after if entry else {}) or {}, frozen_facts(draw)
    if draw.fallback:
        now.pop("round")
    differ = [name for name in now if noted.get(name) != now[name]]
    if differ:
        yield (
            f"The log of draw {draw.code} says otherwise of its closing than the draw does "
            f"({', '.join(differ)}): hold no draw and hand nothing over; {RESTORE}"
        )


def _chance(draw: Draw) -> Iterator[str]:
    try:
        require_due_round(draw)
        require_agreed(draw)
    except RecordChanged as changed:
        yield (
            f"What decides draw {draw.code} ({changed.what}) is not what its rule gives or two people typed: "
            f"hand nothing over; {RESTORE}"
        )


def _secret(draw: Draw) -> Iterator[str]:
    if not draw.uses_secret or draw.fallback == Draw.Fallback.SECRET_LOST:
        return
    try:
        opened_secret(draw)
    except SecretLost:
        yield (
            f"The secret of draw {draw.code} cannot be read: start the product with the SECRET_KEY of when "
            "its rule was published. If that is gone for good, the rule has a fallback; its page says when."
        )


def _frozen(draw: Draw) -> Iterator[str]:
    try:
        entries = require_rooted(draw)
    except RecordChanged:
        yield f"The frozen entries of draw {draw.code} have not the root that was published: {RESTORE}"
        return
    yield from _counted(draw, entries)
    yield from _sold(draw, entries)
    if draw.status == Status.DRAWN:
        yield from _result(draw, [entry.number for entry in entries])
        yield from _awards(draw)


def _counted(draw: Draw, entries: list[Entry]) -> Iterator[str]:
    if len(entries) != draw.entry_count:
        yield f"Draw {draw.code} says {draw.entry_count} entries and has {len(entries)}: {RESTORE}"


def _sold(draw: Draw, entries: list[Entry]) -> Iterator[str]:
    """Called off or held, numbers are refunded: then they are those of the order that had them last."""
    owners = {each.number: each.order_code for each in subject_of(draw).paid(draw)}
    if draw.status != Status.CLOSED:
        owners = _refunded(draw, entries) | owners
    try:
        require_same(draw, entries, owners.items())
    except EntriesChanged as changed:
        numbers = ", ".join(map(str, changed.numbers))
        yield (
            f"What is sold of draw {draw.code} is not what was frozen, look at these numbers: {numbers}. "
            f"Hand nothing over; {RESTORE}"
        )
    except RecordChanged:
        yield (
            f"The key of the entries of draw {draw.code} cannot be read, so no number can be shown to be in "
            "it: start the product with the SECRET_KEY of when its rule was published."
        )


def _refunded(draw: Draw, entries: list[Entry]) -> dict[int, str]:
    frozen = {entry.number for entry in entries}
    refunded = subject_of(draw).refunded(draw)
    return {each.number: each.order_code for each in refunded if each.number in frozen}


def _result(draw: Draw, numbers: list[int]) -> Iterator[str]:
    if draw.secret and secret_hash(draw.secret) != draw.secret_hash:
        yield f"The secret of draw {draw.code} is not the one whose hash its rule has: {RESTORE}"
    try:
        seed = "" if draw.is_typed else seed_from(draw)
        sequence = sequence_from(draw, numbers)
    except RandomnessMissing as missing:
        yield f"Draw {draw.code} was held and its {missing.what} is gone: {RESTORE}"
        return
    if seed != draw.seed:
        yield f"The seed of draw {draw.code} does not follow from rule, root, secret and beacon: {RESTORE}"
    elif sequence != draw.sequence:
        yield f"The sequence of draw {draw.code} is not the one that its seed or its results give: {RESTORE}"


def _awards(draw: Draw) -> Iterator[str]:
    """The first units go to the first of the sequence, each reserve to a place behind them."""
    sequence, owed = draw.sequence or [], list(units(draw))
    awards = list(draw.awards.select_related("prize").order_by("place"))
    for award in awards:
        if not _fits(award, sequence, owed):
            yield (
                f"The prize of number {award.number} of draw {draw.code} does not follow from its sequence: "
                f"hand nothing over, and {RESTORE}"
            )
    missing = set(range(min(len(owed), len(sequence)))) - {award.place for award in awards}
    for place in sorted(missing):
        yield f"Number {sequence[place]} of draw {draw.code} won and has no prize to hand over: {RESTORE}"


def _fits(award: Award, sequence: list[int], owed: list[Any]) -> bool:
    if award.place >= len(sequence) or sequence[award.place] != award.number:
        return False
    return award.place >= len(owed) or owed[award.place] == (award.prize, award.unit)
