"""What visitors see without signing in: on a cheap phone and on a screen, by day and by night."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Shop, shot
from tests.browser.every_page import DARK, LIGHT, NARROW, WIDE
from tests.browser.test_accessibility import findings

pytestmark = pytest.mark.browser

EVERY_LOOK = pytest.mark.parametrize(
    ("width", "scheme"), [(width, scheme) for width in (WIDE, NARROW) for scheme in (LIGHT, DARK)]
)
PLACES = {
    "home": "/",
    "raffle": "/r/MOTO/",
    "big-raffle": "/r/CASA/?number=4321",
    "draws": "/draws/",
    "coming": "/draws/MOTO/",
    "held": "/draws/BICI/?number=0",
    "results": "/results/",
    "ask": "/t/?code=x",
    "hall": "/draws/BICI/ceremony/",
}
ORDER_OF_A_WINNER = """
from raffles.draws.models import Award
print(Award.objects.filter(draw__code="BICI").order_by("place")[0].order.code)
"""
SELL = """
from django.utils import timezone
from raffles.numbers.models import Raffle
from tests.factories import make_order, make_player
raffle = Raffle.objects.get(code="{code}")
make_order(raffle=raffle, player=make_player(name="Rosa"), numbers=({number},), now=timezone.now())
"""
HALL = """
from datetime import timedelta
from django.utils import timezone
from raffles.draws.actions import close_entries, hold_draw
from raffles.draws.models import Draw
from raffles.numbers.models import Raffle
from tests.draws import staging
now = timezone.now().replace(microsecond=0)
def begin():
    raffle = staging.committed_raffle(
        code="{code}", title="A bicycle", now=now, sales_open_at=now - timedelta(hours=1),
        sales_close_at=now + timedelta(hours=9), draw_at=now + timedelta(hours=10),
        prizes=[("A bicycle", 1), ("A helmet", 1)],
    )
    for number in (3, 5, 12, 40, 77):
        staging.sold(raffle, number, now=now)
