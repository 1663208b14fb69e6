"""The commands of docs/operations.md, read from there and run: what is restored is what was kept."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from pytest_django import Settings

from config.env import ROOT
from raffles.numbers.models import Ticket
from raffles.sales.models import Order, PaymentProof
from tests.production.stage import rows_url

pytestmark = pytest.mark.django_db(transaction=True)


def documented(beginning: str) -> str:
    text = (ROOT / "docs" / "operations.md").read_text()
    (found,) = re.findall(rf"^    ({re.escape(beginning)}.*)$", text, flags=re.MULTILINE)
    return str(found).replace(".venv/bin/", "")


def run(command: str, folder: Path, **environment: str) -> str:
    programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    own = {"DJANGO_SETTINGS_MODULE": "config.settings", "PATH": programs}
    done = subprocess.run(
        ["/bin/bash", "-euc", command],
        cwd=folder,
        env=os.environ | own | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.DEBUG = True
    settings.MEDIA_ROOT = tmp_path / "media"
    call_command("demo_data")
    return Path(settings.MEDIA_ROOT)


def test_the_files_come_back(media: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    run(documented("tar --create"), tmp_path, MEDIA_ROOT=str(media))
    run(documented('mkdir -p "$MEDIA_ROOT"'), tmp_path, MEDIA_ROOT=str(again))
    names = list(PaymentProof.objects.values_list("file", flat=True))
    assert names
    for name in names:
        with default_storage.open(name) as kept:
            assert (again / name).read_bytes() == kept.read()


def test_a_copy_of_sqlite_made_while_the_product_runs_is_whole(tmp_path: Path) -> None:
    """A database of its own, so that it is tested whatever the others run on."""
    site = {"DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3", "MEDIA_ROOT": str(tmp_path / "media")}
    for made in ("migrate -v 0", "demo_data"):
        run(f"python {ROOT}/manage.py {made}", tmp_path, DEBUG="1", **site)
    run(documented(".venv/bin/python -c").replace("var/db.sqlite3", "site.sqlite3"), tmp_path)
    assert "All is well" in doctor(f"sqlite:///{tmp_path}/backup.sqlite3", tmp_path / "media")


def doctor(url: str, media: Path) -> str:
    where = {"DATABASE_URL": url, "MEDIA_ROOT": str(media), "HUEY_URL": f"sqlite:///{media.parent}/queue"}
    return run(f"python {ROOT}/manage.py doctor", media.parent, **where)


@pytest.fixture
def empty_database() -> Iterator[str]:
    name = f"restored_{secrets.token_hex(4)}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield rows_url().rpartition("/")[0] + f"/{name}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.postgres
def test_a_dump_of_postgres_comes_back_whole(empty_database: str, media: Path, tmp_path: Path) -> None:
    run(documented("pg_dump"), tmp_path, DATABASE_URL=rows_url())
    run(documented("pg_restore"), tmp_path, DATABASE_URL=empty_database)
    assert "All is well" in doctor(empty_database, media)
    for model in (Order, Ticket, PaymentProof):
        assert rows_in(model, empty_database, tmp_path) == model._default_manager.count() > 0


def rows_in(model: type[Model], url: str, folder: Path) -> int:
    count = f'psql -At "$DATABASE_URL" -c "TABLE {model._meta.db_table}" | wc -l'
    return int(run(count, folder, DATABASE_URL=url))
