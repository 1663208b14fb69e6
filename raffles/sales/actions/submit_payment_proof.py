from __future__ import annotations

from datetime import datetime

from django.db import transaction

from raffles.sales.errors import MoveNotAllowed, TooManyProofs
from raffles.sales.lifecycle import expire, held_again, is_drawn, locked_order, move_order
from raffles.sales.models import HELD, Actor, Order, PaymentProof
from raffles.sales.notices import ProofReceived, announce
from raffles.sales.proof_files import StoredProof, discard, judged, store

Status = Order.Status

MOST_PROOFS = 10


def submit_payment_proof(*, order_id: int, content: bytes, source_key: str, now: datetime) -> PaymentProof:
    """The same source_key twice is the same proof, even when both come at once.

    The file is written before its row: a row always has its file. When a transaction around this one is
    undone later, the file stays behind without a row; that costs space and nothing else.
    """
    known = PaymentProof.objects.filter(source_key=source_key).first()
    if known is not None:
        return known
    stored = store(content, judged(content), now)
    try:
        proof = _record(order_id, stored, source_key, now)
    except BaseException:
        discard(stored)
        raise
    if proof.file.name != stored.name:
        discard(stored)
    return proof


def _record(order_id: int, stored: StoredProof, source_key: str, now: datetime) -> PaymentProof:
    with transaction.atomic():
        order = locked_order(order_id)
        known = PaymentProof.objects.filter(source_key=source_key).first()
        if known is not None:
            return known
        undecided = PaymentProof.objects.filter(order=order, status=PaymentProof.Status.SUBMITTED)
        if undecided.count() >= MOST_PROOFS:
            raise TooManyProofs(MOST_PROOFS)
        _put_under_review(order, now)
        proof = PaymentProof.objects.create(
            order=order,
            file=stored.name,
            content_type=stored.content_type,
            size=stored.size,
            sha256=stored.sha256,
            received_at=now,
            source_key=source_key,
        )
        announce(ProofReceived(order, proof))
        return proof


def _put_under_review(order: Order, now: datetime) -> None:
    if order.status == Status.UNDER_REVIEW:
        return
    if order.status in HELD and is_drawn(order, now):  # the clock has not come to it yet
        expire(order, now)
    if order.status not in {*HELD, Status.EXPIRED}:
        raise MoveNotAllowed(order.code, order.status, Status.UNDER_REVIEW)
    late_since = now if order.status == Status.EXPIRED and not held_again(order, now) else None
    confirmed_at = order.confirmed_at or now  # who pays has confirmed
    move_order(
        order,
        to=Status.UNDER_REVIEW,
        now=now,
        actor=Actor.player(),
        late_since=late_since,
        confirmed_at=confirmed_at,
    )
