"""What chat and admin can do, the API can do, by the same functions."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from raffles.audit.models import AuditEntry, Deed
from raffles.numbers.models import Raffle
from raffles.sales.actions import record_payment
from raffles.sales.models import Approval, Order, Player, PlayerCredit
from tests.api.conftest import allowed, calling, token_for
from tests.api.test_purchase import brought, receipt, reserved
from tests.factories import (
    NOW,
    make_order,
    make_player,
    make_proof,
    make_raffle,
    make_staff,
    png_bytes,
    raffle_fields,
)

pytestmark = pytest.mark.django_db

S = Order.Status


def post(caller: APIClient, path: str, expected: int = 200, **body: Any) -> Any:
    answer = caller.post(f"/api/v1/{path}/", body, format="json")
    assert answer.status_code == expected, answer.data
    return answer.data


def test_a_raffle_is_made_opened_paused_and_closed(staff: APIClient) -> None:
    fields = raffle_fields(code="NEW1")
    sent = {
        **{name: fields[name] for name in ("code", "title", "currency", "last_number", "time_zone")},
        **{name: fields[name].isoformat() for name in ("sales_open_at", "sales_close_at", "draw_at")},
        "price": "50000",
        "payment_instructions": "Bank transfer",
    }
    made = post(staff, "raffles", 201, **sent)
    assert (made["status"], made["price"]) == ("DRAFT", {"amount": "50000", "currency": "PYG"})
    changed = staff.patch(f"/api/v1/raffles/{made['id']}/", {"title": "Another title"}, format="json")
    assert (changed.status_code, changed.data["title"]) == (200, "Another title")
    statuses = [post(staff, f"raffles/{made['id']}/{move}")["status"] for move in ("open", "pause", "close")]
    assert statuses == ["ACTIVE", "PAUSED", "CLOSED"]
    assert post(staff, f"raffles/{made['id']}/open", 409)["code"] == "raffle_move_not_allowed"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"price": "12.5"}, "price"),
        ({"price": 50000}, "price"),
        ({"price": "0"}, "price"),
        ({"currency": "XXL"}, "currency"),
        ({"last_number": 10**9}, "last_number"),
        ({"draw_at": "2020-01-01T00:00:00Z"}, "draw_at"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"code": "a b"}, "code"),
        ({"title": ""}, "title"),
        ({"status": "ACTIVE"}, "status"),
    ],
)
def test_a_raffle_that_breaks_a_rule_is_refused_by_field(
    staff: APIClient, wrong: dict[str, Any], field: str
) -> None:
    raffle = make_raffle(status=Raffle.Status.DRAFT)
    before = Raffle.objects.values().get()
    answer = staff.patch(f"/api/v1/raffles/{raffle.pk}/", wrong, format="json")
    assert (answer.status_code, field in answer.data["errors"]) == (400, True), answer.data
    assert Raffle.objects.values().get() == before


def test_a_change_does_not_open_what_is_closed_at_the_same_moment(
    staff: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    raffle = make_raffle()

    def closed_meanwhile(_self: Raffle) -> None:
        Raffle.objects.update(status=Raffle.Status.CLOSED, price_minor=60_000)

    monkeypatch.setattr(Raffle, "full_clean", closed_meanwhile)
    answer = staff.patch(f"/api/v1/raffles/{raffle.pk}/", {"title": "Another title"}, format="json")
    raffle.refresh_from_db()
    assert (answer.status_code, raffle.title) == (200, "Another title")
    assert (raffle.status, raffle.price_minor) == ("CLOSED", 60_000)


def test_a_currency_with_claims_stays(staff: APIClient) -> None:
    """Their prices are numbers of its smallest unit, and would be read as another sum."""
    raffle = make_raffle(price_minor=1250, currency="USD")
    make_order(raffle=raffle, numbers=[1])
    wrong = {"currency": "PYG", "price": "1250"}
    answer = staff.patch(f"/api/v1/raffles/{raffle.pk}/", wrong, format="json")
    assert (answer.status_code, list(answer.data["errors"])) == (400, ["currency"])
    assert staff.patch(f"/api/v1/raffles/{raffle.pk}/", {"price": "13"}, format="json").status_code == 200
    raffle.refresh_from_db()
    assert (raffle.currency, raffle.price_minor) == ("USD", 1300)


def test_a_rejected_proof_waits_for_payment_again(staff: APIClient) -> None:
    order = make_order(status=S.UNDER_REVIEW)
    post(staff, f"orders/{order.pk}/ask-for-proof", question="Which bank did it leave from?")
    assert (
        post(staff, f"orders/{order.pk}/reject-proof", reason="Not readable")["status"] == "PENDING_PAYMENT"
    )
    assert post(staff, f"orders/{order.pk}/reject-proof", 400)["errors"].keys() == {"reason"}
    assert post(staff, f"orders/{order.pk}/reject-proof", 409, reason="Again")["code"] == "move_not_allowed"


def test_less_keeps_it_open_and_more_becomes_credit(staff: APIClient) -> None:
    order = make_order(numbers=[1], status=S.UNDER_REVIEW)
    short = post(staff, f"orders/{order.pk}/confirm-payment", amount="20000", reference="A")
    assert (short["status"], short["missing"]["amount"]) == ("PENDING_PAYMENT", "30000")
    paid = post(staff, f"orders/{order.pk}/confirm-payment", amount="40000", reference="B")
    assert (paid["status"], PlayerCredit.objects.get().balance_minor) == ("PAID", 10_000)


def test_one_transfer_is_confirmed_once(staff: APIClient) -> None:
    first, second = make_order(status=S.UNDER_REVIEW), make_order(status=S.UNDER_REVIEW)
    post(staff, f"orders/{first.pk}/confirm-payment", reference="SAME-1")
    again = post(staff, f"orders/{second.pk}/confirm-payment", 409, reference="same 1")
    assert (again["code"], again["params"]["code"]) == ("reference_used", first.code)


def test_credit_pays_and_what_is_left_goes_back(staff: APIClient) -> None:
    order = make_order(numbers=[1], status=S.PENDING_PAYMENT)
    money = {"player": order.player_id, "currency": "PYG"}
    post(staff, "payments", 201, **money, amount="70000", method="cash")
    assert post(staff, f"orders/{order.pk}/pay-with-credit")["status"] == "PAID"
    due = post(staff, "refunds", 201, **money, amount="20000", reason="Overpaid")
    assert post(staff, f"refunds/{due['id']}/drop", reason="Kept as credit")["status"] == "DROPPED"
    again = post(staff, "refunds", 201, **money, amount="20000", reason="Overpaid")
    assert post(staff, f"refunds/{again['id']}/make", 400)["code"] == "evidence_missing"
    assert post(staff, f"refunds/{again['id']}/make", reference="T-9")["status"] == "MADE"
    more = post(staff, "refunds", 409, **money, amount="1", reason="More")
    assert (more["code"], more["params"]["has"]["amount"]) == ("credit_too_small", "0")


def test_what_staff_change_of_a_player_is_in_the_log_without_a_word_of_it(staff: APIClient) -> None:
    player = make_player()
    change = {"phone": "+595981123456", "language": "en"}
    staff.patch(f"/api/v1/players/{player.pk}/", change, format="json")
    entry = AuditEntry.objects.get(action=Deed.PLAYER_CHANGED)
    assert (entry.subject_label, entry.actor) == (f"#{player.pk}", "staff:boss")
    assert entry.after == {"fields": ["language", "phone"], "by": "api"}


def test_what_a_program_changes_of_its_own_player_is_no_deed_of_staff(consumer: APIClient) -> None:
    at = f"/api/v1/players/{brought(consumer)}/"
    assert consumer.patch(at, {"language": "en"}, format="json").status_code == 200
    assert not AuditEntry.objects.filter(action=Deed.PLAYER_CHANGED).exists()


def test_a_paid_order_is_refunded(staff: APIClient) -> None:
    order = make_order(numbers=[1], status=S.PAID)
    refund = post(staff, f"orders/{order.pk}/refund", 201, reason="Sold by mistake")
    assert (refund["status"], refund["amount"]["amount"]) == ("DUE", "50000")
    assert staff.get(f"/api/v1/orders/{order.pk}/").data["status"] == "REFUNDED"


def test_large_payments_need_two_people() -> None:
    raffle = make_raffle(two_people_from_minor=40_000)
    order = make_order(raffle=raffle, numbers=[1], status=S.UNDER_REVIEW)
    rights = ("sales.confirm_payment", "raffles.see_every_raffle", "sales.view_order")
    one, two = (
        calling(token_for(allowed(make_staff(name), *rights), "staff:payments")[1]) for name in ("one", "two")
    )
    assert post(one, f"orders/{order.pk}/confirm-payment", 409)["code"] == "second_person_needed"
    post(one, f"orders/{order.pk}/approve-payment")
    assert post(one, f"orders/{order.pk}/confirm-payment", 409)["code"] == "second_person_needed"
    assert post(two, f"orders/{order.pk}/confirm-payment")["status"] == "PAID"


def test_the_first_of_two_says_why_where_the_receipt_was_seen_before(staff: APIClient) -> None:
    raffle = make_raffle(two_people_from_minor=40_000)
    seen, order = (make_order(raffle=raffle, numbers=[number], status=S.PENDING_PAYMENT) for number in (1, 2))
    for one in (seen, order):
        make_proof(one, content=png_bytes((9, 9)))
    assert post(staff, f"orders/{order.pk}/approve-payment", 409)["code"] == "reason_needed"
    assert not Approval.objects.exists()
    post(staff, f"orders/{order.pk}/approve-payment", reason="Paid for both in one transfer")
    assert Approval.objects.get().reason == "Paid for both in one transfer"


def test_a_player_s_credit_is_told_to_staff_who_see_every_raffle_and_not_to_others() -> None:
    raffle, player = make_raffle(), make_player()
    make_order(raffle=raffle, player=player)
    cashier = make_staff()
    record_payment(
        player_id=player.pk,
        currency="PYG",
        amount_minor=7_000,
        method="cash",
        reference="",
        by=cashier,
        now=NOW,
    )
    organiser = allowed(make_staff("organiser"), "sales.view_player")
    raffle.organisers.add(organiser)
    whole = allowed(cashier, "sales.view_player", "raffles.see_every_raffle")
    credit = {
        user: calling(token_for(user, "staff:players")[1]).get(f"/api/v1/players/{player.pk}/").data["credit"]
        for user in (organiser, whole)
    }
    assert [len(credit[user]) for user in (organiser, whole)] == [0, 1]


def test_players_are_changed_and_merged(staff: APIClient) -> None:
    keep, gone = make_player(name="Ana"), make_player(name="Ana B")
    order = make_order(player=gone)
    at = f"/api/v1/players/{keep.pk}/"
    changed = staff.patch(at, {"language": "en", "phone": "+595981123456", "news": False}, format="json").data
    assert (changed["language"], changed["phone"], bool(changed["news_stopped_at"])) == (
        "en", "+595981123456", True,
    )  # fmt: skip
    assert staff.patch(at, {"news": True}, format="json").data["news_stopped_at"] is None
    post(staff, f"players/{keep.pk}/merge", gone=gone.pk)
    assert staff.get(f"/api/v1/orders/{order.pk}/").data["player"] == keep.pk
    assert Player.objects.get(pk=gone.pk).merged_into == keep


def test_the_player_asks_and_staff_decide_once_money_may_be_on_its_way(consumer: APIClient) -> None:
    order = reserved(consumer, make_raffle())
    at = f"orders/{order['id']}"
    assert post(consumer, f"{at}/request-cancel", 409)["code"] == "move_not_allowed"
    consumer.post(f"/api/v1/{at}/proofs/", {"file": receipt()}, format="multipart")
    assert post(consumer, f"{at}/request-cancel")["status"] == "UNDER_REVIEW"
    assert post(consumer, f"{at}/cancel", 409)["code"] == "move_not_allowed"
