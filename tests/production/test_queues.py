"""Each queue with a real worker: an event that came in by the webhook is answered at once."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg.errors
import pytest
from django.db import connection
from django.utils import timezone
from huey import PostgresHuey, RedisHuey

from config.health_checks import complaints
from config.queue_tables import LOCK, make_queue_tables
from config.rehearsal.processes import Process, free_port
from tests.production.stage import Site, rows_url, running, until, wait_for_web
from whatsapp.simulator import phones
from whatsapp.simulator.courier import deliver_due
from whatsapp.simulator.models import ChatMessage, Phone

# A sweep comes once a minute: three answers within seconds each are none of its doing.
AT_ONCE = 6.0
pytestmark = pytest.mark.django_db(transaction=True)


def sqlite_queue(folder: Path) -> str:
    return f"sqlite:///{folder}/queue.sqlite3"


def redis_queue(_: Path) -> str:
    url = os.environ.get("HUEY_URL", "")
    if not url.startswith("redis://"):
        pytest.skip("HUEY_URL names no Redis")
    return url


def postgres_queue(_: Path) -> str:
    return rows_url()


@pytest.fixture(
    params=[
        sqlite_queue,
        pytest.param(redis_queue, marks=pytest.mark.postgres),
        pytest.param(postgres_queue, marks=pytest.mark.postgres),
    ]
)
def queue_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(request.param(tmp_path))


def answers(phone: Phone) -> int:
    return phone.messages.filter(direction=ChatMessage.Direction.OUT).count()


def ask_and_be_answered(phone: Phone, site: Site) -> float:
    before, began = answers(phone), time.monotonic()
    phones.say(phone, "menu")
    deliver_due(timezone.now(), site.address)
    until(lambda: answers(phone) > before, seconds=AT_ONCE, told="an answer on the phone")
    return time.monotonic() - began


@contextmanager
def at_work(queue_url: str, folder: Path) -> Iterator[tuple[Site, Phone, Process, Process]]:
    site = Site(folder, queue_url=queue_url)
    web, worker = site.web(), site.worker()
    phone = phones.create_phone(profile_name="Ana", wa_id="595981000001")
    with running(web, worker):
        wait_for_web(site, web)
        until(lambda: complaints()["worker"] is None, seconds=20, told="the beat of the worker")
        yield site, phone, web, worker


def test_the_worker_is_woken_and_the_player_is_answered_at_once(queue_url: str, tmp_path: Path) -> None:
    with at_work(queue_url, tmp_path) as (site, phone, web, worker):
        assert sum(ask_and_be_answered(phone, site) for _ in range(3)) < 3 * AT_ONCE
        assert worker.stop()
        assert web.stop()


def delete_store(queue_url: str) -> None:
    """As somebody does who thinks that the queue hangs, while web and worker run."""
    if queue_url.startswith("sqlite"):
        for path in Path(queue_url.removeprefix("sqlite:///")).parent.glob("queue.sqlite3*"):
            path.unlink()
    elif queue_url.startswith("redis"):
        RedisHuey(url=queue_url, name="raffles").flush()
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE huey_kv, huey_schedule, huey_task, huey_counter")


def is_store_there(queue_url: str) -> bool:
    if not queue_url.startswith("postgres"):
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('huey_task') IS NOT NULL")
        return bool(cursor.fetchone()[0])


def test_a_queue_that_is_deleted_beneath_web_and_worker_goes_on(queue_url: str, tmp_path: Path) -> None:
    with at_work(queue_url, tmp_path) as (site, phone, _web, _worker):
        ask_and_be_answered(phone, site)
        delete_store(queue_url)
        until(lambda: is_store_there(queue_url), seconds=30, told="the tables are made again")
        assert sum(ask_and_be_answered(phone, site) for _ in range(3)) < 3 * AT_ONCE


@pytest.fixture
def queue(request: pytest.FixtureRequest) -> Iterator[Any]:
    prefix = f"queue_{secrets.token_hex(4)}"
    huey = PostgresHuey(dsn=rows_url(), table_prefix=prefix, create_tables=False)
    yield huey
    huey.storage.close()
    with connection.cursor() as cursor:
        for name in ("kv", "schedule", "task", "counter"):
            cursor.execute(f"DROP TABLE IF EXISTS {prefix}_{name}")


def made_beside(queue: Any, make: Any, *first: tuple[str, Any]) -> Exception | None:
    """What `make` raises when another one has made the same tables and not yet committed."""
    raised: list[Exception] = []

    def attempt() -> None:
        try:
            make()
        except Exception as error:  # noqa: BLE001 - the test judges it
            raised.append(error)

    with queue.storage._connect() as other:
        other.autocommit = False
        for statement, values in (*first, (queue.storage.ddl[0], None)):
            other.execute(statement, values)
        thread = threading.Thread(target=attempt)
        thread.start()
        until(somebody_waits, seconds=10, told="the second one waits for the first")
    thread.join(timeout=20)
    assert not thread.is_alive()
    return raised[0] if raised else None


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


@pytest.mark.postgres
def test_workers_that_start_together_make_the_tables_of_the_queue_in_turn(queue: Any) -> None:
    lock = ("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
    assert made_beside(queue, lambda: make_queue_tables(queue), lock) is None
    assert queue.pending_count() == 0


@pytest.fixture
def powerless(queue: Any) -> Iterator[str]:
    """A role that may use every table there is and make none."""
    role = f"powerless_{secrets.token_hex(4)}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role}")
        cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        yield role
        cursor.execute(f"DROP OWNED BY {role}")
        cursor.execute(f"DROP ROLE {role}")


@pytest.mark.postgres
def test_who_may_make_no_tables_works_with_those_that_are_there(queue: Any, powerless: str) -> None:
    prefix = queue.storage.table_kv.removesuffix("_kv")
    url = f"{rows_url()}?options=-c%20role%3D{powerless}"
    theirs = PostgresHuey(dsn=url, table_prefix=prefix, create_tables=False)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        make_queue_tables(theirs)
    make_queue_tables(queue)
    make_queue_tables(theirs)
    theirs.storage.close()


@pytest.mark.postgres
def test_without_the_lock_the_second_worker_would_not_start(queue: Any) -> None:
    error = made_beside(queue, queue.storage.initialize_schema)
    assert type(error).__name__ == "UniqueViolation"


def test_a_worker_that_starts_without_its_queue_says_one_line_and_ends_in_order(tmp_path: Path) -> None:
    worker = Site(tmp_path, queue_url=f"redis://127.0.0.1:{free_port()}/0").worker()
    with running(worker):
        until(lambda: "the queue does not answer" in worker.log.read_text(), seconds=30, told="the outage")
        assert worker.stop()
    written = worker.log.read_text()
    assert (written.count("the queue does not answer"), written.count("Traceback")) == (1, 0), written
    for told in ("has begun with 4 threads", "is asked to stop", "has ended in order"):
        assert written.count(f"the worker {told}") == 1, written
