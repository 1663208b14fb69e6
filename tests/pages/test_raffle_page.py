from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from raffles.numbers.models import NumberBlock, Raffle, Ticket
from raffles.sales.actions import cancel_order
from raffles.sales.models import Actor, Order
from tests.draws.staging import committed_raffle, sold
from tests.factories import NOW, make_order, make_raffle
from tests.pages.looking import Place, get

MOST_BYTES = 60_000


def body_of(client: Client, path: str, accept_language: str = "es") -> str:
    return str(get(client, path, accept_language=accept_language).content.decode())


def board_of(client: Client, path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(get(client, path).content)
    return found


@pytest.mark.django_db
def test_the_start_page_shows_what_is_on_sale(client: Client) -> None:
    raffle = make_raffle(code="MOTO", title="A motorbike", price_minor=50_000)
    make_raffle(code="DRAFT1", title="A draft", status=Raffle.Status.DRAFT)
    make_raffle(code="OVER1", title="Over", sales_close_at=NOW - timedelta(hours=1))
    sold(raffle, *range(25))
    body = body_of(client, "/", accept_language="en")
    assert "A motorbike" in body
    assert "PYG\N{NO-BREAK SPACE}50,000" in body
    assert "25 of 100 numbers taken" in body
    assert 'value="25"' in body
    assert 'datetime="2026-11-29T15:00:00Z"' in body
    assert "A draft" not in body
    assert "Over" not in body


@pytest.mark.django_db
def test_an_empty_house_says_so(client: Client) -> None:
    assert "No raffle is on sale right now" in body_of(client, "/", accept_language="en")
    assert "No draw is planned" in body_of(client, "/draws/", accept_language="en")
    assert "No draw was held yet" in body_of(client, "/results/", accept_language="en")


@pytest.mark.django_db
def test_a_draft_does_not_exist_for_anybody(client: Client) -> None:
    make_raffle(code="DRAFT1", title="A draft", status=Raffle.Status.DRAFT)
    of_raffle = ("", "board.json", "picture.jpg", "preview.png")
    of_draw = ("", "proof.json", "ceremony/", "steps.json", "preview.png", "prizes/1.jpg")
    paths = [f"/r/DRAFT1/{name}" for name in of_raffle] + [f"/draws/DRAFT1/{name}" for name in of_draw]
    for path in paths:
        assert get(client, path).status_code == 404, path


def test_a_state_is_said_in_words_and_by_shape(place: Place, client: Client) -> None:
    body = body_of(client, f"/r/{place.open.code}/", accept_language="en")
    assert '<li class="n s">09<i>Sold</i></li>' in body
    assert '<li class="n h">01<i>Reserved</i></li>' in body
    assert '<li class="n">03</li>' in body


def test_the_board_is_a_letter_for_each_number(place: Place, client: Client) -> None:
    found = board_of(client, f"/r/{place.open.code}/board.json")
    assert found["first"] == 0
    assert found["signs"] == ".hh......s" + "." * 90
    assert (found["free"], found["held"], found["sold"], found["open"]) == (97, 2, 1, True)


def test_selling_a_number_changes_the_etag(place: Place, client: Client) -> None:
    page = f"/r/{place.open.code}/"
    for path in (page, f"{page}board.json", f"{page}preview.png", "/"):
        before = get(client, path)
        again = get(client, path, if_none_match=before["ETag"])
        assert (again.status_code, again.content) == (304, b""), path
        sold(place.open, Ticket.objects.filter(raffle=place.open).count() + 20)
        after = get(client, path, if_none_match=before["ETag"])
        assert after.status_code == 200, path
        assert after["ETag"] != before["ETag"]


def test_a_number_that_comes_back_as_another_goes_changes_the_etag(place: Place, client: Client) -> None:
    """As many are held as before, and no sum would tell."""
    order = make_order(raffle=place.open, numbers=(30,))
    path = f"/r/{place.open.code}/board.json"
    before = get(client, path)["ETag"]
    cancel_order(order_id=order.pk, actor=Actor.player(), reason="", now=NOW)
    make_order(raffle=place.open, numbers=(31,))
    assert get(client, path, if_none_match=before).status_code == 200


def test_few_questions_are_asked_of_the_database(place: Place, client: Client) -> None:
    budget = {"/": 2, f"/r/{place.open.code}/": 5, f"/r/{place.open.code}/board.json": 3}
    for path, most in budget.items():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert get(client, path).status_code == 200
        assert len(asked) <= most, [query["sql"] for query in asked]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "1 de 1.000.000 números tomados"),
        ("pt-BR", "1 de 1.000.000 números já escolhidos"),
        ("en", "1 of 1,000,000 numbers taken"),
    ],
)
def test_counts_are_grouped_as_money_is(client: Client, language: str, said: str) -> None:
    raffle = make_raffle(first_number=1, last_number=1_000_000)
    make_order(raffle=raffle, numbers=(7,))
    assert said in body_of(client, "/", accept_language=language)


