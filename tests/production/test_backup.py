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


def script(heading: str, ending: str, kept: Path) -> str:
    """The first block of a section from its `set -euo pipefail` to a line, with folders of the test's own."""
    section = (ROOT / "docs" / "operations.md").read_text().split(f"\n{heading}\n")[1]
    lines = section.partition("    set -euo pipefail\n")[2].partition(f"    {ending}\n")[0]
    found = "set -euo pipefail\n" + re.sub("^    ", "", lines + f"    {ending}\n", flags=re.MULTILINE)
    own = {".venv/bin/": "", "/srv/raffles": str(ROOT), "/var/backups/raffles": str(kept)}
    for documented_as, here in own.items():
        found = found.replace(documented_as, here)
    return found


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
    (tmp_path / "backup.part").mkdir()
    run(documented("tar --create"), tmp_path, MEDIA_ROOT=str(media), kept=str(tmp_path / "backup"))
    run(documented('mkdir -p "${MEDIA_ROOT:?}"'), tmp_path / "backup.part", MEDIA_ROOT=str(again))
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
    (tmp_path / "backup.part").mkdir()
    command = documented(".venv/bin/python -c").replace("var/db.sqlite3", "site.sqlite3")
    run(command, tmp_path, kept=str(tmp_path / "backup"))
    assert "All is well" in doctor(f"sqlite:///{tmp_path}/backup.part/db.sqlite3", tmp_path / "media")


def test_no_database_is_made_where_there_is_none_to_keep(tmp_path: Path) -> None:
    (tmp_path / "backup.part").mkdir()
    with pytest.raises(AssertionError, match="unable to open"):
        run(documented(".venv/bin/python -c"), tmp_path, kept=str(tmp_path / "backup"))


@pytest.mark.parametrize("url", ["postgres://raffles@127.0.0.1:1/raffles", ""])
def test_what_could_not_be_kept_is_no_backup(media: Path, tmp_path: Path, url: str) -> None:
    command = script("## Backup", 'mv "$kept.part" "$kept"', tmp_path / "backups")
    with pytest.raises(AssertionError):
        run(command, tmp_path, DATABASE_URL=url, MEDIA_ROOT=str(media))
    assert [each for each in (tmp_path / "backups").glob("*") if each.suffix != ".part"] == []


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
    backup = script("## Backup", 'mv "$kept.part" "$kept"', tmp_path / "backups")
    run(backup, tmp_path, DATABASE_URL=rows_url(), MEDIA_ROOT=str(media))
    (kept,) = (tmp_path / "backups").iterdir()
    again = tmp_path / "again"
    restore = script("### Restore", ".venv/bin/python manage.py doctor", tmp_path).replace(
        "manage.py", f"{ROOT}/manage.py"
    )
    where = {"DATABASE_URL": empty_database, "MEDIA_ROOT": str(again), "PYTHONPATH": str(ROOT)}
    assert "All is well" in run(restore, kept, **where, HUEY_URL=f"sqlite:///{tmp_path}/queue")
    for model in (Order, Ticket, PaymentProof):
        assert rows_in(model, empty_database, tmp_path) == model._default_manager.count() > 0


def rows_in(model: type[Model], url: str, folder: Path) -> int:
    count = f'psql -At "$DATABASE_URL" -c "TABLE {model._meta.db_table}" | wc -l'
    return int(run(count, folder, DATABASE_URL=url))
