from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from raffles.desk import alerts
from raffles.desk.models import Destination, StaffNotification
from raffles.sales.models import Order, Refund
from raffles.sales.notices import (
    CancelRequested,
    Fact,
    MoneyKept,
    MoneyRecorded,
    OrderCancelled,
    OrderExpired,
    OrderPaid,
    OrderRefunded,
    PaymentShort,
    PlayersMerged,
    ProofQuestioned,
    ProofReceived,
    ProofRejected,
    RefundDropped,
    RefundDue,
    RefundMade,
)

Kind = StaffNotification.Kind
# Staff did it, and nothing is left to do.
DoneByStaff: TypeAlias = (
    OrderPaid | PaymentShort | ProofRejected | ProofQuestioned | RefundMade | RefundDropped | PlayersMerged
)


def hear(fact: Fact) -> None:
    match fact:
        case ProofReceived(order, proof):
            kind = Kind.LATE_PROOF if order.late_since else Kind.PROOF_RECEIVED
            _notify(kind, order, f"proof:{proof.pk}", proof.received_at)
        case CancelRequested(order, at):
            _notify_again(Kind.CANCEL_REQUESTED, order, at)
        case MoneyKept(_, payment, _) | MoneyRecorded(payment):
            _money_waits(payment.player_id, payment.order, f"payment:{payment.pk}", payment.confirmed_at)
        case OrderCancelled(order, _, _, kept) | OrderExpired(order, kept):
            if kept:
                _money_waits(order.player_id, order, f"order:{order.pk}:{order.closed_at}", order.closed_at)
        case OrderRefunded(_, refund) | RefundDue(refund):
            _refund_waits(refund)
        case _:
            _need_nothing(fact)


def hand_over(fact: Fact) -> None:
    """What waits for a player who is another one now, and what staff hear by their own phone, goes along."""
    if isinstance(fact, PlayersMerged):
        StaffNotification.objects.filter(player=fact.gone_id).update(player=fact.keep_id)
        Destination.objects.filter(player=fact.gone_id).update(player=fact.keep_id)


def _need_nothing(fact: DoneByStaff) -> None:
    """A new fact is either heard above or named here: otherwise the types do not fit."""


def _money_waits(player_id: int, order: Order | None, subject: str, at: datetime | None) -> None:
    with override(settings.LANGUAGE_CODE):
        text = _("Ask the player: other numbers with this credit, or the money back?")
    _put(Kind.MONEY_WITHOUT_NUMBERS, subject, player_id=player_id, order=order, at=at, text=text)


def _refund_waits(refund: Refund) -> None:
    with override(settings.LANGUAGE_CODE):
        text = _("Send the money back, then note its transfer in the list of refunds.")
    _put(
        Kind.REFUND_DUE,
        f"refund:{refund.pk}",
        player_id=refund.player_id,
        order=refund.order,
        at=refund.requested_at,
        text=text,
    )


def _notify(kind: Kind, order: Order, subject: str, at: datetime) -> None:
    _put(kind, subject, player_id=order.player_id, order=order, at=at)


def _put(
    kind: Kind, subject: str, *, player_id: int, order: Order | None, at: datetime | None, text: str = ""
) -> None:
    """Heard twice, also after somebody has looked, it is one."""
    if at is None or StaffNotification.objects.filter(kind=kind, subject=subject).exists():
        return
    note = StaffNotification(
        kind=kind, player_id=player_id, order=order, subject=subject, text=text, created_at=at
    )
    StaffNotification.objects.bulk_create([note], ignore_conflicts=True)
    alerts.wake()


def _notify_again(kind: Kind, order: Order, at: datetime) -> None:
    """Asked again before anybody has looked, it stays one; afterwards it is news."""
    if not StaffNotification.objects.filter(kind=kind, order=order, seen_at=None).exists():
        _notify(kind, order, f"order:{order.pk}:{at.timestamp():.0f}", at)
