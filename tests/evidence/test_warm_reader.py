"""The reader that a worker keeps: one for all receipts, given back when none come; nothing is forgotten."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime

import pytest

from raffles.evidence import nudges
from raffles.evidence.nudges import NICENESS, WarmReader
from raffles.evidence.reader import Reader, ReaderFailed


@pytest.fixture
def warm() -> Iterator[WarmReader]:
    made = WarmReader()
    yield made
    made.end()


def ask_nothing(reader: Reader) -> int:
    """What is no picture; the process that said so."""
    with pytest.raises(ReaderFailed):
        reader.ask("read", [b"x"], with_text=False)
    assert reader.process_id is not None
    return reader.process_id


class Desk:
    """Receipts that wait, a few at each look."""

    def __init__(self, *looks: int, waiting: list[bool]) -> None:
        self.looks, self.waiting = list(looks), waiting
        self.processes: list[int] = []
        self.nice: list[int] = []

    def read(self, *, now: datetime, reader: Reader) -> int:
        found = self.looks.pop(0)
        if found:
            self.processes.append(ask_nothing(reader))
            self.nice.append(os.getpriority(os.PRIO_PROCESS, self.processes[-1]))
        return found

    def are_waiting(self, *, now: datetime) -> bool:
        return self.waiting.pop(0)


def seated(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(nudges, "read_proofs", desk.read)
    monkeypatch.setattr(nudges, "are_waiting", desk.are_waiting)
    return desk


def test_one_process_reads_all_that_comes_and_stands_back_behind_the_chat(
    warm: WarmReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = seated(Desk(2, 1, 0, 1, 0, waiting=[False, False]), monkeypatch)
    warm.read_waiting()
    warm.read_waiting()
    assert len(desk.processes) == 3
    assert len(set(desk.processes)) == 1
    assert set(desk.nice) == {min(19, os.getpriority(os.PRIO_PROCESS, 0) + NICENESS)}


def test_what_came_while_the_last_look_was_over_is_read(
    warm: WarmReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = seated(Desk(0, 1, 0, waiting=[True, False]), monkeypatch)
    warm.read_waiting()
    assert len(desk.processes) == 1


def test_who_comes_while_another_reads_goes_away_at_once(
    warm: WarmReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = seated(Desk(1, 0, waiting=[False]), monkeypatch)
    really = desk.read

    def read_and_ask_again(*, now: datetime, reader: Reader) -> int:
        warm.read_waiting()
        return really(now=now, reader=reader)

    monkeypatch.setattr(nudges, "read_proofs", read_and_ask_again)
    warm.read_waiting()
    assert len(desk.processes) == 1


def test_it_is_ended_when_nothing_comes_and_started_again_when_something_does(
    warm: WarmReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = seated(Desk(1, 0, 1, 0, waiting=[False, False]), monkeypatch)
    warm.read_waiting()
    warm.end()
    warm.read_waiting()
    assert len(set(desk.processes)) == 2
