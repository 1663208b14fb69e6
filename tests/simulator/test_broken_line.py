"""The server of the demo and of the rehearsals really breaks the line: a client sees an exception."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

ROOT = Path(__file__).resolve().parents[2]
FILE = b"\x89PNG" * 50_000


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    port = free_port()
    options = f"--interface wsgi --no-ws --log-level critical --host 127.0.0.1 --port {port}"
    command = [sys.executable, "-m", "granian", *options.split(), "tests.simulator.line_that_breaks"]
    server = subprocess.Popen(
        [*command[:-1], f"{command[-1]}:application"], cwd=ROOT, stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}"
        patient = requests.Session()
        patient.mount("http://", HTTPAdapter(max_retries=Retry(connect=9, backoff_factor=0.1, backoff_max=3)))
        assert patient.get(f"{address}/whole", timeout=10).content == b"ok"
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.mark.parametrize("path", ["lost", "cut"])
def test_an_answer_that_breaks_off_is_an_exception_for_the_client(site: str, path: str) -> None:
    with pytest.raises(requests.RequestException):
        requests.get(f"{site}/{path}", timeout=5)


def test_an_answer_that_trickles_is_whole(site: str) -> None:
    assert requests.get(f"{site}/slow", timeout=5).content == FILE
