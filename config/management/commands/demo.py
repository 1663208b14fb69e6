from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.env import DEVELOPMENT, ROOT
from config.stores import sqlite_url

HOST = "127.0.0.1"
STAFF = "demo"
START_SECONDS = 60
STOP_SECONDS = 10

Child = subprocess.Popen[bytes]


class Command(BaseCommand):
    help = (
        "Sell on this machine: demo raffles, web, worker and a played WhatsApp, until Ctrl-C. "
        "Example: manage.py demo --port 8001 --reset"
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--reset", action="store_true", help="throw the demo's rows and files away first")

    def handle(self, *args: Any, port: int, reset: bool, **options: Any) -> None:
        refuse_taken(port)
        home = DemoFolder(ROOT / "var" / "demo")
        if reset:
            home.wipe()
        password = home.password()
        environment = demo_environment(home.path, port, password)
        for command in (["migrate", "-v", "0"], ["make_groups"], ["create_admin"], ["demo_data"]):
            run_to_end(command, environment)
        with stop_on_signal():
            self.serve(port, environment, password)

    def serve(self, port: int, environment: dict[str, str], password: str) -> None:
        children = {"The web server": start_web(port, environment), "The worker": start_worker(environment)}
        try:
            wait_for_answer(port, children)
            self.stdout.write(greeting(port, password))
            self.stdout.flush()
            raise CommandError(f"{wait_for_death(children)} stopped; the demo stops with it")
        except KeyboardInterrupt:
            self.stdout.write("\nStopping")
        finally:
            stop(list(children.values()))


class DemoFolder:
    """`var/demo`: what is played is kept apart from what is real, so that it may be thrown away."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.mark = path / "password"

    def wipe(self) -> None:
        """Deletes by fixed names only, and only where an earlier demo left its mark."""
        if not self.path.exists():
            return
        if not self.mark.is_file() or self.path.is_symlink() or (self.path / "media").is_symlink():
            raise CommandError(f"{self.path} was not made by the demo; move it away, then start over")
        for name in ("db.sqlite3", "queue.sqlite3"):
            for ending in ("", "-wal", "-shm", "-journal"):
                (self.path / f"{name}{ending}").unlink(missing_ok=True)
        if (self.path / "media").exists():
            shutil.rmtree(self.path / "media")
        self.mark.unlink()

    def password(self) -> str:
        if self.mark.is_file():
            return self.mark.read_text().strip()
        self.path.mkdir(parents=True, exist_ok=True)
        password = secrets.token_urlsafe(9)
        self.mark.touch(mode=0o600, exist_ok=False)
        self.mark.write_text(password + "\n")
        return password


def demo_environment(folder: Path, port: int, password: str) -> dict[str, str]:
    """Names every setting, so that the `.env` of a real site cannot bring its rows or its number in."""
    return (
        os.environ
        | DEVELOPMENT
        | {
            "DEBUG": "1",
            "SIMULATOR": "1",
            "SECRET_KEY_FALLBACKS": "",
            "SITE_URL": site_url(port),
            "ALLOWED_HOSTS": f"{HOST},localhost",
            "DATABASE_URL": sqlite_url(folder / "db.sqlite3"),
            "DB_POOL": "0",
            "PGBOUNCER": "0",
            "HUEY_URL": sqlite_url(folder / "queue.sqlite3"),
            "MEDIA_ROOT": str(folder / "media"),
            "WHATSAPP_GRAPH_URL": f"{site_url(port)}/simulator/graph",
            "WHATSAPP_PUBLIC_NUMBER": "",
            "DRAW_CHAIN": "demo",
            "DRAND_URLS": f"{site_url(port)}/simulator/drand",
            "DRAND_FILE": "",
            "LOCKOUT_MINUTES": "15",
            "API_RATE": "600/min",
            "API_RATE_ANONYMOUS": "60/min",
            "SECOND_FACTOR_GROUPS": "",
            "STAFF_TEST_WEBHOOK_URL": "",
            "ADMIN_USERNAME": STAFF,
            "ADMIN_PASSWORD": password,
        }
    )


def site_url(port: int) -> str:
    return f"http://{HOST}:{port}"


def refuse_taken(port: int) -> None:
    if not 0 < port < 65_536:
        raise CommandError(f"PORT={port} is not a port; choose one from 1024 to 65535")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({error.strerror}); choose another: make demo PORT={port + 1}"
            ) from None


def run_to_end(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run([*manage(), *command], env=environment, cwd=ROOT, check=False)
    if done.returncode:
        raise CommandError(f"manage.py {command[0]} failed; the demo cannot start")


def manage() -> list[str]:
    return [sys.executable, str(ROOT / "manage.py")]


def start_web(port: int, environment: dict[str, str]) -> Child:
    options = f"--blocking-threads 8 --backpressure 64 --log-level error --host {HOST} --port {port}"
    return start([sys.executable, "-m", "config.web", *options.split()], environment)


def start_worker(environment: dict[str, str]) -> Child:
    return start([*manage(), "worker", "--threads", "4"], environment)


def start(command: list[str], environment: dict[str, str]) -> Child:
    # A session of its own: Ctrl-C reaches this process alone, which then stops both in order.
    return subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True)


def wait_for_answer(port: int, children: dict[str, Child]) -> None:
    for _ in range(START_SECONDS * 5):
        if dead := next((name for name, child in children.items() if child.poll() is not None), None):
            raise CommandError(f"{dead} did not start")
        if all(answers(f"{site_url(port)}/{page}") for page in ("admin/login/", "health/ready")):
            return
        wait_briefly(children)
    raise CommandError(f"Web server and worker were not ready within {START_SECONDS} seconds")


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


def wait_for_death(children: dict[str, Child]) -> str:
    while True:
        for name, child in children.items():
            if child.poll() is not None:
                return name
        wait_briefly(children)


def wait_briefly(children: dict[str, Child]) -> None:
    try:
        next(iter(children.values())).wait(timeout=0.2)
    except subprocess.TimeoutExpired:
        return


def stop(children: list[Child]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            # Its whole session: granian's own workers must not keep the port.
            os.killpg(child.pid, signal.SIGKILL)


@contextmanager
def stop_on_signal() -> Iterator[None]:
    """The first one ends what goes on; an impatient second would end the tidying, and children would stay."""
    # Ctrl-C as well: a shell that starts this in the background would have it ignored.
    stopping = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def interrupt(*_: object) -> None:
        for number in stopping:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in stopping}
    try:
        yield
    finally:
        for number, action in before.items():
            signal.signal(number, action)


def greeting(port: int, password: str) -> str:
    return f"""
The demo is ready.

  Public pages            {site_url(port)}/
  Phone (play a player)   {site_url(port)}/simulator/
  Admin (play the staff)  {site_url(port)}/admin/       user {STAFF}, password {password}
  Webhook (Meta's door)   {site_url(port)}/whatsapp/webhook/

Ctrl-C stops everything and keeps the data; make demo RESET=1 starts over.
"""
