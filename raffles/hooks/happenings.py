"""Which events a fact of the business is. Ids only: who wants to know more asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from raffles.hooks.catalogue import EventKind
from raffles.sales.models import Order, Payment, PaymentProof, Refund
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


@dataclass(frozen=True)
class Happening:
    kind: EventKind
    at: datetime
    order: Order | None = None
    payment: Payment | None = None
    refund: Refund | None = None
    proof: PaymentProof | None = None

    @property
    def about(self) -> Order | Payment | Refund:
        """What it keeps its order with: what belongs to an order, with everything else of that order."""
        found = self.order or self.payment or self.refund
        assert found is not None  # noqa: S101 - for the type checker
        return found

    @property
    def subject(self) -> str:
        return f"{self.about._meta.model_name}:{self.about.pk}"

    @property
    def ids(self) -> dict[str, int | str]:
        rows = {"payment": self.payment, "refund": self.refund, "proof": self.proof}
        ids: dict[str, int | str] = {name: row.pk for name, row in rows.items() if row is not None}
        return {"order": self.order.pk, "code": self.order.code, **ids} if self.order else ids

    def rows(self) -> QuerySet[Order] | QuerySet[Payment] | QuerySet[Refund]:
        """For whoever asks whether somebody may see it."""
        match self.about:
            case Order(pk=key):
                return Order.objects.filter(pk=key)
            case Payment(pk=key):
                return Payment.objects.filter(pk=key)
            case Refund(pk=key):
                return Refund.objects.filter(pk=key)


def happenings(fact: Fact) -> list[Happening]:
    """Money that came is told as such whatever it was for, and so is money that has to go back."""
    match fact:
        case OrderPaid() | PaymentShort() | MoneyKept() | MoneyRecorded():
            return _of_money(fact)
        case OrderCancelled() | OrderExpired() | CancelRequested():
            return [_of_order(fact)]
        case ProofReceived() | ProofRejected() | ProofQuestioned():
            return [_of_proof(fact)]
        case OrderRefunded() | RefundDue() | RefundMade() | RefundDropped():
            return _of_refund(fact)
        case PlayersMerged():
            return []  # the orders are what they were, and whose they are is not told


def _of_money(fact: OrderPaid | PaymentShort | MoneyKept | MoneyRecorded) -> list[Happening]:
    match fact:
        case OrderPaid(order, payment):
            came = [] if payment is None else [_came(payment)]
            return [*came, _closed(EventKind.ORDER_PAID, order)]
        case PaymentShort(_, payment):
            return [_came(payment), _of_payment(EventKind.PAYMENT_SHORT, payment)]
        case MoneyKept(_, payment):
            return [_came(payment), _of_payment(EventKind.PAYMENT_KEPT, payment)]
        case MoneyRecorded(payment):
            return [_came(payment)]


def _of_order(fact: OrderCancelled | OrderExpired | CancelRequested) -> Happening:
    match fact:
        case OrderCancelled(order):
            return _closed(EventKind.ORDER_CANCELLED, order)
        case OrderExpired(order):
            return _closed(EventKind.ORDER_EXPIRED, order)
        case CancelRequested(order, at):
            return Happening(EventKind.ORDER_CANCEL_REQUESTED, at, order)


def _came(payment: Payment) -> Happening:
    return _of_payment(EventKind.PAYMENT_RECORDED, payment)


def _of_payment(kind: EventKind, payment: Payment) -> Happening:
    return Happening(kind, payment.confirmed_at, payment.order, payment)


def _closed(kind: EventKind, order: Order) -> Happening:
    return Happening(kind, order.closed_at or order.created_at, order)


def _of_proof(fact: ProofReceived | ProofRejected | ProofQuestioned) -> Happening:
    match fact:
        case ProofReceived(order, proof):
            return Happening(EventKind.PROOF_RECEIVED, proof.received_at, order, proof=proof)
        case ProofRejected(order, proof):
            at = proof.decided_at or proof.received_at
            return Happening(EventKind.PROOF_REJECTED, at, order, proof=proof)
        case ProofQuestioned(order, _, at):
            return Happening(EventKind.PROOF_QUESTIONED, at, order)


def _of_refund(fact: OrderRefunded | RefundDue | RefundMade | RefundDropped) -> list[Happening]:
    match fact:
        case OrderRefunded(order, refund):
            due = _refund(EventKind.REFUND_DUE, refund, refund.requested_at)
            return [_closed(EventKind.ORDER_REFUNDED, order), due]
        case RefundDue(refund):
            return [_refund(EventKind.REFUND_DUE, refund, refund.requested_at)]
        case RefundMade(refund):
            return [_refund(EventKind.REFUND_MADE, refund, refund.made_at)]
        case RefundDropped(refund):
            return [_refund(EventKind.REFUND_DROPPED, refund, refund.dropped_at)]


def _refund(kind: EventKind, refund: Refund, at: datetime | None) -> Happening:
    return Happening(kind, at or refund.requested_at, refund.order, refund=refund)
