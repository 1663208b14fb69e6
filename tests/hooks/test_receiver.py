"""The receiver for trying hears what the product sends."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from raffles.hooks.actions import make_subscription
from raffles.hooks.management.commands.receive_webhooks import open_receiver
from raffles.hooks.models import Attempt, Subscription
from raffles.hooks.rules import require_address
from raffles.hooks.signing import new_secret
from tests.hooks.receiving import look, make_delivery, make_owner

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def listening(secret: str, answer: int) -> Iterator[tuple[str, list[str]]]:
    lines: list[str] = []
    with open_receiver(0, secret, answer, lines.append) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/", lines
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("is_right", "answer", "status"), [(True, 204, 204), (True, 503, 503), (False, 204, 401)]
)
def test_it_says_what_came_and_whether_the_signature_is_right(
    is_right: bool, answer: int, status: int
) -> None:
    now = timezone.now()
    issued = make_subscription(
        owner=make_owner(),
        url=require_address("http://127.0.0.1:1/"),
        description="",
        kinds=["order.paid"],
        now=now,
    )
    delivery = make_delivery(issued.subscription, at=now)
    with listening(issued.secret if is_right else new_secret(), answer) as (url, lines):
        Subscription.objects.update(url=url)
        assert look(now) == (1 if status == 204 else 0)
    words = "signature right" if is_right else "SIGNATURE WRONG"
    assert lines == [f"{delivery.event.public_id}  {words}, answered {status}\n  {delivery.event.body}"]
    assert Attempt.objects.get().status_code == status


def test_it_stops_by_itself_after_so_many_and_has_answered_each() -> None:
    now = timezone.now()
    issued = make_subscription(
        owner=make_owner(),
        url=require_address("http://127.0.0.1:1/"),
        description="",
        kinds=["order.paid"],
        now=now,
    )
    for number in range(2):
        make_delivery(issued.subscription, subject=f"order:{number}", at=now)
    lines: list[str] = []
    with open_receiver(0, issued.secret, 204, lines.append, events=2) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        Subscription.objects.update(url=f"http://127.0.0.1:{server.server_address[1]}/")
        assert look(now) == 2
        thread.join(timeout=60)
        assert not thread.is_alive()
    assert len(lines) == 2


def test_it_refuses_what_is_no_secret_and_a_port_that_is_taken() -> None:
    with pytest.raises(CommandError, match="begins with whsec_"):
        call_command("receive_webhooks", "--secret", "abc")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(CommandError, match="cannot be used"):
            call_command("receive_webhooks", "--secret", new_secret(), "--port", port)


@pytest.mark.parametrize("port", ["99999", "-1", "nine", "65536"])
def test_it_refuses_what_is_no_port(port: str) -> None:
    with pytest.raises(CommandError, match="is not a port"):
        call_command("receive_webhooks", "--secret", new_secret(), f"--port={port}")
