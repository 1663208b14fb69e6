"""What staff hear of draws: what needs somebody, and of winners the prizes and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import Settings

from raffles.desk.alerts.summary import summary_of
from raffles.desk.alerts.webhook import body_of
from raffles.desk.models import Destination, Digest, DigestLine, StaffNotification
from raffles.draws.actions import claim_award, expire_awards, lose_award
from raffles.draws.models import Draw, DrawSecret
from raffles.draws.sweeping import sweep
from tests.admin.pages import list_of, listed, page_of, text
from tests.draws.staging import (
    STAFF,
    after_sales,
    at_draw,
    closed_draw,
    committed_raffle,
    draw_of,
    held_draw,
    sold,
)
from tests.factories import NOW, make_order, make_player, make_staff
from tests.people.conftest import ana, browser

__all__ = ["ana", "browser"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


def told(kind: str) -> list[str]:
    return list(StaffNotification.objects.filter(kind=kind).order_by("pk").values_list("text", flat=True))


def won(**options: Any) -> Draw:
    """A motorbike and twice half a million, won by players who can be told apart."""
    raffle = committed_raffle(prizes=[("A motorbike", 1), ("Cash", 2, 500_000, "PYG")], **options)
    for number in (33, 55, 66, 77, 88):
        sold(raffle, number, player=make_player(name=f"Secretive {number}", phone=f"+5959819998{number}"))
    return held_draw(raffle)


def test_orders_that_keep_a_draw_waiting_are_told_once_an_hour() -> None:
    raffle = committed_raffle()
    make_order(raffle=raffle, numbers=(1,), status="UNDER_REVIEW")
    make_order(raffle=raffle, numbers=(2,), status="UNDER_REVIEW")
    begin = after_sales(raffle)
    for minutes in (0, 1, 30, 61):
        sweep(now=begin + timedelta(minutes=minutes))
    notes = StaffNotification.objects.filter(kind="ENTRIES_WAIT")
    assert [note.draw for note in notes] == [draw_of(raffle)] * 2
    assert "2 orders are undecided" in notes[0].text


def test_what_stops_a_draw_is_told_once_in_words() -> None:
    draw = closed_draw(numbers=(3,), draw={"method": "SECRET"})
    DrawSecret.objects.update(sealed="gone")
    for minutes in (0, 1, 2):
        sweep(now=at_draw(draw.raffle) + timedelta(minutes=minutes))
    assert told("DRAW_TROUBLED") == [
        "The draw cannot go on: its secret cannot be read. Its page says what to do."
    ]


def test_winners_are_told_as_prizes_and_amounts_with_nothing_of_whose_they_are() -> None:
    draw = won()
    assert told("DRAW_HELD") == ["Prizes to hand over: 1. A motorbike; 2. Cash × 2 (PYG\xa0500,000)"]
    note = StaffNotification.objects.get(kind="DRAW_HELD")
    assert (note.draw, note.player, note.order) == (draw, None, None)


def test_a_draw_without_a_winner_says_so() -> None:
    held_draw(numbers=())
    assert told("DRAW_HELD") == ["Nobody has won: no paid number was left."]


def test_a_claim_and_what_was_lost_are_told_without_a_name() -> None:
    draw = won()
    first, second, third = draw.awards.order_by("place")
    claim_award(draw_id=draw.pk, player_id=first.player_id, actor=STAFF, now=NOW)
    assert told("AWARD_CLAIMED") == ["The winner of 1. A motorbike has come forward: hand it over."]
    lose_award(award_id=second.pk, by=make_staff(), why="GIVEN_UP", note="x", now=NOW)
    lost = "2. Cash (PYG\xa0500,000) was lost"
    assert told("AWARD_LOST") == [f"{lost} (given up by the winner) and went to the next reserve."]
    draw.redraw = Draw.Redraw.STAYS
    draw.save(update_fields=["redraw"])
    lose_award(award_id=third.pk, by=make_staff(), why="BARRED", note="x", now=NOW)
    assert told("AWARD_LOST")[1] == f"{lost} (the winner may not take part) and nobody else gets it."
    expire_awards(now=NOW + timedelta(days=100))
    assert len(told("AWARD_LOST")) == 3
    for note in StaffNotification.objects.filter(draw=draw):
        for player in ("Secretive", "+595", *(str(number) for number in (33, 55, 66, 77, 88))):
            assert player not in note.text


def test_a_notification_of_a_draw_can_name_no_person() -> None:
    draw = held_draw()
    for wrong in (
        {"draw": None},
        {"draw": draw, "player": make_player()},
        {"draw": draw, "order": make_order()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            StaffNotification.objects.create(kind="DRAW_HELD", subject="x", created_at=NOW, **wrong)


def test_a_chat_room_hears_the_prizes_and_no_person() -> None:
    draw = won()
    room = Destination.objects.create(
        name="Room", channel="WEBHOOK", url="https://hooks.example/x", kinds=["DRAW_HELD"], since=NOW
    )
    digest = Digest.objects.create(destination=room, made_at=NOW, next_try_at=NOW)
    for note in StaffNotification.objects.filter(kind="DRAW_HELD"):
        DigestLine.objects.create(destination=room, digest=digest, notification=note)
    body = str(body_of(summary_of(digest)))
    assert f"Draw held: {draw.code}" in body
    assert "A motorbike; 2. Cash × 2" in body
    for award in draw.awards.select_related("player", "order"):
        for private in (award.player.name, award.player.phone, award.order.code):
            assert private not in body


def test_who_sees_only_their_raffles_hears_of_their_draws_alone(ana: User, browser: Client) -> None:
    mine, theirs = held_draw(), held_draw()
    mine.raffle.organisers.add(ana)
    names = ("view_staffnotification", "view_draw")
    ana.user_permissions.add(*Permission.objects.filter(codename__in=names))
    browser.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    notes = StaffNotification.objects.filter(draw=mine, kind="DRAW_HELD")
    ours = set(notes.values_list("pk", flat=True))
    assert listed(browser, StaffNotification, kind__exact="DRAW_HELD") == ours
    page = text(browser.get(list_of(StaffNotification)))
    assert page_of(mine) in page
    assert theirs.code not in page
