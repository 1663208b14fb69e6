from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from pytest_django import Settings

from raffles.numbers.models import Ticket
from raffles.sales.actions import expire_orders, pay_with_credit, reject_proof
from raffles.sales.errors import (
    DrawHeld,
    MoveNotAllowed,
    ProofKindNotAllowed,
    ProofTooLarge,
    ProofUnreadable,
    TooManyProofs,
)
from raffles.sales.models import Order, PaymentProof
from raffles.sales.notices import Fact, OrderCancelled, OrderExpired, ProofReceived
from raffles.sales.proof_files import LARGEST_PROOF, ProofKind, StoredProof, store
from raffles.sales.queries import credit_of
from tests.factories import (
    NOW,
    confirm,
    make_order,
    make_proof,
    make_raffle,
    make_staff,
    pdf_bytes,
    picture_bytes,
    png_bytes,
)

pytestmark = pytest.mark.django_db

S = Order.Status


def files_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("content", "content_type", "extension"),
    [
        (picture_bytes("JPEG"), "image/jpeg", "jpg"),
        (picture_bytes("PNG"), "image/png", "png"),
        (picture_bytes("WEBP"), "image/webp", "webp"),
        (pdf_bytes(), "application/pdf", "pdf"),
    ],
)
def test_a_proof_is_kept_as_it_came_under_a_name_of_our_own(
    content: bytes, content_type: str, extension: str, tmp_path: Path
) -> None:
    proof = make_proof(make_order(status=S.PENDING_PAYMENT), content=content)

    assert (proof.content_type, proof.size) == (content_type, len(content))
    assert proof.sha256 == hashlib.sha256(content).hexdigest()
    assert proof.file.name is not None
    assert proof.file.name.startswith("proofs/2026/11/")
    assert proof.file.name.endswith(f".{extension}")
    assert (tmp_path / proof.file.name).read_bytes() == content


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", ProofUnreadable),
        (b"MZ\x90\x00 a program", ProofKindNotAllowed),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ProofKindNotAllowed),
        (b"GIF89a" + bytes(100), ProofKindNotAllowed),
        (b" %PDF-1.4", ProofKindNotAllowed),
        (b"\xff\xd8\xff" + bytes(100), ProofUnreadable),
        (png_bytes()[:30], ProofUnreadable),
        (b"RIFF\x00\x00\x00\x00WEBP", ProofUnreadable),
        (bytes(LARGEST_PROOF + 1), ProofTooLarge),
    ],
)
def test_what_is_no_proof_is_refused_and_leaves_nothing(
    content: bytes, refusal: type[Exception], tmp_path: Path, heard: list[Fact]
) -> None:
    order = make_order(status=S.PENDING_PAYMENT)
    with pytest.raises(refusal):
        make_proof(order, content=content)
    order.refresh_from_db()
    assert order.status == S.PENDING_PAYMENT
    assert files_under(tmp_path) == []
    assert heard == []


def test_ten_megabytes_are_the_most() -> None:
    content = pdf_bytes().ljust(LARGEST_PROOF, b"\n")
    assert make_proof(make_order(), content=content).size == LARGEST_PROOF


def test_a_picture_that_would_fill_the_memory_is_not_unpacked() -> None:
    bomb = bytearray(png_bytes())
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    with pytest.raises(ProofUnreadable):
        make_proof(make_order(), content=bytes(bomb))


def test_the_same_message_twice_is_one_proof(tmp_path: Path, heard: list[Fact]) -> None:
    order = make_order(status=S.PENDING_PAYMENT)
    first = make_proof(order, source_key="wamid.1")
    again = make_proof(order, source_key="wamid.1", content=pdf_bytes())
    assert again == first
    assert heard == [ProofReceived(order, first)]
    assert len(files_under(tmp_path)) == 1


def test_a_key_that_appears_while_the_file_is_written_keeps_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = make_order(status=S.PENDING_PAYMENT)
    action = import_module("raffles.sales.actions.submit_payment_proof")
    rival: list[PaymentProof] = []

    def store_after_the_rival(content: bytes, kind: ProofKind, now: datetime) -> StoredProof:
        monkeypatch.setattr(action, "store", store)
        rival.append(make_proof(order, source_key="wamid.1"))
        return store(content, kind, now)

    monkeypatch.setattr(action, "store", store_after_the_rival)
    assert [make_proof(order, source_key="wamid.1")] == rival
    assert len(files_under(tmp_path)) == 1


def test_the_clock_stands_still_under_review() -> None:
    order = make_order(status=S.PENDING_PAYMENT)
    make_proof(order, now=NOW + timedelta(minutes=5))
    order.refresh_from_db()
    assert (order.status, order.expires_at) == (S.UNDER_REVIEW, None)


def test_a_proof_before_the_confirm_counts_as_one() -> None:
    order = make_order()
    make_proof(order)
    order.refresh_from_db()
    assert (order.status, order.confirmed_at) == (S.UNDER_REVIEW, NOW)


def test_ten_proofs_are_kept_and_the_next_ten_refused(tmp_path: Path) -> None:
    order = make_order(status=S.PENDING_PAYMENT)
    for _ in range(10):
        make_proof(order)
    for _ in range(10):
        with pytest.raises(TooManyProofs) as refusal:
            make_proof(order)
    assert refusal.value.limit == 10
    assert order.proofs.count() == len(files_under(tmp_path)) == 10


