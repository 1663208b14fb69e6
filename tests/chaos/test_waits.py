from __future__ import annotations

from dataclasses import replace

import pytest

from config.rehearsal.books import Books
from config.rehearsal.history import History
from config.rehearsal.waits import measured, share_of
from tests.chaos.evidence import again, books, history


def test_a_wait_runs_from_the_players_message_to_the_reply_by_metas_clock() -> None:
    waits = measured(history(), books())
    assert waits.turns == 1
    assert waits.p50 == pytest.approx(0.2)
    assert waits.slowest == pytest.approx(0.2)


def test_a_reply_that_came_twice_counts_when_it_came_first() -> None:
    told_by_meta = replace(history(), sent=[again(history().sent[0]), *history().sent])
    assert measured(told_by_meta, books()).slowest == pytest.approx(0.2)


def test_webhooks_are_told_as_meta_measures_them() -> None:
    waits = measured(history(), books())
    assert waits.webhook_p50_ms == 4.0
    assert waits.webhook_slow_share == pytest.approx(1 / 3)


def test_a_run_in_which_nothing_happened_has_no_waits() -> None:
    waits = measured(History(), Books())
    assert (waits.turns, waits.turns_per_second, waits.p99, waits.webhook_slow_share) == (0, 0.0, 0.0, 0.0)


def test_a_percentile_is_the_value_that_this_share_does_not_exceed() -> None:
    hundred = [float(value) for value in range(1, 101)]
    assert share_of(hundred, 0.5) == 51.0
    assert share_of(hundred, 0.99) == 100.0
    assert share_of([7.0], 0.99) == 7.0
