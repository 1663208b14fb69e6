"""Web and worker as real processes on the rows of the test; Meta is played by whoever serves `graph`."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.db import connection
from huey import RedisHuey
from huey.storage import SqliteStorage

from config.env import ROOT
from config.loopback import QuietRequestHandler
from config.rehearsal.processes import HOST, Process, free_port, wait_for_answer
from config.rehearsal.processes import web as web_command

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse


def rows_url() -> str:
    """The database of this very test, as another process names it."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    secret = f":{quote(found['PASSWORD'], safe='')}" if found["PASSWORD"] else ""
    return f"postgres://{found['USER']}{secret}@{found['HOST']}:{found['PORT'] or 5432}/{found['NAME']}"


def own_queue_url() -> str:
    """The queue that this process nudges as well."""
    if isinstance(settings.HUEY.storage, SqliteStorage):
        return f"sqlite:///{settings.HUEY.storage.filename}"
    assert isinstance(settings.HUEY, RedisHuey)
    return os.environ["HUEY_URL"]


class Site:
    """One set of settings; processes are started from it by name."""

    def __init__(self, folder: Path, *, queue_url: str, graph: str = "") -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://{HOST}:{self.port}"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SITE_URL": self.address,
            "ALLOWED_HOSTS": HOST,
            "DATABASE_URL": rows_url(),
            "DB_POOL": "0",
            "PGBOUNCER": "0",
            "HEALTH_CHECK_TOKEN": "",
            "HUEY_URL": queue_url,
            "MEDIA_ROOT": str(folder / "media"),
            "WHATSAPP_GRAPH_URL": graph or f"{self.address}/simulator/graph",
        }

    def web(self) -> Process:
        return self._process(f"web{self.port}", web_command(self.port, threads=4))

    def worker(self) -> Process:
        manage = [sys.executable, str(ROOT / "manage.py")]
        return self._process(f"worker{free_port()}", [*manage, "worker", "--threads", "4"])

    def _process(self, name: str, command: list[str]) -> Process:
        return Process(name, command, environment=self.environment, log=self.folder / f"{name}.log")


@contextmanager
def running(*processes: Process) -> Iterator[None]:
    with ExitStack() as leaving:
        for process in processes:
            leaving.callback(process.kill)
            process.start()
        yield


def wait_for_web(site: Site, web: Process) -> None:
    wait_for_answer(f"{site.address}/health/live", web)


def until(holds: Callable[[], object], *, seconds: float, told: str) -> None:
    """Looks again and again; a test fails with what it waited for."""
    pause = threading.Event()
    for _ in range(int(seconds * 20)):
        if holds():
            return
        pause.wait(0.05)
    raise AssertionError(f"not within {seconds:g} seconds: {told}")


class HeldGraph:
    """Meta as the simulator plays it, whose answer to a message waits until the test lets it go."""

    def __init__(self) -> None:
        self.asked, self.let_go = threading.Event(), threading.Event()
        self._application = get_wsgi_application()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if str(environ["PATH_INFO"]).endswith("/messages"):
            self.asked.set()
            self.let_go.wait(timeout=60)
        return self._application(environ, start_response)

    @contextmanager
    def served(self) -> Iterator[str]:
        server = ThreadedWSGIServer((HOST, 0), QuietRequestHandler)
        server.set_app(self)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://{HOST}:{server.server_port}/simulator/graph"
        finally:
            self.let_go.set()
            server.shutdown()
            server.server_close()
            thread.join()
