"""Commands on a database that does not answer or was never migrated: one line, and what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.command_line import complaint
from config.env import ROOT
from config.rehearsal.processes import HOST, free_port
from tests.project.environment import NAMES

PASSWORD = "never-told"
USER = {"ADMIN_USERNAME": "ana", "ADMIN_PASSWORD": "cuatro-caballos-verdes"}
COMMANDS = [
    ["doctor"],
    ["create_admin"],
    ["verify_draw", "MOTO"],
    ["draw_minutes", "MOTO", "--json", "-"],
    ["make_token", "--user", "ana", "--client", "shop", "--scopes", "raffles:read"],
    ["axes_reset"],
    ["remove_second_factor", "ana"],
    ["make_groups"],
    ["worker"],
]


def manage(folder: Path, *words: str, **given: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in NAMES}
    own = {"DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "1", "SIMULATOR": "0"}
    files = {
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "HUEY_URL": f"sqlite:///{folder}/queue.sqlite3",
    }
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=kept | own | files | USER | given,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_without_tables_it_says_that_they_have_to_be_made(words: list[str], tmp_path: Path) -> None:
    done = manage(tmp_path, *words)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert "run manage.py migrate first" in done.stderr


@pytest.mark.parametrize("words", [["doctor"], ["worker"]], ids=lambda words: words[0])
def test_without_a_database_it_says_where_none_answers(words: list[str], tmp_path: Path) -> None:
    port = free_port()
    done = manage(tmp_path, *words, DATABASE_URL=f"postgres://u:{PASSWORD}@{HOST}:{port}/raffles")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert done.stderr.startswith(f"The database does not answer at {HOST}:{port}: ")
    assert PASSWORD not in done.stderr


def test_who_asks_for_everything_is_told_everything(tmp_path: Path) -> None:
    done = manage(tmp_path, "make_groups", "--traceback")
    assert done.returncode == 1
    assert "Traceback" in done.stderr


def test_a_mistake_of_ours_is_told_with_its_traceback() -> None:
    assert complaint(ValueError("no such table")) is None
