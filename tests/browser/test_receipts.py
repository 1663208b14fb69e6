"""Two receipts side by side, on a desk and on a phone, by day and by night."""

from __future__ import annotations

from itertools import count

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Shop, shot

pytestmark = pytest.mark.browser

SERIAL = count(1)
TWO_ORDERS = """
from tests.evidence.receipts import as_jpeg, drawn, sent_by_chat, transfers
from tests.factories import make_order, make_proof, make_raffle
one, other = transfers(2, seed=5)
raffle = make_raffle(code="PAIR{serial}")
for number, content in enumerate((one, other)):
    order = make_order(raffle=raffle, numbers=(number,), status="PENDING_PAYMENT")
    picture = as_jpeg(sent_by_chat(drawn(content)))
    print(make_proof(order, content=picture, source_key="PAIR{serial}-%d" % number).pk)
"""
OUTSIDE = """() => [...document.querySelectorAll('.evidence-pair *')].filter(
    one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1).length"""


@pytest.mark.parametrize(("width", "is_stacked"), [(1280, False), (360, True)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_two_receipts_are_compared_without_scrolling_sideways(
    browser: Browser, shop: Shop, width: int, is_stacked: bool, scheme: str
) -> None:
    first, second = shop.run(TWO_ORDERS.format(serial=next(SERIAL))).split()
    page = browser.new_page(viewport={"width": width, "height": 800})
    _sign_in(page, shop)
    page.goto(f"{shop.admin}evidence/compare/{second}/{first}/")
    page.evaluate("name => document.documentElement.setAttribute('data-bs-theme', name)", scheme)
    sides = page.locator(".evidence-side")
    sides.nth(1).locator("img").scroll_into_view_if_needed()
    page.wait_for_function(
        "[...document.querySelectorAll('.evidence-picture')].every(one => one.naturalWidth)"
    )
    shot(page, f"compare-{width}-{scheme}")
    tops = [box["y"] for box in (sides.nth(place).bounding_box() for place in (0, 1)) if box]
    assert (tops[1] > tops[0]) is is_stacked
    assert page.evaluate(OUTSIDE) == 0
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.close()


def _sign_in(page: Page, shop: Shop) -> None:
    page.goto(shop.admin)
    page.fill("input[name=username]", shop.user)
    page.fill("input[name=password]", shop.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(shop.admin)
