from __future__ import annotations

from importlib import import_module

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from raffles.evidence.actions import read_proofs
from raffles.evidence.models import Evidence
from raffles.evidence.queries import evidence_of
from raffles.evidence.wording import in_words
from raffles.sales.models import PaymentProof
from tests.admin.conftest import ClientOf, boss, client_of, desk, today
from tests.admin.pages import fetch, text
from tests.evidence.hostile import pdf_of
from tests.evidence.receipts import as_jpeg, drawn, transfers
from tests.factories import NOW, make_order, make_player, make_proof, make_raffle

__all__ = ["boss", "client_of", "desk", "today"]
pytestmark = pytest.mark.django_db

FIRST, SECOND = transfers(2, seed=5)


def proof_with(content: bytes, numbers: tuple[int, ...] = (1,), name: str = "Ana") -> PaymentProof:
    order = make_order(
        status="PENDING_PAYMENT", raffle=make_raffle(), player=make_player(name=name), numbers=numbers
    )
    return make_proof(order, content=content)


def page_of(proof: PaymentProof, page: int = 1) -> str:
    return reverse("evidence_receipt", args=(proof.pk, page))


def compare_url(one: PaymentProof, other: PaymentProof) -> str:
    return reverse("evidence_compare", args=(one.pk, other.pk))


def test_staff_see_the_copy_before_it_was_read_and_it_is_made_once(desk: Client) -> None:
    proof = proof_with(as_jpeg(drawn(FIRST)))
    answer = fetch(desk, page_of(proof))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert answer.body.startswith(b"\xff\xd8\xff")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    made = Evidence.objects.get(proof=proof).pages
    fetch(desk, page_of(proof))
    assert Evidence.objects.get(proof=proof).pages == made


def test_every_page_of_a_pdf_has_its_address_and_what_is_left_out_is_told(desk: Client) -> None:
    proof = proof_with(pdf_of(12))
    fetch(desk, page_of(proof))
    sheet = evidence_of([proof])[proof.pk]
    assert (len(sheet.pages), sheet.more_pages) == (10, 2)
    assert fetch(desk, sheet.pages[9]).status_code == 200
    assert desk.get(page_of(proof, 11)).status_code == 404
    assert desk.get(page_of(proof, 0)).status_code == 404


def test_what_takes_long_is_prepared_by_the_worker_and_nobody_waits_for_it(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    copying = import_module("raffles.evidence.actions.copy_proof")
    monkeypatch.setattr(copying, "PATIENT_SECONDS", 0)
    proof = proof_with(as_jpeg(drawn(FIRST)))
    answer = desk.get(page_of(proof))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")
    assert Evidence.objects.get(proof=proof).tries == 0
    monkeypatch.setattr(copying, "Reader", None)  # asked again it is not tried again
    assert desk.get(page_of(proof)).status_code == 503
    assert read_proofs(now=NOW) == 1
    assert fetch(desk, page_of(proof)).status_code == 200


def test_a_file_that_nobody_can_read_has_no_page_to_show(desk: Client) -> None:
    proof = proof_with(as_jpeg(drawn(FIRST))[:2_000])
    assert evidence_of([proof])[proof.pk].pages == (page_of(proof),)
    assert desk.get(page_of(proof)).status_code == 404
    assert evidence_of([proof])[proof.pk].pages == ()


def test_nobody_but_staff_who_may_learns_of_a_receipt(client: Client, client_of: ClientOf) -> None:
    proof, other = proof_with(as_jpeg(drawn(FIRST))), proof_with(as_jpeg(drawn(SECOND)))
    for address in (page_of(proof), compare_url(proof, other), compare_url(proof, other) + "1/"):
        assert client.get(address).status_code == 404
        assert client_of(username="bea" + address, is_staff=False).get(address).status_code == 404
        assert client_of(username="ana" + address).get(address).status_code == 403
    may = client_of("sales.view_paymentproof", username="carla")
    assert fetch(may, page_of(proof)).status_code == 200


def test_a_vanished_file_is_a_page_not_found(desk: Client) -> None:
    proof = proof_with(as_jpeg(drawn(FIRST)))
    default_storage.delete(str(proof.file.name))
    assert desk.get(page_of(proof)).status_code == 404
    assert desk.get(reverse("evidence_receipt", args=(proof.pk + 999, 1))).status_code == 404


def test_two_receipts_stand_side_by_side_with_what_staff_need(desk: Client) -> None:
    one = proof_with(as_jpeg(drawn(FIRST)), name="<script>alert(1)</script>")
    other = proof_with(as_jpeg(drawn(SECOND)), name="Bruno")
    shown = text(desk.get(compare_url(one, other)))
    assert one.order.code in shown
    assert other.order.code in shown
    assert "Bruno" in shown
    assert "<script>alert(1)" not in shown
    for side in (1, 2):
        picture = fetch(desk, reverse("evidence_compared", args=(one.pk, other.pk, side)))
        assert picture.body.startswith(b"\xff\xd8\xff")
    assert desk.get(reverse("evidence_compared", args=(one.pk, other.pk, 3))).status_code == 404
    assert desk.get(compare_url(one, one)).status_code == 404


def test_the_finding_leads_to_the_comparison(desk: Client) -> None:
    content = as_jpeg(drawn(FIRST))
    one, other = proof_with(content), proof_with(content)
    (finding,) = evidence_of([other])[other.pk].findings
    page = text(desk.get(finding.compare_url))
    with override("en"):
        assert in_words(finding) in page
    assert finding.compare_url == compare_url(other, one)


def test_a_file_that_cannot_be_read_is_told_on_the_page(desk: Client) -> None:
    one, other = proof_with(as_jpeg(drawn(FIRST))), proof_with(b"%PDF-1.4 nothing")
    answer = desk.get(compare_url(one, other))
    assert answer.status_code == 200
    assert "cannot be compared" in text(answer)
