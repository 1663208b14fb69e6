"""What the page of an order shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from raffles.sales.admin.additions import SafeCopy, links_of_order, safe_copy_of
from raffles.sales.admin.decisions import DECISIONS
from raffles.sales.admin.forms import method_label
from raffles.sales.admin.showing import ago, badge, duration, file_size, may_open, money
from raffles.sales.inventory import inventory_of
from raffles.sales.models import HELD, Order, OrderChange, Payment, PaymentProof, Refund
from raffles.sales.queries import credits_seen_by
from raffles.sales.sight import orders_seen_by, seen_by

SOON = timedelta(minutes=5)
TONES = {
    "DRAFT": "quiet",
    "PENDING_PAYMENT": "wait",
    "UNDER_REVIEW": "look",
    "PAID": "good",
    "CANCELLED": "off",
    "EXPIRED": "off",
    "REFUNDED": "back",
}
REFUND_TONES = {"DUE": "wait", "MADE": "good", "DROPPED": "off"}
PROOF_TONES = {"SUBMITTED": "look", "ACCEPTED": "good", "REJECTED": "bad"}


@dataclass(frozen=True)
class Twins:
    """Other orders that a file came with; `is_elsewhere`: also one that the reader may not see."""

    orders: tuple[Order, ...] = ()
    is_elsewhere: bool = False

    def __bool__(self) -> bool:
        return bool(self.orders) or self.is_elsewhere


@dataclass(frozen=True)
class ShownProof:
    row: PaymentProof
    url: str
    copy: SafeCopy | None
    badge: SafeString
    size: str
    age: str
    same_file: Twins


def status_badge(order: Order) -> SafeString:
    return badge(order.get_status_display(), TONES[order.status])


def proof_badge(proof: PaymentProof) -> SafeString:
    return badge(proof.get_status_display(), PROOF_TONES[proof.status])


def time_left(order: Order, now: datetime) -> SafeString | str:
    if order.late_since is not None:
        return badge(_("late money"), "bad")
    if order.status not in HELD or order.expires_at is None:
        return ""
    left = order.expires_at - now
    if left <= timedelta(0):
        return badge(_("overdue"), "bad")
    return badge(_("%(duration)s left") % {"duration": duration(left)}, "wait" if left <= SOON else "quiet")


def proof_url(proof: PaymentProof) -> str:
    return reverse("admin:sales_paymentproof_file", args=(proof.pk,))


def shown_proofs(order: Order, user: Any, now: datetime) -> list[ShownProof]:
    proofs = list(order.proofs.select_related("decided_by").order_by("-received_at", "-id"))
    twins = twins_of(proofs, user)
    return [
        ShownProof(
            row=proof,
            url=proof_url(proof),
            copy=safe_copy_of(proof),
            badge=proof_badge(proof),
            size=file_size(proof.size),
            age=ago(proof.received_at, now),
            same_file=twins[proof.pk],
        )
        for proof in proofs
    ]


def twins_of(proofs: list[PaymentProof], user: Any) -> dict[int, Twins]:
    """By the id of each proof; the same number of queries for one and for a whole list."""
    found: dict[str, dict[int, Order]] = {}
    rows = PaymentProof.objects.filter(sha256__in={proof.sha256 for proof in proofs})
    for row in rows.select_related("order").order_by("id"):
        found.setdefault(row.sha256, {})[row.order_id] = row.order
    others = {key for orders in found.values() if len(orders) > 1 for key in orders}
    seen = set(orders_seen_by(user).filter(pk__in=others).values_list("pk", flat=True)) if others else set()
    return {proof.pk: _twins(proof, found.get(proof.sha256, {}), seen) for proof in proofs}


def _twins(proof: PaymentProof, orders: dict[int, Order], seen: set[int]) -> Twins:
    others = orders.keys() - {proof.order_id}
    shown = tuple(order for key, order in orders.items() if key in others & seen)
    return Twins(shown, is_elsewhere=bool(others - seen))


def orders_with_waiting_proof() -> QuerySet[Order]:
    """The one that waits longest comes first."""
    waiting = Q(proofs__status=PaymentProof.Status.SUBMITTED)
    since = Min("proofs__received_at", filter=waiting)
    return Order.objects.filter(waiting).annotate(waiting_since=since).order_by("waiting_since", "id")


def _actor(change: OrderChange) -> str:
    known = {"player": _("player"), "clock": _("time ran out")}
    return known.get(change.actor, change.actor.removeprefix("staff:"))


def _payments(order: Order) -> list[tuple[Payment, str, str]]:
    rows = Payment.objects.filter(order=order).select_related("confirmed_by").order_by("pk")
    return [(row, money(row.amount_minor, row.currency), method_label(row.method)) for row in rows]


def _refunds(order: Order) -> list[tuple[Refund, str, SafeString]]:
    rows = Refund.objects.filter(order=order).select_related("requested_by", "made_by").order_by("pk")
    return [(row, money(row.amount_minor, row.currency), refund_badge(row)) for row in rows]


def credit_shown(order: Order, user: Any) -> str:
    """Of its player; nothing for who may not read of it."""
    found = credits_seen_by(user, order.player_id)
    return ", ".join(money(minor, currency) for minor, currency in found)


def refund_badge(refund: Refund) -> SafeString:
    return badge(refund.get_status_display(), REFUND_TONES[refund.status])


def context_of(order: Order, user: Any, now: datetime) -> dict[str, Any]:
    inventory = inventory_of(order)
    proofs = shown_proofs(order, user, now) if may_open(user, PaymentProof) else None
    waiting = seen_by(user, orders_with_waiting_proof()).exclude(pk=order.pk)
    return {
        "order": order,
        "offering": inventory.offering(order),
        "lines": [(line.label, money(line.price_minor, order.currency)) for line in inventory.lines(order)],
        "amount": money(order.total_minor, order.currency),
        "status": status_badge(order),
        "left": time_left(order, now),
        "proofs": proofs,
        "has_twins": any(proof.same_file for proof in proofs or ()),
        "payments": _payments(order),
        "refunds": _refunds(order),
        "credit": credit_shown(order, user),
        "changes": [(change, _actor(change)) for change in OrderChange.objects.filter(order=order)],
        "related": list(links_of_order(order, user)),
        "decisions": [one for one in DECISIONS if one.is_open_for(order) and one.is_permitted(user)],
        "waiting_count": waiting.count(),
        "next_order": waiting.first(),
    }
