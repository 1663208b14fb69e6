"""A worker whose queue is away: it waits, and tells of it once."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from huey import SqliteHuey
from huey.exceptions import HueyException

from config import queue_watch
from config.worker import LOOK_EVERY_SECONDS, ProductConsumer

AWAY = "the queue does not answer; the worker waits for it (OperationalError: gone, for the test)"


class Store:
    """A queue that may be away; it counts who asks."""

    def __init__(self, huey: Any, patch: pytest.MonkeyPatch) -> None:
        self.is_away, self.asked = False, 0
        for name in ("dequeue", "read_schedule", "queue_size", "enqueue"):
            patch.setattr(huey.storage, name, self._around(getattr(huey.storage, name)))

    def _around(self, plain: Any) -> Any:
        def ask(*args: Any) -> Any:
            self.asked += 1
            if self.is_away:
                raise sqlite3.OperationalError("gone,\nfor the test")
            return plain(*args)

        return ask


class Flag:
    """Stands for the consumer's: nobody waits, and what was asked for is kept."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    def wait(self, seconds: float) -> bool:
        self.waited.append(seconds)
        return False


@pytest.fixture
def consumer(tmp_path: Any) -> Iterator[Any]:
    huey = SqliteHuey(filename=str(tmp_path / "queue.sqlite3"), immediate=False, results=False)
    made = ProductConsumer(huey, 3)
    yield made
    huey.storage.close()
    queue_watch.watch.note_back()


@pytest.fixture
def store(consumer: Any, monkeypatch: pytest.MonkeyPatch) -> Store:
    return Store(consumer.huey, monkeypatch)


@pytest.fixture(autouse=True)
def _huey_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger("huey"), "propagate", True)


def threads(consumer: Any) -> tuple[list[Any], Any, Flag]:
    flag = Flag()
    workers = [consumer._create_worker() for _ in range(3)]
    scheduler = consumer._create_scheduler()
    for one in (*workers, scheduler):
        one.stop_flag = flag
    return workers, scheduler, flag


def test_it_is_told_once_when_it_goes_and_once_when_it_comes_back(
    consumer: Any, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    workers, scheduler, _ = threads(consumer)
    store.is_away = True
    for _ in range(20):
        for one in (*workers, scheduler):
            one.loop()
    store.is_away = False
    scheduler.loop()
    for one in workers:
        one.loop()
    assert [record.getMessage() for record in caplog.records] == [AWAY, "the queue answers again"]
    assert [record.exc_info for record in caplog.records] == [None, None]


def test_one_thread_asks_for_it_less_and_less_often_and_the_others_not_at_all(
    consumer: Any, store: Store
) -> None:
    workers, scheduler, flag = threads(consumer)
    store.is_away = True
    workers[0].loop()
    store.asked, flag.waited[:] = 0, []
    for _ in range(10):
        workers[1].loop()
    assert (store.asked, set(flag.waited)) == (0, {LOOK_EVERY_SECONDS})
    flag.waited.clear()
    for _ in range(6):
        scheduler.loop()
    assert flag.waited == [0.5, 1, 2, 4, 5, 5]


def test_a_task_that_nobody_knows_is_no_outage(
    consumer: Any, store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse() -> None:
        raise HueyException("an unknown task")

    monkeypatch.setattr(consumer.huey, "dequeue", refuse)
    workers, _, _ = threads(consumer)
    workers[0].loop()
    assert [record.getMessage() for record in caplog.records] == ["Error reading from queue"]
    assert caplog.records[0].exc_info is not None
    assert not queue_watch.watch.is_away
