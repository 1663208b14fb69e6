"""Bell, destinations and imports in a real browser: by day and by night, on a desk and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Shop, shot

pytestmark = pytest.mark.browser

NOTE = """
from django.utils import timezone
from raffles.desk.actions import alert_staff
alert_staff(kind="EVENT_FAILED", subject="bell:{subject}", text="Look at the chat.", now=timezone.now())
"""
SEEN = """
from django.utils import timezone
from raffles.desk.models import StaffNotification
StaffNotification.objects.filter(seen_at=None).update(seen_at=timezone.now())
"""


def signed_in(browser: Browser, shop: Shop, width: int) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 740}, locale="en-US")
    page = context.new_page()
    page.goto(shop.admin)
    page.fill("[name=username]", shop.user)
    page.fill("[name=password]", shop.password)
    page.click("[type=submit]")
    return page


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_bell_counts_what_came_and_all_can_be_marked_as_seen(
    browser: Browser, shop: Shop, width: int, mode: str
) -> None:
    shop.run(SEEN)
    page = signed_in(browser, shop, width)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.evaluate(f"localStorage.setItem('jazzmin-theme-mode', '{mode}')")
    page.reload()
    bell = page.locator("#jazzy-navbar #desk-bell")
    expect(bell).to_be_visible()
    expect(bell).to_have_attribute("title", "0 notifications not seen")
    shop.run(NOTE.format(subject=f"{width}-{mode}"))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(bell.locator(".badge")).to_have_text("1")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    bell.click()
    expect(page.locator("#result_list")).to_contain_text("Message not understood")
    shot(page, f"bell-{width}-{mode}")
    page.get_by_role("button", name="Mark all as seen").click()
    expect(page.locator("#jazzy-navbar #desk-bell")).to_have_attribute("title", "0 notifications not seen")
    assert errors == []
    page.context.close()


def test_a_destination_can_be_made_on_a_phone(browser: Browser, shop: Shop) -> None:
    page = signed_in(browser, shop, 360)
    page.goto(f"{shop.admin}desk/destination/add/")
    page.fill("[name=name]", "Cashiers")
    page.select_option("[name=channel]", "WEBHOOK")
    page.fill("[name=url]", "http://127.0.0.1:9/room")
    page.get_by_label("Proof received").check()
    shot(page, "destination-360")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator("[name=_save]").first.click()
    expect(page.locator("#result_list")).to_contain_text("127.0.0.1")
    page.context.close()


def test_a_file_of_sales_is_checked_on_a_phone(browser: Browser, shop: Shop) -> None:
    page = signed_in(browser, shop, 360)
    page.goto(f"{shop.admin}raffles/raffle/")
    page.locator("#result_list tbody th a").first.click()
    page.wait_for_url("**/change/")
    page.get_by_role("link", name="Import sales made on paper").click()
    rows = b"number,name,phone,amount\n99999999,Ana,,1\n"
    page.set_input_files("[name=file]", {"name": "paper.csv", "mimeType": "text/csv", "buffer": rows})
    page.get_by_role("button", name="Check the file").click()
    expect(page.locator(".desk-warning")).to_contain_text("Row 2: Number 99999999 is outside")
    shot(page, "paper-360")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.context.close()
