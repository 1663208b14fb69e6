"""Lists: pages that stay whole, filters that narrow, words that are refused, and what a page costs."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.http import urlencode
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from raffles.numbers.models import Raffle
from raffles.sales.actions import cancel_order
from raffles.sales.models import Actor, Order
from tests.factories import NOW, make_order, make_player, make_raffle
from whatsapp.models import Contact

pytestmark = pytest.mark.django_db

S = Order.Status
REASON = {"reason": "told"}


def found(caller: APIClient, path: str, **wanted: Any) -> list[int]:
    answer = caller.get(f"/api/v1/{path}/?{urlencode(wanted, doseq=True)}")
    assert answer.status_code == 200, answer.data
    return [row["id"] for row in answer.data["results"]]


def test_walking_the_pages_shows_each_once_though_rows_come_meanwhile(staff: APIClient) -> None:
    players = {make_player().pk for _ in range(120)}
    seen, at = [], "/api/v1/players/?page_size=50"
    while at:
        page = staff.get(at).data
        seen += [row["id"] for row in page["results"]]
        make_player(name="came meanwhile")
        at = page["next"]
    assert sorted(seen) == sorted(players)


@pytest.mark.parametrize(("asked", "given"), [("", 50), ("1000", 200), ("3", 3), ("0", 50), ("x", 50)])
def test_a_page_has_fifty_rows_and_two_hundred_at_most(staff: APIClient, asked: str, given: int) -> None:
    for _ in range(201):
        make_player()
    at = "/api/v1/players/" + (f"?page_size={asked}" if asked else "")
    assert len(staff.get(at).data["results"]) == given


@pytest.fixture
def orders() -> dict[str, Order]:
    """Four orders that differ in everything that can be asked for."""
    raffle = make_raffle(code="AUTO", last_number=999)
    dollars = make_raffle(code="USD1", currency="USD", price_minor=1250)
    return {
        "draft": make_order(raffle=raffle, numbers=[1]),
        "waiting": make_order(raffle=raffle, numbers=[2, 3], status=S.PENDING_PAYMENT),
        "review": make_order(raffle=raffle, numbers=[4], status=S.UNDER_REVIEW),
        "paid": make_order(raffle=dollars, numbers=[5], status=S.PAID),
    }


def contact_id_of(order: Order) -> int:
    found, _ = Contact.objects.get_or_create(player=order.player, wa_id="595981000009", created_at=NOW)
    return found.pk


def asking(name: str, orders: dict[str, Order]) -> dict[str, Any]:
    paid = orders["paid"]
    asked: dict[str, dict[str, Any]] = {
        "status": {"status": ["DRAFT", "PENDING_PAYMENT"]},
        "code": {"code": paid.code.lower()},
        "player": {"player": paid.player_id},
        "contact": {"contact": contact_id_of(paid)},
        "raffle": {"raffle": Raffle.objects.get(code="USD1").pk},
        "currency": {"currency": "usd"},
        "amount": {"currency": "PYG", "amount_min": "100000", "amount_max": "100000"},
        "has_proof": {"has_proof": "true"},
        "kind": {"kind": "numbers"},
        "search": {"search": orders["draft"].code},
        "created": {"created_after": NOW.isoformat(), "created_before": (NOW + timedelta(1)).isoformat()},
        "long ago": {"created_before": (NOW - timedelta(days=30)).isoformat()},
    }
    return asked[name]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("status", {"draft", "waiting"}),
        ("code", {"paid"}),
        ("player", {"paid"}),
        ("contact", {"paid"}),
        ("raffle", {"paid"}),
        ("currency", {"paid"}),
        ("amount", {"waiting"}),
        ("has_proof", {"review", "paid"}),
        ("kind", {"draft", "waiting", "review", "paid"}),
        ("search", {"draft"}),
        ("created", {"draft", "waiting", "review", "paid"}),
        ("long ago", set()),
    ],
)
def test_each_filter_narrows(
    staff: APIClient, orders: dict[str, Order], name: str, expected: set[str]
) -> None:
    assert set(found(staff, "orders", **asking(name, orders))) == {orders[key].pk for key in expected}


def test_modified_since_finds_what_moved(staff: APIClient, orders: dict[str, Order]) -> None:
    later = NOW + timedelta(hours=1)
    assert found(staff, "orders", modified_since=later.isoformat()) == []
    cancel_order(order_id=orders["draft"].pk, actor=Actor.player(), reason="", now=later)
    assert found(staff, "orders", modified_since=later.isoformat()) == [orders["draft"].pk]


def test_modified_since_finds_orders_whose_player_became_another(
    staff: APIClient, orders: dict[str, Order], clock: time_machine.Traveller
) -> None:
    keep, gone = orders["paid"].player_id, orders["waiting"].player_id
    clock.shift(timedelta(hours=1))
    later = (NOW + timedelta(hours=1)).isoformat()
    merged = staff.post(f"/api/v1/players/{keep}/merge/", {"gone": gone}, format="json")
    assert merged.status_code == 200
    assert orders["waiting"].pk in found(staff, "orders", modified_since=later)
    assert orders["draft"].pk not in found(staff, "orders", modified_since=later)
    clock.shift(timedelta(hours=1))
    assert found(staff, "orders", modified_since=(NOW + timedelta(hours=2)).isoformat()) == []


def test_refunds_are_found_by_when_they_were_asked_for_and_by_what_changed(
    staff: APIClient, clock: time_machine.Traveller
) -> None:
    refunds = []
    for number in range(4):
        order = make_order(numbers=[number], status=S.PAID, player=make_player())
        refunds.append(staff.post(f"/api/v1/orders/{order.pk}/refund/", REASON, format="json").data)
        clock.shift(timedelta(hours=1))
    ids, now = [refund["id"] for refund in refunds], NOW + timedelta(hours=4)
    span = {"requested_after": NOW + timedelta(hours=1), "requested_before": NOW + timedelta(hours=3)}
    asked = {name: instant.isoformat() for name, instant in span.items()}
    assert set(found(staff, "refunds", **asked)) == {ids[1], ids[2]}
    since = {"modified_since": now.isoformat()}
    assert found(staff, "refunds", **since) == []
    staff.post(f"/api/v1/refunds/{ids[0]}/make/", {"reference": "T-1"}, format="json")
    staff.post(f"/api/v1/refunds/{ids[1]}/drop/", REASON, format="json")
    merge = f"/api/v1/players/{make_player().pk}/merge/"
    assert staff.post(merge, {"gone": refunds[2]["player"]}, format="json").status_code == 200
    assert set(found(staff, "refunds", **since)) == set(ids[:3])


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"statsu": "PAID"}, "statsu"),
        ({"exclude_columns": "password"}, "exclude_columns"),
        ({"player__name": "Ana"}, "player__name"),
        ({"status": "LOST"}, "status"),
        ({"player": "x"}, "player"),
        ({"contact": "x"}, "contact"),
        ({"player": "9" * 30}, "player"),
        ({"created_after": "yesterday"}, "created_after"),
        ({"amount_min": "10"}, "currency"),
        ({"amount_min": "10.5", "currency": "PYG"}, "amount_min"),
        ({"amount_min": "NaN", "currency": "PYG"}, "amount_min"),
        ({"has_proof": "perhaps"}, "has_proof"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_by_name(
    staff: APIClient, asked: dict[str, str], named: str
) -> None:
    answer = staff.get("/api/v1/orders/", asked)
    assert (answer.status_code, list(answer.data["errors"])) == (400, [named])


@pytest.mark.parametrize("path", ["raffles", "orders", "proofs", "payments", "refunds", "players", "tokens"])
def test_every_list_refuses_what_it_does_not_know(staff: APIClient, path: str) -> None:
    answer = staff.get(f"/api/v1/{path}/?no_such_filter=1")
    assert (answer.status_code, answer.data["code"]) == (400, "unknown_field")


def test_orders_waiting_for_money_are_the_open_ones_oldest_proof_first(staff: APIClient) -> None:
    raffle = make_raffle()
    make_order(raffle=raffle, numbers=[1])
    make_order(raffle=raffle, numbers=[2], status=S.PAID)
    without = make_order(raffle=raffle, numbers=[3], status=S.PENDING_PAYMENT)
    proofs = [make_order(raffle=raffle, numbers=[n], status=S.UNDER_REVIEW) for n in (4, 5)]
    for order, minutes in zip(proofs, (1, 5), strict=True):
        order.proofs.update(received_at=NOW - timedelta(minutes=minutes))
    assert found(staff, "orders/pending-payment") == [proofs[1].pk, proofs[0].pk, without.pk]


def test_what_is_decided_while_the_waiting_are_read_hides_no_other(staff: APIClient) -> None:
    raffle = make_raffle()
    for number in range(9):
        order = make_order(raffle=raffle, numbers=[number], status=S.UNDER_REVIEW)
        # Three share each instant.
        order.proofs.update(received_at=NOW - timedelta(minutes=number // 3))
    make_order(raffle=raffle, numbers=[50], status=S.PENDING_PAYMENT)
    make_order(raffle=raffle, numbers=[51], status=S.PENDING_PAYMENT)
    expected = found(staff, "orders/pending-payment")
    seen, at = [], "/api/v1/orders/pending-payment/?page_size=2"
    while at:
        page = staff.get(at).data
        seen += [row["id"] for row in page["results"]]
        for row in page["results"]:
            staff.post(f"/api/v1/orders/{row['id']}/confirm-payment/", {}, format="json")
        at = page["next"]
    assert (len(seen), seen) == (11, expected)
    assert found(staff, "orders/pending-payment") == []


def test_the_waiting_are_read_back_and_a_place_written_by_hand_is_none(staff: APIClient) -> None:
    raffle = make_raffle()
    for number in range(4):
        make_order(raffle=raffle, numbers=[number], status=(S.UNDER_REVIEW, S.PENDING_PAYMENT)[number % 2])
    address = "/api/v1/orders/pending-payment/?page_size=2"
    first = staff.get(address).data
    second = staff.get(first["next"]).data
    assert second["next"] is None
    assert staff.get(second["previous"]).data["results"] == first["results"]
    for position in ("7", "7 yesterday", "x 2026-11-21 15:00:00+00:00", "7 9999-12-31 23:59:59-03:00"):
        cursor = base64.b64encode(f"p={position}".encode()).decode()
        assert staff.get("/api/v1/orders/pending-payment/", {"cursor": cursor}).status_code == 404


@pytest.mark.parametrize(("path", "budget"), [("orders", 6), ("raffles", 4), ("proofs", 4), ("payments", 4)])
def test_a_list_costs_the_same_however_long(
    staff: APIClient, path: str, budget: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        make_order(raffle=make_raffle(), numbers=[number, number + 20], status=S.PAID)
    staff.get(f"/api/v1/{path}/")
    with django_assert_max_num_queries(budget):
        assert len(staff.get(f"/api/v1/{path}/").data["results"]) >= 12


def test_an_order_costs_the_same_however_many_numbers_it_has(
    staff: APIClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    raffle = make_raffle()
    small, large = (
        f"/api/v1/orders/{make_order(raffle=raffle, numbers=numbers).pk}/" for numbers in ([1], range(2, 40))
    )
    staff.get(small)
    with CaptureQueriesContext(connection) as captured:
        staff.get(small)
    with django_assert_num_queries(len(captured)):
        assert len(staff.get(large).data["numbers"]) == 38


def test_who_has_it_already_gets_no_body(staff: APIClient, orders: dict[str, Order]) -> None:
    at = f"/api/v1/orders/{orders['waiting'].pk}/"
    first = staff.get(at)
    again = staff.get(at, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    staff.post(f"{at}cancel/", {"reason": "test"}, format="json")
    changed = staff.get(at, headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed.data["status"]) == (200, "CANCELLED")


@pytest.mark.parametrize("shown", ["W/{tag}", '"another", W/{tag}', "*"])
def test_a_tag_that_a_proxy_made_weak_is_known(
    staff: APIClient, orders: dict[str, Order], shown: str
) -> None:
    """Whatever packs an answer on its way must call its tag a weak one."""
    at = f"/api/v1/orders/{orders['waiting'].pk}/"
    tag = staff.get(at)["ETag"]
    assert staff.get(at, headers={"If-None-Match": shown.format(tag=tag)}).status_code == 304
