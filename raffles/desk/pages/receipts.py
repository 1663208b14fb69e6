"""The receipts of a card: safe copies of their pages, and what evidence noticed about them."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from raffles.evidence.findings import Read
from raffles.evidence.queries import evidence_of
from raffles.evidence.wording import in_words, more_pages_in_words, text_in_words
from raffles.sales.admin.order_page import proof_badge, proof_url
from raffles.sales.admin.showing import file_size, money
from raffles.sales.models import Order, PaymentProof


@dataclass(frozen=True)
class Noticed:
    words: str
    level: str
    order_id: int | None
    compare_url: str


@dataclass(frozen=True)
class Receipt:
    proof: PaymentProof
    badge: SafeString
    original_url: str
    size: str
    pages: tuple[str, ...]
    more: str
    noticed: tuple[Noticed, ...]
    text: tuple[str, ...]
    no_text: str


def receipts_of(order: Order, user: User) -> list[Receipt]:
    proofs = list(order.proofs.select_related("decided_by").order_by("-received_at", "-id"))
    sheets = evidence_of(proofs, user=user)
    return [
        Receipt(
            proof=proof,
            badge=proof_badge(proof),
            original_url=proof_url(proof),
            size=file_size(proof.size),
            pages=sheets[proof.pk].pages,
            more=more_pages_in_words(sheets[proof.pk]),
            noticed=tuple(
                Noticed(in_words(one), one.level, one.order_url_id, one.compare_url)
                for one in sheets[proof.pk].findings
            ),
            text=_text(sheets[proof.pk].read),
            no_text=text_in_words(sheets[proof.pk]),
        )
        for proof in proofs
    ]


def _text(read: Read | None) -> tuple[str, ...]:
    if read is None:
        return ()
    amount = "" if read.amount_minor is None else money(read.amount_minor, read.currency)
    day = date_format(read.paid_on, "SHORT_DATE_FORMAT") if read.paid_on else ""
    return tuple(part for part in (amount, read.reference, day, read.destination) if part)
