"""What must hold in the database at any moment, in words for whoever has to mend it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db.models import Exists, F, OuterRef, Q

from raffles.sales.books import booked, books_that_differ
from raffles.sales.models import HELD, CreditEntry, Order, OrderChange, PaymentProof, Refund

Status = Order.Status
Entry = CreditEntry.Kind

SWEEP_MAY_LAG = timedelta(minutes=5)


def violations(now: datetime) -> list[str]:
    orders = [*_overdue(now), *_paid_orders(), *_refunded_orders()]
    return [*orders, *books_that_differ(), *_history(), *_files()]


def _overdue(now: datetime) -> Iterator[str]:
    late = Order.objects.filter(status__in=HELD, expires_at__lt=now - SWEEP_MAY_LAG).order_by("expires_at")
    for order in late:
        yield (
            f"Order {order.code} should have expired at {order.expires_at:%Y-%m-%d %H:%M} UTC and still "
            "holds its units: start the worker, it frees them within a minute."
        )


def _paid_orders() -> Iterator[str]:
    charged = Q(status__in=[Status.PAID, Status.REFUNDED])
    orders = Order.objects.annotate(charge=booked("order", Entry.ORDER)).order_by("pk")
    for order in orders.filter(charged, charge=0):
        yield (
            f"Order {order.code} is {order.status} and no money was charged for it: find who confirmed it in "
            "its history and compare with the bank statement."
        )
    for order in orders.filter(~charged).exclude(charge=0):
        yield (
            f"Order {order.code} was charged and is {order.status}: find out in its history whether the "
            "player has its numbers, and restore it from a backup."
        )
    for order in orders.filter(charged).exclude(charge__in=[0, -F("total_minor")]):
        yield (
            f"Order {order.code} costs {order.total_minor} and was charged {-order.charge}: compare with the "
            "bank statement before you refund anything."
        )


def _refunded_orders() -> Iterator[str]:
    orders = Order.objects.annotate(back=booked("order", Entry.ORDER_RETURNED)).order_by("pk")
    for order in orders.filter(status=Status.REFUNDED).exclude(back=F("total_minor")):
        yield (
            f"Order {order.code} is refunded and its money was not returned to the player's credit: look at "
            "its refund before you send anything."
        )
    for order in orders.exclude(status=Status.REFUNDED).exclude(back=0):
        yield f"Order {order.code} was returned and is {order.status}: find out whether money went back."
    refunded = Exists(Refund.objects.filter(order=OuterRef("pk")))
    for order in orders.filter(~refunded, status=Status.REFUNDED):
        yield f"Order {order.code} is refunded and has no refund: restore it from a backup."


def _history() -> Iterator[str]:
    last: dict[int, str] = dict(OrderChange.objects.order_by("pk").values_list("order_id", "to_status"))
    for order in Order.objects.order_by("pk").only("pk", "code", "status").iterator():
        if last.get(order.pk) != order.status:
            yield (
                f"Order {order.code} is {order.status} and its history ends with "
                f"{last.get(order.pk, 'nothing')}: it was changed behind the product's back."
            )


def _files() -> Iterator[str]:
    proofs = PaymentProof.objects.order_by("pk").values_list("order__code", "file", "sha256")
    for code, name, sha256 in proofs.iterator():
        yield from _file(f"A proof of order {code}", name, sha256)
    refunds = Refund.objects.exclude(evidence="").order_by("pk")
    for refund_id, name, sha256 in refunds.values_list("pk", "evidence", "evidence_sha256").iterator():
        yield from _file(f"The evidence of refund {refund_id}", name, sha256)


def _file(what: str, name: str, sha256: str) -> Iterator[str]:
    if not default_storage.exists(name):
        yield f"{what} is missing: restore {name} from a backup of MEDIA_ROOT."
    elif _sha256(name) != sha256:
        yield f"{what} was changed: restore {name} from a backup of MEDIA_ROOT."


def _sha256(name: str) -> str:
    with default_storage.open(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
