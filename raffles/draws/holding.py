"""Holding a draw: one seed, one computation, one result.

Everything it goes by was fixed before; killed at any moment, the next run computes the same again. The result
is written by the draw's old status, so that of two runs at once one is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from raffles import sealing
from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.draws.awarding import award_all, write_outcomes
from raffles.draws.beacon import UnknownChain, is_signed, randomness_of
from raffles.draws.closing import require_published
from raffles.draws.committing import SECRET_PURPOSE
from raffles.draws.entries import require_untouched
from raffles.draws.errors import (
    DrawMoveNotAllowed,
    DrawNotDue,
    RandomnessMissing,
    RecordChanged,
    SecretLost,
    TermsDiffer,
)
from raffles.draws.fairness import chosen_by_digits, secret_hash, seed_of, sequence
from raffles.draws.models import Draw, DrawSecret
from raffles.draws.models.draws import BEACON_MISSING_AFTER, SECRET_LOST_AFTER
from raffles.draws.notices import DrawHeld, announce
from raffles.draws.results import require_agreed
from raffles.draws.ruling import chain_of, round_due
from raffles.draws.subjects import PaidNumber, subject_of
from raffles.sales.models import Actor

Status, Method, Fallback = Draw.Status, Draw.Method, Draw.Fallback


def hold(draw: Draw, *, actor: Actor, now: datetime) -> Draw:
    """Raises RandomnessMissing or SecretLost while it cannot be held, EntriesChanged where it must not."""
    if draw.status != Status.CLOSED or draw.base is None:
        raise DrawMoveNotAllowed(draw.code, draw.status)
    if now < draw.base:
        raise DrawNotDue(draw.code, draw.base)
    signature = _signed(draw)
    with transaction.atomic():
        _lock(draw)
        if draw.beacon_signature != signature:
            raise RecordChanged(draw.code, "beacon")
        require_published(draw)
        require_due_round(draw)
        require_agreed(draw)
        paid = require_untouched(draw)
        _choose(draw, paid)
        _write(draw, now)
        award_all(draw, paid, now)
        write_outcomes(draw, paid)
        _note(draw, actor, now)
        announce(DrawHeld(draw))
    return draw


def opened_secret(draw: Draw) -> str:
    """Raises SecretLost where it is gone, was sealed with another key, or is not what was promised."""
    kept = DrawSecret.objects.filter(draw=draw).first()
    try:
        secret = sealing.opened(kept.sealed if kept else "", purpose=SECRET_PURPOSE)
    except sealing.Unreadable:
        raise SecretLost(draw.code) from None
    if secret_hash(secret) != draw.secret_hash:
        raise SecretLost(draw.code)
    return secret


def fallback_of(draw: Draw) -> tuple[str, timedelta] | None:
    """Which the rule has for what is missing now, and how long after base; None where nothing is."""
    if draw.uses_secret and _is_secret_lost(draw):
        return Fallback.SECRET_LOST, SECRET_LOST_AFTER
    if draw.method == Method.BEACON and not draw.beacon_signature:
        return Fallback.BEACON_MISSING, BEACON_MISSING_AFTER
    return None


def _is_secret_lost(draw: Draw) -> bool:
    try:
        opened_secret(draw)
    except SecretLost:
        return True
    return False


def _signed(draw: Draw) -> str:
    """Looked at again, for it may have been changed; before anything is locked, for it takes a second."""
    signature = draw.beacon_signature
    try:
        is_true = not signature or is_signed(chain_of(draw), draw.beacon_round or 0, signature)
    except UnknownChain:
        raise TermsDiffer(draw.code, ("beacon",)) from None
    if not is_true:
        raise RecordChanged(draw.code, "beacon")
    return signature


def require_due_round(draw: Draw) -> None:
    """Another round than the one that follows from the rule would be a choice. Raises RecordChanged."""
    if draw.beacon_round != round_due(draw):
        raise RecordChanged(draw.code, "round")


def _lock(draw: Draw) -> None:
    """Behind it no other run reads what this one is about to decide, and nothing typed or pasted slips in."""
    draw.refresh_from_db(from_queryset=Draw.objects.select_for_update(no_key=True))
    if draw.status != Status.CLOSED:
        raise DrawMoveNotAllowed(draw.code, draw.status)


def _choose(draw: Draw, paid: list[PaidNumber]) -> None:
    if not draw.is_typed:
        draw.secret = "" if draw.fallback == Fallback.SECRET_LOST else opened_secret(draw)
        draw.seed = seed_from(draw)
    draw.sequence = sequence_from(draw, [each.number for each in paid])


def seed_from(draw: Draw) -> str:
    """Of what is public of it once it is held."""
    return seed_of(
        rule=draw.rule_digest, root=draw.root, secret=draw.secret or None, randomness=_randomness(draw)
    )


def sequence_from(draw: Draw, numbers: Sequence[int]) -> list[int]:
    """From the seed, or from what was typed; `numbers` are the entries, ascending."""
    if draw.is_typed:
        return _typed(draw, numbers)
    places = sequence(draw.seed, len(numbers), units_of(draw) + draw.reserves)
    return [numbers[place] for place in places]


def units_of(draw: Draw) -> int:
    return sum(draw.prizes.values_list("quantity", flat=True))


def _randomness(draw: Draw) -> str | None:
    if draw.method != Method.BEACON or draw.fallback == Fallback.BEACON_MISSING:
        return None
    if not draw.beacon_signature:
        raise RandomnessMissing(draw.code, "beacon")
    return randomness_of(draw.beacon_signature)


def _typed(draw: Draw, numbers: Sequence[int]) -> list[int]:
    if draw.typed is None:
        raise RandomnessMissing(draw.code, "results")
    most = units_of(draw) + draw.reserves
    if draw.method != Method.LOTTERY:
        return [int(value) for value in draw.typed][:most]
    terms = subject_of(draw).terms(draw)
    found = chosen_by_digits(
        draw.typed,
        digits=draw.lottery_digits,
        first=terms.first,
        last=terms.last,
        mapping=draw.lottery_mapping,
        entries=set(numbers),
    )
    return found[:most]


def _write(draw: Draw, now: datetime) -> None:
    columns = {
        "status": Status.DRAWN.value,
        "drawn_at": now,
        "secret": draw.secret,
        "seed": draw.seed,
        "sequence": draw.sequence,
        "trouble": "",
    }
    if not Draw.objects.filter(pk=draw.pk, status=Status.CLOSED).update(**columns):
        raise DrawMoveNotAllowed(draw.code, draw.status)
    draw.status, draw.drawn_at, draw.trouble = Status.DRAWN, now, ""


def _note(draw: Draw, actor: Actor, now: datetime) -> None:
    record(
        Deed.DRAW_HELD,
        subject=draw,
        label=draw.code,
        user=actor.user,
        actor=actor.label,
        after={"seed": draw.seed, "sequence": draw.sequence},
        now=now,
    )
