"""What the page of an order shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from raffles.sales.admin.additions import links_of_order
from raffles.sales.admin.decisions import DECISIONS
from raffles.sales.admin.files import PICTURES
from raffles.sales.admin.forms import method_label
from raffles.sales.admin.showing import ago, badge, duration, file_size, money
from raffles.sales.inventory import inventory_of
from raffles.sales.models import HELD, Order, OrderChange, Payment, PaymentProof, Refund
from raffles.sales.queries import credits_of

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
class ShownProof:
    row: PaymentProof
    url: str
    is_picture: bool
    badge: SafeString
    size: str
    age: str
    same_file: tuple[Order, ...]


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


def shown_proofs(order: Order, now: datetime) -> list[ShownProof]:
    proofs = list(order.proofs.select_related("decided_by").order_by("-received_at", "-id"))
    others = same_files(proofs)
    return [
        ShownProof(
            row=proof,
            url=proof_url(proof),
            is_picture=proof.content_type in PICTURES,
            badge=proof_badge(proof),
            size=file_size(proof.size),
            age=ago(proof.received_at, now),
            same_file=tuple(other for other in others.get(proof.sha256, []) if other.pk != order.pk),
        )
        for proof in proofs
    ]


def same_files(proofs: list[PaymentProof]) -> dict[str, list[Order]]:
    """Orders by the hash of a file that came with them; one query for all."""
    found: dict[str, list[Order]] = {}
    rows = PaymentProof.objects.filter(sha256__in={proof.sha256 for proof in proofs})
    for proof in rows.select_related("order").order_by("id"):
        orders = found.setdefault(proof.sha256, [])
        if proof.order not in orders:
            orders.append(proof.order)
    return found


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


def refund_badge(refund: Refund) -> SafeString:
    return badge(refund.get_status_display(), REFUND_TONES[refund.status])


def context_of(order: Order, user: Any, now: datetime) -> dict[str, Any]:
    inventory = inventory_of(order)
    proofs = shown_proofs(order, now)
    waiting = orders_with_waiting_proof().exclude(pk=order.pk)
    return {
        "order": order,
        "offering": inventory.offering(order),
        "lines": [(line.label, money(line.price_minor, order.currency)) for line in inventory.lines(order)],
        "amount": money(order.total_minor, order.currency),
        "status": status_badge(order),
        "left": time_left(order, now),
        "proofs": proofs,
        "has_twins": any(proof.same_file for proof in proofs),
        "payments": _payments(order),
        "refunds": _refunds(order),
        "credit": ", ".join(money(minor, currency) for minor, currency in credits_of(order.player_id)),
        "changes": [(change, _actor(change)) for change in OrderChange.objects.filter(order=order)],
        "related": list(links_of_order(order)),
        "decisions": [one for one in DECISIONS if one.is_open_for(order) and one.is_permitted(user)],
        "waiting_count": waiting.count(),
        "next_order": waiting.first(),
    }
