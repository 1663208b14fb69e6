"""A list without rows says why, and what somebody does about it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.translation import override

from config.empty_lists import FOR_READERS, NOTHING_YET
from config.jazzmin import ICONS, JAZZMIN_SETTINGS
from raffles.audit.models import AuditEntry
from raffles.numbers.models import Raffle
from raffles.sales.models import Order
from tests.admin.conftest import ClientOf
from tests.admin.pages import list_of, text
from tests.factories import make_order
from whatsapp.models import BusinessNumber, MessageTemplate

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
# Whoever reads them has signed in by then, and our number is there from the first look at it.
NEVER_EMPTY = (AuditEntry, User, BusinessNumber)
EMPTY = [model for model in MODELS if model not in NEVER_EMPTY]
LANGUAGES = ("es", "pt-br", "en")
DEFAULTS = {JAZZMIN_SETTINGS["default_icon_parents"], JAZZMIN_SETTINGS["default_icon_children"]}


def box(page: str) -> str:
    """What stands in the place of the rows, or nothing."""
    found = re.search(r'<div class="desk-empty".*?</div>', page, re.DOTALL)
    return unescape(re.sub(r"\s+", " ", found[0])) if found else ""


def test_every_list_has_its_sentence_and_no_other_has_one() -> None:
    assert set(NOTHING_YET) == {model._meta.label_lower for model in MODELS}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_the_sentence_is_told_in_every_language_and_no_two_lists_say_the_same(model: type[Model]) -> None:
    sentence = NOTHING_YET[model._meta.label_lower]
    told = []
    for language in LANGUAGES:
        with override(language):
            told.append(str(sentence))
            assert [str(each) for each in NOTHING_YET.values()].count(str(sentence)) == 1
    assert len(set(told)) == len(LANGUAGES)


@pytest.mark.parametrize("model", EMPTY, ids=lambda model: model._meta.label_lower)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_list_says_what_to_do(desk: Client, model: type[Model], language: str) -> None:
    page = box(text(desk.get(list_of(model), headers={"accept-language": language})))
    with override(language):
        assert str(NOTHING_YET[model._meta.label_lower]) in page


@pytest.mark.parametrize("model", EMPTY, ids=lambda model: model._meta.label_lower)
def test_who_may_add_is_led_to_it(desk: Client, boss: User, rf: RequestFactory, model: type[Model]) -> None:
    request: HttpRequest = rf.get("/")
    request.user = boss
    may_add = admin.site._registry[model].has_add_permission(request)
    add = f"/admin/{model._meta.app_label}/{model._meta.model_name}/add/"
    assert (add in box(text(desk.get(list_of(model))))) is may_add


def test_who_may_only_look_is_not_led_to_a_page_that_refuses(client_of: ClientOf) -> None:
    page = box(text(client_of("raffles.view_raffle").get(list_of(Raffle))))
    assert "No raffle yet" in page
    assert "/add/" not in page


def test_the_empty_list_of_templates_names_the_command(desk: Client) -> None:
    assert "manage.py submit_templates" in box(text(desk.get(list_of(MessageTemplate))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_may_not_sync_templates_is_told_who_does(client_of: ClientOf, language: str) -> None:
    reader = client_of("whatsapp.view_messagetemplate", username="eva")
    page = box(text(reader.get(list_of(MessageTemplate), headers={"accept-language": language})))
    assert "submit_templates" not in page
    with override(language):
        assert str(FOR_READERS["whatsapp.messagetemplate"][1]) in page
    syncing = client_of("whatsapp.view_messagetemplate", "whatsapp.sync_templates", username="ada")
    assert "submit_templates" in box(text(syncing.get(list_of(MessageTemplate))))


@pytest.mark.parametrize("query", ["?q=zzzz", "?status__exact=REFUNDED", "?created_at__year=2020"])
def test_rows_that_a_search_hides_are_not_told_to_be_missing(desk: Client, query: str) -> None:
    make_order()
    page = box(text(desk.get(list_of(Order) + query)))
    assert "Nothing matches." in page
    assert str(NOTHING_YET["sales.order"]) not in page
    href = re.search(r'href="([^"]*)"', page)
    assert href is not None
    response = desk.get(list_of(Order) + href[1])
    assert response.context["cl"].result_count == 1
    assert box(text(response)) == ""


def test_a_search_in_a_list_without_rows_does_not_promise_any(desk: Client) -> None:
    page = box(text(desk.get(list_of(Order) + "?q=zzzz")))
    assert "No order yet" in page


def test_every_area_and_list_has_an_icon_of_its_own(desk: Client) -> None:
    labels = {model._meta.label_lower for model in MODELS}
    assert set(ICONS) == labels | {label.partition(".")[0] for label in labels}
    assert not DEFAULTS & set(ICONS.values())
    page = text(desk.get(reverse("admin:index")))
    menu = page[page.index('id="jazzy-navigation"') : page.index("</aside>")]
    drawn = re.findall(r'<i class="nav-icon ([^"]+)"', menu)
    assert len(drawn) > len(labels)
    assert not DEFAULTS & set(drawn)
    within = [icon for label, icon in ICONS.items() if "." in label]
    assert len(set(within)) == len(within)


@pytest.mark.parametrize(
    ("language", "first"), [("es", "Mesa de pagos"), ("pt-br", "Mesa de pagamentos"), ("en", "Payment desk")]
)
def test_the_payment_desk_comes_first_in_its_area(desk: Client, language: str, first: str) -> None:
    page = text(desk.get(reverse("admin:index"), headers={"accept-language": language}))
    menu = page[page.index('id="jazzy-navigation"') : page.index("</aside>")]
    entries = re.findall(r"<p>([^<]+)</p>", menu)
    assert entries[1] == first
