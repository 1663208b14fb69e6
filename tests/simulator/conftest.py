import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client

from whatsapp.simulator import phones
from whatsapp.simulator.courier import deliver_due
from whatsapp.simulator.models import Phone

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SECRET = "test-app-secret"
TOKEN = "test-access-token"
PHONE_ID = "100000000000001"
ACCOUNT_ID = "200000000000002"

Json = dict[str, Any]


@dataclass
class Received:
    path: str
    raw: bytes
    headers: dict[str, str]

    @property
    def body(self) -> Json:
        body: Json = json.loads(self.raw)
        return body

    @property
    def value(self) -> Json:
        value: Json = self.body["entry"][0]["changes"][0]["value"]
        return value

    @property
    def is_signed(self) -> bool:
        expected = "sha256=" + hmac.new(SECRET.encode(), self.raw, hashlib.sha256).hexdigest()
        return self.headers["x-hub-signature-256"] == expected


@dataclass
class Receiver:
    url: str
    received: list[Received] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def collect(self, now: datetime = NOW) -> list[Received]:
        self.received = []
        deliver_due(now, base_url=self.url)
        return self.received

    def messages(self, now: datetime = NOW) -> list[Json]:
        return [message for post in self.collect(now) for message in post.value.get("messages", [])]

    def statuses(self, now: datetime = NOW) -> list[Json]:
        return [status for post in self.collect(now) for status in post.value.get("statuses", [])]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            ear.received.append(Received(self.path, raw, headers))
            self.send_response(ear.answers.pop(0) if ear.answers else 200)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    ear = Receiver(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield ear
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def _meta_account(settings: LazySettings) -> None:
    settings.SIMULATOR_COURIER = False
    settings.WHATSAPP_APP_SECRETS = (SECRET, "old-app-secret")
    settings.WHATSAPP_ACCESS_TOKEN = TOKEN
    settings.WHATSAPP_PHONE_NUMBER_ID = PHONE_ID
    settings.WHATSAPP_BUSINESS_ACCOUNT_ID = ACCOUNT_ID


@pytest.fixture(autouse=True)
def _noon(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def ana(db: None) -> Phone:
    """Has just written, so that her window is open."""
    phone = phones.create_phone(profile_name="Ana", wa_id="595981000001", now=NOW)
    phones.say(phone, "hola", now=NOW)
    return phone


@pytest.fixture
def luz(db: None) -> Phone:
    """Known by a username only."""
    phone = phones.create_phone(profile_name="Luz", username="luz.py", now=NOW)
    phones.say(phone, "hola", now=NOW)
    return phone


@pytest.fixture
def post(client: Client) -> Callable[..., HttpResponse]:
    def post_to(path: str, body: Json, *, token: str = TOKEN, version: str = "v25.0") -> Any:
        return client.post(
            f"/simulator/graph/{version}/{path}",
            body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )

    return post_to


@pytest.fixture
def send(post: Callable[..., Any]) -> Callable[..., Any]:
    """Sends a message to Ana unless it is addressed otherwise."""

    def send_message(**body: Any) -> Any:
        address = {} if {"to", "recipient"} & body.keys() else {"to": "+595981000001"}
        return post(f"{PHONE_ID}/messages", {"messaging_product": "whatsapp", **address, **body})

    return send_message
