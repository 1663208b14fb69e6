"""Large payments are confirmed by two people: the second finds the word of the first."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from raffles.sales.errors import SecondPersonNeeded
from raffles.sales.inventory import inventory_of
from raffles.sales.models import Approval, Order, OrderChange, PaymentProof


def latest_change(order: Order) -> OrderChange:
    return OrderChange.objects.filter(order=order).latest("id")


def newest_proof(order: Order) -> PaymentProof | None:
    return PaymentProof.objects.filter(order=order).order_by("-id").first()


def counting() -> QuerySet[Approval]:
    """An order that moved since then is another question, and so is one with another receipt."""
    change = OrderChange.objects.filter(order=OuterRef("order")).order_by("-id").values("pk")[:1]
    proof = PaymentProof.objects.filter(order=OuterRef("order")).order_by("-id").values("pk")[:1]
    known = Approval.objects.alias(seen=Coalesce("after_proof_id", 0), newest=Coalesce(Subquery(proof), 0))
    return known.filter(after_change=Subquery(change), seen=F("newest")).select_related("by")


def approvals_that_count(order: Order) -> list[Approval]:
    return list(counting().filter(order=order))


def needs_two(order: Order, amount_minor: int) -> bool:
    limit = inventory_of(order).offering(order).two_people_from_minor
    return limit is not None and max(order.total_minor, amount_minor) >= limit


def require_second_person(order: Order, by: User, amount_minor: int) -> None:
    """Raises SecondPersonNeeded until somebody else has said the same amount."""
    if not needs_two(order, amount_minor):
        return
    said = {approval.amount_minor for approval in approvals_that_count(order) if approval.by_id != by.pk}
    if amount_minor not in said:
        limit = inventory_of(order).offering(order).two_people_from_minor or 0
        raise SecondPersonNeeded(order.code, limit)
