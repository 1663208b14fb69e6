from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage

from raffles.evidence.actions import await_reading, note_forwarded, read_proofs
from raffles.evidence.findings import FindingKind
from raffles.evidence.listeners import hear
from raffles.evidence.lookups import MOST_CANDIDATES, candidates, keep_marks
from raffles.evidence.models import Evidence, Mark
from raffles.evidence.queries import evidence_of, needs_reason, risk_by_keys, risk_of
from raffles.evidence.reader import Reader, ReaderFailed
from raffles.sales.actions import confirm_payment
from raffles.sales.models import Order, PaymentProof
from raffles.sales.notices import ProofReceived
from tests.evidence.hostile import png_bomb
from tests.evidence.receipts import as_jpeg, cropped, drawn, inverted, sent_by_chat, transfers
from tests.factories import NOW, make_order, make_proof, make_raffle, make_staff
from whatsapp.models import InboundEvent

pytestmark = pytest.mark.django_db

FIRST, SECOND = transfers(2, seed=5)
LATER = NOW + timedelta(minutes=2)


@pytest.fixture(autouse=True)
def _no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether tesseract is installed must not matter here."""
    real = Reader.ask

    def ask(self: Reader, work: str, parts: Any, **words: Any) -> Any:
        return real(self, work, parts, **({**words, "with_text": False} if work == "read" else words))

    monkeypatch.setattr(Reader, "ask", ask)


def sent(content: bytes, numbers: tuple[int, ...], **fields: Any) -> PaymentProof:
    order = make_order(status="PENDING_PAYMENT", numbers=numbers, **fields)
    return make_proof(order, content=content)


def kinds(proof: PaymentProof) -> list[FindingKind]:
    return [finding.kind for finding in evidence_of([proof])[proof.pk].findings]


def test_a_proof_waits_from_the_moment_it_is_stored_and_is_read_once() -> None:
    proof = sent(as_jpeg(drawn(FIRST)), (1,))
    assert Evidence.objects.get(proof=proof).status == "WAITING"
    assert read_proofs(now=LATER) == 1
    evidence = Evidence.objects.get(proof=proof)
    assert (evidence.status, evidence.total_pages, len(evidence.pages)) == ("READ", 1, 1)
    assert default_storage.exists(evidence.pages[0])
    assert evidence.marks.count() > 100
    assert read_proofs(now=LATER) == 0


def test_a_receipt_used_again_is_flagged_on_both_orders() -> None:
    raffle = make_raffle()
    first = sent(as_jpeg(sent_by_chat(drawn(FIRST))), (1,), raffle=raffle)
    honest = sent(as_jpeg(sent_by_chat(drawn(SECOND))), (2,), raffle=raffle)
    again = sent(as_jpeg(cropped(drawn(FIRST))), (3,), raffle=raffle)
    read_one_by_one()
    assert (kinds(first), kinds(honest), kinds(again)) == (
        [FindingKind.SAME_PICTURE],
        [],
        [FindingKind.SAME_PICTURE],
    )
    (finding,) = evidence_of([again])[again.pk].findings
    assert (finding.order_code, finding.proof_id) == (first.order.code, first.pk)
    assert risk_of(again) == 3


def read_one_by_one() -> None:
    """In the order they came, as it is when each is read at once."""
    for evidence in Evidence.objects.order_by("proof_id"):
        Evidence.objects.filter(pk=evidence.pk).update(due_at=NOW)
        Evidence.objects.exclude(pk=evidence.pk).filter(status="WAITING").update(due_at=LATER)
        read_proofs(now=NOW + timedelta(minutes=1))


def test_the_third_use_is_found_by_the_marks_of_the_first() -> None:
    raffle = make_raffle()
    proofs = [
        sent(as_jpeg(picture), (place,), raffle=raffle)
        for place, picture in enumerate((drawn(FIRST), cropped(drawn(FIRST)), inverted(drawn(FIRST))))
    ]
    read_one_by_one()
    first, second, third = (Evidence.objects.get(proof=proof) for proof in proofs)
    assert (second.resembles, third.resembles) == (first, first)
    assert Mark.objects.exclude(evidence=first).count() == 0


def test_the_same_file_needs_a_reason_on_both_orders_and_is_said_once() -> None:
    raffle, content = make_raffle(), as_jpeg(drawn(FIRST))
    first, again = sent(content, (1,), raffle=raffle), sent(content, (2,), raffle=raffle)
    read_one_by_one()
    assert kinds(first) == kinds(again) == [FindingKind.SAME_FILE]
    assert [finding.order_code for finding in needs_reason(again.order)] == [first.order.code]
    assert [finding.order_code for finding in needs_reason(first.order)] == [again.order.code]


def test_the_same_file_for_the_same_order_is_nothing() -> None:
    proof = sent(as_jpeg(drawn(FIRST)), (1,))
    make_proof(proof.order, content=as_jpeg(cropped(drawn(FIRST))))
    make_proof(proof.order, content=as_jpeg(drawn(FIRST)))
    read_one_by_one()
    assert kinds(proof) == []
    assert needs_reason(proof.order) == ()


def test_the_same_reference_counts_within_one_currency() -> None:
    raffle = make_raffle()
    first, again = (
        sent(as_jpeg(drawn(one)), (place,), raffle=raffle) for place, one in enumerate((FIRST, SECOND))
    )
    elsewhere = sent(as_jpeg(drawn(FIRST)) + b" ", (5,), raffle=make_raffle(currency="USD"))
    Evidence.objects.update(reference="TX-77 88", reference_key="tx7788")
    assert FindingKind.SAME_REFERENCE in kinds(first)
    assert [finding.kind for finding in needs_reason(again.order)] == [FindingKind.SAME_REFERENCE]
    assert kinds(elsewhere) == []


def test_a_reference_that_staff_typed_for_another_order_counts_too() -> None:
    raffle = make_raffle()
    paid = make_order(raffle=raffle, numbers=(1,), status="UNDER_REVIEW")
    confirm_payment(
        order_id=paid.pk, by=make_staff(), amount_minor=None, method="transfer", reference="Tx 7788", now=NOW
    )
    proof = sent(as_jpeg(drawn(FIRST)), (2,), raffle=raffle)
    Evidence.objects.filter(proof=proof).update(reference="TX-7788", reference_key="tx7788")
    (finding,) = needs_reason(proof.order)
    assert (finding.kind, finding.order_code) == (FindingKind.SAME_REFERENCE, paid.code)


def test_what_the_receipt_says_is_held_against_the_order() -> None:
    proof = sent(as_jpeg(drawn(FIRST)), (1,))
    Evidence.objects.filter(proof=proof).update(
        ocr="READ", amount_minor=proof.order.total_minor + 1, paid_on=date(2026, 11, 1)
    )
    assert kinds(proof) == [FindingKind.AMOUNT_DIFFERS, FindingKind.DATE_OLD]
    assert risk_of(proof) == 2
    Evidence.objects.filter(proof=proof).update(
        amount_minor=proof.order.total_minor, paid_on=date(2026, 11, 20)
    )
    assert kinds(proof) == []


def test_the_receipt_of_the_rest_is_held_against_what_was_missing() -> None:
    first = sent(as_jpeg(drawn(FIRST)), (1,))
    order, part = first.order, first.order.total_minor - 20_000
    confirm_payment(
        order_id=order.pk, by=make_staff(), amount_minor=part, method="transfer", reference="", now=LATER
    )
    rest = make_proof(order, content=as_jpeg(drawn(SECOND)), now=LATER + timedelta(minutes=1))
    for amount, found in ((20_000, []), (order.total_minor, [FindingKind.AMOUNT_DIFFERS])):
        Evidence.objects.update(ocr="READ", amount_minor=amount)
        assert kinds(rest) == found
        assert risks_by_keys(rest) == (2 if found else 0)
    assert kinds(first) == []  # nothing had come when it did


def risks_by_keys(proof: PaymentProof) -> int:
    return int(PaymentProof.objects.annotate(risk=risk_by_keys()).get(pk=proof.pk).risk)


def test_a_forwarded_message_is_told_quietly() -> None:
    proof = sent(as_jpeg(drawn(FIRST)), (1,))
    note_forwarded(source_key=proof.source_key)
    assert kinds(proof) == [FindingKind.FORWARDED]
    assert risk_of(proof) == 1


def test_a_vanished_file_is_told_and_stops_nobody() -> None:
    raffle = make_raffle()
    gone, there = (
        sent(as_jpeg(drawn(one)), (place,), raffle=raffle) for place, one in enumerate((FIRST, SECOND))
    )
    default_storage.delete(str(gone.file.name))
    read_proofs(now=LATER)
    assert Evidence.objects.get(proof=gone).why_failed == "gone"
    assert kinds(gone) == [FindingKind.UNREADABLE]
    assert Evidence.objects.get(proof=there).status == "READ"


def test_a_hostile_file_is_told_as_unreadable_and_decides_nothing() -> None:
    proof = sent(as_jpeg(drawn(FIRST)), (1,))
    with default_storage.open(str(proof.file.name), "wb") as stream:
        stream.write(png_bomb())
    read_proofs(now=LATER)
    assert kinds(proof) == [FindingKind.UNREADABLE]
    assert Order.objects.get(pk=proof.order_id).status == "UNDER_REVIEW"


def test_a_reader_that_is_lost_is_asked_three_times_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    proof = sent(as_jpeg(drawn(FIRST)), (1,))

    def lost(*_: Any, **__: Any) -> Any:
        raise ReaderFailed("lost")

    monkeypatch.setattr(Reader, "ask", lost)
    moments = [NOW + timedelta(hours=hour) for hour in range(5)]
    assert [read_proofs(now=moment) for moment in moments] == [1, 1, 1, 0, 0]
    assert Evidence.objects.get(proof=proof).status == "FAILED"


def test_what_another_worker_reads_is_left_alone() -> None:
    proof = sent(as_jpeg(drawn(FIRST)), (1,))
    Evidence.objects.filter(proof=proof).update(due_at=LATER + timedelta(minutes=5))
    assert read_proofs(now=LATER) == 0
    assert read_proofs(now=LATER + timedelta(minutes=6)) == 1


def test_proofs_from_before_there_was_evidence_are_read_too() -> None:
    proof = sent(as_jpeg(drawn(FIRST)), (1,))
    Evidence.objects.all().delete()
    assert await_reading(now=LATER) == 1
    assert await_reading(now=LATER) == 0
    hear(ProofReceived(proof.order, proof))
    assert read_proofs(now=LATER) == 1


def test_a_queue_of_proofs_costs_no_more_queries_than_one(django_assert_max_num_queries: Any) -> None:
    raffle = make_raffle()
    proofs = [sent(as_jpeg(drawn(FIRST)), (place,), raffle=raffle) for place in range(8)]
    Evidence.objects.update(reference="TX-7788", reference_key="tx7788")
    with django_assert_max_num_queries(7):
        sheets = evidence_of(PaymentProof.objects.filter(pk__in=[proof.pk for proof in proofs]))
    assert all(sheet.risk == 3 for sheet in sheets.values())


def test_a_mark_that_all_share_has_few_places_and_costs_no_more() -> None:
    raffle, content = make_raffle(), as_jpeg(drawn(FIRST))
    for number in range(Mark.PLACES + 2):
        proof = sent(content, (number,), raffle=raffle)
        keep_marks(Evidence.objects.get(proof=proof), [77, 1_000 + number])
    assert Mark.objects.filter(value=77).count() == Mark.PLACES
    assert Mark.objects.exclude(value=77).count() == Mark.PLACES + 2
    newest = Evidence.objects.latest("id")
    found = candidates([77, 1_003], newest)
    assert found[0] == Mark.objects.get(value=1_003).evidence
    assert len(found) <= MOST_CANDIDATES


@pytest.mark.parametrize("mark", ["forwarded", "frequently_forwarded"])
def test_what_whatsapp_marks_as_forwarded_is_forwarded(mark: str) -> None:
    assert kinds(proof_of_message({"context": {mark: True}}, number=1)) == [FindingKind.FORWARDED]
    assert kinds(proof_of_message({}, number=2)) == []


def proof_of_message(more: dict[str, Any], number: int) -> PaymentProof:
    message = {"type": "image", "image": {"id": "M1", "mime_type": "image/jpeg", "sha256": ""}, **more}
    event = InboundEvent.objects.create(
        event_key=f"m:wamid.{number}",
        kind="MESSAGE",
        field="messages",
        payload={"message": message},
        happened_at=NOW,
        received_at=NOW,
    )
    order = make_order(status="PENDING_PAYMENT", numbers=(number,))
    return make_proof(order, source_key=event.event_key)
