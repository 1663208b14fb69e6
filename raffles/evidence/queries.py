from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.timezone import localdate

from raffles.evidence.findings import NEED_REASON, RISKS, Finding, FindingKind, Read, Sheet
from raffles.evidence.models import Evidence
from raffles.sales.models import Order, Payment, PaymentProof
from raffles.sales.sight import orders_seen_by

# The day may differ by the time zone of a bank.
OLD_BY = timedelta(days=1)


def evidence_of(proofs: Collection[PaymentProof], *, user: Any = None) -> dict[int, Sheet]:
    """By the proof's id; the same number of queries for one and for a whole queue.

    For a user: of an order that they may not see they learn that it is there, and nothing else.
    """
    known = _Known(proofs)
    sheets = {proof.pk: _sheet(proof, known) for proof in proofs}
    return sheets if user is None else _as_seen_by(user, sheets)


def risk_of(proof: PaymentProof) -> int:
    """0 for nothing found, 3 for a receipt that was used before."""
    return evidence_of([proof])[proof.pk].risk


def risk_by_keys() -> Combinable:
    """As `risk_of`, for a query of proofs: what the database tells by its keys, without reading a receipt.

    It knows the worst there is; of what is odd about a receipt alone the date is left out.
    """
    again = PaymentProof.objects.filter(sha256=OuterRef("sha256")).exclude(order=OuterRef("order"))
    return Case(
        When(Exists(again) | Exists(_seen_elsewhere()), then=RISKS["bad"]),
        When(Q(evidence__status=Evidence.Status.FAILED) | _other_amount(), then=RISKS["look"]),
        When(evidence__is_forwarded=True, then=RISKS["quiet"]),
        default=0,
    )


def _seen_elsewhere() -> QuerySet[Evidence]:
    """Of the proof in the query around it, where its picture or reference is of another order too."""
    keyed = ~Q(reference_key="")
    same_key = {"reference_key": OuterRef("reference_key")}
    currency = OuterRef("proof__order__currency")
    read = Evidence.objects.filter(keyed, **same_key, proof__order__currency=currency)
    typed = Payment.objects.filter(keyed, **same_key, currency=currency, order__isnull=False)
    later = Evidence.objects.filter(resembles=OuterRef("pk")).exclude(proof__order=OuterRef("proof__order"))
    others = Exists(read.exclude(proof__order=OuterRef("proof__order")))
    paid = Exists(typed.exclude(order=OuterRef("proof__order")))
    earlier = Q(resembles__isnull=False) & ~Q(resembles__proof__order=F("proof__order"))
    same = earlier | Exists(later) | (keyed & (others | paid))
    return Evidence.objects.filter(same, proof=OuterRef("pk"))


def _other_amount() -> Q:
    """As `_Known.asked`."""
    before = Payment.objects.filter(order=OuterRef("order"), confirmed_at__lt=OuterRef("received_at"))
    came = before.order_by().values("order").annotate(came=Sum("amount_minor")).values("came")
    asked = F("order__total_minor") - Coalesce(Subquery(came), 0)
    return Q(evidence__amount_minor__isnull=False) & ~Q(evidence__amount_minor=asked)


def needs_reason(order: Order, *, user: Any = None) -> tuple[Finding, ...]:
    """Findings in spite of which the order is confirmed only with a reason."""
    sheets = evidence_of(list(order.proofs.exclude(status=PaymentProof.Status.REJECTED)), user=user)
    found = (finding for sheet in sheets.values() for finding in sheet.findings)
    return tuple(dict.fromkeys(finding for finding in found if finding.kind in NEED_REASON))


def _as_seen_by(user: Any, sheets: dict[int, Sheet]) -> dict[int, Sheet]:
    findings = [finding for sheet in sheets.values() for finding in sheet.findings]
    others = {finding.order_url_id for finding in findings if finding.order_url_id is not None}
    seen = set(orders_seen_by(user).filter(pk__in=others).values_list("pk", flat=True)) if others else set()
    return {
        proof_id: replace(sheet, findings=tuple(dict.fromkeys(_of(one, seen) for one in sheet.findings)))
        for proof_id, sheet in sheets.items()
    }


def _of(finding: Finding, seen: Collection[int]) -> Finding:
    is_shown = finding.order_url_id is None or finding.order_url_id in seen
    return finding if is_shown else Finding(finding.kind)


@dataclass(frozen=True)
class _Twin:
    """Another order that something of this proof was seen with."""

    kind: FindingKind
    order_id: int
    code: str
    proof_id: int | None


