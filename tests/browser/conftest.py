"""The whole product as `make demo` starts it, from a copy of the tree, and Debian's chromium to use it."""

from __future__ import annotations

import itertools
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
SCREENSHOTS = ROOT / "artifacts"
START_SECONDS = 90
SHOP_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "DEBUG": "1", "SIMULATOR": "1", "PYTHONUNBUFFERED": "1"}
_serials = itertools.count(100_001, 10_000)


@dataclass(frozen=True)
class Shop:
    phone: str
    admin: str
    user: str
    password: str
    folder: Path

    def run(self, code: str) -> str:
        """Python beside the running product, with its database: for rows that would take hours to click."""
        asked = {
            "DATABASE_URL": "sqlite:///var/demo/db.sqlite3",
            "HUEY_URL": "sqlite:///var/demo/queue.sqlite3",
            "MEDIA_ROOT": "var/demo/media",
            "FIRST_SERIAL": str(next(_serials)),
        }
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c", code],
            cwd=self.folder,
            env={**SHOP_ENVIRONMENT, **asked},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def shop() -> Iterator[Shop]:
    """One for all tests of a process, in whatever state the one before left it."""
    with opened_shop() as found:
        yield found


@contextmanager
def opened_shop() -> Iterator[Shop]:
    """Started anew; its rows live in a folder of their own."""
    with tempfile.TemporaryDirectory(prefix="raffles-shop-") as folder:
        _copy_tree(Path(folder))
        port = _free_port()
        command = [sys.executable, "manage.py", "demo", "--port", str(port)]
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=SHOP_ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield _read_greeting(process, port, Path(folder))
        finally:
            process.terminate()
            process.wait(timeout=30)
            if process.stdout:
                process.stdout.close()


def _copy_tree(to: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    compiled = "locale/*/LC_MESSAGES/*.mo"
    found = [*ROOT.glob(f"*/{compiled}"), *ROOT.glob(f"raffles/*/{compiled}")]
    texts = [str(path.relative_to(ROOT)) for path in found]
    for name in filter(None, [*listed.stdout.decode().split("\0"), *texts]):
        target = to / name
        if (ROOT / name).is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _read_greeting(process: subprocess.Popen[str], port: int, folder: Path) -> Shop:
    said = ""
    assert process.stdout is not None
    for line in process.stdout:
        said += line
        if match := re.search(r"user (\S+), password (\S+)", line):
            site = f"http://127.0.0.1:{port}"
            return Shop(f"{site}/simulator/", f"{site}/admin/", match[1], match[2], folder)
    raise AssertionError(f"the demo did not start:\n{said}")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield found
    found.close()


def shot(page: Page, name: str) -> None:
    """For people to look at; a browser too busy to draw one fails no test."""
    SCREENSHOTS.mkdir(exist_ok=True)
    with suppress(Error):
        page.screenshot(path=SCREENSHOTS / f"{name}.png")
