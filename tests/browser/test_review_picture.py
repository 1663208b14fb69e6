"""The receipt on the desk, turned and enlarged: all of it can be scrolled to."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Shop
from tests.browser.test_review import DESKTOP, PHONE, at_the_desk, fill_queue

pytestmark = pytest.mark.browser

# Where the picture lies in what its frame can be scrolled over, in whole pixels.
PLACE = """() => {
  const frame = document.querySelector(".review-frame"), picture = frame.querySelector("img");
  frame.scrollTo(0, 0);
  const [outer, inner] = [frame.getBoundingClientRect(), picture.getBoundingClientRect()];
  const [left, top] = [inner.left - outer.left - frame.clientLeft, inner.top - outer.top - frame.clientTop];
  return {
    left: Math.round(left), right: Math.round(left + inner.width), across: frame.scrollWidth,
    top: Math.round(top), bottom: Math.round(top + inner.height), down: frame.scrollHeight,
    isUpright: inner.height > inner.width,
    isWholeSeen: frame.scrollWidth <= frame.clientWidth + 1,
  };
}"""


def place(page: Page) -> Any:
    found = page.evaluate(PLACE)
    assert found["left"] >= 0, found
    assert found["top"] >= 0, found
    assert found["right"] <= found["across"] + 1, found
    assert found["bottom"] <= found["down"] + 1, found
    return found


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_turned_receipt_can_be_seen_whole_at_every_size(
    browser: Browser, shop: Shop, size: dict[str, int]
) -> None:
    fill_queue(shop, 1)
    with at_the_desk(browser, shop, "rosa", size) as page:
        picture = page.locator(".review-picture")
        expect(picture).to_be_visible()
        page.wait_for_function("document.querySelector('.review-picture').naturalHeight > 0")
        assert place(page)["isUpright"]
        for quarter in range(1, 5):
            page.locator("[data-act=fit]").click()
            for _ in range(quarter):
                page.locator("[data-act=rotate]").click()
            found = place(page)
            assert found["isUpright"] == (quarter % 2 == 0)
            assert found["isWholeSeen"]
            for act, times in (("larger", 4), ("smaller", 6)):
                for _ in range(times):
                    page.locator(f"[data-act={act}]").click()
                    place(page)
        page.locator("[data-act=rotate]").click()
        page.locator("[data-act=fit]").click()
        assert place(page)["isUpright"]
