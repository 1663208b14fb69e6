"""The web process reads the product once; its workers are forked from what was read."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from config.env import DEVELOPMENT, ROOT
from config.rehearsal.processes import HOST, Process, free_port
from config.rehearsal.processes import web as web_command
from tests.production.stage import Site, running, until, wait_for_web

pytestmark = pytest.mark.django_db(transaction=True)
CALLS = 40
AFTER_READING = """
import threading
from config import web
web._read_product()
from django.db import connections
print(threading.active_count(), [one.connection for one in connections.all(initialized_only=True)])
"""


def children_of(process: Process) -> list[int]:
    assert process._child is not None
    parent = process._child.pid
    return [int(word) for word in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def kilobytes(pid: int, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), flags=re.MULTILINE)
    assert found is not None
    return int(found[1])


def with_two_workers(site: Site) -> Process:
    return site._process("web", [*web_command(site.port, threads=4, workers=2), "--respawn-failed-workers"])


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_two_workers_share_most_of_what_they_have_read(tmp_path: Path) -> None:
    site = Site(tmp_path, queue_url=f"sqlite:///{tmp_path}/queue.sqlite3")
    web = with_two_workers(site)
    with running(web):
        wait_for_web(site, web)
        until(lambda: len(children_of(web)) == 2, seconds=20, told="two workers")
        for _ in range(CALLS):
            assert requests.get(f"{site.address}/", timeout=10).ok
        for worker in children_of(web):
            own = kilobytes(worker, "Private_Dirty")
            assert own < kilobytes(worker, "Rss") / 2, own


def test_a_worker_that_was_killed_comes_back(tmp_path: Path) -> None:
    site = Site(tmp_path, queue_url=f"sqlite:///{tmp_path}/queue.sqlite3")
    web = with_two_workers(site)
    with running(web):
        wait_for_web(site, web)
        until(lambda: len(children_of(web)) == 2, seconds=20, told="two workers")
        before = set(children_of(web))
        for worker in before:
            os.kill(worker, signal.SIGKILL)
        until(lambda: len(set(children_of(web)) - before) == 2, seconds=20, told="two new workers")
        wait_for_web(site, web)
        assert requests.get(f"{site.address}/health/live", timeout=10).ok


def test_nothing_is_opened_and_no_thread_runs_before_the_fork() -> None:
    done = subprocess.run(
        [sys.executable, "-c", AFTER_READING],
        cwd=ROOT,
        env={**os.environ, **DEVELOPMENT, "SITE_URL": f"http://{HOST}"},
        capture_output=True,
        text=True,
        check=True,
    )
    threads, _, connections = done.stdout.strip().partition(" ")
    assert (threads, set(connections) <= set("[None, ]")) == ("1", True)


def test_a_bad_setting_ends_it_with_one_line() -> None:
    done = subprocess.run(
        web_command(free_port(), threads=1),
        cwd=ROOT,
        env={**os.environ, **DEVELOPMENT, "HUEY_URL": "nowhere"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert (done.stderr.count("\n"), "HUEY_URL" in done.stderr) == (1, True)
