"""Every command of the guide is run as it stands, and what it is said to answer is what it answers."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connections
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from config.env import ROOT
from raffles.api.taken import Taken, expanded
from raffles.hooks.sending import send_due
from tests.draws.staging import committed_raffle
from tests.factories import png_bytes
from tests.production.stage import rows_url

GUIDE = (ROOT / "docs" / "api.md").read_text()
TOOLS = ["in python", *(["curl"] if shutil.which("curl") else [])]
MARK = "--- block {} ---"
# What is the same whenever the guide is run.
SAME = {"code", "status", "encoding", "currency", "amount", "numbers", "errors"}


class Block(NamedTuple):
    commands: str
    kind: str
    answer: str


def blocks() -> list[Block]:
    found = re.findall(r"```sh\n(.*?)```(?:\n\n```(json|text)\n(.*?)```)?", GUIDE, flags=re.DOTALL)
    return [Block(*each) for each in found]


@pytest.fixture(autouse=True)
def clock() -> None:
    """The commands run beside the test, and know no clock but the real one."""


@pytest.fixture
def place(tmp_path: Path, live_server: LiveServer) -> Path:
    User.objects.create_superuser("ana", password="a long password of a test")
    now, week = timezone.now(), timedelta(days=7)
    committed_raffle(now=now, sales_open_at=now - week, sales_close_at=now + week, draw_at=now + 2 * week)
    (tmp_path / "receipt.png").write_bytes(png_bytes())
    (tmp_path / "manage.py").symlink_to(ROOT / "manage.py")
    (tmp_path / "bin").mkdir()
    return tmp_path


@pytest.fixture
def _worker(live_server: LiveServer) -> Iterator[None]:
    """Sends what is due, as the product's own does, until the test is over."""
    is_over = threading.Event()

    def work() -> None:
        try:
            while not is_over.wait(0.1):
                send_due(clock=timezone.now)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    is_over.set()
    thread.join()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def run(place: Path, address: str) -> list[str]:
    """All blocks in one shell, as somebody who copies them does; what each wrote."""
    lines = ["set -eu", "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT"]
    for number, block in enumerate(blocks()):
        lines += [f"echo '{MARK.format(number)}'", block.commands]
    script = "\n".join(lines).replace("http://127.0.0.1:8000", address)
    script = script.replace(".venv/bin/python", sys.executable).replace("python3", sys.executable)
    script = script.replace("9000", str(free_port()))
    shell, around = ["/bin/sh", "-c", script], environment(place)
    done = subprocess.run(
        shell, cwd=place, env=around, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return re.split(r"--- block \d+ ---\n", done.stdout)[1:]


def environment(place: Path) -> dict[str, str]:
    ours = {"DATABASE_URL": rows_url(), "SECRET_KEY": settings.SECRET_KEY, "DEBUG": "1", "SIMULATOR": "1"}
    ours["DJANGO_SETTINGS_MODULE"] = "config.settings"
    path = f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, **ours, "PATH": path, "PYTHONPATH": str(ROOT)}


def shape(found: Any, name: str = "") -> Any:
    """Names, and the values that do not depend on who asks when."""
    if isinstance(found, dict):
        return {key: shape(value, key) for key, value in found.items()}
    if isinstance(found, list) and not (found and isinstance(found[0], str | int)):
        return [shape(each, name) for each in found]
    is_of_one_row = name == "code" and str(found).isupper()
    return found if name in SAME and not is_of_one_row else None


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_worker")
@pytest.mark.parametrize("tool", TOOLS)
def test_every_command_of_the_guide_does_what_it_says(
    place: Path, live_server: LiveServer, tool: str
) -> None:
    if tool == "in python":
        told = f'#!/bin/sh\nexec "{sys.executable}" "{ROOT}/tests/api/curl_in_python.py" "$@"\n'
        (place / "bin" / "curl").write_text(told)
        (place / "bin" / "curl").chmod(0o700)
    for block, said in zip(blocks(), run(place, str(live_server.url)), strict=True):
        if block.kind == "json":
            assert shape(json.loads(said)) == shape(json.loads(block.answer)), block.commands
        if block.kind == "text":
            assert said == block.answer, block.commands


def test_the_guide_reads_a_bitmap_as_the_product_writes_it() -> None:
    code = re.search(r"```python\n(.*?)```", GUIDE, flags=re.DOTALL)
    assert code
    data = base64.b64encode(bytes([0b10000001, 0b01000000])).decode()
    names: dict[str, Any] = {"taken": {"first": 100, "last": 111, "encoding": "bitmap", "data": data}}
    exec(code[1], names)  # noqa: S102 - it is the guide's own
    assert names["numbers"] == expanded(Taken(**names["taken"])) == [100, 107, 109]


def test_the_guide_has_commands_for_every_step() -> None:
    assert len(blocks()) >= 15
    for word in (
        "reserve",
        "confirm/",
        "proofs",
        "confirm-payment",
        "auth/sign-in",
        "modified_since",
        "If-None-Match",
        "webhooks/",
        "receive_webhooks",
        "/draws/",
        "/receipts/",
        "/awards/",
    ):
        assert any(word in block.commands for block in blocks()), word
