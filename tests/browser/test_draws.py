"""A draw from its plan to the prize that is handed over, as staff see it on a desk and on a phone."""

from __future__ import annotations

import json
from functools import cache

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Shop, shot
from tests.browser.every_page import LIGHT, NARROW, WIDE, looking, pages_by_model, site_of
from tests.browser.test_accessibility import EVERY_LOOK, findings
from tests.browser.test_looks import faults_of

pytestmark = pytest.mark.browser

# Times are those of the clock on the wall, so that each draw stands where its page should be looked at.
DRAWS = """
import itertools, json
from datetime import timedelta
from django.db import transaction
from django.utils import timezone
from raffles.draws.actions import lose_award
from raffles.draws.models import Prize
from raffles.sales.models import Order
from tests import factories
from tests.admin.pages import page_of
from tests.draws import staging
factories._serial = itertools.count(5001)
now = timezone.now()
hour = timedelta(hours=1)
LOTTERY = {"method": "LOTTERY", "lottery_name": "Quiniela", "lottery_drawing": "Evening"}
LOTTERY["lottery_results"] = 4
PRIZES = [("A motorbike with everything that belongs to it", 1), ("Cash", 3)]

def times(close, draws):
    ends = {"sales_close_at": now + close * hour, "draw_at": now + draws * hour}
    return {"sales_open_at": now - 48 * hour, **ends}

def committed(close, draws, **more):
    return staging.committed_raffle(now=now - 40 * hour, prizes=PRIZES, **times(close, draws), **more)

# At one go: the worker, which looks each minute, must not find sales over before they were made.
with transaction.atomic():
    plan = staging.planned_raffle(prizes=PRIZES, draw=LOTTERY, title="A plan", **times(48, 50))
    runs = committed(48, 50, title="It runs")
    over = committed(-1, 30, title="It is over")
    for place, status in enumerate(("UNDER_REVIEW", "UNDER_REVIEW", "PAID")):
        numbers = range(place * 9, place * 9 + 8)
        factories.make_order(raffle=over, numbers=numbers, status=status, now=now - 30 * hour)
    frozen = committed(-2, 30, title="It is frozen")
    typed = committed(-3, -2, title="It is typed", draw=LOTTERY)
    drawn = committed(-3, -2, title="It is drawn", draw={"method": "SECRET"})
    for raffle in (frozen, typed, drawn):
        for number in range(0, 90, 9):
            staging.sold(raffle, number, now=now - 30 * hour)
    staging.closed_draw(frozen)
    staging.closed_draw(typed)
    held = staging.held_draw(drawn)
    Prize.objects.filter(draw=held, rank=2).update(amount_minor=500000, currency="PYG")
    first, second = held.awards.order_by("place")[:2]
    lose_award(award_id=second.pk, by=factories.make_staff(), why="GIVEN_UP", note="Told us", now=now)
    draws = {name: page_of(staging.draw_of(raffle)) for name, raffle in {
        "plan": plan, "runs": runs, "over": over, "frozen": frozen, "typed": typed, "drawn": drawn}.items()}
    print(json.dumps({
        **draws,
        "raffle": page_of(runs),
        "rule": page_of(runs, "rule"),
        "exclude": page_of(staging.draw_of(over), "exclude"),
        "close": page_of(staging.draw_of(over), "close"),
        "beacon": page_of(staging.draw_of(frozen), "beacon"),
        "type": page_of(staging.draw_of(typed), "type"),
        "call_off": page_of(staging.draw_of(runs), "call_off"),
        "award": page_of(first),
        "hand_over": page_of(first, "hand_over"),
        "show": page_of(first, "show"),
        "lose": page_of(first, "lose"),
    }))
"""


@cache
def pages_of_draws(shop: Shop) -> dict[str, str]:
    pages_by_model(shop)  # whatever it makes is counted from another number on
    found: dict[str, str] = json.loads(shop.run(DRAWS))
    return found


@EVERY_LOOK
def test_every_page_of_a_draw_fits_and_can_be_read(
    browser: Browser, shop: Shop, width: int, scheme: str
) -> None:
    found = {}
    with looking(browser, shop, width, scheme) as page:
        for name, address in pages_of_draws(shop).items():
            answer = page.goto(site_of(shop) + address)
            assert answer is not None
            assert answer.status == 200, address
            shot(page, f"draw-{name}-{width}-{scheme}")
            found[name] = (findings(page), faults_of(page))
    assert {place: told for place, told in found.items() if any(told)} == {}


@EVERY_LOOK
def test_a_changed_rule_is_shown_before_it_is_public(
    browser: Browser, shop: Shop, width: int, scheme: str
) -> None:
    with looking(browser, shop, width, scheme) as page:
        page.goto(site_of(shop) + pages_of_draws(shop)["rule"])
        page.get_by_label("Last number").fill("199")
        page.get_by_label("Reason").fill("More are asked for than there are")
        page.get_by_role("button", name="Show what will be public").click()
        expect(page.locator(".draw-change")).to_contain_text("00–199")
        shot(page, f"draw-preview-{width}-{scheme}")
        assert (findings(page), faults_of(page)) == (set(), [])
        page.get_by_role("button", name="Go on typing").click()
        expect(page.get_by_label("Last number")).to_have_value("199")


def chosen(page: Page, name: str, value: str) -> None:
    """As the list of the theme is chosen from, or the plain one on a phone."""
    page.evaluate(
        "([name, value]) => { const field = document.getElementById(name); field.value = value;"
        " field.dispatchEvent(new Event('change', { bubbles: true })); }",
        [name, value],
    )


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_panel_follows_what_is_typed(browser: Browser, shop: Shop, width: int) -> None:
    with looking(browser, shop, width, LIGHT) as page:
        page.goto(site_of(shop) + pages_of_draws(shop)["plan"])
        panel = page.locator("#draw-coverage")
        expect(panel).to_contain_text("Every number can win")
        expect(page.locator("#id_lottery_digits")).to_be_visible()
        page.fill("#id_lottery_digits", "1")
        expect(panel).to_contain_text("Not fair")
        expect(panel).to_contain_text("10–99")
        shot(page, f"draw-unfair-{width}")
        chosen(page, "id_method", "BEACON")
        expect(panel).to_contain_text("while both take part, neither we nor anybody else can choose")
        expect(page.locator("#id_lottery_digits")).not_to_be_visible()
        page.get_by_text("Add another Prize").click()
        expect(page.locator("[id=id_prizes-2-label]")).to_be_visible()
