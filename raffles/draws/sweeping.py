"""The minute sweep of draws: whatever is due by a stored instant, however long nobody looked."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.draws import drand
from raffles.draws.actions import close_entries, expire_awards, hold_draw, record_beacon, tell_outcomes
from raffles.draws.beacon import time_of
from raffles.draws.errors import (
    BeaconRefused,
    DrawMoveNotAllowed,
    EntriesChanged,
    LotteryOver,
    OrdersUndecided,
    RandomnessMissing,
    RecordChanged,
    SecretLost,
    TermsDiffer,
)
from raffles.draws.models import Draw
from raffles.draws.notices import DrawTroubled, EntriesWait, announce
from raffles.draws.queries import draws_to_close, draws_to_hold
from raffles.draws.ruling import chain_of
from raffles.sales.errors import Refusal
from raffles.sales.models import Actor

log = logging.getLogger(__name__)

# The beacon of a minute ago may still be on its way; later staff should know.
BEACON_LATE = timedelta(minutes=10)
MOST_BATCHES = 20


def sweep(*, now: datetime) -> None:
    """One draw that cannot go on does not keep another."""
    for draw in draws_to_close(now):
        _try(draw, _close, now)
    for draw in draws_to_hold(now):
        _try(draw, _hold, now)
    expire_awards(now=now)
    for _batch in range(MOST_BATCHES):
        if not tell_outcomes(now=now):
            break


def _try(draw: Draw, step: Callable[[Draw, datetime], None], now: datetime) -> None:
    try:
        step(draw, now)
    except DrawMoveNotAllowed:
        return  # another worker was faster
    except Refusal as refusal:
        _trouble(draw, refusal, now)
    except Exception:
        log.exception("draw %s could not go on", draw.code)


def _close(draw: Draw, now: datetime) -> None:
    try:
        close_entries(draw_id=draw.pk, actor=Actor.clock(), now=now)
    except OrdersUndecided as refusal:
        announce(EntriesWait(draw, len(refusal.orders), now))


def _hold(draw: Draw, now: datetime) -> None:
    if _awaits_beacon(draw):
        _fetch(draw, now)
    hold_draw(draw_id=draw.pk, actor=Actor.clock(), now=now)


def _awaits_beacon(draw: Draw) -> bool:
    gone = draw.fallback == Draw.Fallback.BEACON_MISSING
    return draw.beacon_round is not None and not draw.beacon_signature and not gone


def _fetch(draw: Draw, now: datetime) -> None:
    """Where it cannot be had nothing is lost: the next minute asks again, and staff can paste it."""
    assert draw.beacon_round is not None  # noqa: S101 - a draw by beacon that is closed has one
    found = drand.found_signatures(
        chain_of(draw), draw.beacon_round, settings.DRAND_URLS, settings.DRAND_FILE
    )
    if not any(_recorded(draw, signature, now) for signature in found):
        Draw.objects.filter(pk=draw.pk).update(beacon_asked_at=now)


def _recorded(draw: Draw, signature: str, now: datetime) -> bool:
    """One source that gives a wrong one does not keep the next from being asked."""
    assert draw.beacon_round is not None  # noqa: S101 - looked at above
    try:
        record_beacon(
            draw_id=draw.pk, round_number=draw.beacon_round, signature=signature, actor=Actor.clock(), now=now
        )
    except BeaconRefused:
        log.warning("a source of the beacon gave a signature for draw %s that is not the chain's", draw.code)
        return False
    return True


def _trouble(draw: Draw, refusal: Refusal, now: datetime) -> None:
    """Told once: the word stays on the draw until it goes on."""
    what = _named(draw, refusal, now)
    if not what or draw.trouble == what:
        return
    with transaction.atomic():
        Draw.objects.filter(pk=draw.pk).update(trouble=what)
        draw.trouble = what
        record(
            Deed.DRAW_TROUBLED,
            subject=draw,
            label=draw.code,
            actor=Actor.clock().label,
            after={"trouble": what, "refusal": type(refusal).__name__},
            now=now,
        )
        announce(DrawTroubled(draw, what, now))


def _named(draw: Draw, refusal: Refusal, now: datetime) -> str:
    match refusal:
        case EntriesChanged():
            return "entries"
        case RecordChanged(_, what):
            return what
        case TermsDiffer():
            return "terms"
        case LotteryOver():
            return "lottery"
        case SecretLost():
            return "secret"
        case RandomnessMissing(_, "beacon"):
            due = time_of(chain_of(draw), draw.beacon_round or 0)
            return "beacon" if now > due + BEACON_LATE else ""
        case RandomnessMissing():
            return "results"
        case _:
            return type(refusal).__name__[:40]
