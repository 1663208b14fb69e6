"""Who gets in where, for every address there is: made from the router, so that a new one is asked as well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from rest_framework.test import APIClient

from raffles.api.door import Door
from raffles.api.permissions import Need
from raffles.api.scopes import Scope, is_of_staff
from tests.api.conftest import allowed, calling, token_for
from tests.api.test_purchase import brought, receipt, reserved
from tests.factories import NOW, make_order, make_player, make_raffle, make_staff
from whatsapp.contacts import ensure_contact

pytestmark = pytest.mark.django_db

PUBLIC = {"sign-in", "refresh", "sign-out", "schema", "docs", "redoc"}


def patterns(found: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for each in found:
        at = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns, at)
        elif isinstance(each, URLPattern):
            yield at, each


def routes() -> list[tuple[str, str, str, type[Door]]]:
    """Address, method, action and view of everything below /api/v1/."""
    found = []
    for at, each in patterns(get_resolver().url_patterns):
        view = getattr(each.callback, "cls", None)
        actions = getattr(each.callback, "actions", None)
        if at.startswith("api/v1/") and view is not None and actions:
            address = "/" + re.sub(r"\(\?P<[a-z]+>[^)]*\)", "987654321", at.replace("^", "").replace("$", ""))
            found += [(address, method, name, view) for method, name in actions.items() if method != "head"]
    return found


ROUTES = routes()
IDS = [f"{method} {address}" for address, method, _name, _view in ROUTES]


def asked(caller: APIClient, address: str, method: str) -> int:
    answer = caller.get(address) if method == "get" else getattr(caller, method)(address, {}, format="json")
    return int(answer.status_code)


def need_of(view: type[Door], name: str) -> Need:
    return view.needs[name]


@pytest.mark.parametrize(("address", "method", "name", "view"), ROUTES, ids=IDS)
def test_every_address_says_what_it_needs_and_is_closed_to_strangers(
    anonymous: APIClient, address: str, method: str, name: str, view: type[Door]
) -> None:
    assert need_of(view, name).scopes
    assert asked(anonymous, address, method) == 401


@pytest.mark.parametrize(("address", "method", "name", "view"), ROUTES, ids=IDS)
def test_a_token_without_the_scope_stays_outside(
    address: str, method: str, name: str, view: type[Door]
) -> None:
    user = make_staff()
    user.is_superuser = True
    user.save()
    others = set(Scope.values) - set(need_of(view, name).scopes) - {Scope.STAFF_ALL}
    if Scope.RAFFLES_READ in need_of(view, name).scopes:
        others = {scope for scope in others if not scope.startswith("staff:")}
    caller = calling(token_for(user, *sorted(others))[1])
    assert asked(caller, address, method) == 403


def is_for_rights(need: Need) -> bool:
    """Reading raffles needs no right: every scope of staff gives what a shop sees of them."""
    return any(map(is_of_staff, need.scopes)) and Scope.RAFFLES_READ not in need.scopes


STAFFED = [route for route in ROUTES if is_for_rights(need_of(route[3], route[2]))]


@pytest.mark.parametrize(("address", "method", "name", "view"), STAFFED)
def test_a_scope_of_staff_does_not_replace_the_users_right(
    address: str, method: str, name: str, view: type[Door]
) -> None:
    need = need_of(view, name)
    of_staff = [scope for scope in need.scopes if is_of_staff(scope)]
    user = make_staff()
    caller = calling(token_for(user, *of_staff, client="without the right")[1])
    assert asked(caller, address, method) == 403
    entitled = calling(token_for(allowed(user, need.right), *of_staff, client="with the right")[1])
    assert asked(entitled, address, method) in {200, 400, 404, 415}


def test_a_token_of_who_is_no_staff_any_more_is_that_of_a_shop() -> None:
    rights = ("sales.view_order", "sales.confirm_payment", "raffles.see_every_raffle")
    user, order = allowed(make_staff(), *rights), make_order(status="UNDER_REVIEW")
    caller = calling(token_for(user, "staff:*", "orders:own")[1])
    confirm = f"/api/v1/orders/{order.pk}/confirm-payment/"
    assert caller.get("/api/v1/orders/").data["results"] != []
    type(user).objects.update(is_staff=False)
    assert caller.get("/api/v1/orders/").data["results"] == []
    assert caller.post(confirm, {}, format="json").status_code == 403
    order.refresh_from_db()
    assert order.status == "UNDER_REVIEW"


def test_nothing_is_open_that_is_not_meant_to_be() -> None:
    """A view that is no Door would not be asked above."""
    views = {
        (each.name, getattr(each.callback, "cls", each.callback))
        for at, each in patterns(get_resolver().url_patterns)
        if at.startswith("api/v1/")
    }
    others = {name for name, view in views if not (isinstance(view, type) and issubclass(view, Door))}
    assert others <= PUBLIC


def test_a_shop_sees_its_own_orders_only(consumer: APIClient) -> None:
    own = reserved(consumer, make_raffle())
    foreign = make_order(status="UNDER_REVIEW")
    assert [row["id"] for row in consumer.get("/api/v1/orders/").data["results"]] == [own["id"]]
    for path in ("", "proofs/"):
        assert consumer.get(f"/api/v1/orders/{foreign.pk}/{path}").status_code == 404
    assert consumer.post(f"/api/v1/orders/{foreign.pk}/cancel/", {}, format="json").status_code == 404
    proof = foreign.proofs.get()
    assert consumer.get(f"/api/v1/proofs/{proof.pk}/file/").status_code == 404
    assert consumer.get(f"/api/v1/players/{foreign.player_id}/").status_code == 404


def test_a_shop_finds_no_order_by_what_it_may_not_read_of_its_player(consumer: APIClient) -> None:
    """Of a customer who was there before it knows the phone; a name it could find out letter by letter."""
    known = ensure_contact(wa_id="595981123456", name="Ana Benítez", now=NOW)[0]
    brought = consumer.post("/api/v1/contacts/", {"phone": "+595981123456"}, format="json").data["player"]
    assert (brought, consumer.get(f"/api/v1/players/{brought}/").status_code) == (known.player_id, 404)
    wish = {"player": brought, "random": 1}
    own = consumer.post(f"/api/v1/raffles/{make_raffle().pk}/reserve/", wish, format="json").data
    found = {
        words: [row["id"] for row in consumer.get("/api/v1/orders/", {"search": words}).data["results"]]
        for words in (own["code"], "Benítez", "98112")
    }
    assert found == {own["code"]: [own["id"]], "Benítez": [], "98112": []}


def test_a_shop_reads_that_staff_decided_and_neither_who_nor_what_they_noted(
    consumer: APIClient, staff: APIClient
) -> None:
    at = f"/api/v1/orders/{reserved(consumer, make_raffle())['id']}/"
    consumer.post(f"{at}confirm/", {}, format="json")
    noted = {"reason": "the receipt of her brother, seen before"}
    assert staff.post(f"{at}confirm-payment/", noted, format="json").status_code == 200
    shown, whole = (caller.get(at).data["history"] for caller in (consumer, staff))
    assert [(row["actor"], row["reason"]) for row in shown] == [("player", ""), ("player", ""), ("staff", "")]
    assert (whole[-1]["actor"], whole[-1]["reason"]) == ("staff:boss", noted["reason"])


def test_what_is_noted_where_part_of_the_money_came_is_a_word_among_staff_too(
    consumer: APIClient, staff: APIClient, clock: time_machine.Traveller
) -> None:
    """The player reads why a proof was rejected, which moves the order to the same place."""
    at = f"/api/v1/orders/{reserved(consumer, make_raffle())['id']}/"
    consumer.post(f"{at}confirm/", {}, format="json")
    steps: list[tuple[str, dict[str, str]]] = [
        ("confirm-payment", {"amount": "100", "reason": "first part, seen before"}),
        ("confirm-payment", {"amount": "200", "reason": "second part, seen before"}),
    ]
    for step, words in steps:
        assert staff.post(f"{at}{step}/", words, format="json").status_code == 200
    consumer.post(f"{at}proofs/", {"file": receipt()}, format="multipart")
    clock.shift(timedelta(seconds=1))
    assert staff.post(f"{at}reject-proof/", {"reason": "Not readable"}, format="json").status_code == 200
    clock.shift(timedelta(seconds=1))
    consumer.post(f"{at}proofs/", {"file": receipt()}, format="multipart")
    last = {"amount": "300", "reason": "third part, seen before"}
    assert staff.post(f"{at}confirm-payment/", last, format="json").status_code == 200
    shown, whole = (
        [row["reason"] for row in caller.get(at).data["history"] if row["reason"]]
        for caller in (consumer, staff)
    )
    assert shown == ["Not readable"]
    assert whole == [steps[0][1]["reason"], steps[1][1]["reason"], "Not readable", last["reason"]]


def test_a_program_reads_no_credit_of_the_players_it_brought(consumer: APIClient, staff: APIClient) -> None:
    """It may come from orders that the program never heard of."""
    player = brought(consumer)
    money = {"player": player, "amount": "7000", "currency": "PYG", "method": "cash"}
    assert staff.post("/api/v1/payments/", money, format="json").status_code == 201
    at = f"/api/v1/players/{player}/"
    changed = consumer.patch(at, {"language": "en"}, format="json")
    assert [consumer.get(at).data["credit"], changed.data["credit"]] == [[], []]
    assert len(staff.get(at).data["credit"]) == 1


def test_staff_find_orders_by_the_player(staff: APIClient) -> None:
    order = make_order(player=make_player(name="Berta"))
    listed = staff.get("/api/v1/orders/", {"search": "bert"}).data["results"]
    assert [row["id"] for row in listed] == [order.pk]


def test_organisers_see_orders_of_their_raffles_only() -> None:
    user = allowed(make_staff(), "sales.view_order", "raffles.view_raffle", "sales.confirm_payment")
    mine, other = make_raffle(), make_raffle()
    mine.organisers.add(user)
    own = make_order(raffle=mine, numbers=[1], status="UNDER_REVIEW")
    foreign = make_order(raffle=other, numbers=[1], status="UNDER_REVIEW")
    caller = calling(token_for(user, "staff:*")[1])
    assert [row["id"] for row in caller.get("/api/v1/orders/").data["results"]] == [own.pk]
    assert [row["id"] for row in caller.get("/api/v1/raffles/").data["results"]] == [mine.pk]
    assert caller.post(f"/api/v1/orders/{foreign.pk}/confirm-payment/", {}, format="json").status_code == 404
    assert caller.post(f"/api/v1/orders/{own.pk}/confirm-payment/", {}, format="json").status_code == 200


@pytest.mark.parametrize("whose", ["keep", "gone"])
def test_nobody_merges_players_of_whom_they_see_only_some_orders(whose: str) -> None:
    user = allowed(make_staff(), "sales.view_player", "sales.merge_players")
    mine, other = make_raffle(), make_raffle()
    mine.organisers.add(user)
    players = {"keep": make_player(), "gone": make_player()}
    for number, player in enumerate(players.values()):
        make_order(raffle=mine, player=player, numbers=[number], status="PAID")
    caller, at = calling(token_for(user, "staff:players")[1]), f"/api/v1/players/{players['keep'].pk}/merge/"
    foreign = make_order(raffle=other, player=players[whose], numbers=[1], status="PAID")
    answer = caller.post(at, {"gone": players["gone"].pk}, format="json")
    assert (answer.status_code, answer.data["code"]) == (404, "player_not_found")
    other.organisers.add(user)
    assert caller.post(at, {"gone": players["gone"].pk}, format="json").status_code == 200
    foreign.refresh_from_db()
    assert foreign.player == players["keep"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_orders_are_made_and_changed_by_actions_only(staff: APIClient, method: str) -> None:
    at = "/api/v1/orders/" if method == "post" else f"/api/v1/orders/{make_order().pk}/"
    answer = getattr(staff, method)(at, {}, format="json")
    assert (answer.status_code, answer.data["code"]) == (405, "method_not_allowed")


def test_both_addresses_are_the_same_api(staff: APIClient) -> None:
    make_player()
    one, two = staff.get("/api/v1/players/"), staff.get("/api/players/")
    assert one.data["results"] == two.data["results"]
