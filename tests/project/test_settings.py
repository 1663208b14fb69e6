from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction
from django.db.utils import ConnectionHandler

from config.env import DEVELOPMENT, ROOT, BadSetting
from config.production import BUILD_KEY, BUILD_SITE
from config.stores import sqlite_url
from tests.project.bad_settings import BAD_VALUES, UNSAFE
from tests.project.environment import NAMES, PRODUCTION, read_settings


@pytest.mark.parametrize(("name", "value"), BAD_VALUES)
def test_a_bad_value_stops_the_start_with_one_line_that_names_the_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(BadSetting) as refusal:
        read_settings(monkeypatch, {"DEBUG": "1", name: value})
    assert str(refusal.value).startswith(f"Setting {name}: ")
    assert "\n" not in str(refusal.value)


def test_each_setting_has_a_bad_value_that_is_tried() -> None:
    assert {name for name, _ in BAD_VALUES} == NAMES


@pytest.mark.parametrize("name", sorted(DEVELOPMENT))
def test_a_missing_value_stops_a_production_start_and_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with pytest.raises(BadSetting, match=f"^Setting {name}: is missing"):
        read_settings(monkeypatch, {key: value for key, value in PRODUCTION.items() if key != name})


@pytest.mark.parametrize(("name", "value"), UNSAFE)
def test_production_refuses_defaults_and_openness(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(BadSetting, match=f"^Setting {name}: "):
        read_settings(monkeypatch, PRODUCTION | {name: value})


def test_a_development_secret_is_refused_in_the_middle_of_a_rotation_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = f"1f0c6f9b2a,{DEVELOPMENT['WHATSAPP_APP_SECRET']}"
    with pytest.raises(BadSetting, match=r"^Setting WHATSAPP_APP_SECRET: "):
        read_settings(monkeypatch, PRODUCTION | {"WHATSAPP_APP_SECRET": both})


def test_production_starts_with_values_of_its_own_and_closes_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read_settings(monkeypatch, PRODUCTION)
    assert settings["ALLOWED_HOSTS"] == ["raffles.example"]
    assert settings["WHATSAPP_GRAPH_URL"] == "https://graph.facebook.com"
    assert "whatsapp.simulator" not in settings["INSTALLED_APPS"]
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["CSRF_COOKIE_SECURE"]
    assert settings["SECURE_SSL_REDIRECT"]
    assert settings["SECURE_PROXY_SSL_HEADER"] is None


def test_development_needs_no_setting_but_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read_settings(monkeypatch, {"DEBUG": "1", "SIMULATOR": "1"})
    assert settings["WHATSAPP_GRAPH_URL"] == "http://127.0.0.1:8000/simulator/graph"
    assert settings["HUEY"].immediate is False


def test_what_is_played_never_shares_a_folder_with_what_is_real(monkeypatch: pytest.MonkeyPatch) -> None:
    played = read_settings(monkeypatch, {"DEBUG": "1", "SIMULATOR": "1"})
    real = read_settings(monkeypatch, PRODUCTION)
    assert played["MEDIA_ROOT"] == ROOT / "var" / "demo" / "media"
    assert real["MEDIA_ROOT"] == ROOT / "var" / "media"
    assert played["DATABASES"]["default"]["NAME"] != real["DATABASES"]["default"]["NAME"]


def test_the_image_is_built_with_values_that_open_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = (ROOT / "Dockerfile").read_text()
    build = {"SECRET_KEY": BUILD_KEY, "SITE_URL": BUILD_SITE}
    assert all(f"{name}={value}" in steps for name, value in build.items())
    assert read_settings(monkeypatch, PRODUCTION | build)["ALLOWED_HOSTS"] == ["build.invalid"]


def test_hosts_with_a_dot_before_them_hold_that_of_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read_settings(monkeypatch, PRODUCTION | {"ALLOWED_HOSTS": ".example"})
    assert settings["ALLOWED_HOSTS"] == [".example"]


def test_recorded_rounds_may_be_none_yet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rounds = tmp_path / "rounds.jsonl"
    for held in ("", '{"round": 5, "signature": "ab"}\n'):
        rounds.write_text(held)
        settings = read_settings(monkeypatch, PRODUCTION | {"DRAND_FILE": str(rounds)})
        assert settings["DRAND_FILE"] == str(rounds)


def test_debug_is_off_unless_somebody_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    without = {key: value for key, value in PRODUCTION.items() if key not in {"DEBUG", "SIMULATOR"}}
    settings = read_settings(monkeypatch, without)
    assert settings["DEBUG"] is False
    assert settings["SIMULATOR"] is False


def test_two_app_secrets_are_both_known(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read_settings(monkeypatch, PRODUCTION | {"WHATSAPP_APP_SECRET": "new, old"})
    assert settings["WHATSAPP_APP_SECRETS"] == ("new", "old")


def test_a_relative_file_starts_at_the_project_wherever_the_command_is_typed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    chosen = {"DEBUG": "1", "DATABASE_URL": "sqlite:///var/other.sqlite3", "MEDIA_ROOT": "var/files"}
    settings = read_settings(monkeypatch, chosen)
    assert settings["DATABASES"]["default"]["NAME"] == str(ROOT / "var" / "other.sqlite3")
    assert settings["MEDIA_ROOT"] == ROOT / "var" / "files"


def test_no_file_is_made_of_an_address_that_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(BadSetting):
        read_settings(monkeypatch, {"DEBUG": "1", "DATABASE_URL": f"sqlite:///{tmp_path}/a b/db.sqlite3"})
    assert list(tmp_path.iterdir()) == []


def test_a_folder_whose_name_has_a_blank_is_written_as_every_address(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = sqlite_url(tmp_path / "my shop" / "db.sqlite3")
    settings = read_settings(monkeypatch, {"DEBUG": "1", "DATABASE_URL": url, "HUEY_URL": url})
    assert settings["DATABASES"]["default"]["NAME"] == str(tmp_path / "my shop" / "db.sqlite3")


def test_postgres_keeps_its_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read_settings(monkeypatch, {"DEBUG": "1", "DATABASE_URL": "postgres://u:p@db.example/raffles"})
    database = settings["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert database["CONN_MAX_AGE"] is None
    assert database["CONN_HEALTH_CHECKS"] is True


POSTGRES = {"DEBUG": "1", "DATABASE_URL": "postgres://u:p@db.example/raffles?sslmode=require"}


def test_a_server_that_is_gone_costs_seconds_and_the_address_may_say_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = read_settings(monkeypatch, POSTGRES)["DATABASES"]["default"]["OPTIONS"]
    assert options["sslmode"] == "require"
    assert options["connect_timeout"] == 5
    assert "pool" not in options


def test_a_pool_has_the_size_that_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    database = read_settings(monkeypatch, POSTGRES | {"DB_POOL": "8"})["DATABASES"]["default"]
    assert database["OPTIONS"]["pool"]["max_size"] == 8
    assert database["CONN_MAX_AGE"] == 0  # Django refuses a pool of connections that are kept elsewhere
    with_pool: Any = ConnectionHandler({"default": database})["default"]
    assert with_pool.pool.max_size == 8


def test_nothing_outlives_a_transaction_behind_pgbouncer(monkeypatch: pytest.MonkeyPatch) -> None:
    database = read_settings(monkeypatch, POSTGRES | {"PGBOUNCER": "1"})["DATABASES"]["default"]
    assert database["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert database["CONN_MAX_AGE"] == 0
    assert database["OPTIONS"]["prepare_threshold"] is None


def test_two_pools_are_one_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadSetting, match=r"^Setting DB_POOL: must be 0 with PGBOUNCER=1"):
        read_settings(monkeypatch, POSTGRES | {"DB_POOL": "8", "PGBOUNCER": "1"})


def test_a_queue_in_postgres_is_not_asked_for_through_pgbouncer(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = POSTGRES | {"PGBOUNCER": "1", "DATABASE_URL": "postgres://u:p@db.example:6432/raffles"}
    with pytest.raises(BadSetting, match=r"^Setting HUEY_URL: must reach PostgreSQL itself"):
        read_settings(monkeypatch, chosen | {"HUEY_URL": "postgres://u:p@db.example:6432/raffles"})
    read_settings(monkeypatch, chosen | {"HUEY_URL": "postgres://u:p@db.example:5432/raffles"})


@pytest.mark.parametrize("address", ["redis://127.0.0.1:1/0", "postgres://u:p@127.0.0.1:1/q"])
def test_settings_are_read_while_the_queue_is_down(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    settings = read_settings(monkeypatch, {"DEBUG": "1", "HUEY_URL": address})
    with pytest.raises(Exception, match="onnect"):
        settings["HUEY"].pending_count()


def test_the_token_of_the_health_check_may_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings(monkeypatch, {"DEBUG": "1"})["HEALTH_CHECK_TOKEN"] == ""
    chosen = {"DEBUG": "1", "HEALTH_CHECK_TOKEN": "a-token-of-our-own-26"}
    assert read_settings(monkeypatch, chosen)["HEALTH_CHECK_TOKEN"] == "a-token-of-our-own-26"


@pytest.fixture
def sqlite(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ConnectionHandler:
    settings = read_settings(monkeypatch, {"DEBUG": "1", "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"})
    return ConnectionHandler(settings["DATABASES"])


@pytest.mark.django_db
def test_sqlite_waits_for_its_turn_and_lets_readers_read(sqlite: ConnectionHandler) -> None:
    connection = sqlite["default"]
    with connection.cursor() as cursor:
        found = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    connection.close()
    assert found["journal_mode"] == "wal"
    assert found["synchronous"] == 1
    assert found["busy_timeout"] >= 20_000
    assert found["foreign_keys"] == 1


@pytest.mark.django_db
def test_sqlite_takes_the_write_lock_when_a_transaction_begins(sqlite: ConnectionHandler) -> None:
    connection = sqlite["default"]
    connections["beside"] = connection
    try:
        with transaction.atomic(using="beside"):
            rival = sqlite3.connect(connection.settings_dict["NAME"], timeout=0)
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                rival.execute("BEGIN IMMEDIATE")
            rival.close()
    finally:
        connection.close()
        del connections["beside"]


def test_manage_py_says_one_line_and_no_traceback(tmp_path: Path) -> None:
    manage = f"runpy.run_path({str(ROOT / 'manage.py')!r}, run_name='__main__')"
    done = run(f"import runpy, sys; sys.argv = ['manage.py', 'check']; {manage}", tmp_path)
    assert done.returncode != 0
    assert done.stderr == "Setting HOLD_MINUTES: 'many' is not a whole number from 1 to 10080\n"


def test_a_file_of_settings_in_another_alphabet_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("# configuración\nLANGUAGE_CODE=es\n".encode("latin-1"))
    done = run("import config.wsgi", tmp_path)
    assert done.returncode != 0
    assert (done.stderr.count("\n"), ".env is not in UTF-8" in done.stderr) == (1, True), done.stderr


@pytest.mark.parametrize("door", ["config.wsgi", "config.asgi"])
def test_the_web_server_says_the_same_line(door: str, tmp_path: Path) -> None:
    done = run(f"import {door}", tmp_path)
    assert done.returncode != 0
    assert done.stderr == "Setting HOLD_MINUTES: 'many' is not a whole number from 1 to 10080\n"


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """In a process of its own with one bad setting, where no `.env` of this copy is read."""
    ours = {*NAMES, "DJANGO_SETTINGS_MODULE"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return subprocess.run(
        [sys.executable, "-c", f"import decouple; decouple.config.search_path = {str(folder)!r}; {code}"],
        env=kept | {"PYTHONPATH": str(ROOT), "DEBUG": "1", "HOLD_MINUTES": "many"},
        capture_output=True,
        text=True,
        check=False,
    )
