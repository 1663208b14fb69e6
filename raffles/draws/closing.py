"""Freezing the entries, once and for good.

1. Whatever sells is closed first: reservations wait for that row, and so does the next step of this one.
2. The draw moves by its old status; from then on the database lets no number be sold or given back.
3. Then only is it read what is undecided and what is paid: nothing of it can change any more.
4. Somebody undecided undoes all of it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.draws.entries import freeze
from raffles.draws.errors import (
    DrawMoveNotAllowed,
    LotteryOver,
    OrdersUndecided,
    RecordChanged,
    SalesNotOver,
    TermsDiffer,
)
from raffles.draws.models import Draw
from raffles.draws.notices import DrawClosed, announce
from raffles.draws.ruling import BEFORE_THE_FIRST, changed_parts, digest_after, instant, round_due
from raffles.draws.subjects import subject_of
from raffles.sales.models import Actor

Status = Draw.Status


def close(draw: Draw, *, actor: Actor, now: datetime) -> Draw:
    """Raises OrdersUndecided while there are some; nothing is changed then."""
    _require_due(draw, now)
    require_published(draw)
    with transaction.atomic():
        subject_of(draw).close(draw, actor=actor, now=now)
        _move(draw, now)
        _require_decided(draw)
        _freeze(draw)
        _note(draw, actor, now)
        announce(DrawClosed(draw))
    return draw


def is_lottery_over(draw: Draw, now: datetime) -> bool:
    """Its results may be known: whoever paid or was decided since would have been chosen with open eyes."""
    return draw.method == Draw.Method.LOTTERY and draw.draws_at is not None and now > draw.draws_at


def _require_due(draw: Draw, now: datetime) -> None:
    if draw.closes_at is None or draw.status != Status.COMMITTED:
        raise DrawMoveNotAllowed(draw.code, draw.status)
    if now < draw.closes_at:
        raise SalesNotOver(draw.code, draw.closes_at)
    if draw.draws_at is not None and is_lottery_over(draw, now):
        raise LotteryOver(draw.code, draw.draws_at)


def require_published(draw: Draw) -> None:
    """The versions of the rule hang together, and by the newest goes all that is sold and drawn."""
    changed = changed_parts(require_chained(draw), draw, subject_of(draw).terms(draw))
    if changed:
        raise TermsDiffer(draw.code, changed)


def require_chained(draw: Draw) -> str:
    """The newest text; each version says what was before it, and the draw goes by the newest."""
    digest, text = BEFORE_THE_FIRST, ""
    for version in draw.rules.order_by("version"):
        text = version.text
        digest = digest_after(digest, text)
        if digest != version.digest:
            raise RecordChanged(draw.code, "rule")
    if digest != draw.rule_digest:
        raise RecordChanged(draw.code, "rule")
    return text


def _move(draw: Draw, now: datetime) -> None:
    """The columns that `closed` asks for are filled in a moment; until then they say “nothing”.

    Whole seconds, as they are published: the round that counts follows from this instant.
    """
    now = now.replace(microsecond=0)
    columns = {
        "status": Status.CLOSED.value,
        "closed_at": now,
        "root": BEFORE_THE_FIRST,
        "entry_count": 0,
        "trouble": "",  # what stopped it till now is over; what stops it later is told anew
    }
    if not Draw.objects.filter(pk=draw.pk, status=Status.COMMITTED).update(**columns):
        raise DrawMoveNotAllowed(draw.code, draw.status)
    draw.status, draw.closed_at, draw.trouble = Status.CLOSED, now, ""


def _require_decided(draw: Draw) -> None:
    waiting = subject_of(draw).undecided(draw)
    if waiting:
        draw.status, draw.closed_at = Status.COMMITTED, None
        raise OrdersUndecided(draw.code, tuple(each.order_code for each in waiting))


def _freeze(draw: Draw) -> None:
    paid = subject_of(draw).paid(draw)
    draw.root, draw.entry_count = freeze(draw, paid), len(paid)
    draw.beacon_round = round_due(draw)
    draw.save(update_fields=["root", "entry_count", "beacon_round"])


def _note(draw: Draw, actor: Actor, now: datetime) -> None:
    record(
        Deed.ENTRIES_FROZEN,
        subject=draw,
        label=draw.code,
        user=actor.user,
        actor=actor.label,
        after=frozen_facts(draw),
        now=now,
    )


def frozen_facts(draw: Draw) -> dict[str, Any]:
    """What the log keeps of a closing, and what must still stand in the draw ever after."""
    return {
        "entries": draw.entry_count,
        "root": draw.root,
        "closed_at": instant(draw.closed_at) if draw.closed_at else None,
        "round": draw.beacon_round,
    }
