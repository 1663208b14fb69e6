"""A receiver on loopback, webhooks and deliveries for tests, and a worker's look at a time of the test's."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.contrib.auth.models import User

from raffles.hooks.catalogue import EventKind
from raffles.hooks.issuing import issue_secret
from raffles.hooks.models import Delivery, Event, Subscription
from raffles.hooks.sending import send_due
from tests.factories import NOW

_serial = itertools.count(1)


@dataclass(frozen=True)
class Heard:
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def event_id(self) -> str:
        return self.headers["webhook-id"]


class Partner:
    """Answers 204 unless told otherwise: next, once for an event, or always; 0 hangs up without a word."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.answers: deque[int] = deque()
        self.once: dict[str, int] = {}
        self.always = 204
        self.retry_after = ""
        self.hold: dict[str, threading.Event] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._door())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ids(self, path: str = "/") -> list[str]:
        return [one.event_id for one in self.heard if one.path == path]

    def next_answer(self, event_id: str) -> int:
        usual = self.answers.popleft() if self.answers else self.always
        return self.once.pop(event_id, usual)

    def close(self) -> None:
        for gate in self.hold.values():
            gate.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _door(partner) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the handler below
        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                partner.heard.append(Heard(self.path, headers, body))
                gate = partner.hold.get(self.path)
                if gate is not None:
                    gate.wait(timeout=60)
                status = partner.next_answer(headers.get("webhook-id", ""))
                if not status:
                    self.close_connection = True
                    return
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", f"{partner.url}/elsewhere")
                if partner.retry_after:
                    self.send_header("Retry-After", partner.retry_after)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None: ...

        return Door


@pytest.fixture(name="partner")
def open_partner() -> Iterator[Partner]:
    opened = Partner()
    yield opened
    opened.close()


def make_owner(**fields: Any) -> User:
    """Somebody who sees every order, unless the test says otherwise."""
    return User.objects.create_user(f"owner{next(_serial)}", **({"is_superuser": True} | fields))


def make_webhook(
    url: str, *kinds: str, owner: User | None = None, description: str = "", now: datetime = NOW
) -> Subscription:
    """As stored: without the look at its address, which tests of the rules ask for."""
    made = Subscription.objects.create(
        owner=owner or make_owner(),
        url=url,
        description=description,
        kinds=list(kinds) or EventKind.values,
        created_at=now - timedelta(days=30),
    )
    issue_secret(made, now - timedelta(days=30))
    return made


def make_delivery(
    webhook: Subscription, *, subject: str = "order:1", at: datetime = NOW, **fields: Any
) -> Delivery:
    public_id = f"evt_{next(_serial):032x}"
    event = Event.objects.create(
        public_id=public_id,
        kind=EventKind.ORDER_PAID,
        subject=subject,
        body=f'{{"id":"{public_id}"}}',
        at=at,
    )
    return Delivery.objects.create(
        event=event, subscription=webhook, subject=subject, made_at=at, next_try_at=at, **fields
    )


def look(at: datetime = NOW) -> int:
    """What a worker does once; how many deliveries arrived."""
    return send_due(clock=lambda: at)


def stored(delivery: Delivery) -> Delivery:
    return Delivery.objects.select_related("event", "subscription").get(pk=delivery.pk)
