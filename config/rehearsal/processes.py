"""Web and worker as they run in production, each in a session of its own that can be killed whole."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from config.env import ROOT

HOST = "127.0.0.1"
START_SECONDS = 60
STOP_SECONDS = 40
LOOK_EVERY = 0.05


class DidNotStart(RuntimeError):
    pass


class Process:
    """A command that may be started, stopped and killed many times; its words go to one log."""

    def __init__(self, name: str, command: list[str], *, environment: dict[str, str], log: Path) -> None:
        self.name, self.log = name, log
        self._command, self._environment = command, environment
        self._child: subprocess.Popen[bytes] | None = None
        self._is_wanted = False
        self.own_ends = 0

    def start(self) -> None:
        self._note_own_end()
        with self.log.open("ab") as stream:
            self._child = subprocess.Popen(
                self._command,
                env=self._environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                start_new_session=True,
            )
        self._is_wanted = True

    @property
    def is_alive(self) -> bool:
        return self._child is not None and self._child.poll() is None

    @property
    def has_ended_itself(self) -> bool:
        """Nobody stopped it and nobody killed it."""
        return self._is_wanted and not self.is_alive

    def _note_own_end(self) -> None:
        self.own_ends += self.has_ended_itself
        self._is_wanted = False

    def stop(self) -> bool:
        """In order. False when it had to be killed."""
        self._note_own_end()
        if self._child is None or not self.is_alive:
            return True
        self._child.terminate()
        try:
            self._child.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            return False
        return True

    def kill(self) -> None:
        """kill -9, the server's own workers included: they are in its session."""
        self._note_own_end()
        if self._child is not None:
            kill_session(self._child)


def kill_session(child: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def web(port: int, *, threads: int, workers: int = 1) -> list[str]:
    options = f"--workers {workers} --blocking-threads {threads} --backpressure 64"
    quiet = f"--log-level warning --host {HOST} --port {port}"
    return [sys.executable, "-m", "config.web", *options.split(), *quiet.split()]


def wait_for_answer(url: str, *processes: Process) -> None:
    """Any answer counts: what it says is not the question here."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        for process in processes:
            if not process.is_alive:
                raise DidNotStart(f"{process.name} did not start; see {process.log}")
        if answers(url):
            return
        time.sleep(LOOK_EVERY)
    raise DidNotStart(f"{url} did not answer within {START_SECONDS} seconds")


def answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - our own address
    except urllib.error.HTTPError:
        return True
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False
    return True
