"""Cards that are more than a yes or a no: late money, another amount, somebody else's turn."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from raffles.desk.pages.waits import ANSWER_TIME
from raffles.desk.verdicts import carry_out_due
from raffles.evidence.models import Evidence
from raffles.numbers.models import Raffle
from raffles.sales.actions import approve_payment, ask_for_proof, cancel_order
from raffles.sales.models import Actor, Order
from tests.admin.test_review_pages import codes, decided, opened, queued, reviewed
from tests.factories import NOW, make_order, make_player, make_proof, make_raffle, make_staff

Status = Order.Status
SOON = NOW + timedelta(minutes=1)


def late(*, are_numbers_gone: bool) -> Order:
    """It ran out, somebody else took the numbers, then the receipt came; or they are free again by now."""
    raffle = make_raffle()
    order = make_order(raffle=raffle, status=Status.EXPIRED)
    taker = make_order(raffle=raffle, numbers=(5,), status=Status.PENDING_PAYMENT)
    make_proof(order)
    if not are_numbers_gone:
        cancel_order(order_id=taker.pk, actor=Actor.player(), reason="", now=NOW)
    return Order.objects.get(pk=order.pk)


def test_money_for_numbers_that_are_gone_is_known_to_become_credit_before_it_is_confirmed(
    desk: Client,
) -> None:
    order = late(are_numbers_gone=True)
    assert "It came too late, and 05 cannot be had any more" in opened(desk, order)["html"]
    asked = decided(desk, order, "CONFIRM", amount="100000")
    assert asked.status_code == 422
    assert "the money becomes the player's credit" in asked.json()["question"]
    agreed = decided(desk, order, "CONFIRM", amount="100000", agreed=asked.json()["agreed"])
    assert agreed.json()["verdict"]["words"] == f"{order.code}: PYG\xa0100,000 recorded as credit"
    carry_out_due(now=NOW + timedelta(seconds=10))
    order.refresh_from_db()
    assert order.status == Status.CANCELLED


def test_late_money_for_numbers_that_are_free_again_sells_them(desk: Client) -> None:
    order = late(are_numbers_gone=False)
    assert order.late_since is not None
    html = opened(desk, order)["html"]
    assert "the numbers are free" in html
    assert "cannot be had" not in html
    assert decided(desk, order, "CONFIRM", amount="100000").json()["verdict"]["words"].endswith(": confirmed")
    carry_out_due(now=NOW + timedelta(seconds=10))
    order.refresh_from_db()
    assert order.status == Status.PAID


def test_once_the_draw_was_held_late_money_buys_nothing(desk: Client) -> None:
    order = late(are_numbers_gone=False)
    with time_machine.travel(NOW + timedelta(days=9), tick=False):
        assert "05, 12 cannot be had any more" in opened(desk, order)["html"]


def test_too_little_for_a_raffle_that_is_over_is_known_to_wait_for_no_rest(desk: Client) -> None:
    order = reviewed()
    opened(desk, order)
    Raffle.objects.update(status=Raffle.Status.CLOSED)
    asked = decided(desk, order, "CONFIRM", amount="60000")
    assert "the sale is over" in asked.json()["question"]
    assert "the money becomes the player's credit" in asked.json()["question"]
    agreed = decided(desk, order, "CONFIRM", amount="60000", agreed=asked.json()["agreed"])
    assert agreed.json()["verdict"]["words"] == f"{order.code}: PYG\xa060,000 recorded as credit"
    carry_out_due(now=NOW + timedelta(seconds=10))
    order.refresh_from_db()
    assert order.status == Status.CANCELLED


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("60000", "PYG\xa060,000 recorded, PYG\xa040,000 is missing"),
        ("150000", "confirmed, PYG\xa050,000 is credit"),
    ],
)
def test_what_was_decided_about_another_amount_is_not_called_confirmed(
    desk: Client, amount: str, words: str
) -> None:
    order = reviewed()
    opened(desk, order)
    verdict = decided(desk, order, "CONFIRM", amount=amount, agreed=amount).json()["verdict"]
    assert verdict["words"] == f"{order.code}: {words}"
    assert queued(desk)["mine"][0]["words"] == verdict["words"]


def test_a_card_whose_player_was_asked_waits_behind_the_others_and_says_what_was_asked(
    desk: Client, boss: User
) -> None:
    raffle = make_raffle()
    asked = reviewed(raffle=raffle, numbers=[1], now=NOW - timedelta(minutes=9))
    fresh = reviewed(raffle=raffle, numbers=[2])
    assert codes(queued(desk)["html"], asked, fresh) == [asked.code, fresh.code]
    ask_for_proof(order_id=asked.pk, by=boss, question="From which bank?", now=NOW)
    html = queued(desk)["html"]
    assert codes(html, asked, fresh) == [fresh.code, asked.code]
    assert html.count("review-awaited") == 1
    assert "asked under 1 min ago" in html
    card = opened(desk, asked)["html"]
    assert "boss asked the player" in card
    assert "From which bank?" in card


def test_it_is_their_turn_again_when_a_receipt_comes_or_nothing_does(desk: Client, boss: User) -> None:
    answered, silent = (reviewed(now=NOW - timedelta(minutes=1)) for _ in range(2))
    for order in (answered, silent):
        ask_for_proof(order_id=order.pk, by=boss, question="Which bank?", now=NOW)
    assert queued(desk)["html"].count("review-awaited") == 2
    make_proof(answered, now=SOON)
    with time_machine.travel(SOON, tick=False):
        assert queued(desk)["html"].count("review-awaited") == 1
        assert "asked the player" not in opened(desk, answered)["html"]
    with time_machine.travel(NOW + ANSWER_TIME, tick=False):
        html = queued(desk)["html"]
        assert "review-awaited" not in html
        assert "asked 15 min ago" in html


def test_who_gave_the_first_word_waits_for_the_second_person_who_does_not(desk: Client, boss: User) -> None:
    raffle = make_raffle(two_people_from_minor=50_000)
    mine, theirs = reviewed(raffle=raffle, numbers=[1]), reviewed(raffle=raffle, numbers=[2])
    approve_payment(order_id=mine.pk, by=boss, amount_minor=50_000, now=NOW)
    approve_payment(order_id=theirs.pk, by=make_staff("rosa"), amount_minor=50_000, now=NOW)
    html = queued(desk)["html"]
    assert codes(html, mine, theirs) == [theirs.code, mine.code]
    assert html.count("review-awaited") == 1


def test_a_receipt_that_cannot_be_read_is_not_a_broken_picture(desk: Client) -> None:
    order = reviewed()
    Evidence.objects.filter(proof__order=order).update(status="FAILED", why_failed="broken")
    html = opened(desk, order)["html"]
    assert "The file cannot be read" in html
    assert "review-picture" not in html
    assert "Original" in html


@pytest.mark.parametrize(("language", "name"), [("en", "Spanish"), ("es", "Español"), ("pt-BR", "Espanhol")])
def test_the_player_s_language_is_named_in_the_reviewer_s(desk: Client, language: str, name: str) -> None:
    order = reviewed(player=make_player(language="es"))
    desk.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    assert f"({name}):" in desk.post(reverse("desk_open", args=(order.pk,))).json()["html"]


def test_the_time_to_undo_is_told_as_what_is_left_and_makes_no_news_of_a_still_queue(desk: Client) -> None:
    order = reviewed()
    opened(desk, order)
    assert decided(desk, order, "CONFIRM", amount="100000").json()["verdict"]["left"] == 10_000
    first = desk.get(reverse("desk_queue"))
    known = {"if-none-match": first.headers["ETag"]}
    with time_machine.travel(NOW + timedelta(seconds=4), tick=False):
        assert desk.get(reverse("desk_queue"), headers=known).status_code == 304
        assert queued(desk)["mine"][0]["left"] == 6_000
    with time_machine.travel(NOW + timedelta(seconds=11), tick=False):
        assert queued(desk)["mine"][0]["left"] == -1_000
