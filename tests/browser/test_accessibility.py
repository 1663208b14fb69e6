"""What axe-core finds on the pages of the staff. Its file is kept beside; nothing is asked of the network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Shop, shot
from tests.browser.every_page import AROUND, DARK, LIGHT, NARROW, WIDE, looking, pages_by_model, site_of
from tests.browser.test_looks import faults_of
from tests.browser.test_receipts import TWO_ORDERS
from tests.browser.test_review import PASSWORD, at_the_desk, confirm, fill_queue

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text()
TWO_PLAYERS = """
from tests.factories import make_player
for number in (1, 2):
    player = make_player(name=f"Twin {number}", phone=f"+59598177700{number}", city="Luque")
    print(player.pk)
"""
OPERATOR = f"""
from django.contrib.auth.models import Group, User
if not User.objects.filter(username="olga").exists():
    olga = User.objects.create_user("olga", password="{PASSWORD}", is_staff=True)
    olga.groups.add(Group.objects.get(name="operator"))
"""
GRAVE = {"serious", "critical"}
LABELS = sorted(model._meta.label_lower for model in admin.site._registry)
EVERY_LOOK = pytest.mark.parametrize(
    ("width", "scheme"), [(width, scheme) for width in (WIDE, NARROW) for scheme in (LIGHT, DARK)]
)


def findings(page: Page) -> set[str]:
    """The rule and the element of each grave finding."""
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    assert found["passes"], "axe has looked at nothing"
    grave = [rule for rule in found["violations"] if rule["impact"] in GRAVE]
    return {f"{rule['id']}: {node['html'][:160]}" for rule in grave for node in rule["nodes"]}


@EVERY_LOOK
def test_the_desk(browser: Browser, shop: Shop, width: int, scheme: str) -> None:
    """Queue and card, each form, a question, a verdict that can still be undone, and the empty desk."""
    fill_queue(shop, 2)
    with looking(browser, shop, width, scheme) as page:
        page.goto(f"{shop.admin}desk/")
        expect(page.locator(".review-bar")).to_be_visible()
        found = {"card": findings(page)}
        for act in ("REJECT", "ASK", "CONFIRM"):
            page.locator(f".review-bar [data-kind={act}]").click()
            expect(page.locator(f"form[data-kind={act}]")).to_be_visible()
            found[act] = findings(page)
            page.locator(f"form[data-kind={act}] [data-act=close]").click()
        confirm(page)
        expect(page.locator(".review-bar")).to_be_visible()
        found["verdict"] = findings(page)
        page.evaluate("document.getElementById('review-keys').showModal()")
        found["keys"] = findings(page)
        page.evaluate("document.getElementById('review-keys').close()")
        confirm(page)
        expect(page.locator("#review-card")).to_contain_text("Nothing waits")
        found["empty"] = findings(page)
    assert {place: faults for place, faults in found.items() if faults} == {}


@EVERY_LOOK
def test_two_receipts_beside_each_other(browser: Browser, shop: Shop, width: int, scheme: str) -> None:
    first, second = shop.run(TWO_ORDERS.format(serial=f"{width}{scheme[0].upper()}")).split()
    with looking(browser, shop, width, scheme) as page:
        page.goto(f"{shop.admin}evidence/compare/{second}/{first}/")
        expect(page.locator(".evidence-side")).to_have_count(2)
        assert findings(page) == set()


@EVERY_LOOK
def test_two_players_before_they_are_made_one(browser: Browser, shop: Shop, width: int, scheme: str) -> None:
    """To be found, and what would come of it: what is known of each stands beside its name, not below it."""
    keep, gone = shop.run(TWO_PLAYERS).split()
    with looking(browser, shop, width, scheme) as page:
        page.goto(f"{shop.admin}sales/player/{keep}/merge/?q=Twin")
        found = {"search": (findings(page), faults_of(page))}
        page.goto(f"{shop.admin}sales/player/{keep}/merge/?with={gone}")
        expect(page.locator(".desk-facts")).to_have_count(3)
        name, value = (page.locator(f".desk-facts {part}").first.bounding_box() for part in ("dt", "dd"))
        assert name is not None
        assert value is not None
        assert name["y"] == value["y"]
        found["preview"] = (findings(page), faults_of(page))
        shot(page, f"merge-{width}-{scheme}")
    assert {place: told for place, told in found.items() if any(told)} == {}


@EVERY_LOOK
def test_the_dashboard_and_the_pages_around(browser: Browser, shop: Shop, width: int, scheme: str) -> None:
    pages_by_model(shop)
    found = {}
    with looking(browser, shop, width, scheme) as page:
        for path in AROUND.values():
            page.goto(shop.admin + path)
            found[path] = findings(page)
    assert {place: faults for place, faults in found.items() if faults} == {}


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_the_start_of_who_may_look_at_no_user(browser: Browser, shop: Shop, scheme: str) -> None:
    """Their own name is no link then."""
    fill_queue(shop, 1)
    shop.run(OPERATOR)
    with at_the_desk(browser, shop, "olga") as page:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(shop.admin)
        expect(page.locator(".user-panel")).to_contain_text("olga")
        assert findings(page) == set()


@EVERY_LOOK
def test_the_door(browser: Browser, shop: Shop, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 740}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{shop.admin}login/")
    found = findings(page)
    page.fill("[name=username]", shop.user)
    page.fill("[name=password]", "not the password")
    page.click("[type=submit]")
    expect(page.locator(".callout-danger")).to_be_visible()
    assert found | findings(page) == set()
    page.close()


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, LIGHT), (NARROW, DARK)])
@pytest.mark.parametrize("label", LABELS)
def test_every_list_and_form(browser: Browser, shop: Shop, label: str, width: int, scheme: str) -> None:
    found = {}
    with looking(browser, shop, width, scheme) as page:
        for kind, address in pages_by_model(shop)[label].items():
            if kind != "history":  # alike for every model, and nothing on it can be filled in
                page.goto(site_of(shop) + address)
                found[address] = findings(page)
    assert {place: faults for place, faults in found.items() if faults} == {}


def test_axe_sees_words_that_are_too_pale(browser: Browser, shop: Shop) -> None:
    with looking(browser, shop, WIDE, LIGHT) as page:
        page.goto(shop.admin)
        page.evaluate("document.querySelector('h3').style.color = '#eee'")
        assert any(fault.startswith("color-contrast") for fault in findings(page))
