"""The screen in the hall waits for what takes part in the result, and for nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from raffles.draws.actions import fall_back, hold_draw, type_result
from raffles.draws.models import Draw, DrawSecret
from tests.draws.staging import STAFF, at_draw, closed_draw, held_draw, with_beacon
from tests.factories import make_staff
from tests.pages.looking import get

LOTTERY = {
    "method": "LOTTERY",
    "lottery_name": "Quiniela",
    "lottery_drawing": "Evening",
    "lottery_results": 2,
}
SECRET_LOST, BEACON_MISSING = timedelta(hours=24), timedelta(hours=72)


def steps(client: Client, draw: Draw, language: str = "en") -> dict[str, Any]:
    answer = get(client, f"/draws/{draw.code}/steps.json", accept_language=language)
    found: dict[str, Any] = json.loads(answer.content)
    return found


def typed(draw: Draw, *values: str, after: timedelta = timedelta()) -> Draw:
    at = at_draw(draw.raffle) + after
    for by in (make_staff(), make_staff()):
        type_result(draw_id=draw.pk, values=values, witnesses="María, a notary", by=by, now=at)
    return hold_draw(draw_id=draw.pk, actor=STAFF, now=at)


def fallen(draw: Draw, after: timedelta, *, is_lost: bool) -> Draw:
    if is_lost:
        DrawSecret.objects.filter(draw=draw).update(sealed="gone")
    at = at_draw(draw.raffle) + after
    Draw.objects.filter(pk=draw.pk).update(beacon_asked_at=at)
    return fall_back(draw_id=draw.pk, actor=STAFF, now=at)


def without_secret() -> Draw:
    draw = fallen(closed_draw(), SECRET_LOST, is_lost=True)
    at = at_draw(draw.raffle) + SECRET_LOST
    return hold_draw(draw_id=with_beacon(draw, now=at).pk, actor=STAFF, now=at)


def without_beacon() -> Draw:
    draw = fallen(closed_draw(), BEACON_MISSING, is_lost=False)
    return hold_draw(draw_id=draw.pk, actor=STAFF, now=at_draw(draw.raffle) + BEACON_MISSING)


def by_barrel_without_secret() -> Draw:
    draw = fallen(closed_draw(draw={"method": "SECRET"}), SECRET_LOST, is_lost=True)
    return typed(draw, "5", "3", "77", after=SECRET_LOST)


HELD: dict[str, tuple[Callable[[], Draw], str]] = {
    "beacon": (held_draw, "beacon seed"),
    "beacon, secret lost": (without_secret, "fallback beacon seed"),
    "beacon, beacon missing": (without_beacon, "fallback seed"),
    "secret": (lambda: held_draw(draw={"method": "SECRET"}), "seed"),
    "secret, secret lost": (by_barrel_without_secret, "fallback"),
    "lottery": (lambda: typed(closed_draw(draw=LOTTERY), "05", "12"), ""),
    "barrel": (lambda: typed(closed_draw(draw={"method": "BARREL"}), "40", "3", "77"), ""),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", HELD)
def test_every_scene_of_a_held_draw_is_there_and_has_what_it_needs(client: Client, name: str) -> None:
    made, expected = HELD[name]
    draw = made()
    found = steps(client, draw)
    assert found["scenes"] == ["start", "closed", "root", *expected.split(), "winner", "all"]
    page = get(client, f"/draws/{draw.code}/ceremony/", accept_language="en").content.decode()
    assert f'data-scenes="{" ".join(found["scenes"])}"' in page
    needs = dict(re.findall(r'data-scene="(\w+)" data-needs="(\w+)"', page))
    assert [scene for scene in found["scenes"][1:] if not found[needs[scene]]] == []


@pytest.mark.django_db
def test_what_is_waited_for_changes_with_the_fallback(client: Client) -> None:
    draw = closed_draw()
    assert "beacon" in steps(client, draw)["scenes"]
    fallen(draw, BEACON_MISSING, is_lost=False)
    found = steps(client, draw)
    assert "beacon" not in found["scenes"]
    assert found["fallback"].startswith("The beacon did not come in time")
    assert steps(client, draw, "es")["fallback"] != found["fallback"]


@pytest.mark.django_db
def test_the_round_is_told_with_its_time(client: Client) -> None:
    draw = closed_draw()
    before = steps(client, draw)
    fallen(draw, SECRET_LOST, is_lost=True)
    after = steps(client, draw)
    assert after["round"] > before["round"]
    assert "2026" in before["round_at"]
    assert before["round_at"] != after["round_at"]