def test_ten_that_were_rejected_do_not_stand_in_the_way_of_a_good_one() -> None:
    order = make_order(status=S.PENDING_PAYMENT)
    for _ in range(10):
        make_proof(order)
    reject_proof(order_id=order.pk, by=make_staff(), reason="unreadable", now=NOW)
    make_proof(order)
    assert order.proofs.filter(status=PaymentProof.Status.SUBMITTED).count() == 1


@pytest.mark.parametrize("status", [S.PAID, S.CANCELLED, S.REFUNDED])
def test_a_proof_for_an_order_that_is_over_is_refused_without_a_file(status: str, tmp_path: Path) -> None:
    order = make_order(status=status)
    before = files_under(tmp_path)
    with pytest.raises(MoveNotAllowed):
        make_proof(order)
    assert files_under(tmp_path) == before


def test_a_listener_that_fails_leaves_neither_row_nor_file(tmp_path: Path, settings: Settings) -> None:
    order = make_order(status=S.PENDING_PAYMENT)
    settings.RAFFLES_LISTENERS = ["tests.sales.no_such_listener.hear"]
    with pytest.raises(ImportError):
        make_proof(order)
    order.refresh_from_db()
    assert order.status == S.PENDING_PAYMENT
    assert order.proofs.count() == len(files_under(tmp_path)) == 0


def test_a_late_proof_takes_the_same_numbers_again_when_they_are_free() -> None:
    order = make_order(status=S.EXPIRED)
    make_proof(order)
    order.refresh_from_db()
    assert (order.status, order.late_since) == (S.UNDER_REVIEW, None)
    assert set(order.tickets.values_list("status", flat=True)) == {Ticket.Status.RESERVED}
    confirm(order)
    order.refresh_from_db()
    assert order.status == S.PAID


def late_order() -> Order:
    """Its 12 has gone to somebody else, its 5 is free."""
    raffle = make_raffle()
    order = make_order(raffle=raffle, numbers=[5, 12], status=S.EXPIRED)
    make_order(raffle=raffle, numbers=[12], status=S.PENDING_PAYMENT)
    make_proof(order)
    order.refresh_from_db()
    return order


def test_a_late_proof_whose_numbers_are_gone_waits_for_staff_and_holds_nothing(heard: list[Fact]) -> None:
    order = late_order()
    assert (order.status, order.late_since) == (S.UNDER_REVIEW, NOW)
    assert set(order.tickets.values_list("status", flat=True)) == {Ticket.Status.RELEASED}
    assert heard == [OrderExpired(order), ProofReceived(order, order.proofs.get())]


def test_a_late_payment_whose_numbers_are_gone_takes_none_and_becomes_credit() -> None:
    order = late_order()
    confirm(order)
    order.refresh_from_db()
    assert (order.status, order.late_since) == (S.CANCELLED, None)
    assert set(order.tickets.values_list("status", flat=True)) == {Ticket.Status.RELEASED}
    assert credit_of(order.player_id, "PYG") == order.total_minor


def test_a_late_payment_is_confirmed_once_its_numbers_are_free_again() -> None:
    order = late_order()
    rival = Order.objects.exclude(pk=order.pk).get()
    assert expire_orders(now=NOW + timedelta(hours=1)) == [rival]
    confirm(order)
    order.refresh_from_db()
    assert (order.status, order.late_since) == (S.PAID, None)


def test_once_the_draw_was_held_late_money_takes_no_number(heard: list[Fact]) -> None:
    """Whoever has seen the result could otherwise buy the winner with an order that expired before."""
    drawn_at = NOW - timedelta(minutes=1)
    raffle = make_raffle(sales_close_at=drawn_at, draw_at=drawn_at)
    order = make_order(raffle=raffle, numbers=[12], status=S.EXPIRED)
    make_proof(order)
    order.refresh_from_db()
    assert (order.status, order.late_since) == (S.UNDER_REVIEW, NOW)
    assert set(order.tickets.values_list("status", flat=True)) == {Ticket.Status.RELEASED}
    with pytest.raises(DrawHeld):
        pay_with_credit(order_id=order.pk, by=make_staff(), now=NOW)
    confirm(order)
    order.refresh_from_db()
    assert order.status == S.CANCELLED
    assert set(order.tickets.values_list("status", flat=True)) == {Ticket.Status.RELEASED}
    assert credit_of(order.player_id, "PYG") == order.total_minor


def test_a_rejected_late_proof_whose_numbers_are_free_again_waits_for_payment() -> None:
    order = late_order()
    expire_orders(now=NOW + timedelta(hours=1))
    reject_proof(order_id=order.pk, by=make_staff(), reason="unreadable", now=NOW)
    order.refresh_from_db()
    assert (order.status, order.late_since) == (S.PENDING_PAYMENT, None)
    assert set(order.tickets.values_list("status", flat=True)) == {Ticket.Status.RESERVED}


def test_a_rejected_late_proof_whose_numbers_are_gone_ends_the_order(heard: list[Fact]) -> None:
    order = late_order()
    heard.clear()
    reject_proof(order_id=order.pk, by=make_staff("rosa"), reason="not our account", now=NOW)
    order.refresh_from_db()
    assert order.status == S.CANCELLED
    assert order.proofs.get().status == PaymentProof.Status.REJECTED
    (fact,) = heard
    assert isinstance(fact, OrderCancelled)
    assert (fact.reason, fact.actor.label) == ("not our account", "staff:rosa")
