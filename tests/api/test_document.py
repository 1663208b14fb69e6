from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from config import api_pages
from config.api_pages import as_yaml, document
from config.env import ROOT
from raffles.api.errors import GENERAL, REFUSALS
from raffles.api.scopes import Scope
from raffles.api.taken import Taken
from raffles.draws.models import Award, Draw
from raffles.hooks.catalogue import ALL_KINDS, EventKind
from raffles.hooks.models import Delivery
from raffles.numbers.models import Raffle, Ticket
from raffles.sales.models import Order, PaymentProof, Player, Refund
from tests.api.documented import operations
from whatsapp.models import InboundEvent, MessageTemplate, OutboundMessage

COMMITTED = ROOT / "docs" / "openapi.yaml"
PAGES = ("/api/v1/docs/", "/api/v1/redoc/")
SCHEMAS = document()["components"]["schemas"]


def test_the_committed_document_is_what_the_code_says() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == as_yaml(document()), "run `make api-document`"


def test_the_check_tells_an_old_document(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("write_api_document", "--check")
    monkeypatch.setattr("config.management.commands.write_api_document.ROOT", tmp_path)
    with pytest.raises(CommandError, match="make api-document"):
        call_command("write_api_document", "--check")


def addresses(patterns: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern):
            yield here, pattern.callback


def _part(found: re.Match[str]) -> str:
    return "{id}" if found[1] == "pk" else f"{{{found[1]}}}"


def routes() -> set[tuple[str, str]]:
    """Address and method of everything under /api/v1/ in the URLconf, whoever put it there."""
    found = set()
    for regex, view in addresses(get_resolver().url_patterns):
        if not regex.startswith("api/v1/") or view.cls.__module__ == api_pages.__name__:
            continue
        path = "/" + re.sub(r"\(\?P<([a-z]+)>[^)]*\)", _part, regex.replace("^", "").removesuffix("$"))
        methods = getattr(view, "actions", None) or [
            name for name in ("get", "post") if hasattr(view.cls, name)
        ]
        found |= {(path, method) for method in methods if method != "head"}
    return found


def test_every_route_is_in_the_document_and_nothing_else() -> None:
    assert len(routes()) > 40
    assert routes() == {(told["path"], told["method"]) for told in operations().values()}


def test_every_operation_has_a_readable_name_and_words_for_people() -> None:
    for name, told in operations().items():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", name), name
        assert told["summary"][0].isupper(), name
        assert len(told["summary"]) < 60, name
    assert {"orders_confirm_payment", "raffles_reserve", "auth_sign_in"} <= operations().keys()


def test_every_operation_says_who_may() -> None:
    known = set(Scope.values)
    for name, told in operations().items():
        if name.startswith("auth_"):
            assert not any(told.get("security", ())), name
            continue
        scopes = {scope for way in told["security"] for scope in way.get("Token", ())}
        assert scopes, name
        assert scopes <= known, name
        assert all(f"`{scope}`" in told["description"] for scope in scopes), name


def test_what_changes_something_takes_a_key_unless_its_answer_is_a_secret() -> None:
    for name, told in operations().items():
        taken = "Idempotency-Key" in {parameter["name"] for parameter in told.get("parameters", ())}
        changes = told["method"] != "get" and not name.startswith(("auth_", "tokens_"))
        assert taken == changes, name


def test_what_is_read_can_be_asked_for_only_if_it_changed() -> None:
    for name, told in operations().items():
        if name in {"proofs_file", "awards_file"}:
            assert not any("ETag" in answer.get("headers", ()) for answer in told["responses"].values())
        elif told["method"] == "get":
            assert "If-None-Match" in {parameter["name"] for parameter in told["parameters"]}, name
            assert "ETag" in told["responses"]["200"]["headers"], name
            assert "304" in told["responses"], name


def test_every_code_of_the_catalogue_is_told_with_its_status() -> None:
    catalogue = {code: status for code, (status, _when) in GENERAL.items()}
    catalogue |= {code: status for status, code in REFUSALS.values()}
    told: dict[str, int] = {
        code: int(status)
        for operation in operations().values()
        for status, answer in operation["responses"].items()
        for code in answer.get("x-codes", ())
    }
    # An address is told of with its own methods only, and the general conflict is nobody's yet.
    unspoken = {"method_not_allowed", "conflict"}
    assert {code: catalogue[code] for code in told} == told
    assert catalogue.keys() - told.keys() <= unspoken


CHOICES: dict[str, list[str]] = {
    "OrderStatus": Order.Status.values,
    "ProofStatus": PaymentProof.Status.values,
    "RefundStatus": Refund.Status.values,
    "RaffleStatus": Raffle.Status.values,
    "LiveTicketStatus": [value for value in Ticket.Status.values if value != Ticket.Status.RELEASED],
    "Scope": Scope.values,
    "EventKind": EventKind.values,
    "SentEventKind": [kind for kind, _label in ALL_KINDS],
    "DeliveryStatus": Delivery.Status.values,
    "DrawStatus": Draw.Status.values,
    "DrawMethod": Draw.Method.values,
    "AwardStatus": Award.Status.values,
    "ShownOfWinner": Award.Shown.values,
    "WhyLost": Award.Lost.values,
    "Language": [value for value, _label in Player._meta.get_field("language").choices or ()],
    "ReceivedShownStatusEnum": InboundEvent.Status.values,
    "SentShownStatusEnum": OutboundMessage.Status.values,
    "TemplateShownStatusEnum": MessageTemplate.Status.values,
    "SideEnum": ["left", "right"],  # as the verifier reads the path of a receipt
    "EncodingEnum": [Taken.RANGES, Taken.BITMAP],
}


@pytest.mark.parametrize("name", CHOICES)
def test_the_choices_are_those_of_the_product(name: str) -> None:
    assert SCHEMAS[name]["enum"] == list(CHOICES[name])


def test_every_list_of_choices_of_the_document_is_compared_above() -> None:
    assert {name for name, schema in SCHEMAS.items() if "enum" in schema} == CHOICES.keys()


@pytest.mark.django_db
def test_every_body_that_is_shown_is_one_that_is_taken(staff: APIClient) -> None:
    shown = [
        (told, each["value"])
        for told in operations().values()
        for body in told.get("requestBody", {}).get("content", {}).values()
        for each in body.get("examples", {}).values()
    ]
    assert len(shown) >= 8
    for told, body in shown:
        address = told["path"].replace("{id}", "999")
        answer = getattr(staff, told["method"])(address, body, format="json")
        assert answer.status_code != 400, (told["operationId"], answer.json())


def test_money_and_pages_have_one_shape() -> None:
    assert SCHEMAS["Money"]["required"] == ["amount", "currency"]
    pages = [schema for name, schema in SCHEMAS.items() if name.startswith("Paginated")]
    assert len(pages) >= 8
    assert all({"next", "previous", "results"} <= set(page["required"]) for page in pages)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accept", "kind"),
    [("*/*", "application/vnd.oai.openapi"), ("application/json", "application/json")],
)
def test_everybody_reads_the_document(client: Client, accept: str, kind: str) -> None:
    answer = client.get("/api/v1/schema/", headers={"accept": accept})
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (200, kind)
    found = json.loads(answer.content) if kind == "application/json" else yaml.safe_load(answer.content)
    assert found["openapi"].startswith("3.1")
    assert found["paths"].keys() == document()["paths"].keys()


@pytest.mark.django_db
@pytest.mark.parametrize("address", PAGES)
def test_the_pages_load_nothing_from_elsewhere(client: Client, address: str) -> None:
    answer = client.get(address)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]+", page) == []
    sources = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert sources
    assert all(source.startswith("/static/drf_spectacular_sidecar/") for source in sources)
    assert "default-src 'self'" in answer["Content-Security-Policy"]


def test_the_document_is_in_english_whoever_asked_first(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Waiting for payment" in SCHEMAS["OrderStatus"]["description"]
