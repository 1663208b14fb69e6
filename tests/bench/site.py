"""The product, or the bare ceiling, as real processes on a database of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.env import DEVELOPMENT, ROOT
from config.rehearsal.lines import Partner
from config.rehearsal.processes import HOST, Process, free_port, wait_for_answer
from config.rehearsal.processes import web as web_command

WEB_WORKERS, WEB_THREADS, WORKER_THREADS = 2, 4, 4
PRODUCT, BARE = "config.rehearsal.settings", "tests.bench.bare.settings"
BARE_SHOP = "tests.bench.bare.shop_settings"
NO_CHANGE: Mapping[str, str] = {}
# Above every goal: Meta's pace is kept in tests of its own; here it would be all that is measured.
MESSAGES_PER_SECOND = 1000
EMPTY_QUEUE = "from django.conf import settings; settings.HUEY.flush()"


class Running(Process):
    """Knows its number, so that its memory can be read."""

    @property
    def pid(self) -> int:
        assert self._child is not None
        return self._child.pid


@dataclass(frozen=True)
class Places:
    folder: Path
    database_url: str
    queue_url: str
    graph_port: int


class Site:
    def __init__(self, places: Places, changed: Mapping[str, str] = NO_CHANGE) -> None:
        self.places, self.port = places, free_port()
        self.environment = {**product_environment(places, self.port), **changed}
        worker = [sys.executable, str(ROOT / "manage.py"), "worker", "--threads", str(WORKER_THREADS)]
        self.web = self._process("web", web_command(self.port, threads=WEB_THREADS, workers=WEB_WORKERS))
        self.worker = self._process("worker", worker)

    def _process(self, name: str, command: list[str]) -> Running:
        return Running(name, command, environment=self.environment, log=self.places.folder / f"{name}.log")

    def make_tables(self) -> None:
        self.manage("migrate", "-v", "0")
        self.empty_queue()

    def empty_queue(self) -> None:
        """A SQLite queue is a file of this run; a Redis is not."""
        if not self.places.queue_url.startswith("sqlite"):
            self.manage("shell", "-v", "0", "-c", EMPTY_QUEUE)

    def manage(self, *words: str) -> None:
        run_to_end([sys.executable, str(ROOT / "manage.py"), *words], self.environment)

    def partner(self, module: str) -> Partner:
        command = [sys.executable, "-m", module]
        log = self.places.folder / f"{module}.log"
        return Partner(command, environment=self.environment, folder=ROOT, log=log)


def product_environment(places: Places, port: int) -> dict[str, str]:
    """Names every setting, so that the `.env` of a real site cannot bring its rows or its number in."""
    return {
        **os.environ,
        **DEVELOPMENT,
        "DJANGO_SETTINGS_MODULE": PRODUCT,
        "SITE_URL": f"http://{HOST}:{port}",
        "ALLOWED_HOSTS": HOST,
        "BEHIND_PROXY": "0",
        "DB_POOL": "0",
        "PGBOUNCER": "0",
        "HEALTH_CHECK_TOKEN": "",
        "SECRET_KEY_FALLBACKS": "",
        "SECOND_FACTOR_GROUPS": "",
        "STAFF_TEST_WEBHOOK_URL": "",
        "STAFF_DIGEST_SECONDS": "30",
        "LOCKOUT_MINUTES": "15",
        "API_RATE": "600/min",
        "API_RATE_ANONYMOUS": "60/min",
        "TIME_ZONE": "America/Asuncion",
        "LANGUAGE_CODE": "es",
        "HOLD_MINUTES": "15",
        "DATABASE_URL": places.database_url,
        "HUEY_URL": places.queue_url,
        "MEDIA_ROOT": str(places.folder / "media"),
        "WHATSAPP_GRAPH_URL": f"http://{HOST}:{places.graph_port}",
        "WHATSAPP_GRAPH_VERSION": "v25.0",
        "WHATSAPP_MESSAGES_PER_SECOND": str(MESSAGES_PER_SECOND),
        "WHATSAPP_READ_SECONDS": "10",
    }


def run_to_end(command: list[str], environment: dict[str, str]) -> None:
    subprocess.run(command, env=environment, cwd=ROOT, check=True, stdin=subprocess.DEVNULL)


def _granian(port: int, application: str) -> list[str]:
    """The same server, with another application."""
    _, *options = web_command(port, threads=WEB_THREADS, workers=WEB_WORKERS)[2:]
    return [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", *options, application]


@contextmanager
def web_running(places: Places, changed: Mapping[str, str] = NO_CHANGE) -> Iterator[Site]:
    """Tables and a web process; nobody works through what arrives."""
    site = Site(places, changed)
    with ExitStack() as leaving:
        site.make_tables()
        leaving.callback(site.web.stop)
        site.web.start()
        wait_for_answer(f"http://{HOST}:{site.port}/health/live", site.web)
        yield site
    site.empty_queue()


@contextmanager
def all_running(places: Places, *, numbers: int) -> Iterator[tuple[Site, Partner]]:
    """Web and worker, a raffle on sale, and somebody who can look at the rows."""
    with web_running(places) as site, ExitStack() as leaving:
        office = site.partner("config.rehearsal.office")
        leaving.callback(office.dismiss)
        office.ask("prepare", numbers=numbers, most_per_order=10, hold_minutes=600)
        leaving.callback(site.worker.stop)
        site.worker.start()
        yield site, office


@contextmanager
def bare_running(places: Places) -> Iterator[int]:
    """The ceiling behind the same server with the same settings. Gives its port."""
    with _bare(places, make_bare_tables(places)) as (port, _):
        yield port


@contextmanager
def bare_shop_running(site: Site) -> Iterator[tuple[int, int]]:
    """Plain views on the rows of a site that has its tables. Gives their port and process."""
    with _bare(site.places, {**site.environment, "DJANGO_SETTINGS_MODULE": BARE_SHOP}) as found:
        yield found


@contextmanager
def _bare(places: Places, environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    port = free_port()
    command = _granian(port, "tests.bench.bare.wsgi:application")
    process = Running("bare", command, environment=environment, log=places.folder / "bare.log")
    with ExitStack() as leaving:
        leaving.callback(process.stop)
        process.start()
        wait_for_answer(f"http://{HOST}:{port}/", process)
        yield port, process.pid


def make_bare_tables(places: Places) -> dict[str, str]:
    """Beside the product's, in the same database. Gives the environment that they were made in."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": BARE,
        "DATABASE_URL": places.database_url,
        "BENCH_GRAPH_URL": f"http://{HOST}:{places.graph_port}/messages",
    }
    run_to_end([sys.executable, "-m", "tests.bench.bare.tables"], environment)
    return environment
