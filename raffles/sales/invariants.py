"""What must hold in the database at any moment, in words for whoever has to mend it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db.models import F, Q

from raffles.sales.models import HELD, Order, OrderChange, Payment, PaymentProof

Status = Order.Status

SWEEP_MAY_LAG = timedelta(minutes=5)


def violations(now: datetime) -> list[str]:
    return [*_overdue(now), *_unpaid_payments(), *_wrong_amounts(), *_refunds(), *_history(), *_proof_files()]


def _overdue(now: datetime) -> Iterator[str]:
    late = Order.objects.filter(status__in=HELD, expires_at__lt=now - SWEEP_MAY_LAG).order_by("expires_at")
    for order in late:
        yield (
            f"Order {order.code} should have expired at {order.expires_at:%Y-%m-%d %H:%M} UTC and still "
            "holds its units: start the worker, it frees them within a minute."
        )


def _unpaid_payments() -> Iterator[str]:
    settled = [Status.PAID, Status.REFUNDED]
    for order in Order.objects.filter(status__in=settled, payment=None).order_by("pk"):
        yield (
            f"Order {order.code} is {order.status} and has no payment: find who confirmed it in its history "
            "and restore the payment from a backup."
        )
    for payment in Payment.objects.exclude(order__status__in=settled).select_related("order").order_by("pk"):
        yield (
            f"Order {payment.order.code} has a payment and is {payment.order.status}: find out whether the "
            "money came, then confirm or refund the order."
        )


def _wrong_amounts() -> Iterator[str]:
    same = Q(amount_minor=F("order__total_minor"), currency=F("order__currency"))
    for payment in Payment.objects.exclude(same).select_related("order").order_by("pk"):
        yield (
            f"The payment of order {payment.order.code} is {payment.amount_minor} {payment.currency}, its "
            f"total {payment.order.total_minor} {payment.order.currency}: compare with the bank statement."
        )


def _refunds() -> Iterator[str]:
    for order in Order.objects.filter(status=Status.REFUNDED, refund=None).order_by("pk"):
        yield f"Order {order.code} is refunded and has no refund: restore it from a backup."
    for order in Order.objects.exclude(status=Status.REFUNDED).exclude(refund=None).order_by("pk"):
        yield f"Order {order.code} has a refund and is {order.status}: find out whether money went back."


def _history() -> Iterator[str]:
    last: dict[int, str] = dict(OrderChange.objects.order_by("pk").values_list("order_id", "to_status"))
    for order in Order.objects.order_by("pk").only("pk", "code", "status").iterator():
        if last.get(order.pk) != order.status:
            yield (
                f"Order {order.code} is {order.status} and its history ends with "
                f"{last.get(order.pk, 'nothing')}: it was changed behind the product's back."
            )


def _proof_files() -> Iterator[str]:
    files = PaymentProof.objects.order_by("pk").values_list("order__code", "file", "sha256")
    for code, name, sha256 in files.iterator():
        if not default_storage.exists(name):
            yield f"A proof of order {code} is missing: restore {name} from a backup of MEDIA_ROOT."
        elif _sha256(name) != sha256:
            yield f"A proof of order {code} was changed: restore {name} from a backup of MEDIA_ROOT."


def _sha256(name: str) -> str:
    with default_storage.open(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