@pytest.mark.django_db
def test_a_raffle_of_a_million_numbers_is_as_small(client: Client) -> None:
    raffle = committed_raffle(code="MILLION", first_number=1, last_number=1_000_000)
    make_order(raffle=raffle, numbers=(999_999,))
    body = body_of(client, "/r/MILLION/", accept_language="en")
    assert len(body) < MOST_BYTES
    assert body.count('class="n') < 110
    with CaptureQueriesContext(connection) as asked:
        found = board_of(client, "/r/MILLION/board.json?number=1000000")
    assert len(asked) <= 3
    assert (found["first"], len(found["signs"]), found["signs"][98]) == (999_901, 100, "h")
    assert len(json.dumps(found)) < 300
    assert found["free"] == 999_999
    assert "0000001–0000100" in body


@pytest.mark.django_db
@pytest.mark.parametrize(("first", "last"), [(0, 0), (7, 7), (1, 1000), (5, 104), (999_990, 1_000_123)])
def test_the_pages_of_the_board_hold_every_number_once(client: Client, first: int, last: int) -> None:
    make_raffle(code="ANY", first_number=first, last_number=last)
    seen, at = list[int](), first
    while at <= last:
        found = board_of(client, f"/r/ANY/board.json?number={at}")
        seen += range(found["first"], found["first"] + len(found["signs"]))
        at = seen[-1] + 1
    assert seen == list(range(first, last + 1))


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("99", 200),
        (" 7 ", 200),
        ("", 200),
        ("100", 404),
        ("9" * 9, 404),
        ("9" * 5000, 404),
        ("-1", 400),
        ("1.5", 400),
        ("abc", 400),
        ("٣", 400),
        ("1%00", 400),
        ("' OR 1=1", 400),
    ],
)
def test_odd_numbers_are_answered_clearly(place: Place, client: Client, asked: str, status: int) -> None:
    for path in (f"/r/{place.open.code}/", f"/r/{place.open.code}/board.json", f"/draws/{place.drawn.code}/"):
        assert get(client, f"{path}?number={asked}").status_code == status, path


def test_small_letters_in_the_address_will_do(place: Place, client: Client) -> None:
    assert get(client, f"/r/{place.open.code.lower()}/").status_code == 200
    assert get(client, f"/draws/{place.drawn.code.lower()}/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Numbers are on sale"),
        ({"status": Raffle.Status.PAUSED}, "Sales are paused"),
        ({"status": Raffle.Status.CLOSED}, "Sales are over"),
        ({"sales_open_at": NOW + timedelta(hours=1)}, "Sales have not begun yet"),
        ({"sales_close_at": NOW}, "Sales are over"),
    ],
)
def test_a_raffle_says_what_can_be_bought(client: Client, fields: dict[str, Any], words: str) -> None:
    make_raffle(code="ANY", **fields)
    body = body_of(client, "/r/ANY/", accept_language="en")
    assert words in body
    assert ("join%20ANY" in body) == (words == "Numbers are on sale")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "join"), ("es", "participar"), ("pt-br", "participar")]
)
def test_the_chat_opens_with_the_words_typed(
    place: Place, client: Client, settings: Settings, language: str, words: str
) -> None:
    settings.CHAT_LINK = "https://wa.me/595981000001?text={text}"
    body = body_of(client, f"/r/{place.open.code}/", accept_language=language)
    link = f"https://wa.me/595981000001?text={words}%20MOTO"
    assert f'href="{link}"' in body
    absolute = set(re.findall(r'(?:href|src|action)="(https?://[^"]+)"', body))
    assert {url for url in absolute if not url.startswith("http://127.0.0.1:8000/")} == {link}
    assert "<svg" in body


def test_without_a_number_there_is_no_link(place: Place, client: Client, settings: Settings) -> None:
    settings.CHAT_LINK = ""
    body = body_of(client, f"/r/{place.open.code}/", accept_language="en")
    assert "wa.me" not in body
    assert "Write “join MOTO” to our WhatsApp number." in body


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "at", "text"),
    [
        ("America/Asuncion", datetime(2026, 11, 28, 23, 0, tzinfo=UTC), "28 de noviembre de 2026, 20:00"),
        ("America/Santiago", datetime(2027, 4, 4, 2, 30, tzinfo=UTC), "3 de abril de 2027, 23:30"),
        ("America/Santiago", datetime(2027, 4, 4, 3, 30, tzinfo=UTC), "3 de abril de 2027, 23:30"),
        ("Europe/Madrid", datetime(2027, 3, 28, 0, 59, tzinfo=UTC), "28 de marzo de 2027, 1:59"),
        ("Europe/Madrid", datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "28 de marzo de 2027, 3:00"),
    ],
)
def test_an_instant_is_said_where_the_raffle_is_at_home(
    client: Client, zone: str, at: datetime, text: str
) -> None:
    make_raffle(code="ANY", time_zone=zone, draw_at=at, sales_close_at=at)
    body = body_of(client, "/r/ANY/", accept_language="es")
    found = re.findall(r'<time datetime="([^"]+)" data-zone="([^"]+)"[^>]*>([^<]+)', body)
    assert (at.strftime("%Y-%m-%dT%H:%M:%SZ"), zone) in [each[:2] for each in found]
    assert any(text in each[2] for each in found), found


def test_the_board_agrees_with_the_counts_after_the_sales(place: Place, client: Client) -> None:
    with time_machine.travel(place.open.sales_close_at, tick=False):
        found = json.loads(client.get(f"/r/{place.open.code}/board.json").content)
    assert found["open"] is False
    assert NumberBlock.objects.filter(raffle=place.open).count() == 1
    assert Order.objects.filter(tickets__raffle=place.open).exists()
