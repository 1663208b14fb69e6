from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from raffles import sealing
from raffles.api import quotas
from raffles.api.models import RequestCount
from raffles.draws.fairness import mark_of
from raffles.draws.models import DrawSecret
from raffles.pages.guessing import MOST_WRONG
from raffles.sales.models import Order
from tests.draws.staging import closed_draw, committed_raffle, draw_of, sold
from tests.factories import NOW, make_order
from tests.pages.looking import Place, get


def body_of(client: Client, path: str) -> str:
    return str(get(client, path, accept_language="en").content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "words", "has_numbers"),
    [
        (Order.Status.DRAFT, "Not paid yet: the numbers are held", True),
        (Order.Status.PENDING_PAYMENT, "we wait for the receipt", True),
        (Order.Status.UNDER_REVIEW, "the receipt is being looked at", True),
        (Order.Status.PAID, "Paid. These numbers are yours.", True),
        (Order.Status.CANCELLED, "Cancelled. It holds no numbers.", False),
        (Order.Status.EXPIRED, "Expired without payment.", False),
        (Order.Status.REFUNDED, "Refunded. It holds no numbers.", False),
    ],
)
def test_an_order_says_whether_it_is_paid(client: Client, status: str, words: str, has_numbers: bool) -> None:
    order = make_order(raffle=committed_raffle(code="MINE"), numbers=(5, 12), status=status)
    body = body_of(client, f"/t/{order.code}/")
    assert words in body
    assert ('<b class="won">05</b>' in body) == has_numbers
    assert ".json" not in body


@pytest.mark.django_db
def test_what_was_typed_leads_to_the_ticket(client: Client) -> None:
    order = make_order(raffle=committed_raffle(code="MINE"), numbers=(5,))
    answer = get(client, f"/t/?code=%20{order.code.lower()}%20")
    assert (answer.status_code, answer["Location"]) == (302, f"/t/{order.code}/")
    assert "six letters and digits" in body_of(client, "/t/?code=%3Cb%3E")
    assert "<b>" not in body_of(client, "/t/?code=%3Cb%3E")


@pytest.mark.django_db
def test_a_receipt_of_a_frozen_number_proves_its_mark(client: Client) -> None:
    raffle = committed_raffle(code="MINE")
    order = sold(raffle, 5, 12)
    sold(raffle, 40)
    draw = closed_draw(raffle)
    assert f"/t/{order.code}/5.json" in body_of(client, f"/t/{order.code}/")
    answer = get(client, f"/t/{order.code}/5.json")
    found = json.loads(answer.content)
    assert answer["Content-Disposition"] == 'attachment; filename="MINE-05.json"'
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex"
    assert (found["root"], found["count"], found["order"]) == (draw.root, 3, order.code)
    assert found["mark"] == mark_of(salt=found["salt"], number=5, order=order.code)
    assert get(client, f"/t/{order.code}/40.json").status_code == 404
    assert get(client, f"/t/{order.code}/99.json").status_code == 404
    assert get(client, f"/t/{order.code}/{'9' * 5000}.json").status_code == 404


@pytest.mark.django_db
def test_a_receipt_that_cannot_be_made_says_so(client: Client) -> None:
    raffle = committed_raffle(code="MINE")
    order = sold(raffle, 5)
    closed_draw(raffle)
    DrawSecret.objects.filter(draw=draw_of(raffle)).update(salt_key=sealing.sealed("x", purpose="other"))
    answer = get(client, f"/t/{order.code}/5.json", accept_language="en")
    assert answer.status_code == 503
    assert "cannot be made at the moment" in answer.content.decode()


def test_guessing_codes_comes_to_an_end_even_for_a_right_one(place: Place, client: Client) -> None:
    right = f"/t/{place.order.code}/"
    with time_machine.travel(NOW, tick=False) as clock:
        quotas.forget()
        for serial in range(MOST_WRONG):
            assert client.get(right).status_code == 200
            assert client.get(f"/t/ZZZ{serial // 10 + 2}{serial % 8 + 2}Z/").status_code == 404
        waits = client.get(right)
        assert waits.status_code == 429
        assert int(waits["Retry-After"]) == 3600
        assert client.get(f"{right}5.json").status_code == 429
        assert client.get(right, REMOTE_ADDR="192.0.2.7").status_code == 200
        assert client.get("/").status_code == 200
        clock.shift(timedelta(hours=1))
        assert client.get(right).status_code == 200
    assert RequestCount.objects.filter(bucket__startswith="codes:").exists()


def test_what_is_no_code_at_all_costs_nobody_a_try(place: Place, client: Client) -> None:
    quotas.forget()
    for _ in range(MOST_WRONG + 5):
        assert client.get("/t/ABC/").status_code == 404
        assert client.get("/t/IIIIII/").status_code == 404
    assert client.get(f"/t/{place.order.code}/").status_code == 200
    assert timezone.now()


def test_a_ticket_is_kept_by_nobody_on_the_way(place: Place, client: Client) -> None:
    answer = get(client, f"/t/{place.order.code}/")
    assert answer["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer
    assert "Disallow: /t/" in get(client, "/robots.txt").content.decode()
