"""How an order is born and how it moves. Only this file writes Order.status."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from raffles.sales import trail
from raffles.sales.errors import (
    DrawHeld,
    MoveNotAllowed,
    OrderMoved,
    OrderNotFound,
    PlayerNotFound,
    ReasonMissing,
    RefundDecided,
    RefundNotFound,
    UnitsGone,
)
from raffles.sales.inventory import inventory_of
from raffles.sales.models import HELD, OVER, Actor, Order, OrderChange, PaymentProof, Player, Refund
from raffles.sales.notices import OrderCancelled, OrderExpired, announce
from raffles.sales.queries import living_player, set_aside

Status = Order.Status

MOVES: dict[str, frozenset[str]] = {
    # A proof before "confirm" is evidence enough, so a draft may go straight to review.
    Status.DRAFT: frozenset({Status.PENDING_PAYMENT, Status.UNDER_REVIEW, Status.CANCELLED, Status.EXPIRED}),
    # From waiting to waiting: part of the money came, and the hold starts anew.
    Status.PENDING_PAYMENT: frozenset(
        {Status.PENDING_PAYMENT, Status.UNDER_REVIEW, Status.PAID, Status.CANCELLED, Status.EXPIRED}
    ),
    Status.UNDER_REVIEW: frozenset({Status.PAID, Status.PENDING_PAYMENT, Status.CANCELLED}),
    Status.PAID: frozenset({Status.REFUNDED}),
    Status.EXPIRED: frozenset({Status.UNDER_REVIEW}),
    Status.CANCELLED: frozenset(),
    Status.REFUNDED: frozenset(),
}
# Once money may be on its way, and wherever it moves, staff decide.
STAFF_MOVES = frozenset(
    {
        (Status.PENDING_PAYMENT, Status.PENDING_PAYMENT),
        (Status.PENDING_PAYMENT, Status.PAID),
        (Status.UNDER_REVIEW, Status.PAID),
        (Status.UNDER_REVIEW, Status.PENDING_PAYMENT),
        (Status.UNDER_REVIEW, Status.CANCELLED),
        (Status.PAID, Status.REFUNDED),
    }
)

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 6
CODE_ATTEMPTS = 20


def open_order(
    *,
    player: Player,
    kind: str,
    currency: str,
    total_minor: int,
    hold_minutes: int,
    now: datetime,
    not_after: datetime | None = None,
) -> Order:
    """`not_after` is the draw: a hold ends with it at the latest."""
    ends = now + timedelta(minutes=hold_minutes)
    order = Order(
        player=player,
        kind=kind,
        currency=currency,
        total_minor=total_minor,
        hold_minutes=hold_minutes,
        expires_at=ends if not_after is None else min(ends, not_after),
        created_at=now,
    )
    with transaction.atomic(savepoint=False):
        _insert_under_a_free_code(order)
        _note_change(order, old="", to=Status.DRAFT, actor=Actor.player(), now=now, reason="")
    return order


def locked_order(order_id: int) -> Order:
    """The lock is for order only: who comes second reads the row as the first left it.

    Asked again when nothing came: had its player become another one while the lock was waited for, PostgreSQL
    finds that the row no longer fits the player it was joined with, and gives none.
    """
    rows = Order.objects.select_for_update(of=("self",), no_key=True).select_related("player")
    order = rows.filter(pk=order_id).first() or rows.filter(pk=order_id).first()
    if order is None:
        raise OrderNotFound(order_id)
    return order


def locked_player(player_id: int) -> Player:
    """A player who was merged away stands for the one who was kept."""
    player = Player.objects.select_for_update(no_key=True).filter(pk=player_id).first()
    if player is None:
        raise PlayerNotFound(player_id)
    return player if player.merged_into_id is None else locked_player(living_player(player).pk)


def hold_still(player_ids: Collection[int]) -> None:
    """Until the caller's transaction ends nobody decides about these players' orders, refunds or credit.

    For who makes one of two, before a chat is taken away: what staff decide is told to that chat, behind
    the lock of what it is about, and the two would wait for each other.
    """
    whose = {"player_id__in": player_ids}
    for rows in (Order.objects.filter(**whose), Refund.objects.filter(**whose)):
        list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    players = Player.objects.filter(pk__in=player_ids).select_for_update(no_key=True)
    list(players.order_by("pk").values_list("pk"))


def due_refund(refund_id: int) -> Refund:
    refund = Refund.objects.select_for_update(no_key=True).filter(pk=refund_id).first()
    if refund is None:
        raise RefundNotFound(refund_id)
    if refund.status != Refund.Status.DUE:
        raise RefundDecided(refund.status)
    return refund


def require_move(order: Order, to: str, actor: Actor) -> None:
    by_staff_only = (order.status, to) in STAFF_MOVES
    if to not in MOVES[order.status] or (by_staff_only and actor.user is None):
        raise MoveNotAllowed(order.code, order.status, to)


def move_order(
    order: Order, *, to: str, now: datetime, actor: Actor, reason: str = "", **changes: datetime | None
) -> Order:
    """Compare-and-set on the old status. Clock and late mark are cleared unless `changes` sets them."""
    require_move(order, to, actor)
    old = order.status
    closed_at = now if to in OVER else None
    columns = {"expires_at": None, "late_since": None, "closed_at": closed_at, **changes}
    with transaction.atomic():
        if not Order.objects.filter(pk=order.pk, status=old).update(status=to, **columns):
            raise OrderMoved(order.code, old)
        _note_change(order, old=old, to=to, actor=actor, now=now, reason=reason)
    order.status = to
    for name, value in columns.items():
        setattr(order, name, value)
    return order


def new_hold(order: Order, now: datetime) -> datetime:
    """Not beyond the draw: whoever has seen the result would pay for the winner only."""
    return min(now + timedelta(minutes=order.hold_minutes), inventory_of(order).offering(order).draw_at)


def is_overdue(order: Order, now: datetime) -> bool:
    return order.status in HELD and order.expires_at is not None and order.expires_at <= now


def expire(order: Order, now: datetime) -> Order:
    with transaction.atomic():
        move_order(order, to=Status.EXPIRED, now=now, actor=Actor.clock())
        inventory_of(order).release(order)
        announce(OrderExpired(order, set_aside(order)))
    return order


def cancel(order: Order, *, actor: Actor, reason: str, now: datetime) -> Order:
    with transaction.atomic():
        move_order(order, to=Status.CANCELLED, now=now, actor=actor, reason=reason)
        if actor.user is not None:
            decide_proofs(order, PaymentProof.Status.REJECTED, actor=actor, now=now, reason=reason)
        inventory_of(order).release(order)
        announce(OrderCancelled(order, actor, reason, set_aside(order)))
    return order


def decide_proofs(order: Order, to: str, *, actor: Actor, now: datetime, reason: str = "") -> None:
    waiting = PaymentProof.objects.filter(order=order, status=PaymentProof.Status.SUBMITTED)
    count = waiting.update(status=to, decided_by=actor.user, decided_at=now, reason=reason)
    if count:
        trail.decided(order, to=to, count=count, actor=actor, reason=reason, now=now)


def latest_proof(order: Order, status: str) -> PaymentProof | None:
    """The last that came; by a clock that was put back it may be older than the one before."""
    return PaymentProof.objects.filter(order=order, status=status).order_by("-id").first()


def is_drawn(order: Order, now: datetime) -> bool:
    return now >= inventory_of(order).offering(order).draw_at


def is_over(order: Order, now: datetime) -> bool:
    offering = inventory_of(order).offering(order)
    return offering.is_closed or now >= offering.draw_at


def hold_late(order: Order, now: datetime) -> None:
    """An order that lost its units takes the same ones again, all of them, or the refusal says why not.

    Never once the draw was held: who has seen the result could still buy the winner. The same where a hold
    ended with it and was not swept yet.
    """
    if is_overdue(order, now) and is_drawn(order, now):
        raise DrawHeld(order.code)
    if order.late_since is None:
        return
    if is_over(order, now):
        raise DrawHeld(order.code)
    inventory_of(order).reclaim(order)


def lost_to_others(order: Order, now: datetime) -> tuple[str, ...]:
    """Labels of what late money cannot buy any more: everything, once the draw was held."""
    if order.late_since is None:
        return ()
    inventory = inventory_of(order)
    if is_over(order, now):
        return tuple(line.label for line in inventory.lines(order))
    return inventory.lost(order)


def held_again(order: Order, now: datetime) -> bool:
    if is_over(order, now):
        return False
    try:
        inventory_of(order).reclaim(order)
    except UnitsGone:
        return False
    return True


def required_reason(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing
    return reason.strip()


def random_code() -> str:
    """Never of digits alone: in the chat and in searches that is a number."""
    code = ""
    while not code or code.isdigit():
        code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    return code


def _insert_under_a_free_code(order: Order) -> None:
    for _attempt in range(CODE_ATTEMPTS):
        order.code = random_code()
        try:
            with transaction.atomic():
                order.save(force_insert=True)
        except IntegrityError:
            if not Order.objects.filter(code=order.code).exists():
                raise
        else:
            return
    raise RuntimeError("no free order code was found")


def note(order: Order, *, actor: Actor, reason: str, now: datetime) -> None:
    """A line of history that moves nothing."""
    _note_change(order, old=order.status, to=order.status, actor=actor, now=now, reason=reason)


def _note_change(order: Order, *, old: str, to: str, actor: Actor, now: datetime, reason: str) -> None:
    OrderChange.objects.create(
        order=order,
        from_status=old,
        to_status=to,
        at=now,
        actor=actor.label,
        user=actor.user,
        reason=reason,
    )
    if old:  # that it was born is no decision, and the most frequent thing of all
        trail.moved(order, old=old, to=to, actor=actor, reason=reason, now=now)
