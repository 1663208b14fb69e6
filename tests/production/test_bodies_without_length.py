"""A call whose body comes in pieces, at the server that the product runs on."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from raffles.numbers.models import Raffle
from raffles.sales.models import Order, Payment
from tests.api.conftest import token_for
from tests.factories import make_order
from tests.production.stage import Site, running, wait_for_web

pytestmark = pytest.mark.django_db(transaction=True)
BODY = b'{"amount":"20000","reference":"BANK-1"}'
PIECES = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (BODY[:7], BODY[7:])) + b"0\r\n\r\n"
CHUNKED = "Transfer-Encoding: chunked\r\n"
WAYS = {
    "in pieces": (CHUNKED, PIECES),
    "in pieces, of none": (CHUNKED, b"0\r\n\r\n"),
    "with its length": (f"Content-Length: {len(BODY)}\r\n", BODY),
}


def answered(site: Site, path: str, secret: str, way: str) -> tuple[int, dict[str, object]]:
    headers, body = WAYS[way]
    head = (
        f"POST /api/v1/{path} HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nAuthorization: Token {secret}\r\n"
        f"Content-Type: application/json\r\nConnection: close\r\n{headers}\r\n"
    )
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as line:
        line.sendall(head.encode() + body)
        received = b"".join(iter(lambda: line.recv(65536), b""))
    first, _, rest = received.partition(b"\r\n\r\n")
    return int(first.split()[1]), json.loads(rest[rest.index(b"{") : rest.rindex(b"}") + 1])


def test_what_is_said_in_pieces_is_refused_and_never_passed_over(tmp_path: Path, raffle: Raffle) -> None:
    """Read as nothing said, such a call would confirm all that is missing, and without a reference."""
    boss = User.objects.create_superuser("boss", password="a long password of a test")
    secret = token_for(boss, "staff:*")[1]
    order = make_order(raffle=raffle, numbers=[1], status="UNDER_REVIEW")
    site = Site(tmp_path, queue_url=f"sqlite:///{tmp_path}/queue.sqlite3")
    web, path = site.web(), f"orders/{order.pk}/confirm-payment/"
    with running(web):
        wait_for_web(site, web)
        for way in ("in pieces", "in pieces, of none"):
            status, told = answered(site, path, secret, way)
            assert (status, told["code"]) == (411, "length_required")
        assert not Payment.objects.exists()
        assert answered(site, path, secret, "with its length")[0] == 200
    payment = Payment.objects.get()
    assert (payment.amount_minor, payment.reference) == (20_000, "BANK-1")
    assert Order.objects.get().status == "PENDING_PAYMENT"
