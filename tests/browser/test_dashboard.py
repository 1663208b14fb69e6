"""The chart of sales as it is drawn in a browser."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Shop, shot
from tests.browser.every_page import LIGHT, WIDE, looking

pytestmark = pytest.mark.browser

SELL = """
from datetime import timedelta
from django.utils import timezone
from tests.factories import make_order, make_raffle
now, day = timezone.now(), timedelta(days=1)
raffle = make_raffle(
    code="HOURS", sales_open_at=now - day, sales_close_at=now + day, draw_at=now + day * 2
)
make_order(raffle=raffle, numbers=[1, 2], status="PAID", now=now)
"""
HOURS = """
import json
from django.utils import timezone
from config.dashboard.figures import sales_by_hour
from django.utils.translation import override
with override("en"):
    print(json.dumps(sales_by_hour(timezone.now())["hours"]))
"""
DRAWN = "() => Chart.getChart('sales-chart').data.labels"


def test_hours_are_those_of_the_desk_wherever_the_browser_is(browser: Browser, shop: Shop) -> None:
    shop.run(SELL)
    before = json.loads(shop.run(HOURS))
    with looking(browser, shop, WIDE, LIGHT, zone="Asia/Kolkata") as page:
        page.goto(f"{shop.admin}dashboard/")
        page.wait_for_function("() => window.Chart && Chart.getChart('sales-chart')")
        drawn = page.evaluate(DRAWN)
        shot(page, "dashboard-elsewhere")
    # An hour may have begun meanwhile.
    assert drawn in (before, json.loads(shop.run(HOURS)))
