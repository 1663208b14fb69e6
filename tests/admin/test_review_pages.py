"""The payment desk as the browser talks to it: queue, card, decision, undo."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from raffles.desk.actions import open_card
from raffles.desk.models import Verdict
from raffles.desk.verdicts import carry_out_due
from raffles.sales.models import Approval, Order, Payment
from raffles.sales.queries import stamp_of
from tests.admin.conftest import ENGLISH, ClientOf
from tests.admin.pages import text
from tests.factories import NOW, make_order, make_player, make_proof, make_raffle, make_staff, picture_bytes

Status = Order.Status
LOOK = ("sales.view_order", "sales.view_paymentproof")


def reviewed(**made: Any) -> Order:
    return make_order(status=Status.UNDER_REVIEW, **made)


def queued(client: Client, **query: str) -> Any:
    return client.get(reverse("desk_queue"), query).json()


def opened(client: Client, order: Order) -> Any:
    return client.post(reverse("desk_open", args=(order.pk,))).json()


def decided(client: Client, order: Order, kind: str, **typed: str) -> Any:
    given = {"kind": kind, "seen": stamp_of(Order.objects.get(pk=order.pk)), "method": "transfer", **typed}
    return client.post(reverse("desk_decide", args=(order.pk,)), given)


def codes(html: str, *orders: Order) -> list[str]:
    """In the order in which they are shown."""
    return sorted((order.code for order in orders if order.code in html), key=html.index)


def test_the_desk_is_a_page_of_the_admin_with_the_queue_in_it(desk: Client) -> None:
    order = reviewed()
    page = text(desk.get(reverse("desk")))
    assert order.code in page
    assert "Payment desk" in page
    assert 'id="jazzy-navbar"' in page


def test_the_queue_holds_what_is_to_be_decided_and_nothing_else(desk: Client, boss: User) -> None:
    waits, decided_on = reviewed(), reviewed()
    others = [make_order(status=status) for status in (Status.PENDING_PAYMENT, Status.PAID, Status.EXPIRED)]
    opened(desk, decided_on)
    decided(desk, decided_on, "CONFIRM", amount="100000")
    told = queued(desk)
    assert told["waiting"] == 1
    assert codes(told["html"], waits, decided_on, *others) == [waits.code]


def test_the_next_draw_comes_first_then_who_has_waited_longest(desk: Client) -> None:
    soon = make_raffle(sales_close_at=NOW + timedelta(hours=1), draw_at=NOW + timedelta(hours=1))
    later = make_raffle()
    young = reviewed(raffle=later, numbers=[1])
    old = reviewed(raffle=later, numbers=[2], now=NOW - timedelta(minutes=10))
    urgent = reviewed(raffle=soon, numbers=[3])
    html = queued(desk)["html"]
    assert codes(html, young, old, urgent) == [urgent.code, old.code, young.code]
    assert "draw in 1 h 00 min" in html


def test_by_risk_a_receipt_that_came_before_is_first(desk: Client) -> None:
    raffle = make_raffle()
    usual = make_order(
        raffle=raffle, numbers=[1], status=Status.PENDING_PAYMENT, now=NOW - timedelta(minutes=9)
    )
    make_proof(usual, content=picture_bytes("JPEG", (30, 30)))
    twins = [make_order(raffle=raffle, numbers=[n], status=Status.PENDING_PAYMENT) for n in (2, 3)]
    for twin in twins:
        make_proof(twin, content=picture_bytes("JPEG", (40, 40)))
    html = queued(desk, sort="risk")["html"]
    assert codes(html, usual, *twins)[-1] == usual.code
    assert codes(queued(desk)["html"], usual, *twins)[0] == usual.code
    assert "used before?" in html


def test_the_same_answer_again_costs_nothing(desk: Client) -> None:
    reviewed()
    first = desk.get(reverse("desk_queue"))
    again = desk.get(reverse("desk_queue"), headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    reviewed()
    assert (
        desk.get(reverse("desk_queue"), headers={"if-none-match": first.headers["ETag"]}).status_code == 200
    )


def test_ages_move_on_together_so_that_a_still_queue_stays_the_same_for_a_minute(desk: Client) -> None:
    for seconds in (10, 30, 50):
        reviewed(now=NOW - timedelta(seconds=seconds))
    known = desk.get(reverse("desk_queue")).headers["ETag"]
    answers = []
    for seconds in (15, 59, 60):
        with time_machine.travel(NOW + timedelta(seconds=seconds), tick=False):
            answers.append(desk.get(reverse("desk_queue"), headers={"if-none-match": known}).status_code)
    assert answers == [304, 304, 200]


def test_the_queue_costs_the_same_for_one_and_for_thirty(
    desk: Client, django_assert_max_num_queries: Any
) -> None:
    raffle = make_raffle(two_people_from_minor=50_000)
    for number in range(30):
        order = reviewed(raffle=raffle, numbers=[number], player=make_player(name=f"P{number}"))
        open_card(order_id=order.pk, by=make_staff(), now=NOW)
    with django_assert_max_num_queries(14):
        assert queued(desk)["waiting"] == 30


def test_a_card_says_what_should_be_paid_and_who_the_player_is(desk: Client) -> None:
    player = make_player(name="<script>alert(1)</script>")
    make_order(player=player, status=Status.PAID)
    order = reviewed(player=player)
    html = opened(desk, order)["html"]
    assert "PYG\xa0100,000" in html
    assert order.code in html
    assert "1 Paid" in html
    assert "<script>" not in html
    assert all(f'data-kind="{kind}"' in html for kind in ("CONFIRM", "REJECT", "ASK"))


def test_ready_sentences_are_in_the_player_s_language(desk: Client) -> None:
    order = reviewed(player=make_player(language="pt-br"))
    html = opened(desk, order)["html"]
    assert 'data-words="O pagamento foi para outra conta."' in html
    assert "The payment went to another account." in html


def test_a_card_that_somebody_else_has_can_be_read_and_taken_over(desk: Client, client_of: ClientOf) -> None:
    order = reviewed()
    rosa = client_of(*LOOK, "sales.confirm_payment", username="rosa")
    assert opened(rosa, order)["mine"]
    theirs = opened(desk, order)
    assert not theirs["mine"]
    assert "rosa has it open" in theirs["html"]
    assert 'data-kind="CONFIRM"' not in theirs["html"]
    whom = User.objects.get(username="rosa").pk
    taken = desk.post(reverse("desk_take_over", args=(order.pk,)), {"from": str(whom)}).json()
    assert taken["mine"]
    assert decided(rosa, order, "CONFIRM", amount="100000").status_code == 409


def test_a_decision_can_be_undone_and_then_is_carried_out(desk: Client) -> None:
    order = reviewed()
    opened(desk, order)
    verdict = decided(desk, order, "CONFIRM", amount="100.000", reference="TRX 1").json()["verdict"]
    assert verdict["words"] == f"{order.code}: confirmed"
    assert desk.post(reverse("desk_undo", args=(verdict["id"],))).json() == {"order": order.pk}
    assert order.code in queued(desk)["html"]
    opened(desk, order)
    decided(desk, order, "CONFIRM", amount="100.000", reference="TRX 1")
    carry_out_due(now=NOW + timedelta(seconds=10))
    assert Payment.objects.get().reference == "TRX 1"


@pytest.mark.parametrize(
    ("amount", "words"),
    [("60000", "PYG\xa040,000 is missing"), ("150000", "PYG\xa050,000 is too much")],
)
def test_another_amount_says_what_follows_and_asks_once_more(desk: Client, amount: str, words: str) -> None:
    order = reviewed()
    opened(desk, order)
    asked = decided(desk, order, "CONFIRM", amount=amount)
    assert asked.status_code == 422
    assert words in asked.json()["question"]
    agreed = asked.json()["agreed"]
    assert decided(desk, order, "CONFIRM", amount=amount, agreed=agreed).status_code == 200
    assert Verdict.objects.get().given["amount_minor"] == int(amount)


@pytest.mark.parametrize("amount", ["", "free", "-5", "1e9", "9" * 16, "<b>1</b>"])
def test_an_amount_that_is_none_is_told_at_its_field(desk: Client, amount: str) -> None:
    order = reviewed()
    opened(desk, order)
    answer = decided(desk, order, "CONFIRM", amount=amount)
    assert answer.status_code == 422
    assert answer.json()["errors"]["amount"]
    assert not Verdict.objects.exists()


@pytest.mark.parametrize("kind", ["REJECT", "ASK"])
def test_the_player_must_be_told_something(desk: Client, kind: str) -> None:
    order = reviewed()
    opened(desk, order)
    assert decided(desk, order, kind, words="  ").json()["errors"]["words"]


def test_a_stale_card_decides_nothing_and_says_so(desk: Client) -> None:
    order = reviewed()
    opened(desk, order)
    seen = stamp_of(order)
    make_proof(order)
    answer = decided(desk, order, "CONFIRM", amount="100000", seen=seen)
    assert answer.status_code == 409
    assert "the order changed while you were looking" in answer.json()["refused"]


def test_above_the_limit_the_first_word_is_noted_and_the_second_decides(
    desk: Client, client_of: ClientOf
) -> None:
    order = reviewed(raffle=make_raffle(two_people_from_minor=100_000))
    rosa = client_of(*LOOK, "sales.confirm_payment", username="rosa")
    opened(rosa, order)
    assert "two people must confirm" in decided(rosa, order, "CONFIRM", amount="100000").json()["told"]
    assert Approval.objects.get().by.username == "rosa"
    rosa.post(reverse("desk_leave", args=(order.pk,)))
    assert "seen by rosa" in queued(desk)["html"]
    assert "rosa says that PYG\xa0100,000 came" in opened(desk, order)["html"]
    assert "verdict" in decided(desk, order, "CONFIRM", amount="100000").json()


@pytest.mark.parametrize(
    ("kind", "right"),
    [
        ("CONFIRM", "confirm_payment"),
        ("REJECT", "reject_proof"),
        ("ASK", "reject_proof"),
        ("CREDIT", "pay_with_credit"),
    ],
)
def test_each_decision_asks_for_its_own_right(client_of: ClientOf, kind: str, right: str) -> None:
    order = reviewed()
    without = client_of(*LOOK, username="eva")
    opened(without, order)
    assert decided(without, order, kind, amount="100000", words="x").status_code == 403
    without.post(reverse("desk_leave", args=(order.pk,)))
    allowed = client_of(*LOOK, f"sales.{right}", username="ada")
    opened(allowed, order)
    assert decided(allowed, order, kind, amount="100000", words="x").status_code == 200


def test_who_may_not_look_sees_no_desk(client_of: ClientOf) -> None:
    order = reviewed()
    eva = client_of("sales.view_order", username="eva")
    for address in (reverse("desk"), reverse("desk_queue"), reverse("desk_card", args=(order.pk,))):
        assert eva.get(address).status_code == 403
        assert Client(headers=ENGLISH).get(address).status_code == 302


@pytest.mark.parametrize("name", ["desk_open", "desk_leave", "desk_decide", "desk_take_over"])
def test_looking_by_link_changes_nothing(desk: Client, name: str) -> None:
    assert desk.get(reverse(name, args=(reviewed().pk,))).status_code == 405


def test_an_order_that_is_none_and_a_kind_that_is_none(desk: Client) -> None:
    assert desk.get(reverse("desk_card", args=(999,))).status_code == 404
    assert decided(desk, reviewed(), "GIVE_AWAY").status_code == 403


def test_a_receipt_that_was_seen_before_is_confirmed_with_a_reason_only(desk: Client) -> None:
    raffle = make_raffle()
    first, second = (make_order(raffle=raffle, numbers=[n], status=Status.PENDING_PAYMENT) for n in (1, 2))
    for order in (first, second):
        make_proof(order, content=picture_bytes("PNG", (20, 20)))
    html = opened(desk, second)["html"]
    assert f"The same file came for order {first.code}" in html
    assert reverse("evidence_compare", args=(second.proofs.get().pk, first.proofs.get().pk)) in html
    assert decided(desk, second, "CONFIRM", amount="50000").json()["errors"]["why"]
    decided(desk, second, "CONFIRM", amount="50000", why="One transfer for both")
    carry_out_due(now=NOW + timedelta(seconds=10))
    assert second.changes.latest("id").reason == "One transfer for both"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "the order changed"), ("es", "el pedido cambió"), ("pt-BR", "o pedido mudou")],
)
def test_what_came_of_a_decision_is_told_in_the_reviewer_s_own_language(
    desk: Client, settings: Settings, language: str, words: str
) -> None:
    """The worker that carries it out speaks the site's."""
    settings.LANGUAGE_CODE = "es" if language != "es" else "en"
    order = reviewed()
    desk.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    opened(desk, order)
    assert decided(desk, order, "CONFIRM", amount="100000").status_code == 200
    make_proof(order)
    carry_out_due(now=NOW + timedelta(seconds=10))
    (told,) = queued(desk)["mine"]
    assert told["status"] == "REFUSED"
    assert words in told["words"]
