"""A Graph endpoint on loopback that can be told to misbehave, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """`status` 0 hangs up without a word, after the request was taken. What drips is written byte by byte."""

    status: int = 200
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    drips: bool = False

    @classmethod
    def json(cls, value: Json, status: int = 200) -> Answer:
        return cls(status, json.dumps(value).encode(), {"Content-Type": "application/json"})

    @classmethod
    def refusal(cls, code: int, *, status: int = 400, details: str = "details") -> Answer:
        error = {"message": f"(#{code})", "code": code, "error_data": {"details": details}}
        return cls.json({"error": error}, status)


HANG_UP = Answer(0)


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: Json


class Server(ThreadingHTTPServer):
    request_queue_size = 256  # forty senders knock at once; the usual five would turn some away


class Graph:
    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.sends: deque[Answer] = deque()
        self.gets: dict[str, deque[Answer]] = {}
        self.given = 0
        self._lock = threading.Lock()
        self._server = Server(("127.0.0.1", 0), _door(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def sent(self) -> list[Json]:
        """What was sent to players; blue ticks are left out."""
        return [each.body for each in self.asked if each.method == "POST" and "status" not in each.body]

    @property
    def sent_words(self) -> list[str]:
        return [words_of(each) for each in self.sent]

    def will_answer(self, *answers: Answer) -> None:
        self.sends.extend(answers)

    def has_media(self, media_id: str, content: bytes, **info: Any) -> None:
        """The file behind an id: its description, and the bytes behind the link in it."""
        told = {"url": f"{self.url}/file/{media_id}", "file_size": len(content), "sha256": "", **info}
        self.gets[f"/v25.0/{media_id}"] = deque([Answer.json(told)])
        self.gets.setdefault(f"/file/{media_id}", deque([Answer(content=content)]))

    def answer_to(self, asked: Asked) -> Answer:
        with self._lock:
            self.asked.append(asked)
            if asked.method == "GET":
                waiting = self.gets.get(asked.path.partition("?")[0], deque([Answer(404)]))
                return waiting.popleft() if len(waiting) > 1 else waiting[0]
            if "status" in asked.body:
                return Answer.json({"success": True})
            if self.sends:
                return self.sends.popleft()
            self.given += 1
            return Answer.json({"messages": [{"id": f"wamid.OUT{self.given}"}]})

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def words_of(sent: Json) -> str:
    part = sent[sent["type"]]
    return str(part["body"]["text"] if sent["type"] == "interactive" else part["body"])


def _door(graph: Graph) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _answer(self, body: Json) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = graph.answer_to(Asked(self.command, self.path, headers, body))
            if not answer.status:
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            pieces = [bytes([each]) for each in answer.content] if answer.drips else [answer.content]
            for piece in pieces:
                self.wfile.write(piece)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library names it so
            return

    return Door