def go_on():
    raffle = Raffle.objects.get(code="{code}")
    draw = close_entries(draw_id=raffle.draw_id, actor=staging.STAFF, now=staging.after_sales(raffle))
    staging.with_beacon(draw)
    hold_draw(draw_id=draw.pk, actor=staging.STAFF, now=staging.at_draw(raffle))
{step}()
"""


def site_of(shop: Shop) -> str:
    return shop.phone.removesuffix("/simulator/")


@contextmanager
def visiting(browser: Browser, width: int, scheme: str = LIGHT, **options: Any) -> Iterator[Page]:
    """Whatever the browser complains of fails: a script that broke, a policy overstepped."""
    context = browser.new_context(
        viewport={"width": width, "height": 740},
        color_scheme=scheme,  # type: ignore[arg-type]
        has_touch=width == NARROW,
        reduced_motion="reduce",
        **{"locale": "en-US", "timezone_id": "America/Asuncion"} | options,
    )
    page, complaints = context.new_page(), list[str]()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    assert complaints == []
    context.close()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@EVERY_LOOK
def test_every_page_fits_is_accessible_and_calls_nobody(
    browser: Browser, shop: Shop, width: int, scheme: str
) -> None:
    found, code = {}, shop.run(ORDER_OF_A_WINNER).strip()
    with visiting(browser, width, scheme) as page:
        foreign = list[str]()
        page.on("request", lambda asked: foreign.append(asked.url) if "127.0.0.1" not in asked.url else None)
        for name, path in {**PLACES, "ticket": f"/t/{code}/"}.items():
            page.goto(site_of(shop) + path)
            page.wait_for_load_state("networkidle")
            if not fits(page):
                found[name] = {"wider than the screen"}
            elif faults := findings(page):
                found[name] = faults
            shot(page, f"public-{name}-{width}-{scheme}")
        assert foreign == []
    assert found == {}


def test_the_pages_do_without_a_script(browser: Browser, shop: Shop) -> None:
    with visiting(browser, NARROW, java_script_enabled=False, timezone_id="Asia/Tokyo") as page:
        page.goto(f"{site_of(shop)}/r/CASA/")
        expect(page.locator(".board li")).to_have_count(100)
        expect(page.locator("time").first).to_contain_text("Asunción")
        page.fill("#number", "4321")
        page.click(".jump button")
        expect(page.locator("[data-range]")).to_have_text("4300–4399")
        page.click("[rel=next]")
        expect(page.locator("[data-range]")).to_have_text("4400–4499")
        page.get_by_role("link", name="Español").click()
        expect(page.locator("h2").first).to_have_text("Números")


def test_an_instant_is_said_in_the_visitors_zone(browser: Browser, shop: Shop) -> None:
    with visiting(browser, NARROW, timezone_id="Asia/Tokyo") as page:
        page.goto(f"{site_of(shop)}/draws/MOTO/")
        when = page.locator("time").first
        expect(when).to_contain_text("8:00 AM (your time)")
        assert "8:00\N{NARROW NO-BREAK SPACE}PM (Asunción)" in (when.get_attribute("title") or "")
        expect(page.locator("dd [data-left]")).to_contain_text("days")
    with visiting(browser, NARROW) as page:
        page.goto(f"{site_of(shop)}/draws/MOTO/")
        expect(page.locator("time").first).to_contain_text("(Asunción)")


def test_numbers_are_chosen_by_touch_and_taken_to_the_chat(browser: Browser, shop: Shop) -> None:
    with visiting(browser, NARROW) as page:
        page.goto(f"{site_of(shop)}/r/CASA/")
        free = page.locator(".n button")
        expect(free.first).to_be_visible()
        assert page.locator(".n button, .board li").count() <= 200
        box = free.first.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 40
        free.nth(0).tap()
        free.nth(2).tap()
        expect(free.nth(0)).to_have_attribute("aria-pressed", "true")
        chosen = [free.nth(0).inner_text(), free.nth(2).inner_text()]
        expect(page.locator("[data-list]")).to_have_text(", ".join(chosen))
        page.locator("[data-leaf=on]").tap()
        expect(page.locator("[data-range]")).to_have_text("0100–0199")
        expect(page.locator("[data-list]")).to_have_text(", ".join(chosen))
        page.locator("[data-leaf=back]").tap()
        expect(free.nth(0)).to_have_attribute("aria-pressed", "true")
        page.fill("#number", "99999")
        page.locator(".jump button").tap()
        expect(page.locator("[data-said]")).to_have_text("The numbers go from 0000 to 9999.")
        page.fill("#number", "9999")
        page.locator(".jump button").tap()
        expect(page.locator(".asked")).to_contain_text("9999")
        assert fits(page)
        shot(page, "public-board-chosen")
        page.locator("[data-chat]").tap()
        expect(page.locator("#message-input")).to_have_value("join CASA")


def test_a_sale_shows_on_a_board_that_is_open(browser: Browser, shop: Shop) -> None:
    with visiting(browser, NARROW) as page:
        page.goto(f"{site_of(shop)}/r/CASA/?number=7777")
        # Which numbers the demo has sold is chance: one that is free.
        number = page.locator(".board li:has(button)").last.get_attribute("data-number")
        cell = page.locator(f'.board li[data-number="{number}"]')
        cell.locator("button").tap()
        stock = page.locator("[data-stock]").inner_text()
        shop.run(SELL.format(code="CASA", number=number))
        expect(cell).to_have_class(re.compile(r"\bh\b"), timeout=20_000)
        expect(cell.locator("button")).to_have_count(0)
        expect(page.locator("[data-stock]")).not_to_have_text(stock)
        expect(page.locator("[data-said]")).to_have_text(f"Somebody else has taken {number} meanwhile.")
        expect(page.locator("[data-picked]")).to_be_hidden()


def test_a_number_is_checked_by_its_owner(browser: Browser, shop: Shop) -> None:
    with visiting(browser, NARROW) as page:
        page.goto(f"{site_of(shop)}/draws/BICI/")
        winner = page.locator(".winners .won").first.inner_text()
        page.fill("#number", winner)
        page.click("#check button")
        expect(page.locator(".answer").first).to_contain_text(f"Number {winner} takes part.")
        expect(page.locator(".answer").first).to_contain_text("It won: ")
        expect(page.locator(".answer code").first).to_have_text(re.compile(r"^[0-9a-f]{32}$"))


def test_a_draw_is_checked_in_the_browser(browser: Browser, shop: Shop) -> None:
    with visiting(browser, NARROW) as page:
        page.goto(f"{site_of(shop)}/draws/BICI/")
        page.locator("[data-verify]").tap()
        expect(page.locator("#verify [data-verdict]")).to_contain_text("Everything fits", timeout=60_000)
        expect(page.locator("#verify .bad")).to_have_count(0)
        assert page.locator("#verify .checks li").count() >= 10
        expect(page.locator("#verify .checks")).to_contain_text("This beacon is one for trying")
        assert findings(page) == set()
        shot(page, "public-checked")
        page.goto(f"{site_of(shop)}/draws/MOTO/?lang=es")
        page.locator("[data-verify]").tap()
        verdict = page.locator("#verify [data-verdict]")
        expect(verdict).to_contain_text("Lo publicado hasta ahora coincide", timeout=60_000)


def test_a_document_that_was_tampered_with_is_told_apart(browser: Browser, shop: Shop) -> None:
    def tampered(route: Route) -> None:
        document = json.loads(route.fetch().text())
        document["result"]["prizes"][0]["number"] = document["result"]["reserves"][0]
        route.fulfill(json=document)

    with visiting(browser, WIDE) as page:
        page.route("**/proof.json", tampered)
        page.goto(f"{site_of(shop)}/draws/BICI/")
        page.click("[data-verify]")
        expect(page.locator("#verify [data-verdict]")).to_contain_text("does not fit", timeout=60_000)
        wrong = page.locator("#verify .checks .bad")
        expect(wrong).to_have_count(1)
        expect(wrong).to_contain_text("Each prize went to the number whose turn it was: does not fit")
        expect(wrong).to_contain_text("expected: ")
        assert findings(page) == set()
        shot(page, "public-tampered")


def test_a_receipt_is_checked_by_its_owner(browser: Browser, shop: Shop) -> None:
    code = shop.run(ORDER_OF_A_WINNER).strip()
    with visiting(browser, NARROW) as page:
        page.goto(f"{site_of(shop)}/t/{code}/")
        page.locator("[data-receipt]").first.tap()
        verdict = page.locator(".mine [data-verdict]").first
        expect(verdict).to_contain_text("This receipt is right", timeout=30_000)
        assert findings(page) == set()
        assert fits(page)
        shot(page, "public-receipt")


def test_a_draw_is_shown_in_the_hall_step_by_step(browser: Browser, shop: Shop) -> None:
    shop.run(HALL.format(code="HALL1", step="begin"))
    with visiting(browser, WIDE) as page:
        page.set_viewport_size({"width": 1280, "height": 720})
        page.goto(f"{site_of(shop)}/draws/HALL1/ceremony/")
        page.keyboard.press("ArrowRight")
        expect(page.locator("[data-waiting]")).to_be_visible()
        shop.run(HALL.format(code="HALL1", step="go_on"))
        expect(page.locator("[data-scene=closed]")).to_be_visible(timeout=20_000)
        seen = [scene_of(page)]
        while page.locator("[data-go='1']").is_enabled():
            page.keyboard.press(" ")
            seen.append(scene_of(page))
            assert fits(page)
            assert page.evaluate("document.documentElement.scrollHeight <= innerHeight + 1"), seen[-1]
            shot(page, f"public-hall-{len(seen)}")
        assert seen == ["closed", "root", "beacon", "seed", "winner", "winner", "all"]
        expect(page.locator("[data-scene=all] .won")).to_have_count(2)
        page.keyboard.press("ArrowLeft")
        expect(page.locator("[data-fill=prize]")).to_have_text("A bicycle")
        page.locator("[data-scene=winner]").click()
        assert scene_of(page) == "all"
        assert "Player" not in page.content()


def scene_of(page: Page) -> str:
    return str(page.locator(".scene:not([hidden])").get_attribute("data-scene"))
