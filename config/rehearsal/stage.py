"""The stage of a rehearsal: the product as real processes, Meta and its players beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from config.env import DEVELOPMENT, ROOT
from config.rehearsal.lines import Partner
from config.rehearsal.processes import (
    HOST,
    DidNotStart,
    Process,
    free_port,
    kill_session,
    wait_for_answer,
)
from config.rehearsal.processes import web as web_command

PRODUCT, META = "config.rehearsal.settings", "config.rehearsal.meta_settings"
WEB_THREADS, META_THREADS = 4, 16
WORKER_THREADS = 4
# A send may take this long; the lease of one that was killed follows from it.
READ_SECONDS = 5
# What ends by itself more often than this does not begin at all.
MOST_OWN_ENDS = 5
FLUSH = "from django.conf import settings; settings.HUEY.flush()"


@dataclass(frozen=True)
class Places:
    """Where a run keeps its things: a folder of its own, a database, a queue."""

    folder: Path
    database_url: str
    queue_url: str


class Stage:
    def __init__(self, places: Places) -> None:
        self.places = places
        self.web_port, self.meta_port = free_port(), free_port()
        self.site = f"http://{HOST}:{self.web_port}"
        logs, here = places.folder, self._product_environment()
        worker = [*_manage(), "worker", "--threads", str(WORKER_THREADS)]
        web = web_command(self.web_port, threads=WEB_THREADS)
        self.web = Process("web", web, environment=here, log=logs / "web.log")
        self.worker = Process("worker", worker, environment=here, log=logs / "worker.log")
        self._meta_environment = self._environment_of_meta()
        meta = web_command(self.meta_port, threads=META_THREADS)
        self.meta = Process("meta", meta, environment=self._meta_environment, log=logs / "meta.log")
        self.office: Partner | None = None
        self.crowd: Partner | None = None

    def _product_environment(self) -> dict[str, str]:
        """Names every setting, so that the `.env` of a real site cannot bring its rows or its number in."""
        return {
            **os.environ,
            **DEVELOPMENT,
            "DJANGO_SETTINGS_MODULE": PRODUCT,
            "SITE_URL": self.site,
            "ALLOWED_HOSTS": HOST,
            "BEHIND_PROXY": "0",
            "TIME_ZONE": "America/Asuncion",
            "LANGUAGE_CODE": "es",
            "HOLD_MINUTES": "15",
            "DATABASE_URL": self.places.database_url,
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
            "DRAW_CHAIN": "quicknet",
            "DRAND_URLS": "",
            "DRAND_FILE": "",
            "WHATSAPP_PUBLIC_NUMBER": "",
            "HUEY_URL": self.places.queue_url,
            "MEDIA_ROOT": str(self.places.folder / "media"),
            "WHATSAPP_GRAPH_URL": f"http://{HOST}:{self.meta_port}/simulator/graph",
            "WHATSAPP_GRAPH_VERSION": "v25.0",
            "WHATSAPP_MESSAGES_PER_SECOND": "80",
            "WHATSAPP_READ_SECONDS": str(READ_SECONDS),
        }

    def _environment_of_meta(self) -> dict[str, str]:
        own = {"DJANGO_SETTINGS_MODULE": META, "REHEARSAL_FOLDER": str(self.places.folder)}
        return {**os.environ, **own, "REHEARSAL_SITE_URL": self.site}

    def open(self) -> None:
        self._run_to_end("migrate", "-v", "0")
        self.office = self._partner("config.rehearsal.office", self.web_environment, "office.log")
        self.crowd = self._partner("config.rehearsal.crowd_side", self._meta_environment, "crowd.log")
        self.crowd.ask("make_tables")
        self.meta.start()
        self.start_product()
        wait_for_answer(f"http://{HOST}:{self.meta_port}/simulator/graph/v25.0/x", self.meta)

    @property
    def web_environment(self) -> dict[str, str]:
        return self._product_environment()

    def start_product(self) -> None:
        for process in (self.web, self.worker):
            if not process.is_alive:
                process.start()
        wait_for_answer(f"{self.site}/health/", self.web)

    def keep_up(self) -> None:
        """Stands for systemd or the container: a worker that finds no database ends, and is started again."""
        for process in (self.web, self.worker):
            if process.has_ended_itself:
                process.start()
            if process.own_ends > MOST_OWN_ENDS:
                raise DidNotStart(
                    f"{process.name} ended {process.own_ends} times by itself; see {process.log}"
                )

    @property
    def own_ends(self) -> int:
        return self.web.own_ends + self.worker.own_ends

    def close(self) -> None:
        """The crowd first, Meta last; a Ctrl-C meanwhile ends one wait, and the others are stopped too."""
        with ExitStack() as leaving:
            for process in (self.meta, self.web, self.worker):
                leaving.callback(process.stop)
            for partner in (self.office, self.crowd):
                if partner is not None:
                    leaving.callback(_see_off, partner)

    def delete_queue(self) -> None:
        """The store is gone and every process that had it open is killed: as after a lost disk."""
        self.web.kill()
        self.worker.kill()
        scheme = urlsplit(self.places.queue_url).scheme
        if scheme == "sqlite":
            path = Path(urlsplit(self.places.queue_url).path.removeprefix("/"))
            for ending in ("", "-wal", "-shm", "-journal"):
                path.with_name(path.name + ending).unlink(missing_ok=True)
        else:
            self._run_to_end("shell", "-v", "0", "-c", FLUSH)
        self.start_product()

    def product_logs(self) -> list[Path]:
        return [self.web.log, self.worker.log]

    def _partner(self, module: str, environment: dict[str, str], log: str) -> Partner:
        command = [sys.executable, "-m", module]
        return Partner(command, environment=environment, folder=ROOT, log=self.places.folder / log)

    def _run_to_end(self, *command: str) -> None:
        done = subprocess.run([*_manage(), *command], env=self._product_environment(), cwd=ROOT, check=False)
        if done.returncode:
            raise DidNotStart(f"manage.py {command[0]} failed on the stage")


def _manage() -> list[str]:
    return [sys.executable, str(ROOT / "manage.py")]


def _see_off(partner: Partner) -> None:
    partner.dismiss()
    try:
        partner.child.wait(timeout=10)
    except subprocess.TimeoutExpired:
        kill_session(partner.child)


@contextmanager
def staged(places: Places) -> Iterator[Stage]:
    stage = Stage(places)
    with ExitStack() as leaving:
        leaving.callback(stage.close)
        stage.open()
        yield stage
