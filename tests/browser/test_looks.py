"""Every page of the staff, narrow and wide, by day and by night. The pictures are for people to look at."""

from __future__ import annotations

import pytest
from django.contrib import admin
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Shop, shot
from tests.browser.every_page import AROUND, DARK, LIGHT, NARROW, WIDE, looking, pages_by_model, site_of

pytestmark = pytest.mark.browser

LABELS = sorted(model._meta.label_lower for model in admin.site._registry)
# Whatever scrolls in a box of its own may be wider; the menu waits beside the screen until it is called.
OUTSIDE = """() => {
  const width = document.documentElement.clientWidth;
  const scrolls = (element) => {
    for (let box = element.parentElement; box && box !== document.body; box = box.parentElement)
      if (["auto", "scroll", "hidden"].includes(getComputedStyle(box).overflowX)) return true;
    return false;
  };
  return [...document.querySelectorAll("body *")].filter((element) => {
    const box = element.getBoundingClientRect();
    const isSeen = box.width && box.height && getComputedStyle(element).visibility === "visible";
    return isSeen && !element.matches(".live-region, .skip-link") && !scrolls(element)
      && (box.right > width + 1 || box.left < -1);
  }).map((element) => `${element.tagName} ${element.id} ${element.className}`);
}"""
# How bright what is behind the words is, from 0 to 1.
BRIGHTNESS = """() => {
  const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).map(Number);
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}"""


def faults_of(page: Page) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*([f"scrolls sideways by {wide}"] if wide > 0 else []), *page.evaluate(OUTSIDE)]


def look(page: Page, shop: Shop, addresses: dict[str, str], name: str) -> dict[str, list[str]]:
    """What lies outside the screen, by page."""
    found: dict[str, list[str]] = {}
    for kind, address in addresses.items():
        answer = page.goto(site_of(shop) + address)
        assert answer is not None
        assert answer.status == 200, address
        shot(page, f"looks-{name}-{kind}")
        if faults := faults_of(page):
            found[address] = faults
    return found


@pytest.mark.parametrize(("width", "scheme"), [(NARROW, LIGHT), (WIDE, DARK)])
@pytest.mark.parametrize("label", LABELS)
def test_no_list_or_form_is_wider_than_the_screen(
    browser: Browser, shop: Shop, label: str, width: int, scheme: str
) -> None:
    with looking(browser, shop, width, scheme) as page:
        assert look(page, shop, pages_by_model(shop)[label], f"{label}-{width}-{scheme}") == {}


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_no_page_around_them_is_wider_than_the_screen(
    browser: Browser, shop: Shop, width: int, scheme: str
) -> None:
    pages_by_model(shop)
    with looking(browser, shop, width, scheme) as page:
        addresses = {name: f"/admin/{path}" for name, path in AROUND.items()}
        assert look(page, shop, addresses, f"{width}-{scheme}") == {}


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_door_is_not_wider_than_the_screen(browser: Browser, shop: Shop, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 740}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{shop.admin}login/")
    shot(page, f"looks-door-{width}-{scheme}")
    assert faults_of(page) == []
    assert (page.evaluate(BRIGHTNESS) < 0.4) is (scheme == DARK)
    page.close()


def test_the_measure_sees_what_is_too_wide(browser: Browser, shop: Shop) -> None:
    with looking(browser, shop, NARROW, LIGHT) as page:
        page.goto(shop.admin)
        page.evaluate("document.querySelector('.app-content').style.width = '500px'")
        assert "scrolls sideways by" in faults_of(page)[0]


def test_on_a_phone_the_menu_comes_when_it_is_called_and_leads_on(browser: Browser, shop: Shop) -> None:
    with looking(browser, shop, NARROW, LIGHT) as page:
        page.goto(shop.admin)
        entry = page.locator("#jazzy-navigation").get_by_role("link", name="Payment desk")
        expect(entry).not_to_be_visible()
        page.get_by_role("button", name="Menu").click()
        expect(entry).to_be_in_viewport()
        shot(page, "looks-menu-360")
        entry.click()
        page.wait_for_url("**/admin/desk/")


def test_another_language_shows_the_same_page(browser: Browser, shop: Shop) -> None:
    with looking(browser, shop, WIDE, LIGHT) as page:
        address = f"{site_of(shop)}/admin/raffles/raffle/?q=moto"
        for language, heading in (("es", "Rifas"), ("en", "Raffles")):
            page.goto(address)
            page.locator("a:has(> .fa-globe)").click()
            page.locator(f"#jazzy-languagemenu [value={language}]").click()
            expect(page.locator("h3").first).to_contain_text(heading)
            assert page.url == address


def test_in_a_narrow_list_a_cell_says_which_column_it_is(browser: Browser, shop: Shop) -> None:
    pages_by_model(shop)
    with looking(browser, shop, NARROW, LIGHT) as page:
        page.goto(f"{shop.admin}sales/order/")
        cell = page.locator("#result_list td.field-amount").first
        assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == '"Amount: "'


def test_nothing_is_told_to_be_wrong_or_chosen_before_anything_was_pressed(
    browser: Browser, shop: Shop
) -> None:
    pages_by_model(shop)
    with looking(browser, shop, NARROW, LIGHT) as page:
        page.goto(site_of(shop) + pages_by_model(shop)["auth.user"]["change"])
        expect(page.locator(".selector-available").first).to_be_visible()
        expect(page.locator(".invalid-feedback")).to_have_count(0)
        page.goto(f"{shop.admin}sales/order/")
        expect(page.locator(".action-counter")).to_be_visible()
        expect(page.locator(".actions .all")).not_to_be_visible()
        page.locator("#result_list .action-select").first.check()
        expect(page.locator(".action-counter")).to_contain_text("1 of")


def test_the_desk_is_dark_where_the_device_is_and_stays_as_somebody_chose(
    browser: Browser, shop: Shop
) -> None:
    context = browser.new_context(
        viewport={"width": WIDE, "height": 800}, locale="en-US", color_scheme="dark"
    )
    page = context.new_page()
    page.goto(f"{shop.admin}login/?next=/admin/desk/")
    page.fill("[name=username]", shop.user)
    page.fill("[name=password]", shop.password)
    page.click("[type=submit]")
    page.wait_for_url("**/admin/desk/")
    expect(page.locator("#review-card")).not_to_be_empty()
    assert page.evaluate(BRIGHTNESS) < 0.3
    shot(page, "looks-desk-night")
    page.locator("#jazzy-navbar a:has(> .fa-user)").click()
    page.get_by_label("Look").select_option(label="Light")
    assert page.evaluate(BRIGHTNESS) > 0.8
    page.reload()
    expect(page.locator("#review-card")).not_to_be_empty()
    assert page.evaluate(BRIGHTNESS) > 0.8
    shot(page, "looks-desk-day")
    context.close()
