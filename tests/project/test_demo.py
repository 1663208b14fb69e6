from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError

from config.env import ROOT
from config.management.commands.demo import DemoFolder, demo_environment, refuse_taken, stop_on_signal
from tests.project.environment import NAMES


@pytest.fixture
def folder(tmp_path: Path) -> DemoFolder:
    return DemoFolder(tmp_path / "demo")


def test_a_password_is_made_once_and_only_the_owner_may_read_it(folder: DemoFolder) -> None:
    password = folder.password()
    assert folder.password() == password
    assert len(password) >= 12
    assert stat.S_IMODE(folder.mark.stat().st_mode) == 0o600


def test_starting_over_throws_rows_files_queue_and_password_away(folder: DemoFolder) -> None:
    folder.password()
    for name in ("db.sqlite3", "db.sqlite3-wal", "queue.sqlite3"):
        (folder.path / name).touch()
    (folder.path / "media").mkdir()
    (folder.path / "media" / "proof.png").touch()
    folder.wipe()
    assert list(folder.path.iterdir()) == []


def test_starting_over_leaves_what_the_demo_did_not_make(folder: DemoFolder) -> None:
    folder.password()
    (folder.path / "notes.txt").touch()
    folder.wipe()
    assert [path.name for path in folder.path.iterdir()] == ["notes.txt"]


def test_a_folder_without_the_mark_of_the_demo_is_never_wiped(folder: DemoFolder) -> None:
    (folder.path / "media").mkdir(parents=True)
    (folder.path / "media" / "proof.png").touch()
    with pytest.raises(CommandError, match="was not made by the demo"):
        folder.wipe()
    assert (folder.path / "media" / "proof.png").exists()


@pytest.mark.parametrize("name", ["demo", "demo/media"])
def test_a_link_that_leads_elsewhere_is_never_followed(folder: DemoFolder, tmp_path: Path, name: str) -> None:
    real = tmp_path / "real"
    real.mkdir()
    (real / "password").touch()
    (real / "proof.png").touch()
    if name == "demo/media":
        folder.password()
    (tmp_path / name).symlink_to(real)
    with pytest.raises(CommandError, match="was not made by the demo"):
        folder.wipe()
    assert (real / "proof.png").exists()


def test_nothing_of_a_real_site_reaches_the_demo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, "https://real.example")
    environment = demo_environment(tmp_path, 8001, "secret")
    untouched = {"WHATSAPP_MESSAGES_PER_SECOND", "WHATSAPP_READ_SECONDS", "HEALTH_CHECK_TOKEN"}
    untouched |= {"STAFF_DIGEST_SECONDS", "API_RATE", "API_RATE_ANONYMOUS"}
    left = {name for name in NAMES if environment[name] == "https://real.example"}
    untouched |= {"TIME_ZONE", "LANGUAGE_CODE", "HOLD_MINUTES", "BEHIND_PROXY", "WHATSAPP_GRAPH_VERSION"}
    assert left <= untouched
    assert environment["SITE_URL"] == "http://127.0.0.1:8001"
    assert environment["WHATSAPP_GRAPH_URL"] == "http://127.0.0.1:8001/simulator/graph"


def test_a_taken_port_says_so_and_names_the_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=rf"Port {port} .*PORT={port + 1}"):
            refuse_taken(port)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The demo keeps its rows beside the code, and those of this checkout are not a test's to touch."""
    for name in ("config", "raffles", "whatsapp"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", tmp_path / "manage.py")
    return tmp_path


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def demo(folder: Path, port: int, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The demo running, and what it said up to its greeting."""
    environment = {name: value for name, value in os.environ.items() if name not in NAMES}
    environment |= {"DEBUG": "1", "SIMULATOR": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-u", "manage.py", "demo", "--port", str(port), *options]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield process, read_greeting(process)
        finally:
            process.terminate()
            process.wait(timeout=30)


def read_greeting(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl-C" in line:
            break
    return said


def status(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310 - the demo's own address
        return int(response.status)


@pytest.mark.own_database
def test_the_demo_starts_keeps_its_data_and_stops_everything(copy: Path) -> None:
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    with demo(copy, port) as (process, said):
        assert [
            page
            for page in (f"{site}/simulator/", f"{site}/admin/", f"{site}/whatsapp/webhook/")
            if page not in said
        ] == []
        assert status(f"{site}/simulator/") == 200
        assert status(f"{site}/admin/login/") == 200
        assert status(f"{site}/health/ready") == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
    refuse_taken(port)
    with demo(copy, port) as (_, again):
        assert password_in(again) == password_in(said)
        assert "there already" in again


def test_a_second_signal_does_not_end_the_tidying() -> None:
    before, tidied = signal.getsignal(signal.SIGTERM), list[str]()
    with pytest.raises(KeyboardInterrupt):
        work_that_is_interrupted(tidied)
    assert tidied == ["web", "worker", "files"]
    assert signal.getsignal(signal.SIGTERM) is before


def work_that_is_interrupted(tidied: list[str]) -> None:
    with stop_on_signal():
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            for what in ("web", "worker", "files"):
                os.kill(os.getpid(), signal.SIGINT)
                tidied.append(what)


@pytest.mark.own_database
def test_when_the_worker_dies_the_demo_says_so_and_stops(copy: Path) -> None:
    with demo(copy, free_port()) as (process, _):
        os.kill(child_named(process.pid, "worker"), signal.SIGKILL)
        assert process.stdout
        assert "The worker stopped; the demo stops with it" in process.stdout.read()
        assert process.wait(timeout=30) == 1


def child_named(parent: int, word: str) -> int:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return next(int(pid) for pid in children if word in Path(f"/proc/{pid}/cmdline").read_text())


def password_in(said: str) -> str:
    found = re.search(r"password (\S+)", said)
    assert found, said
    return found[1]
