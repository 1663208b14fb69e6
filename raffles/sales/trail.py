"""What of sales goes into the audit log, in the transaction it tells of. Codes and amounts, no names."""

from __future__ import annotations

from datetime import datetime

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.sales.models import Actor, Approval, Order, Payment, Player, Refund


def moved(order: Order, *, old: str, to: str, actor: Actor, reason: str, now: datetime) -> None:
    record(
        Deed.ORDER_MOVED,
        subject=order,
        user=actor.user,
        actor=actor.label,
        before={"status": old},
        after={"status": to},
        reason=reason,
        now=now,
    )


def decided(order: Order, *, to: str, count: int, actor: Actor, reason: str, now: datetime) -> None:
    record(
        Deed.PROOFS_DECIDED,
        subject=order,
        user=actor.user,
        actor=actor.label,
        after={"status": to, "proofs": count},
        reason=reason,
        now=now,
    )


def approved(approval: Approval, order: Order) -> None:
    told = {"amount_minor": approval.amount_minor, "currency": order.currency}
    record(
        Deed.PAYMENT_APPROVED,
        subject=order,
        user=approval.by,
        after=told,
        reason=approval.reason,
        now=approval.at,
    )


def confirmed(payment: Payment) -> None:
    record(
        Deed.PAYMENT_CONFIRMED,
        subject=payment,
        label=_name(payment),
        user=payment.confirmed_by,
        after={
            "amount_minor": payment.amount_minor,
            "currency": payment.currency,
            "method": payment.method,
            "order": payment.order.code if payment.order else "",
            "player": f"#{payment.player_id}",
        },
        now=payment.confirmed_at,
    )


def refund_moved(refund: Refund, deed: Deed, *, actor: Actor, reason: str, now: datetime) -> None:
    record(
        deed,
        subject=refund,
        label=_name(refund),
        user=actor.user,
        actor=actor.label,
        after={
            "status": refund.status,
            "amount_minor": refund.amount_minor,
            "currency": refund.currency,
            "player": f"#{refund.player_id}",
        },
        reason=reason,
        now=now,
    )


def merged(keep: Player, gone: Player, *, moved: dict[str, int], actor: Actor, now: datetime) -> None:
    record(
        Deed.PLAYERS_MERGED,
        subject=keep,
        label=f"#{keep.pk}",
        user=actor.user,
        actor=actor.label,
        before={"player": f"#{gone.pk}"},
        after={"player": f"#{keep.pk}", **moved},
        now=now,
    )


def _name(row: Payment | Refund) -> str:
    return row.order.code if row.order else f"#{row.pk}"
