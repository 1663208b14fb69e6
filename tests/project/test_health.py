from __future__ import annotations

import errno
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from huey import PostgresHuey, RedisHuey
from pytest_django import Settings

from config import tasks
from config.beat import FORGOTTEN_AFTER, note_beat, silence
from config.health import TOKEN_HEADER
from config.health_checks import CHECKS
from config.knock import ask
from config.loopback import local_server
from config.models import WorkerBeat
from tests.factories import NOW

TOKEN = "a-token-of-our-own-26"


@pytest.fixture
def _worker_is_heard(db: None) -> None:
    tasks.beat.call_local()


def components(client: Client) -> dict[str, str]:
    found = client.get("/api/health-check/", headers={TOKEN_HEADER: TOKEN}).json()["components"]
    return {name: component["status"] for name, component in found.items()}


def all_but(*failing: str) -> dict[str, str]:
    return {name: "failing" if name in failing else "ok" for name in CHECKS}


def test_the_web_process_is_alive_whatever_the_database_does(client: Client) -> None:
    answer = client.get("/health/live")  # this test may not touch the database
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.usefixtures("_worker_is_heard")
@pytest.mark.parametrize(
    "path", ["/health/live", "/health/live/", "/health/", "/health/ready", "/health/ready/"]
)
def test_all_is_well_while_a_worker_is_heard(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.content) == (200, b"ok")


@time_machine.travel(NOW, tick=False)
@pytest.mark.usefixtures("_worker_is_heard")
def test_two_minutes_without_a_worker_make_the_product_unready_and_leave_it_alive(client: Client) -> None:
    WorkerBeat.objects.update(beat_at=timezone.now() - timedelta(seconds=119))
    assert client.get("/health/ready").status_code == 200
    WorkerBeat.objects.update(beat_at=timezone.now() - timedelta(seconds=121))
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.content.decode() == "worker: no worker was heard for 121 seconds"
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/").status_code == 200


@pytest.mark.django_db
def test_a_product_whose_worker_never_ran_is_not_ready(client: Client) -> None:
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.content) == (503, b"worker: no worker was ever heard")


@pytest.mark.usefixtures("_worker_is_heard")
def test_a_missing_migration_names_its_app(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("sales", last_migration("sales"))
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.content) == (503, b"migrations: migrations are missing in sales")


def last_migration(app: str) -> str:
    applied = MigrationRecorder(connection).applied_migrations()
    return max(name for label, name in applied if label == app)


@pytest.mark.django_db
def test_without_a_token_in_the_settings_the_health_check_does_not_exist(
    client: Client, settings: Settings
) -> None:
    settings.HEALTH_CHECK_TOKEN = ""
    for headers in ({}, {TOKEN_HEADER: ""}, {TOKEN_HEADER: "anything"}):
        assert client.get("/api/health-check/", headers=headers).status_code == 404


@pytest.fixture
def _token(settings: Settings) -> None:
    settings.HEALTH_CHECK_TOKEN = TOKEN


@pytest.mark.usefixtures("_token")
@pytest.mark.parametrize("given", [None, "", "wrong", TOKEN[:-1], f"{TOKEN}x", "tökén"])
def test_a_missing_or_wrong_token_learns_nothing(client: Client, given: str | None) -> None:
    answer = client.get("/api/health-check/", headers={} if given is None else {TOKEN_HEADER: given})
    assert answer.status_code == 403
    assert set(answer.json()) == {"detail"}


@pytest.mark.usefixtures("_token", "_worker_is_heard")
def test_the_right_token_sees_every_component(client: Client) -> None:
    answer = client.get("/api/health-check/", headers={TOKEN_HEADER: TOKEN})
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert {"database", "cache", "queue", "storage", "worker", "migrations"} == set(
        answer.json()["components"]
    )
    assert components(client) == all_but()


@pytest.mark.usefixtures("_token", "_worker_is_heard")
def test_a_folder_that_takes_no_file_fails_the_storage_alone(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file" / "media"  # not even root can write below a file
    answer = client.get("/api/health-check/", headers={TOKEN_HEADER: TOKEN})
    assert answer.status_code == 503
    assert answer.json()["status"] == "failing"
    assert components(client) == all_but("storage")


@pytest.mark.usefixtures("_worker_is_heard")
def test_the_probe_leaves_no_file_behind(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    assert client.get("/health/ready").status_code == 200
    assert default_storage.listdir(".") == ([], [])


@pytest.mark.usefixtures("_token", "_worker_is_heard")
def test_the_probe_leaves_no_file_behind_on_a_full_disk(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: object) -> bool:
        raise OSError(errno.ENOSPC, "No space left on device")

    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr("django.core.files.locks.lock", refuse)  # once the file has its name
    assert components(client) == all_but("storage")
    assert list((tmp_path / "media").iterdir()) == []


@pytest.mark.usefixtures("_token", "_worker_is_heard")
@pytest.mark.parametrize(
    "gone",
    [
        lambda: RedisHuey(url="redis://:a-password@127.0.0.1:1/0"),
        lambda: PostgresHuey(dsn="postgres://u:a-password@127.0.0.1:1/q", create_tables=False),
    ],
)
def test_a_queue_that_does_not_answer_fails_alone_and_tells_no_password(
    client: Client, settings: Settings, gone: type[RedisHuey]
) -> None:
    settings.HUEY = gone()
    answer = client.get("/api/health-check/", headers={TOKEN_HEADER: TOKEN})
    assert answer.status_code == 503
    assert components(client) == all_but("queue")
    assert "a-password" not in answer.content.decode()


@pytest.mark.usefixtures("_token", "_worker_is_heard")
def test_a_cache_that_keeps_nothing_fails_alone(client: Client, settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert components(client) == all_but("cache")


@pytest.fixture
def _no_database(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The connection is led to where nothing is; the rows come back afterwards."""
    connection.close()
    elsewhere = {"NAME": "/nowhere/db.sqlite3"} if connection.vendor == "sqlite" else {"PORT": "1"}
    with monkeypatch.context() as patch:
        for name, value in elsewhere.items():
            patch.setitem(connection.settings_dict, name, value)
        yield
        connection.close()


@pytest.mark.usefixtures("_no_database", "_token")
def test_without_its_database_the_product_is_alive_and_not_ready(client: Client) -> None:
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/").status_code == 503
    assert client.get("/health/ready").status_code == 503
    assert components(client) == all_but("database", "migrations", "worker")


def test_health_is_asked_and_not_told(client: Client) -> None:
    for path in ("/health/", "/health/live", "/health/ready", "/api/health-check/"):
        assert client.post(path).status_code == 405


@pytest.mark.django_db
def test_the_beats_of_several_machines_are_one_row_each_and_the_latest_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = timezone.now()
    for host, age in (("a", 200), ("b", 100), ("a", 30)):
        monkeypatch.setattr("socket.gethostname", lambda host=host: host)
        note_beat(now=now - timedelta(seconds=age))
    assert WorkerBeat.objects.count() == 2
    assert silence(now=now) == timedelta(seconds=30)


@pytest.mark.django_db
def test_a_machine_that_has_gone_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    WorkerBeat.objects.create(host="gone", beat_at=timezone.now() - FORGOTTEN_AFTER - timedelta(minutes=1))
    tasks.beat.call_local()
    assert not WorkerBeat.objects.filter(host="gone").exists()


@pytest.mark.django_db(transaction=True)
def test_the_container_asks_the_web_process_over_http() -> None:
    with local_server() as address:
        ask(f"{address}/health/", "127.0.0.1")
        with pytest.raises(OSError, match="404"):
            ask(f"{address}/nowhere/", "127.0.0.1")
