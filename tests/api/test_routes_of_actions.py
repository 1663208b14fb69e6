"""Each action of the business is called by an address of the API, and it is the very same function."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

import raffles.api.actions
import raffles.api.views
import raffles.desk.actions
import raffles.draws.actions
import raffles.evidence.actions
import raffles.hooks.actions
import raffles.numbers.actions
import raffles.sales.actions
import whatsapp.api
from raffles.api.models import Client, Token
from raffles.draws.models import Award
from raffles.sales.models import Order, Player, Refund
from tests.api.fuzzing import Rows
from tests.factories import make_player, png_bytes

pytestmark = pytest.mark.django_db

# The clock moves these, or a message of the player's; nobody calls them.
BY_ITSELF = {"expire_orders", "expire_awards", "tell_outcomes", "answer_award"}
# What an action is told with.
WORDS = {"PrizePlan", "RuleChange", "StillPrepared"}
ROOMS = (
    raffles.sales.actions,
    raffles.numbers.actions,
    raffles.draws.actions,
    raffles.hooks.actions,
    raffles.api.actions,
)
# The desk is a page for people, with cards of its own; receipts are read by a worker. Of neither has the API
# any call: what they decide is decided by the actions of the rooms above.
WITHOUT_CALLS = (raffles.desk.actions, raffles.evidence.actions)


def named(*rooms: Any) -> dict[str, Callable[..., Any]]:
    others = BY_ITSELF | WORDS
    return {name: getattr(room, name) for room in rooms for name in room.__all__ if name not in others}


ACTIONS = named(*ROOMS)
REASON = {"reason": "told"}
MONEY = {"amount": "1", "currency": "PYG"}
# Method, address and body that reach it; `{PAID}` is the order of that status, `{awards}` the first award.
CALLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "approve_payment": ("post", "orders/{UNDER_REVIEW}/approve-payment", {}),
    "ask_for_proof": ("post", "orders/{UNDER_REVIEW}/ask-for-proof", {"question": "Which bank?"}),
    "cancel_order": ("post", "orders/{DRAFT}/cancel", {}),
    "change_language": ("patch", "players/{players}", {"language": "en"}),
    "change_phone": ("patch", "players/{players}", {"phone": "+595981000009"}),
    "confirm_order": ("post", "orders/{DRAFT}/confirm", {}),
    "confirm_payment": ("post", "orders/{UNDER_REVIEW}/confirm-payment", {}),
    "drop_refund": ("post", "refunds/{refund}/drop", REASON),
    "make_refund": ("post", "refunds/{refund}/make", {"reference": "T-1"}),
    "merge_players": ("post", "players/{players}/merge", {"gone": "{other}"}),
    "pay_with_credit": ("post", "orders/{UNDER_REVIEW}/pay-with-credit", {}),
    "record_payment": ("post", "payments", {"player": "{players}", **MONEY}),
    "refund_order": ("post", "orders/{PAID}/refund", REASON),
    "register_player": ("post", "players", {"name": "Ana", "language": "es"}),
    "reject_proof": ("post", "orders/{UNDER_REVIEW}/reject-proof", REASON),
    "request_cancel": ("post", "orders/{UNDER_REVIEW}/request-cancel", {}),
    "request_refund": ("post", "refunds", {"player": "{players}", **MONEY, **REASON}),
    "resume_news": ("patch", "players/{players}", {"news": True}),
    "stop_news": ("patch", "players/{players}", {"news": False}),
    "submit_payment_proof": ("post", "orders/{PENDING_PAYMENT}/proofs", {"file": None}),
    "change_rule": ("post", "raffles/{raffles}/change-rule", {"last_number": 200, **REASON}),
    "close_raffle": ("post", "raffles/{raffles}/close", {}),
    "delete_raffle": ("delete", "raffles/{raffles}", {}),
    "open_raffle": ("post", "raffles/{raffles}/open", {}),
    "pause_raffle": ("post", "raffles/{raffles}/pause", {}),
    "plan_draw": ("post", "raffles/{raffles}/plan-draw", {}),
    "set_raffle_picture": ("put", "raffles/{raffles}/picture", {"picture": None}),
    "set_prize_picture": ("put", "draws/{code}/prizes/1/picture", {"picture": None}),
    "publish_rule": ("post", "raffles/{raffles}/publish-rule", {}),
    "reserve_numbers": ("post", "raffles/{raffles}/reserve", {"player": "{players}", "numbers": [9]}),
    "reserve_random_numbers": ("post", "raffles/{raffles}/reserve", {"player": "{players}", "random": 1}),
    "call_off_draw": ("post", "draws/{code}/call-off", REASON),
    "claim_award": ("post", "awards/{awards}/claim", {}),
    "close_entries": ("post", "draws/{code}/close", {}),
    "exclude_order": ("post", "draws/{code}/exclude-order", {"order": "{DRAFT}", **REASON}),
    "fall_back": ("post", "draws/{code}/fall-back", {}),
    "forget_winner": ("post", "awards/{awards}/forget", {}),
    "hand_over_award": ("post", "awards/{awards}/hand-over", {"note": "To Ana"}),
    "hold_draw": ("post", "draws/{code}/hold", {}),
    "issue_minutes": ("post", "draws/{code}/minutes", {}),
    "lose_award": ("post", "awards/{awards}/lose", {"why": Award.Lost.values[0], "note": "By phone"}),
    "record_beacon": ("post", "draws/{code}/beacon", {"round": 1, "signature": "ab"}),
    "show_winner": ("post", "awards/{awards}/show", {"shown": Award.Shown.values[0]}),
    "type_result": ("post", "draws/{code}/results", {"values": ["12345"]}),
    "change_subscription": ("patch", "webhooks/{webhooks}", {"description": "Books"}),
    "disable_subscription": ("post", "webhooks/{webhooks}/disable", {}),
    "enable_subscription": ("post", "webhooks/{webhooks}/enable", {}),
    "make_subscription": ("post", "webhooks", {"url": "http://127.0.0.1:9/", "events": ["order.paid"]}),
    "replay_delivery": ("post", "webhooks/deliveries/{delivery}/replay", {}),
    "replay_given_up": ("post", "webhooks/{webhooks}/replay", {}),
    "rotate_secret": ("post", "webhooks/{webhooks}/rotate-secret", {}),
    "send_test": ("post", "webhooks/{webhooks}/test", {}),
    "make_token": ("post", "tokens", {"client": "All", "scopes": ["raffles:read"]}),
    "revoke_token": ("post", "tokens/{token}/revoke", {}),
    "rotate_token": ("post", "tokens/{token}/rotate", {}),
}


def view_modules() -> list[Any]:
    packages = (raffles.api.views, whatsapp.api)
    return [
        importlib.import_module(f"{package.__name__}.{found.name}")
        for package in packages
        for found in pkgutil.iter_modules(package.__path__)
    ]


def test_each_action_has_a_call() -> None:
    assert CALLS.keys() == ACTIONS.keys()


def test_what_is_for_people_and_workers_has_none() -> None:
    theirs = set(named(*WITHOUT_CALLS).values())
    held = {name for module in view_modules() for name, found in vars(module).items() if callable(found)}
    assert theirs
    assert not {action.__name__ for action in theirs} & held


class Called(Exception):
    """The address has come to its action."""


def called(*_args: object, **_words: object) -> None:
    raise Called


def test_each_action_is_called_by_its_address_and_is_the_very_same_function(everything: APIClient) -> None:
    places = places_of(everything)
    astray = {name: found for name in CALLS if (found := answered(everything, name, places)) != "called"}
    assert astray == {}


def answered(caller: APIClient, name: str, places: dict[str, Any]) -> str:
    """Of a call while its action is somebody else's: whoever names another function of that name is found."""
    method, path, body = CALLS[name]
    with pytest.MonkeyPatch.context() as patch:
        for module in view_modules():
            if getattr(module, name, None) is ACTIONS[name]:
                patch.setattr(module, name, called)
        try:
            answer = getattr(caller, method)(f"/api/v1/{path.format(**places)}/", **sent(body, places))
        except Called:
            return "called"
    return f"{answer.status_code} {answer.content[:200]!r}"


def sent(body: dict[str, Any], places: dict[str, Any]) -> dict[str, Any]:
    files = {name: png(name) for name, value in body.items() if value is None}
    if files:
        return {"data": files, "format": "multipart"}
    filled = {
        name: int(value.format(**places)) if str(value).startswith("{") else value
        for name, value in body.items()
    }
    return {"data": filled, "format": "json"}


def png(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{name}.png", png_bytes(), "image/png")


def places_of(caller: APIClient) -> dict[str, Any]:
    rows = Rows.made()
    client = Client.objects.get(name="All")
    rows.give_to(client)
    orders = dict(Order.objects.order_by("-pk").values_list("status", "pk"))
    firsts = {name: ids[0] for name, ids in rows.ids.items()}
    return {
        **firsts,
        **orders,
        "players": Player.objects.order_by("pk").values_list("pk", flat=True)[0],
        "other": make_player().pk,
        "refund": Refund.objects.values_list("pk", flat=True)[0],
        "delivery": rows.ids["webhooks"][-1],
        "token": Token.objects.get(client=client).pk,
        "code": rows.codes[0],
    }
