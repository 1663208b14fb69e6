"""Nudges within one process: one run at a time, one telling a moment, none lost."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

import pytest

from whatsapp.alone import Alone, Bell, Later

SECONDS = 10.0


def thread(work: Callable[[], object]) -> threading.Thread:
    started = threading.Thread(target=work)
    started.start()
    return started


def test_who_asks_while_another_is_at_work_goes_away_and_the_work_is_done_once_more() -> None:
    alone, begun, may_end, runs = Alone(), threading.Event(), threading.Event(), list[int]()

    def work() -> None:
        runs.append(threading.get_ident())
        begun.set()
        assert may_end.wait(SECONDS)

    first = thread(lambda: alone.run(work))
    assert begun.wait(SECONDS)
    for _ in range(3):
        alone.run(work)  # comes back at once
    assert len(runs) == 1
    may_end.set()
    first.join(SECONDS)
    assert runs == [first.ident, first.ident]


def test_work_that_fails_leaves_the_door_open() -> None:
    alone, runs = Alone(), list[str]()

    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        alone.run(fail)
    alone.run(lambda: runs.append("again"))
    assert runs == ["again"]


def test_who_asks_while_work_fails_is_heard(caplog: pytest.LogCaptureFixture) -> None:
    """The one at work answers for whoever went away; otherwise that wish would wait for the sweep."""
    alone, runs = Alone(), list[str]()

    def fail_once() -> None:
        runs.append("run")
        if len(runs) == 1:
            alone.run(fail_once)  # asks while another is at work, and goes away
            raise ZeroDivisionError

    alone.run(fail_once)
    assert runs == ["run", "run"]
    assert "it goes round again" in caplog.text


def test_of_several_timers_the_earliest_counts() -> None:
    later, asked = Later(), list[float]()
    for seconds in (60, 90, 30, 45):
        later.ask(seconds, asked.append)
    assert asked == [60, 30]


def test_many_rings_are_few_tellings_and_the_last_ring_is_heard() -> None:
    told, may_tell, rings = threading.Semaphore(0), threading.Event(), 100
    tellings = list[int]()

    def tell() -> None:
        assert may_tell.wait(SECONDS)
        tellings.append(1)
        told.release()

    bell = Bell(tell, pause=lambda: 0.001)
    bell.ring()
    for _ in range(rings):
        bell.ring()
    may_tell.set()
    assert told.acquire(timeout=SECONDS)
    bell.ring()
    assert told.acquire(timeout=SECONDS)
    assert len(tellings) <= 4


def test_without_a_pause_the_queue_is_told_at_once_by_who_rings() -> None:
    told = list[int]()
    Bell(lambda: told.append(threading.get_ident()), pause=lambda: 0).ring()
    assert told == [threading.get_ident()]


def test_a_command_that_ends_right_after_it_rang_still_tells() -> None:
    told = list[str]()
    bell = Bell(lambda: told.append("told"), pause=lambda: 1)
    bell._rung.set()
    bell._pid = os.getpid()
    bell._tell_the_last()
    assert told == ["told"]