class _Known:
    """Everything that is asked of the database, once for all proofs."""

    def __init__(self, proofs: Collection[PaymentProof]) -> None:
        ids = [proof.pk for proof in proofs]
        self.orders = Order.objects.in_bulk({proof.order_id for proof in proofs})
        rows = Evidence.objects.filter(proof__in=ids).defer("phrases")
        self.evidence = {row.proof_id: row for row in rows.select_related("resembles__proof__order")}
        self.by_file = self._files({proof.sha256 for proof in proofs})
        self.by_reference = self._references()
        self.later = self._later()
        self.paid = self._paid(proofs)

    def _files(self, digests: set[str]) -> dict[str, list[_Twin]]:
        rows = PaymentProof.objects.filter(sha256__in=digests).order_by("id")
        found = defaultdict(list)
        for digest, proof, order, code in rows.values_list("sha256", "pk", "order_id", "order__code"):
            found[digest].append(_Twin(FindingKind.SAME_FILE, order, code, proof))
        return found

    def _references(self) -> dict[tuple[str, str], list[_Twin]]:
        """Read from another receipt, or typed by staff when they confirmed another order."""
        keys = {row.reference_key for row in self.evidence.values()} - {""}
        read = Evidence.objects.filter(reference_key__in=keys).order_by("id")
        typed = Payment.objects.filter(reference_key__in=keys).exclude(order=None).order_by("id")
        rows = [
            *read.values_list(
                "reference_key", "proof__order__currency", "proof", "proof__order", "proof__order__code"
            ),
            *typed.values_list("reference_key", "currency", "proof", "order", "order__code"),
        ]
        found = defaultdict(list)
        for key, currency, proof, order, code in rows:
            found[key, currency].append(_Twin(FindingKind.SAME_REFERENCE, order, code, proof))
        return found

    def _later(self) -> dict[int, list[_Twin]]:
        """Receipts that came after and show the same."""
        rows = Evidence.objects.filter(resembles__in=[row.pk for row in self.evidence.values()])
        found = defaultdict(list)
        names = ("resembles", "proof", "proof__order", "proof__order__code")
        for original, proof, order, code in rows.order_by("id").values_list(*names):
            found[original].append(_Twin(FindingKind.SAME_PICTURE, order, code, proof))
        return found

    def _paid(self, proofs: Collection[PaymentProof]) -> dict[int, list[tuple[datetime, int]]]:
        """What came for the orders of receipts that name an amount, and when."""
        read = {row.proof_id for row in self.evidence.values() if row.amount_minor is not None}
        orders = {proof.order_id for proof in proofs if proof.pk in read}
        found = defaultdict(list)
        rows = Payment.objects.filter(order__in=orders)
        for order, at, amount in rows.values_list("order_id", "confirmed_at", "amount_minor"):
            found[order].append((at, amount))
        return found

    def asked(self, proof: PaymentProof, order: Order) -> int:
        """What the receipt should show: what was missing when it came."""
        came = self.paid.get(order.pk, ())
        return order.total_minor - sum(amount for at, amount in came if at < proof.received_at)

    def twins(self, proof: PaymentProof) -> list[_Twin]:
        twins = list(self.by_file[proof.sha256])
        row = self.evidence.get(proof.pk)
        if row is not None:
            if row.reference_key:
                twins += self.by_reference[row.reference_key, self.orders[proof.order_id].currency]
            if row.resembles is not None:
                first = row.resembles.proof
                twins.append(_Twin(FindingKind.SAME_PICTURE, first.order_id, first.order.code, first.pk))
            twins += self.later[row.pk]
        return [twin for twin in twins if twin.order_id != proof.order_id]


def _sheet(proof: PaymentProof, known: _Known) -> Sheet:
    row = known.evidence.get(proof.pk)
    order = known.orders[proof.order_id]
    pages = row.pages if row is not None else []
    return Sheet(
        status=str(row.status if row is not None else Evidence.Status.WAITING),
        pages=_page_urls(proof, row),
        more_pages=max(row.total_pages - len(pages), 0) if row is not None else 0,
        findings=tuple(_findings(proof, order, row, known)),
        read=_read(row, order),
        ocr=str(row.ocr if row is not None else Evidence.Ocr.ABSENT),
    )


def _page_urls(proof: PaymentProof, row: Evidence | None) -> tuple[str, ...]:
    """Of a file that waits for its reading the first page is made when somebody looks."""
    if row is not None and row.status == Evidence.Status.FAILED and not row.pages:
        return ()
    count = len(row.pages) if row is not None else 0
    return tuple(page_url(proof.pk, number) for number in range(1, max(count, 1) + 1))


def page_url(proof_id: int, number: int) -> str:
    return reverse("evidence_receipt", args=(proof_id, number))


def _findings(proof: PaymentProof, order: Order, row: Evidence | None, known: _Known) -> Iterable[Finding]:
    """The same file is the same picture too: an order is named once for each reason but this."""
    seen: set[tuple[FindingKind, int]] = set()
    for twin in known.twins(proof):
        is_said = (twin.kind, twin.order_id) in seen
        is_same_file = (
            twin.kind is FindingKind.SAME_PICTURE and (FindingKind.SAME_FILE, twin.order_id) in seen
        )
        if not is_said and not is_same_file:
            seen.add((twin.kind, twin.order_id))
            yield _about(proof, twin)
    if row is not None:
        yield from (Finding(kind) for kind in _of_itself(order, row, known.asked(proof, order)))


def _about(proof: PaymentProof, twin: _Twin) -> Finding:
    other = twin.proof_id
    compare = "" if other is None else reverse("evidence_compare", args=(proof.pk, other))
    return Finding(twin.kind, twin.code, twin.order_id, other, compare)


def _of_itself(order: Order, row: Evidence, asked: int) -> Iterable[FindingKind]:
    if row.amount_minor is not None and row.amount_minor != asked:
        yield FindingKind.AMOUNT_DIFFERS
    if row.paid_on is not None and row.paid_on < localdate(order.created_at) - OLD_BY:
        yield FindingKind.DATE_OLD
    if row.status == Evidence.Status.FAILED:
        yield FindingKind.UNREADABLE
    if row.is_forwarded:
        yield FindingKind.FORWARDED


def _read(row: Evidence | None, order: Order) -> Read | None:
    if row is None or row.ocr != Evidence.Ocr.READ:
        return None
    return Read(row.reference, row.amount_minor, order.currency, row.paid_on, row.destination)
