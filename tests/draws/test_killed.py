"""Killed before any statement that writes, a step has not begun; done again, it comes to the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection, transaction

from raffles.draws.actions import hold_draw
from raffles.draws.models import Award, Draw, EntryPage, Outcome
from tests.draws.staging import (
    STAFF,
    after_sales,
    at_draw,
    closed_draw,
    committed_raffle,
    draw_of,
    sold,
    with_beacon,
)
from tests.production.stage import rows_url

pytestmark = pytest.mark.django_db(transaction=True)

SURVIVED = 0


def run(step: str, draw: Draw, now: datetime, die_at: int) -> subprocess.CompletedProcess[str]:
    connection.close()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": rows_url(),
        "PYTHONWARNINGS": "ignore",
    }
    command = [sys.executable, "-m", "tests.draws.killing", step, str(draw.pk), now.isoformat(), str(die_at)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def killed_at_every_statement(step: str, draw: Draw, now: datetime, untouched: Callable[[], bool]) -> int:
    """Returns how many places it died at; after the last it lives to the end and has done its work."""
    for die_at in range(1, 60):
        ended = run(step, draw, now, die_at)
        if ended.returncode == SURVIVED:
            return die_at - 1
        assert ended.returncode == -signal.SIGKILL, ended.stderr
        assert untouched()
    raise AssertionError("it never came to its end")


def test_a_closing_that_is_killed_anywhere_has_not_begun_and_then_freezes_all() -> None:
    raffle = committed_raffle()
    for number in (3, 5, 12):
        sold(raffle, number)
    draw = draw_of(raffle)

    def untouched() -> bool:
        return draw_of(raffle).status == Draw.Status.COMMITTED and not EntryPage.objects.exists()

    places = killed_at_every_statement("CLOSE", draw, after_sales(raffle), untouched)
    draw.refresh_from_db()
    assert places >= 6
    assert (draw.status, draw.entry_count, EntryPage.objects.count()) == (Draw.Status.CLOSED, 3, 1)


def test_a_draw_that_is_killed_anywhere_has_not_begun_and_then_has_the_one_result() -> None:
    draw = with_beacon(closed_draw(prizes=[("A car", 1), ("A bicycle", 2)]))

    def untouched() -> bool:
        waits = Draw.objects.get(pk=draw.pk).status == Draw.Status.CLOSED
        return waits and not Award.objects.exists() and not Outcome.objects.exists()

    expected = as_if_undisturbed(draw)
    places = killed_at_every_statement("HOLD", draw, at_draw(draw.raffle), untouched)
    draw.refresh_from_db()
    assert places >= 4
    assert (draw.seed, draw.sequence) == expected
    assert (Award.objects.count(), Outcome.objects.count()) == (3, 5)


def as_if_undisturbed(draw: Draw) -> tuple[str, object]:
    """Held and undone again."""
    with transaction.atomic():
        held = hold_draw(draw_id=draw.pk, actor=STAFF, now=at_draw(draw.raffle))
        transaction.set_rollback(True)
    return held.seed, held.sequence
