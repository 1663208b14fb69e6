"""The hall sees the winners, whatever the draw had to do without."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Shop, shot
from tests.browser.every_page import WIDE
from tests.browser.test_accessibility import findings
from tests.browser.test_public_pages import fits, scene_of, site_of, visiting

pytestmark = pytest.mark.browser

# Frozen, and what is missing known, long ago by the clock of the wall: nothing else may hold it meanwhile.
DRAW = """
import itertools
from datetime import timedelta
from django.utils import timezone
from raffles.draws.actions import fall_back, hold_draw, type_result
from raffles.draws.models import Draw, DrawSecret
from raffles.numbers.models import Raffle
from tests import factories
from tests.draws import staging
factories._serial = itertools.count({serial})
now = timezone.now().replace(microsecond=0)
def begin(method, numbers=(3, 5, 12, 40, 77)):
    raffle = staging.committed_raffle(
        code="{code}", title="A bicycle", now=now, sales_open_at=now - timedelta(hours=1),
        sales_close_at=now + timedelta(hours=9), draw_at=now + timedelta(hours=10),
        prizes=[("A bicycle", 1), ("A helmet", 1)], draw={{"method": method}},
    )
    for number in numbers:
        staging.sold(raffle, number, now=now)
    staging.closed_draw(raffle)
def go_on(is_lost, hours):
    draw = staging.draw_of(Raffle.objects.get(code="{code}"))
    if is_lost:
        DrawSecret.objects.filter(draw=draw).update(sealed="gone")
    at = staging.at_draw(draw.raffle) + timedelta(hours=hours)
    Draw.objects.filter(pk=draw.pk).update(beacon_asked_at=at)
    fall_back(draw_id=draw.pk, actor=staging.STAFF, now=at)
    if is_lost:
        for by in (factories.make_staff(), factories.make_staff()):
            type_result(draw_id=draw.pk, values=["5", "3", "77", "40"], witnesses="A notary", by=by, now=at)
    hold_draw(draw_id=draw.pk, actor=staging.STAFF, now=at)
def without_entries():
    begin("SECRET", numbers=())
    draw = staging.draw_of(Raffle.objects.get(code="{code}"))
    hold_draw(draw_id=draw.pk, actor=staging.STAFF, now=staging.at_draw(draw.raffle))
{step}
"""


@dataclass(frozen=True)
class Missing:
    """What the hall waits for, and what it sees once the fallback came; `serial` is for the rows it takes."""

    code: str
    method: str
    serial: int
    step: str
    awaited: str
    scenes: int
    then: tuple[str, ...]


FALLBACKS = [
    Missing(
        "HALL7",
        "BEACON",
        20001,
        "go_on(False, 72)",
        "beacon",
        7,
        ("fallback", "seed", "winner", "winner", "all"),
    ),
    Missing("HALL8", "SECRET", 21001, "go_on(True, 24)", "seed", 6, ("fallback", "winner", "winner", "all")),
]


def onward(page: Page) -> str:
    page.keyboard.press("ArrowRight")
    return scene_of(page)


@pytest.mark.parametrize("missing", FALLBACKS, ids=lambda each: each.method)
def test_the_hall_goes_on_where_something_is_missing(browser: Browser, shop: Shop, missing: Missing) -> None:
    """It stands open, waiting for what does not come, when the fallback comes instead."""
    made, step = DRAW.format_map, {"code": missing.code, "serial": missing.serial}
    shop.run(made(step | {"step": f'begin("{missing.method}")'}))
    with visiting(browser, WIDE) as page:
        page.set_viewport_size({"width": 1280, "height": 720})
        page.goto(f"{site_of(shop)}/draws/{missing.code}/ceremony/")
        expect(page.locator("[data-place]")).to_have_text(f"1 / {missing.scenes}")
        assert [onward(page), onward(page)] == ["closed", "root"]
        page.keyboard.press("ArrowRight")
        expect(page.locator("[data-waiting]")).to_be_visible()
        expect(page.locator(f"[data-scene={missing.awaited}]")).to_be_hidden()
        shop.run(made(step | {"serial": missing.serial + 500, "step": missing.step}))
        expect(page.locator("[data-scene=fallback]")).to_be_visible(timeout=20_000)
        seen = [scene_of(page)]
        while page.locator("[data-go='1']").is_enabled():
            seen.append(onward(page))
            assert fits(page)
            assert findings(page) == set()
            shot(page, f"public-hall-{missing.code}-{len(seen)}")
        assert seen == list(missing.then)
        expect(page.locator("[data-scene=all] .won")).to_have_count(2)


def test_the_hall_is_told_that_nobody_took_part(browser: Browser, shop: Shop) -> None:
    shop.run(DRAW.format(code="HALL9", serial=22001, step="without_entries()"))
    with visiting(browser, WIDE) as page:
        page.set_viewport_size({"width": 1280, "height": 720})
        page.goto(f"{site_of(shop)}/draws/HALL9/ceremony/")
        expect(page.locator("[data-place]")).to_have_text("1 / 5")
        assert [onward(page) for _ in range(4)] == ["closed", "root", "seed", "all"]
        expect(page.locator("[data-fill=nobody]")).to_be_visible()
        shot(page, "public-hall-nobody")
