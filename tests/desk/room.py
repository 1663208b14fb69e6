"""A chat room of staff on loopback: remembers what was posted and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pytest_django import Settings


class Room:
    """Answers 200 unless `answers` holds something else; 0 hangs up without a word."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.answers: deque[int] = deque()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._door())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def at(self, path: str) -> list[str]:
        return [body["text"] for asked, body in self.heard if asked == path]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _door(room) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the handler below
        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                room.heard.append((self.path, body))
                status = room.answers.popleft() if room.answers else 200
                if not status:
                    self.close_connection = True
                    return
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", f"{room.url}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None: ...

        return Door


@pytest.fixture(name="room")
def open_room(settings: Settings) -> Iterator[Room]:
    """Webhooks are live, and may lead to this machine."""
    settings.STAFF_WEBHOOKS_LIVE, settings.STAFF_WEBHOOKS_LOCAL = True, True
    settings.STAFF_TEST_WEBHOOK_URL = ""
    opened = Room()
    yield opened
    opened.close()
