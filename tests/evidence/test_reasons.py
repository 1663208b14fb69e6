"""C31: what came with another order too is confirmed only with a word of the one who does."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from raffles.desk.actions import open_card
from raffles.desk.actions.plan_verdict import UNDO
from raffles.desk.models import Verdict
from raffles.desk.verdicts import carry_out_due
from raffles.evidence.findings import FindingKind
from raffles.evidence.queries import evidence_of
from raffles.numbers.models import Raffle
from raffles.sales.actions import confirm_payment
from raffles.sales.models import Order, OrderChange, PaymentProof
from raffles.sales.queries import stamp_of
from tests.admin.conftest import ClientOf, boss, client_of, desk, today
from tests.admin.pages import decide, list_of, page_of, run_action, status_of, text, told
from tests.factories import NOW, make_order, make_proof, make_raffle, make_staff, png_bytes

__all__ = ["boss", "client_of", "desk", "today"]
pytestmark = pytest.mark.django_db

AMOUNT = {"amount": "50000", "method": "transfer", "reference": ""}


def order_with(content: bytes | None, number: int) -> Order:
    order = make_order(status="PENDING_PAYMENT", raffle=make_raffle(), numbers=(number,))
    make_proof(order, content=content)
    return order


def test_the_same_receipt_is_not_confirmed_without_a_reason(desk: Client) -> None:
    first, again = order_with(png_bytes(), 1), order_with(png_bytes(), 2)
    for order, other in ((first, again), (again, first)):
        page = text(desk.get(page_of(order, "confirm")))
        assert f"The same file came for order {other.code}" in page
        decide(desk, order, "confirm", **AMOUNT)
        decide(desk, order, "confirm", **AMOUNT, why="   ")
        assert status_of(order) == "UNDER_REVIEW"


def test_with_a_reason_it_is_confirmed_and_the_reason_is_kept(desk: Client) -> None:
    order_with(png_bytes(), 1)
    order = order_with(png_bytes(), 2)
    decide(desk, order, "confirm", **AMOUNT, why="one transfer for both, seen in the bank")
    assert status_of(order) == "PAID"
    kept = OrderChange.objects.filter(order=order).latest("id")
    assert kept.reason == "one transfer for both, seen in the bank"
    assert kept.reason in text(desk.get(page_of(order)))


def test_in_bulk_it_is_left_and_said(desk: Client) -> None:
    doubtful = [order_with(png_bytes(), 1), order_with(png_bytes(), 2)]
    plain = order_with(None, 3)
    answer = run_action(desk, Order, "confirm_payments", [*doubtful, plain])
    assert [status_of(order) for order in (*doubtful, plain)] == ["UNDER_REVIEW", "UNDER_REVIEW", "PAID"]
    assert f"{doubtful[0].code}: its receipt was seen with another order" in told(answer)


def test_a_receipt_of_its_own_asks_for_nothing_more(desk: Client) -> None:
    order = order_with(None, 1)
    assert 'name="why"' not in text(desk.get(page_of(order, "confirm")))
    decide(desk, order, "confirm", **AMOUNT)
    assert status_of(order) == "PAID"


@pytest.fixture
def organiser(client_of: ClientOf) -> Client:
    """May do all that is done with receipts, of raffles of their own."""
    rights = ("view_order", "view_paymentproof", "view_player", "confirm_payment", "reject_proof")
    client = client_of(*(f"sales.{name}" for name in rights), username="rosa")
    rosa = User.objects.get(username="rosa")
    rosa.user_permissions.remove(*rosa.user_permissions.filter(codename="see_every_raffle"))
    return client


def of_two_raffles() -> tuple[Order, Order]:
    """One file for an order of the organiser's and for one of somebody else's."""
    mine, theirs = order_with(png_bytes(), 1), order_with(png_bytes(), 2)
    Raffle.objects.get(tickets__order=mine).organisers.add(User.objects.get(username="rosa"))
    return mine, theirs


def test_an_organiser_learns_that_a_file_came_twice_and_not_for_which_order(organiser: Client) -> None:
    mine, theirs = of_two_raffles()
    for address in (
        page_of(mine),
        page_of(mine, "confirm"),
        page_of(mine.proofs.get()),
        list_of(PaymentProof),
        reverse("desk_card", args=(mine.pk,)),
    ):
        page = text(organiser.get(address))
        assert theirs.code not in page, address
        assert page_of(theirs) not in page, address
        assert "of another raffle" in page, address
    card = organiser.post(reverse("desk_open", args=(mine.pk,))).json()["html"]
    assert "The same file came for an order of another raffle" in card
    assert theirs.code not in card
    assert "compare" not in card


def test_who_sees_every_raffle_reads_the_code(desk: Client, organiser: Client) -> None:
    mine, theirs = of_two_raffles()
    assert theirs.code in text(desk.get(page_of(mine)))
    assert theirs.code in text(desk.get(reverse("desk_card", args=(mine.pk,))))


def test_several_orders_of_others_are_said_once(organiser: Client) -> None:
    mine, _theirs = of_two_raffles()
    order_with(png_bytes(), 3)
    rosa = User.objects.get(username="rosa")
    rows = evidence_of([mine.proofs.get()], user=rosa)[mine.proofs.get().pk]
    assert [(one.kind, one.order_code, one.compare_url) for one in rows.findings] == [
        (FindingKind.SAME_FILE, "", "")
    ]
    assert rows.risk == 3


@pytest.mark.parametrize("door", ["page", "desk"])
def test_a_transfer_that_was_confirmed_elsewhere_is_refused_without_the_code(
    organiser: Client, door: str
) -> None:
    mine, theirs = order_with(None, 1), order_with(None, 2)
    rosa = User.objects.get(username="rosa")
    Raffle.objects.get(tickets__order=mine).organisers.add(rosa)
    given = {"amount": "50000", "method": "transfer", "reference": "TRX 7"}
    pay = {"amount_minor": 50000, "method": "transfer", "reference": "trx7", "reason": ""}
    confirm_payment(order_id=theirs.pk, by=make_staff(), now=NOW, **pay)  # type: ignore[arg-type]
    if door == "page":
        words = told(decide(organiser, mine, "confirm", **given))
    else:
        open_card(order_id=mine.pk, by=rosa, now=NOW)
        typed = {**given, "kind": "CONFIRM", "seen": stamp_of(Order.objects.get(pk=mine.pk))}
        assert organiser.post(reverse("desk_decide", args=(mine.pk,)), typed).status_code == 200
        carry_out_due(now=NOW + UNDO)
        words = Verdict.objects.get().outcome
    assert "for an order of another raffle" in words
    assert theirs.code not in words
    assert status_of(mine) == "UNDER_REVIEW"
