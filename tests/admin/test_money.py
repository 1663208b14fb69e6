"""What staff see and press where money waits: credit, the queue of refunds, the account."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from raffles.sales.actions import record_payment, request_refund
from raffles.sales.models import CreditEntry, Order, Payment, Player, Refund
from raffles.sales.queries import credits_of, stamp_of_account
from tests.admin.conftest import ClientOf
from tests.admin.pages import decide, fetch, listed, page_of, status_of, text, told
from tests.factories import NOW, make_order, make_player, make_raffle, make_staff, png_bytes

Status = Order.Status
AMOUNT = {"amount": "10.50", "method": "cash", "currency_code": "usd"}


def give(player: Player, amount: int, currency: str = "PYG") -> None:
    record_payment(
        player_id=player.pk,
        currency=currency,
        amount_minor=amount,
        method="",
        reference="",
        by=make_staff(),
        now=NOW,
    )


def due(player: Player | None = None) -> Refund:
    player = player or make_player()
    give(player, 1000, "USD")
    return request_refund(
        player_id=player.pk,
        currency="USD",
        amount_minor=400,
        destination="account 1",
        reason="asked",
        by=make_staff(),
        now=NOW,
    )


def press(client: Client, row: Any, step: str, **answers: Any) -> Any:
    seen = {} if isinstance(row, Refund) else {"seen": stamp_of_account(row.pk)}
    return client.post(page_of(row, step), seen | answers, follow=True)


def test_money_that_names_no_order_becomes_credit_and_is_seen_on_the_player(desk: Client, boss: User) -> None:
    player = make_player()
    assert page_of(player, "record") in text(desk.get(page_of(player)))
    assert "recorded as credit" in told(press(desk, player, "record", reference="7", **AMOUNT))
    payment = Payment.objects.get()
    assert (payment.amount_minor, payment.currency, payment.confirmed_by) == (1050, "USD", boss)
    assert "$10.50" in text(desk.get(page_of(player)))
    assert listed(desk, Player, credit="yes") == {player.pk}
    assert listed(desk, CreditEntry) == {CreditEntry.objects.get().pk}


def test_cash_recorded_twice_by_the_same_page_is_recorded_once(desk: Client) -> None:
    """Pressed twice, or sent again by the button that leads back."""
    player = make_player()
    shown = desk.get(page_of(player, "record")).context["form"].fields["seen"].initial
    press(desk, player, "record", seen=shown, **AMOUNT)
    again = press(desk, player, "record", seen=shown, **AMOUNT)
    assert "Something changed" in told(again)
    assert (Payment.objects.count(), credits_of(player.pk)) == (1, [(1050, "USD")])
    fresh = again.context["form"]["seen"].value()
    press(desk, player, "record", seen=fresh, **AMOUNT)
    assert credits_of(player.pk) == [(2100, "USD")]


def test_credit_is_given_back_once_by_the_same_page(desk: Client) -> None:
    player = make_player()
    give(player, 1000, "USD")
    given = {"currency_code": "USD", "amount": "4", "destination": "account 1", "reason": "asked"}
    shown = desk.get(page_of(player, "refund")).context["form"].fields["seen"].initial
    for _press in range(2):
        press(desk, player, "refund", seen=shown, **given)
    assert (Refund.objects.count(), credits_of(player.pk)) == (1, [(600, "USD")])


def test_one_transfer_recorded_twice_is_refused_in_words(desk: Client) -> None:
    player = make_player()
    press(desk, player, "record", reference="TRX 7", **AMOUNT)
    assert "recorded before" in told(press(desk, player, "record", reference="trx7", **AMOUNT))
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"), [("amount", "1,2,3"), ("amount", ""), ("currency_code", "XQQ"), ("method", "shells")]
)
def test_what_cannot_be_read_is_asked_again(desk: Client, field: str, value: str) -> None:
    response = press(desk, make_player(), "record", **(AMOUNT | {field: value}))
    assert response.context["form"].errors[field]
    assert not Payment.objects.exists()


def test_nothing_at_all_is_refused_in_words(desk: Client) -> None:
    assert "more than nothing" in told(press(desk, make_player(), "record", **(AMOUNT | {"amount": "0"})))


def test_an_order_is_paid_with_credit_by_its_own_button(desk: Client) -> None:
    order = make_order(status=Status.PENDING_PAYMENT)
    give(order.player, order.total_minor - 1)
    assert "credit" not in {one.name for one in desk.get(page_of(order)).context["decisions"]}
    give(order.player, 1)
    assert "credit" in {one.name for one in desk.get(page_of(order)).context["decisions"]}
    assert told(decide(desk, order, "credit")) == f"{order.code}: paid with credit"
    assert status_of(order) == Status.PAID


def test_one_more_transfer_for_a_paid_order_is_recorded_on_its_page(desk: Client) -> None:
    order = make_order(status=Status.PAID)
    decide(desk, order, "record", amount="5", method="cash", reference="")
    assert credits_of(order.player_id) == [(5, "PYG")]


def test_one_transfer_for_two_orders_names_the_first_to_staff(desk: Client) -> None:
    raffle = make_raffle()
    first = make_order(raffle=raffle, numbers=[1], status=Status.UNDER_REVIEW)
    second = make_order(raffle=raffle, numbers=[2], status=Status.UNDER_REVIEW)
    given = {"amount": "50000", "method": "transfer", "reference": "TRX 1"}
    decide(desk, first, "confirm", **given)
    assert f"for order {first.code}" in told(decide(desk, second, "confirm", **given))
    assert status_of(second) == Status.UNDER_REVIEW


def test_credit_is_asked_back_and_waits_in_the_queue(desk: Client) -> None:
    player = make_player()
    give(player, 1000, "USD")
    given = {"currency_code": "USD", "amount": "4", "destination": "account 1", "reason": "asked"}
    assert "the credit is $10.00, and $11.00 is needed" in told(
        press(desk, player, "refund", **(given | {"amount": "11"}))
    )
    assert "to be refunded" in told(press(desk, player, "refund", **given))
    refund = Refund.objects.get()
    assert (refund.amount_minor, refund.destination) == (400, "account 1")
    assert listed(desk, Refund, status__exact="DUE") == {refund.pk}
    assert listed(desk, Refund, status__exact="MADE") == set()


def test_who_has_no_credit_is_offered_nothing_back(desk: Client) -> None:
    player = make_player()
    assert page_of(player, "refund") not in text(desk.get(page_of(player)))
    assert "nothing to do" in told(desk.get(page_of(player, "refund"), follow=True))


def test_money_that_was_sent_is_noted_with_its_picture_which_only_staff_see(desk: Client) -> None:
    refund = due()
    assert page_of(refund, "make") in text(desk.get(page_of(refund)))
    assert "number of the transfer or add a picture" in told(press(desk, refund, "make", reference=""))
    wrong = SimpleUploadedFile("a.png", b"MZ not a picture")
    assert "only these files" in told(press(desk, refund, "make", reference="", evidence=wrong))
    content = png_bytes()
    press(desk, refund, "make", reference="", evidence=SimpleUploadedFile("a.png", content))
    refund.refresh_from_db()
    assert refund.status == "MADE"
    page = text(desk.get(page_of(refund)))
    assert page_of(refund, "file") in page
    assert page_of(refund, "make") not in page
    assert fetch(desk, page_of(refund, "file")).body == content
    assert Client().get(page_of(refund, "file")).status_code == 404


def test_a_refund_that_was_dropped_is_credit_again(desk: Client) -> None:
    refund = due()
    press(desk, refund, "drop", reason="wrong account")
    assert credits_of(refund.player_id) == [(1000, "USD")]
    assert "nothing to do" in told(press(desk, refund, "make", reference="7"))


@pytest.mark.parametrize(
    ("step", "permission", "view"),
    [
        ("record", "record_payment", "view_player"),
        ("refund", "request_refund", "view_player"),
        ("make", "make_refund", "view_refund"),
        ("drop", "drop_refund", "view_refund"),
    ],
)
def test_each_step_of_money_has_a_permission_of_its_own(
    client_of: ClientOf, step: str, permission: str, view: str
) -> None:
    refund = due()
    row = refund.player if view == "view_player" else refund
    others = {"record_payment", "request_refund", "make_refund", "drop_refund"} - {permission}
    without = client_of(f"sales.{view}", *(f"sales.{name}" for name in others))
    assert without.get(page_of(row, step)).status_code == 403
    assert press(without, row, step, reference="7", reason="x").status_code == 403
    assert page_of(row, step) not in text(without.get(page_of(row)))
    may = client_of(f"sales.{view}", f"sales.{permission}", username="eva")
    assert may.get(page_of(row, step)).status_code == 200
    assert page_of(row, step) in text(may.get(page_of(row)))
    assert client_of(f"sales.{permission}", username="noview").get(page_of(row, step)).status_code == 403
