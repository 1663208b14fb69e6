"""The dashboard's figures are those of the rows, whatever there is of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pytest_django import Settings

from config.dashboard import figures
from config.dashboard.page import NEEDED
from config.models import WorkerBeat
from raffles.desk.models import Destination, Digest
from raffles.sales.models import Order
from tests.admin.chats import make_contact
from tests.admin.conftest import ClientOf
from tests.admin.pages import text
from tests.factories import NOW, make_order, make_player, make_proof, make_raffle
from whatsapp.models import OutboundMessage

Status = Order.Status
BUDGET = 16


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


def page(client: Client) -> Any:
    return client.get(reverse("dashboard"))


def values(found: list[figures.Figure]) -> list[str]:
    return [figure.value for figure in found]


def sent(**fields: Any) -> OutboundMessage:
    made: OutboundMessage = OutboundMessage.objects.create(
        contact=make_contact(),
        dedupe_key=f"m{OutboundMessage.objects.count()}",
        content={"type": "text", "text": {"body": "x"}},
        created_at=NOW,
        **fields,
    )
    return made


def test_an_empty_house_says_what_to_do(desk: Client) -> None:
    shown = text(page(desk))
    assert "No raffle is on sale. Make one under Raffles and open its sales." in shown
    assert "Nothing was sold in the last 24 hours." in shown
    assert "never heard" in shown


def test_proofs_are_counted_by_age(db: None) -> None:
    raffle = make_raffle()
    for number, minutes in enumerate((1, 9, 30, 90, 3000)):
        order = make_order(raffle=raffle, numbers=[number], status=Status.PENDING_PAYMENT, now=NOW)
        make_proof(order, now=NOW - timedelta(minutes=minutes))
    make_order(raffle=raffle, numbers=[50], status=Status.PAID)
    assert values(figures.proofs_by_age(NOW)) == ["2", "1", "1", "1"]
    make_proof(order, now=NOW - timedelta(minutes=2))
    assert values(figures.proofs_by_age(NOW)) == ["2", "1", "1", "1"]  # one order, since its first proof


def test_holds_are_counted_by_what_is_left(db: None) -> None:
    raffle = make_raffle()
    for number, minutes in enumerate((0, 3, 12, 14)):
        make_order(raffle=raffle, numbers=[number], now=NOW - timedelta(minutes=minutes))
    assert values(figures.holds_running_out(NOW)) == ["0", "2", "2"]
    assert values(figures.holds_running_out(NOW + timedelta(minutes=2))) == ["1", "1", "2"]


def test_sales_and_money_are_those_of_paid_orders(db: None) -> None:
    bike = make_raffle(title="Bike")
    trip = make_raffle(title="Trip", currency="USD", price_minor=1_050)
    make_order(raffle=bike, numbers=[1, 2], status=Status.PAID)
    make_order(raffle=bike, numbers=[3], status=Status.PAID, now=NOW - timedelta(hours=3))
    make_order(raffle=trip, numbers=[4], status=Status.PAID, now=NOW - timedelta(days=2))
    make_order(raffle=bike, numbers=[5], status=Status.UNDER_REVIEW)
    told = figures.sales_by_hour(NOW)
    (line,) = told["lines"]
    assert (line["label"], line["values"][-1], line["values"][-4], sum(line["values"])) == ("Bike", 2, 1, 3)
    assert len(told["hours"]) == len(line["values"]) == 24
    assert figures.revenue(NOW) == [("PYG", "PYG\xa0150,000", "PYG\xa0150,000"), ("USD", "$0.00", "$10.50")]


@pytest.mark.parametrize(
    ("zone", "language", "last"),
    [
        ("America/Asuncion", "es", ["11:00", "12:00"]),
        ("America/Asuncion", "en", ["11 a.m.", "noon"]),
        ("Asia/Kolkata", "pt-br", ["19:00", "20:00"]),
    ],
)
def test_hours_of_the_chart_are_those_of_the_clocks_here(
    db: None, settings: Settings, zone: str, language: str, last: list[str]
) -> None:
    settings.TIME_ZONE = zone
    raffle = make_raffle()
    make_order(raffle=raffle, numbers=[1, 2], status=Status.PAID, now=NOW)
    make_order(raffle=raffle, numbers=[3], status=Status.PAID, now=NOW - timedelta(hours=1))
    with override(language):
        told = figures.sales_by_hour(NOW)
    assert (told["hours"][-2:], told["lines"][0]["values"][-2:]) == (last, [1, 2])


@pytest.mark.parametrize("now", ["2026-03-29T03:30:00+00:00", "2026-10-25T03:30:00+00:00"])
def test_no_hour_is_lost_when_the_clocks_are_changed(db: None, settings: Settings, now: str) -> None:
    settings.TIME_ZONE = "Europe/Madrid"
    end, raffle = datetime.fromisoformat(now), make_raffle(sales_open_at=datetime(2026, 1, 1, tzinfo=UTC))
    for step in range(4):
        make_order(
            raffle=raffle, numbers=[step], status=Status.PAID, now=end - timedelta(hours=step, minutes=1)
        )
    (line,) = figures.sales_by_hour(end)["lines"]
    assert line["values"][-4:] == [1, 1, 1, 1]


def test_how_far_raffles_are_sold_is_in_numbers(db: None) -> None:
    raffle = make_raffle()
    make_order(raffle=raffle, numbers=range(10), status=Status.PAID)
    make_order(raffle=raffle, numbers=[20, 21])
    make_raffle(status="CLOSED")
    (share,) = figures.sell_through()
    assert (share.sold, share.held, share.size, share.percent) == (10, 2, 100, 10)


def test_raffles_that_are_called_the_same_are_told_apart(db: None) -> None:
    for code, many in (("WEEK1", 2), ("WEEK2", 3)):
        raffle = make_raffle(title="Every week", code=code)
        make_order(raffle=raffle, numbers=range(many), status=Status.PAID)
    make_order(raffle=make_raffle(title="Bike"), status=Status.PAID)
    sold = [(line["label"], sum(line["values"])) for line in figures.sales_by_hour(NOW)["lines"]]
    assert sold == [("Bike", 2), ("Every week (WEEK1)", 2), ("Every week (WEEK2)", 3)]
    assert {share.title for share in figures.sell_through()} == {label for label, _many in sold}


def test_what_talk_costs_counts_each_priced_message_once(db: None) -> None:
    for _ in range(4):
        sent(price_category="service", price_type="free_customer_service", status="QUEUED")
    sent(price_category="utility", price_type="regular", status="QUEUED")
    sent(status="QUEUED")
    make_order(status=Status.PAID)
    make_order(status=Status.PAID)
    priced = figures.messages_by_price(NOW)
    assert priced == [("service", "free_customer_service", 4), ("utility", "regular", 1)]
    assert figures.talk_per_order(NOW, priced) == "0.5"
    with override("es"):
        assert figures.talk_per_order(NOW, priced) == "0,5"
    assert figures.prices_in_words([*priced, ("new", "odd", 1)]) == [
        ("answer", "free, within the allowance", 4),
        ("notice by template", "charged", 1),
        ("new", "odd", 1),
    ]


def test_raffles_beyond_those_the_chart_names_are_summed(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "MOST_RAFFLES", 1)
    for place, title in enumerate(("A car", "A boat", "A house")):
        make_order(raffle=make_raffle(title=title), numbers=range(place + 1), status=Status.PAID)
    lines = figures.sales_by_hour(NOW)["lines"]
    assert [(line["label"], sum(line["values"])) for line in lines] == [("A boat", 2), ("other raffles", 4)]


def test_the_worker_is_heard_or_missed(db: None) -> None:
    WorkerBeat.objects.create(host="a", beat_at=NOW - timedelta(minutes=1))
    assert figures.health(NOW)[-1] == figures.Figure(figures.health(NOW)[-1].label, "heard 1 min ago")
    assert figures.health(NOW + timedelta(minutes=5))[-1].is_bad


def test_alerts_that_no_destination_heard_today_are_counted(db: None) -> None:
    room = Destination.objects.create(
        name="Cashiers", channel="WEBHOOK", url="https://hooks.example/x", since=NOW
    )
    for hours, status in ((1, "FAILED"), (2, "FAILED"), (30, "FAILED"), (1, "SENT")):
        made = NOW - timedelta(hours=hours)
        came = made if status == "SENT" else None
        Digest.objects.create(destination=room, status=status, made_at=made, next_try_at=made, sent_at=came)
    (told,) = [figure for figure in figures.health(NOW) if "alerts" in figure.label]
    assert (told.label, told.value, told.is_bad) == ("alerts to staff not sent in 24 h", "2", True)


def test_the_page_asks_the_same_number_of_questions_whatever_there_is(
    desk: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        raffle = make_raffle(title=f"Raffle {number}")
        make_order(raffle=raffle, numbers=[1], player=make_player(), status=Status.PAID)
        sent(price_category=f"c{number % 3}", price_type="regular", status="QUEUED")
    page(desk)
    with django_assert_max_num_queries(
        BUDGET + 4
    ):  # the session, the user, and the bell and the state above every page
        shown = text(page(desk))
    found = re.search(r'<script id="sales-by-hour" type="application/json">(.*?)</script>', shown)
    assert found is not None
    assert len(json.loads(found[1])["lines"]) == figures.MOST_RAFFLES + 1  # the others together


def test_raffles_without_a_share_are_counted_and_lead_to_all_of_them(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "MOST_RAFFLES", 1)
    make_raffle(title="A car")
    assert "more raffle" not in text(page(desk))
    make_raffle(title="A boat", status="PAUSED")
    make_raffle(title="A house", status="CLOSED")
    found = re.search(r'<a href="([^"]+)">and one more raffle</a>', text(page(desk)))
    assert found is not None
    listed = text(desk.get(unescape(found[1])))
    assert ("A car" in listed, "A boat" in listed, "A house" in listed) == (True, True, False)


@pytest.mark.parametrize("missing", NEEDED)
def test_who_may_not_see_all_of_it_sees_none_of_it(client_of: ClientOf, missing: str) -> None:
    assert page(client_of(*(set(NEEDED) - {missing}), username="eva")).status_code == 403
    assert page(client_of(*NEEDED, username="ada")).status_code == 200


def test_a_title_is_no_script(desk: Client) -> None:
    make_order(raffle=make_raffle(title="</script><script>alert(1)</script>"), status=Status.PAID)
    assert "<script>alert" not in text(page(desk))
