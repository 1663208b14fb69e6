"""Which events a fact of the business is. Ids only: who wants to know more asks for it.

Of draws what is public goes along: whoever keeps a digest or a root is a witness to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from raffles.draws.models import Award, Draw
from raffles.draws.notices import (
    AwardClaimed,
    AwardHandedOver,
    AwardPassedOn,
    DrawCalledOff,
    DrawClosed,
    DrawFact,
    DrawHeld,
    RulePublished,
)
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
    draw: Draw | None = None
    award: Award | None = None
    public: tuple[tuple[str, int | str], ...] = ()

    @property
    def about(self) -> Order | Payment | Refund | Draw:
        """What it keeps its order with: what belongs to an order or a draw, with everything else of that."""
        found = self.order or self.payment or self.refund or self.draw
        assert found is not None  # noqa: S101 - for the type checker
        return found

    @property
    def subject(self) -> str:
        return f"{self.about._meta.model_name}:{self.about.pk}"

    @property
    def ids(self) -> dict[str, int | str]:
        rows = {"payment": self.payment, "refund": self.refund, "proof": self.proof, "award": self.award}
        ids: dict[str, int | str] = {name: row.pk for name, row in rows.items() if row is not None}
        if self.draw is not None:
            return {"draw": self.draw.code, **ids, **dict(self.public)}
        return {"order": self.order.pk, "code": self.order.code, **ids} if self.order else ids

    @property
    def is_public(self) -> bool:
        """Of a draw everybody may know it; that somebody won, who may see prizes."""
        return self.draw is not None and self.award is None

    def rows(self) -> QuerySet[Order] | QuerySet[Payment] | QuerySet[Refund] | QuerySet[Draw]:
        """For whoever asks whether somebody may see it."""
        match self.about:
            case Draw(pk=key):
                return Draw.objects.filter(pk=key)
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


def happenings_of_draw(fact: DrawFact) -> list[Happening]:
    """Whatever else is told of draws is for staff or for one player."""
    match fact:
        case RulePublished(draw, version):
            told = (("version", version.version), ("digest", version.digest))
            return [Happening(EventKind.RULE_PUBLISHED, version.published_at, draw=draw, public=told)]
        case DrawClosed(draw):
            return _of_draw(EventKind.DRAW_CLOSED, draw, draw.closed_at, tuple(_frozen(draw)))
        case DrawHeld(draw):
            return _of_draw(EventKind.DRAW_HELD, draw, draw.drawn_at, (("root", draw.root),))
        case DrawCalledOff(draw):
            return _of_draw(EventKind.DRAW_CALLED_OFF, draw, draw.called_off_at)
        case AwardClaimed(award):
            return _of_award(EventKind.AWARD_CLAIMED, award, award.claimed_at)
        case AwardHandedOver(award):
            return _of_award(EventKind.AWARD_HANDED_OVER, award, award.handed_over_at)
        case AwardPassedOn(award, _):
            return _of_award(EventKind.AWARD_PASSED_ON, award, award.won_at)
    return []


def _frozen(draw: Draw) -> Iterator[tuple[str, int | str]]:
    """All that the result follows from: whoever keeps it sees later whether it was changed."""
    yield from (("root", draw.root), ("entries", draw.entry_count or 0), ("digest", draw.rule_digest))
    if draw.closed_at is not None:
        yield "closed_at", draw.closed_at.isoformat()
    if draw.beacon_round is not None:
        yield "round", draw.beacon_round


def _of_draw(
    kind: EventKind, draw: Draw, at: datetime | None, public: tuple[tuple[str, int | str], ...] = ()
) -> list[Happening]:
    return [Happening(kind, at, draw=draw, public=public)] if at is not None else []


def _of_award(kind: EventKind, award: Award, at: datetime | None) -> list[Happening]:
    return [Happening(kind, at, draw=award.draw, award=award)] if at is not None else []
