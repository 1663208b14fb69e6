from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.db.models import Model
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from raffles.sales.admin.history import history_url
from tests.admin.everything import make_everything
from tests.admin.pages import list_of, page_of, text

LOADS = r"""(?:(?:src|href|action|data|poster|srcset)\s*=\s*["']?|@import\s+["']?|url\(\s*["']?)"""
FOREIGN = re.compile(LOADS + r"""\s*((?:[a-z]+:)?//[^\s"')>]+)""", re.IGNORECASE)
OWN = re.compile(r"""(?:href|src)=["'](/static/[^"'?]+)""")
CSS_LINK = re.compile(r"""(?:@import\s+(?:url\()?|url\()\s*["']?([^"')]+)""")

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def own_models() -> list[type[Model]]:
    return [model for model in MODELS if model.__module__.startswith(("raffles.", "whatsapp."))]


def page_addresses(model: type[Model], everybody: HttpRequest) -> Iterator[str]:
    yield list_of(model)
    if admin.site._registry[model].has_add_permission(everybody):
        yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
    for row in model._default_manager.all()[:20]:
        yield page_of(row)
        if history_url(row, everybody.user):
            yield page_of(row, "history")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
@pytest.mark.parametrize("language", ["es", "pt-BR", "en"])
def test_every_list_add_and_change_page_opens_and_loads_nothing_from_elsewhere(
    desk: Client, boss: User, rf: RequestFactory, model: type[Model], language: str
) -> None:
    make_everything()
    request = rf.get("/")
    request.user = boss
    for address in page_addresses(model, request):
        response = desk.get(address, headers={"accept-language": language}, follow=True)
        assert response.status_code == 200, address
        assert FOREIGN.findall(text(response)) == [], address


def test_everything_of_ours_is_in_the_admin_with_a_row_to_look_at(desk: Client) -> None:
    make_everything()
    assert {model._meta.label for model in own_models()} == {
        "api.Token",
        "audit.AuditEntry",
        "desk.Destination",
        "desk.Digest",
        "desk.StaffNotification",
        "draws.Award",
        "draws.Draw",
        "hooks.Delivery",
        "hooks.Subscription",
        "raffles.Raffle",
        "raffles.Ticket",
        "sales.CreditEntry",
        "sales.Order",
        "sales.Payment",
        "sales.PaymentProof",
        "sales.Player",
        "sales.Refund",
        "whatsapp.BusinessNumber",
        "whatsapp.Contact",
        "whatsapp.InboundEvent",
        "whatsapp.MessageTemplate",
        "whatsapp.OutboundMessage",
    }
    assert all(model._default_manager.exists() for model in own_models())


@pytest.mark.parametrize("name", ["index", "login", "password_change", "logout"])
def test_the_pages_around_load_nothing_from_elsewhere(desk: Client, name: str) -> None:
    client = Client() if name == "login" else desk
    ask = client.post if name == "logout" else client.get
    response = ask(reverse(f"admin:{name}"))
    assert response.status_code == 200
    assert FOREIGN.findall(text(response)) == []


def test_the_style_sheets_of_the_admin_load_nothing_from_elsewhere(desk: Client) -> None:
    make_everything()
    lists = [list_of(model) for model in own_models()]
    pages = [reverse("admin:index"), *lists, reverse("admin:raffles_raffle_add")]
    linked = {path for page in pages for path in OWN.findall(text(desk.get(page)))}
    sheets = {path for path in linked if path.endswith(".css")}
    assert any(path.endswith("desk.css") for path in sheets)
    for sheet in sheets:
        found = finders.find(sheet.removeprefix("/static/"))
        assert isinstance(found, str), sheet
        for address in CSS_LINK.findall(Path(found).read_text()):
            assert not re.match(r"(?:[a-z]+:)?//", address), (sheet, address)
    for path in linked:
        assert finders.find(path.removeprefix("/static/")), path


def test_the_menu_is_grouped_by_area_in_our_order(desk: Client) -> None:
    page = text(desk.get(reverse("admin:index")))
    headings = re.findall(r'<li class="nav-header">([^<]+)</li>', page)
    assert headings == [
        "Desk",
        "Sales",
        "Raffles",
        "Draws",
        "WhatsApp",
        "API",
        "Webhooks",
        "Staff",
        "Audit log",
    ]


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label_lower)
def test_every_list_filter_and_date_answers(desk: Client, model: type[Model]) -> None:
    make_everything()
    changes = desk.get(list_of(model)).context["cl"]
    queries = [choice["query_string"] for spec in changes.filter_specs for choice in spec.choices(changes)]
    assert queries
    for query in [*queries, "?q=a", "?q=12", "?q=%40%2B%20%27%22"]:
        assert desk.get(list_of(model) + query).status_code == 200, query
    if changes.date_hierarchy:
        for query in ("__year=2026", "__year=2026&{0}__month=11", "__year=2026&{0}__month=11&{0}__day=21"):
            address = f"{list_of(model)}?{changes.date_hierarchy}{query.format(changes.date_hierarchy)}"
            assert desk.get(address).status_code == 200


def test_the_first_page_counts_what_waits_with_a_link_to_it(desk: Client) -> None:
    make_everything()
    page = text(desk.get(reverse("admin:index")))
    waiting = dict(re.findall(r'<a href="(/admin/[^"]+)" class="desk[^"]*"><strong>(\d+)</strong>', page))
    assert waiting["/admin/sales/order/?proof=waiting"] == "2"
    assert waiting["/admin/whatsapp/outboundmessage/?status__exact=FAILED"] == "1"
    for address, count in waiting.items():
        response = desk.get(address.replace("&amp;", "&"))
        assert response.context["cl"].result_count == int(count)


def test_the_language_can_be_chosen(desk: Client) -> None:
    assert "Dashboard" in text(desk.get(reverse("admin:index")))
    desk.post(reverse("set_language"), {"language": "es", "next": "/admin/"})
    assert "Panel de control" in text(desk.get(reverse("admin:index")))
