"""Money on its way back: due, made with evidence, or dropped; it is never in two places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from raffles.numbers.models import Ticket
from raffles.sales.actions import (
    drop_refund,
    make_refund,
    merge_players,
    record_payment,
    refund_order,
    request_refund,
)
from raffles.sales.errors import (
    AmountNotPositive,
    CreditTooSmall,
    EvidenceMissing,
    PlayerNotFound,
    ProofKindNotAllowed,
    ReasonMissing,
    RefundDecided,
    RefundNotFound,
    Refusal,
)
from raffles.sales.invariants import violations
from raffles.sales.models import CreditEntry, Order, Player, Refund
from raffles.sales.notices import Fact, OrderRefunded, RefundDropped, RefundDue, RefundMade
from raffles.sales.queries import credit_of, credits_of
from tests.factories import NOW, make_order, make_player, make_staff, pdf_bytes, png_bytes

pytestmark = pytest.mark.django_db

S = Order.Status
R = Refund.Status


@pytest.fixture
def staff() -> User:
    return make_staff("rosa")


@pytest.fixture
def rich(staff: User) -> Player:
    player = make_player()
    record_payment(
        player_id=player.pk, currency="USD", amount_minor=1000, method="", reference="", by=staff, now=NOW
    )
    return player


def asked(player: Player, staff: User, amount: int = 400, **changes: Any) -> Refund:
    given: dict[str, Any] = {"currency": "USD", "destination": "account 1", "reason": "asked", "now": NOW}
    return request_refund(player_id=player.pk, amount_minor=amount, by=staff, **(given | changes))


def made(refund: Refund, staff: User, reference: str = "77", evidence: bytes | None = None) -> Refund:
    return make_refund(refund_id=refund.pk, by=staff, reference=reference, evidence=evidence, now=NOW)


def dropped(refund: Refund, staff: User, reason: str = "wrong account") -> Refund:
    return drop_refund(refund_id=refund.pk, by=staff, reason=reason, now=NOW)


def test_credit_to_give_back_is_set_apart_at_once(rich: Player, staff: User, heard: list[Fact]) -> None:
    heard.clear()
    refund = asked(rich, staff)
    assert (refund.status, refund.destination, refund.requested_by) == (R.DUE, "account 1", staff)
    assert credit_of(rich.pk, "USD") == 600
    assert heard == [RefundDue(refund)]
    assert violations(NOW) == []


def test_an_order_gives_back_its_numbers_and_its_money_is_due(staff: User, heard: list[Fact]) -> None:
    order = make_order(status=S.PAID)
    heard.clear()
    refund = refund_order(order_id=order.pk, by=staff, reason="asked", destination=" account 1 ", now=NOW)
    assert (refund.status, refund.amount_minor, refund.destination) == (R.DUE, order.total_minor, "account 1")
    assert set(order.tickets.values_list("status", flat=True)) == {Ticket.Status.RELEASED}
    assert credit_of(order.player_id, "PYG") == 0
    assert heard == [OrderRefunded(order, refund)]
    assert violations(NOW) == []


@pytest.mark.parametrize("content", [png_bytes(), pdf_bytes()])
def test_money_that_was_sent_leaves_evidence(
    content: bytes, rich: Player, staff: User, heard: list[Fact], tmp_path: Path
) -> None:
    refund = asked(rich, staff)
    heard.clear()
    refund = made(refund, staff, reference="", evidence=content)
    assert (refund.status, refund.made_by, refund.made_at) == (R.MADE, staff, NOW)
    assert refund.evidence.name is not None
    assert refund.evidence.name.startswith("refunds/")
    assert (tmp_path / refund.evidence.name).read_bytes() == content
    assert heard == [RefundMade(refund)]
    assert credit_of(rich.pk, "USD") == 600
    assert violations(NOW) == []


def test_money_sent_without_a_trace_is_not_noted(rich: Player, staff: User, tmp_path: Path) -> None:
    refund = asked(rich, staff)
    with pytest.raises(EvidenceMissing):
        made(refund, staff, reference="  ")
    with pytest.raises(ProofKindNotAllowed):
        made(refund, staff, evidence=b"MZ not a picture")
    refund.refresh_from_db()
    assert refund.status == R.DUE
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_dropped_refund_is_credit_again(rich: Player, staff: User, heard: list[Fact]) -> None:
    refund = asked(rich, staff)
    heard.clear()
    refund = dropped(refund, staff)
    assert (refund.status, refund.drop_reason) == (R.DROPPED, "wrong account")
    assert credit_of(rich.pk, "USD") == 1000
    assert heard == [RefundDropped(refund)]
    assert violations(NOW) == []


@pytest.mark.parametrize("first", [made, dropped])
@pytest.mark.parametrize("second", [made, dropped])
def test_a_refund_is_decided_once(first: Any, second: Any, rich: Player, staff: User, tmp_path: Path) -> None:
    refund = asked(rich, staff)
    first(refund, staff)
    with pytest.raises(RefundDecided):
        second(refund, staff)
    with pytest.raises(RefundDecided):
        made(refund, staff, evidence=png_bytes())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert violations(NOW) == []


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"amount": 1001}, CreditTooSmall),
        ({"currency": "PYG"}, CreditTooSmall),
        ({"amount": 0}, AmountNotPositive),
        ({"amount": -5}, AmountNotPositive),
        ({"reason": " "}, ReasonMissing),
    ],
)
def test_what_is_not_there_is_not_given_back(
    changes: dict[str, Any], refusal: type[Refusal], rich: Player, staff: User
) -> None:
    with pytest.raises(refusal):
        asked(rich, staff, **changes)
    assert not Refund.objects.exists()
    assert credit_of(rich.pk, "USD") == 1000


def test_what_does_not_exist_is_refused_by_name(staff: User) -> None:
    with pytest.raises(PlayerNotFound):
        asked(Player(pk=0), staff)
    for decide in (made, dropped):
        with pytest.raises(RefundNotFound):
            decide(Refund(pk=0), staff)
    with pytest.raises(ReasonMissing):
        dropped(Refund(pk=0), staff, reason="")


def test_two_players_who_are_one_have_one_account(rich: Player, staff: User) -> None:
    keep = make_player()
    refund = asked(rich, staff)
    merge_players(keep_id=keep.pk, gone_id=rich.pk, now=NOW)
    assert (credits_of(keep.pk), credits_of(rich.pk)) == ([(600, "USD")], [])
    assert not CreditEntry.objects.filter(player=rich).exists()
    dropped(refund, staff)
    assert credits_of(keep.pk) == [(1000, "USD")]
    merge_players(keep_id=keep.pk, gone_id=rich.pk, now=NOW)
    assert violations(NOW) == []


def test_money_that_came_for_a_merged_player_meanwhile_follows(staff: User) -> None:
    keep, gone = make_player(), make_player()
    merge_players(keep_id=keep.pk, gone_id=gone.pk, now=NOW)
    make_order(player=gone, status=S.PAID)
    assert violations(NOW) == []
    merge_players(keep_id=keep.pk, gone_id=gone.pk, now=NOW)
    assert not CreditEntry.objects.filter(player=gone).exists()
    assert violations(NOW) == []


def test_all_that_was_merged_along_the_chain_goes_to_the_last(rich: Player, staff: User) -> None:
    middle, last = make_player(), make_player()
    merge_players(keep_id=middle.pk, gone_id=rich.pk, now=NOW)
    merge_players(keep_id=last.pk, gone_id=rich.pk, now=NOW)
    assert credits_of(last.pk) == [(1000, "USD")]
    assert violations(NOW) == []


@pytest.mark.parametrize("amount", [2**31, 5_000_000_000, 999_999_999_999_999])
def test_credit_beyond_32_bits_is_kept_to_the_unit(staff: User, amount: int) -> None:
    """What a bare number was cut to on PostgreSQL could look like an honest amount."""
    player = make_player()
    record_payment(
        player_id=player.pk, currency="PYG", amount_minor=amount, method="", reference="", by=staff, now=NOW
    )
    assert credits_of(player.pk) == [(amount, "PYG")]
    request_refund(
        player_id=player.pk,
        currency="PYG",
        amount_minor=amount - 1,
        destination="",
        reason="asked",
        by=staff,
        now=NOW,
    )
    assert credits_of(player.pk) == [(1, "PYG")]
    assert violations(NOW) == []
