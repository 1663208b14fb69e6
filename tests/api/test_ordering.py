"""Lists in the order that was asked for: declared fields alone, and whole pages where rows share a value."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import Model
from django.utils.http import urlencode
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from raffles.hooks.models import Delivery
from raffles.sales.models import Order, Payment, PaymentProof, Player
from tests.api.conftest import calling, token_for
from tests.api.documented import operations
from tests.factories import NOW, make_order, make_player, make_raffle
from whatsapp.models import Contact, InboundEvent, OutboundMessage

pytestmark = pytest.mark.django_db

PLAYERS = "/api/v1/players/"
# Few rows, whatever is sold: to sort them costs nothing, and no index is kept for it.
SMALL = {"raffles", "draws", "awards", "refunds", "webhooks", "tokens", "templates"}
LARGE: dict[str, type[Model]] = {
    "orders_list": Order,
    "orders_proofs": PaymentProof,
    "proofs_list": PaymentProof,
    "payments_list": Payment,
    "players_list": Player,
    "contacts_list": Contact,
    "sent_messages_list": OutboundMessage,
    "received_messages_list": InboundEvent,
    "webhook_deliveries_list": Delivery,
}
# Read from the front only, in an order of their own or none.
WITHOUT = {"orders_pending_payment"}


def walked(caller: APIClient, at: str, *, by: str = "next") -> list[Any]:
    """From page to page, and how each answer looks; a walk without an end fails."""
    rows: list[Any] = []
    for _page in range(100):
        page = caller.get(at).json()
        rows += page["results"] if by == "next" else reversed(page["results"])
        if page[by] is None:
            return rows
        at = page[by]
    raise AssertionError("there is no last page")


def ids(rows: list[Any]) -> list[int]:
    return [row["id"] for row in rows]


def lists() -> dict[str, dict[str, Any]]:
    """By operation, whatever list there is with pages."""
    return {
        name: told
        for name, told in operations().items()
        if "page_size" in {parameter["name"] for parameter in told.get("parameters", ())}
    }


def offered(told: dict[str, Any]) -> list[str]:
    found = [parameter for parameter in told["parameters"] if parameter["name"] == "ordering"]
    return list(found[0]["schema"]["enum"]) if found else []


def test_every_list_but_the_queue_of_payments_offers_an_ordering() -> None:
    assert {name for name, told in lists().items() if not offered(told)} == WITHOUT
    assert len(lists()) > 14


@pytest.fixture
def owner() -> APIClient:
    """Who may read every list, of prizes as well."""
    user = User.objects.create_superuser("owner", password="a long password of a test")
    return calling(token_for(user, "staff:*", "awards:read")[1])


@pytest.mark.parametrize("name", sorted(name for name, told in lists().items() if offered(told)))
def test_what_the_document_offers_is_taken_and_the_rest_is_refused_by_name(
    name: str, owner: APIClient
) -> None:
    order = make_order(raffle=make_raffle(), numbers=[1])
    raffle, told = order.tickets.get().raffle_id, lists()[name]
    at = told["path"].replace("{id}", str(order.pk if name == "orders_proofs" else raffle))
    for ordering in offered(told):
        assert owner.get(at, {"ordering": ordering}).status_code == 200, ordering
    for ordering in ("status", "-nothing", "--id", "id,-id", "order__player__name", "?"):
        refused = owner.get(at, {"ordering": ordering}, headers={"accept-language": "en"})
        assert (refused.status_code, refused.json()["code"]) == (400, "unknown_field"), ordering
        assert refused.json()["errors"] == {"ordering": [f'"{ordering}" is not a valid choice.']}


@pytest.mark.parametrize("name", LARGE)
def test_of_a_large_table_only_columns_with_an_index_are_offered(name: str) -> None:
    indexed = {index.fields[0].lstrip("-") for index in LARGE[name]._meta.indexes if index.fields}
    assert {column.lstrip("-") for column in offered(lists()[name])} <= indexed | {"id"}


def test_every_list_is_of_a_large_table_or_of_a_small_one() -> None:
    small = {f"{word}_list" for word in SMALL}
    assert lists().keys() == LARGE.keys() | small | WITHOUT | {"raffles_tickets"}


def test_the_queue_of_payments_keeps_its_own_order(staff: APIClient) -> None:
    answer = staff.get("/api/v1/orders/pending-payment/", {"ordering": "id"})
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_field")
    assert list(answer.json()["errors"]) == ["ordering"]


def test_a_refused_ordering_is_told_in_the_language_of_who_asks(staff: APIClient) -> None:
    answer = staff.get(PLAYERS, {"ordering": "age"}, headers={"accept-language": "es"})
    assert answer.json()["errors"] == {"ordering": ['"age" no es una elección válida.']}


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        ("", [3, 2, 1, 0]),
        ("id", [0, 1, 2, 3]),
        ("-id", [3, 2, 1, 0]),
        ("created_at", [1, 3, 0, 2]),
        ("-created_at", [2, 0, 3, 1]),
    ],
)
def test_orders_come_as_asked_for(staff: APIClient, ordering: str, expected: list[int]) -> None:
    raffle = make_raffle()
    orders = [make_order(raffle=raffle, numbers=[number]) for number in range(4)]
    for order, hours in zip(orders, (3, 1, 4, 1), strict=True):
        Order.objects.filter(pk=order.pk).update(created_at=NOW - timedelta(days=1) + timedelta(hours=hours))
    rows = staff.get("/api/v1/orders/", {"ordering": ordering}).json()["results"]
    assert ids(rows) == [orders[place].pk for place in expected]


def test_raffles_come_by_their_draw_and_claims_by_their_number(staff: APIClient) -> None:
    later, sooner = (make_raffle(draw_at=NOW + timedelta(days=days)) for days in (20, 10))
    assert ids(walked(staff, "/api/v1/raffles/?ordering=draw_at")) == [sooner.pk, later.pk]
    for number in (30, 10, 20):
        make_order(raffle=later, numbers=[number])
    claims = f"/api/v1/raffles/{later.pk}/tickets/?page_size=2&ordering="
    assert [row["number"] for row in walked(staff, f"{claims}number")] == [10, 20, 30]
    assert [row["number"] for row in walked(staff, f"{claims}-number")] == [30, 20, 10]


@pytest.mark.parametrize("ordering", ["created_at", "-created_at", "id", "-id"])
def test_rows_of_one_instant_come_once_each_from_page_to_page_and_back(
    staff: APIClient, ordering: str
) -> None:
    """As an import leaves them: many at one second, and more than fit in a page."""
    for place in range(25):
        make_player(created_at=NOW + timedelta(minutes=place // 10))
    names = (ordering, "-id" if ordering[0] == "-" else "id")
    expected = list(Player.objects.order_by(*names).values_list("pk", flat=True))
    at = f"{PLAYERS}?page_size=4&ordering={ordering}"
    pages, forth = [at], ids(walked(staff, at))
    while (following := staff.get(pages[-1]).json()["next"]) is not None:
        pages.append(following)
    assert forth == expected
    before_last = staff.get(pages[-1]).json()["previous"]
    assert ids(walked(staff, before_last, by="previous"))[::-1] == expected[:24]


def test_more_rows_of_one_value_than_the_library_can_step_over(staff: APIClient) -> None:
    rows = [Player(name="imported", language="es", created_at=NOW) for _ in range(1300)]
    Player.objects.bulk_create(rows)
    found = ids(walked(staff, f"{PLAYERS}?page_size=200&ordering=created_at"))
    assert found == sorted(found)
    assert len(set(found)) == 1300


@pytest.mark.parametrize("ordering", ["created_at", "-created_at"])
def test_rows_that_come_and_go_meanwhile_neither_repeat_nor_hide_others(
    staff: APIClient, ordering: str
) -> None:
    there = [make_player().pk for _ in range(20)]
    seen, at = [], f"{PLAYERS}?page_size=5&ordering={ordering}"
    while at:
        page = staff.get(at).json()
        seen += ids(page["results"])
        make_player(name="came meanwhile", created_at=NOW if ordering[0] == "-" else NOW - timedelta(1))
        Player.objects.filter(pk=seen[-1]).delete()
        at = page["next"]
    assert [pk for pk in seen if pk in there] == (there if ordering[0] != "-" else there[::-1])
    assert len(seen) == len(set(seen))


NOWHERE = [
    "7", "7 ", "7 yesterday", " 2026-11-21", "x 2026-11-21", "7 \0", "7 2026-11-21", "7 2026-11-21 10:00:00",
    "7 0001-01-01 00:00:00+14:00", "7 9999-12-31 23:59:59-14:00", "\0 2026-11-21 10:00:00+00:00",
]  # fmt: skip


def placed(caller: APIClient, at: str, position: str, ordering: str) -> tuple[int, str]:
    cursor = base64.b64encode(urlencode({"p": position}).encode()).decode()
    answer = caller.get(at, {"ordering": ordering, "cursor": cursor})
    return answer.status_code, answer.json().get("code", "")


@pytest.mark.parametrize("position", NOWHERE)
def test_a_place_of_another_ordering_or_by_hand_is_none(staff: APIClient, position: str) -> None:
    make_player()
    assert placed(staff, PLAYERS, position, "created_at") == (404, "not_found")


@pytest.mark.parametrize("position", ["1 x", "1", "1 " + "9" * 5000, "1 1.5"])
def test_a_number_by_hand_is_no_place_either(staff: APIClient, position: str) -> None:
    at = f"/api/v1/raffles/{make_raffle().pk}/tickets/"
    assert placed(staff, at, position, "number") == (404, "not_found")


@pytest.mark.parametrize("position", ["9" * 40 + " 5", "1 " + "9" * 40, "1 -5"])
def test_a_place_beyond_all_rows_has_none_behind_it_and_breaks_nothing(
    staff: APIClient, position: str
) -> None:
    at = f"/api/v1/raffles/{make_raffle().pk}/tickets/"
    assert placed(staff, at, position, "number") == (200, "")
    assert placed(staff, at, position, "-number") == (200, "")


def test_a_page_in_order_costs_no_more(
    staff: APIClient, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    raffle = make_raffle()
    for number in range(12):
        make_order(raffle=raffle, numbers=[number])
    following = staff.get("/api/v1/orders/?ordering=created_at&page_size=5").json()["next"]
    with django_assert_max_num_queries(6):
        assert len(staff.get(following).json()["results"]) == 5
