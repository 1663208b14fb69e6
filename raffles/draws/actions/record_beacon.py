from __future__ import annotations

from datetime import datetime

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.draws.beacon import is_signed
from raffles.draws.errors import BeaconRefused, DrawMoveNotAllowed
from raffles.draws.lookups import draw_by_id
from raffles.draws.models import Draw
from raffles.draws.ruling import chain_of
from raffles.sales.models import Actor


def record_beacon(*, draw_id: int, round_number: int, signature: str, actor: Actor, now: datetime) -> Draw:
    """The round that counts, wherever it was got from: its signature says whether it is true.

    Raises BeaconRefused for another round and for a signature that is not the chain's. Recorded once; the
    same again changes nothing.
    """
    draw, signature = draw_by_id(draw_id), signature.strip().lower()
    if draw.status != Draw.Status.CLOSED or draw.beacon_round is None:
        raise DrawMoveNotAllowed(draw.code, draw.status)
    if draw.beacon_signature == signature:
        return draw
    if round_number != draw.beacon_round:
        raise BeaconRefused(draw.code, "round")
    if not is_signed(chain_of(draw), round_number, signature):
        raise BeaconRefused(draw.code, "signature")
    return _recorded(draw, signature, actor, now)


def _recorded(draw: Draw, signature: str, actor: Actor, now: datetime) -> Draw:
    waiting = Draw.objects.filter(
        pk=draw.pk, status=Draw.Status.CLOSED, beacon_round=draw.beacon_round, beacon_signature=""
    )
    if not waiting.update(beacon_signature=signature):
        raise DrawMoveNotAllowed(draw.code, draw.status)
    draw.beacon_signature = signature
    record(
        Deed.BEACON_RECORDED,
        subject=draw,
        label=draw.code,
        user=actor.user,
        actor=actor.label,
        after={"round": draw.beacon_round, "signature": signature},
        now=now,
    )
    return draw
