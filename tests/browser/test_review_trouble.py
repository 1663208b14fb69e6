"""The payment desk while the site does not answer as it should, or the phone's clock is wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.conftest import Shop
from tests.browser.test_review import at_the_desk, code_on_card, confirm, fill_queue

pytestmark = pytest.mark.browser


def page_with(status: int) -> Callable[[Route], None]:
    """As a proxy answers while the site starts anew: no JSON, whatever its number."""
    return lambda route: route.fulfill(status=status, body="<html>", content_type="text/html")


def test_an_answer_that_is_none_is_told_and_what_was_typed_stays(browser: Browser, shop: Shop) -> None:
    fill_queue(shop, 1)
    with at_the_desk(browser, shop, "rosa") as page:
        code, told = code_on_card(page), page.locator("#review-told")
        reference = page.locator("form[data-kind=CONFIRM] [name=reference]")
        page.keyboard.press("c")
        reference.fill("TRX 9")
        for status, words in ((502, "could not answer"), (404, "not there any more")):
            page.route("**/decide/", page_with(status))
            reference.press("Enter")
            expect(told).to_contain_text(words)
            expect(reference).to_have_value("TRX 9")
            page.unroute("**/decide/")
        page.route("**/decide/", page_with(200))
        reference.press("Enter")
        expect(told.locator("p", has_text="could not answer")).to_have_count(1)
        page.unroute("**/decide/")
        reference.press("Enter")
        expect(page.locator(".review-verdict", has_text=code)).to_contain_text("confirmed")


def test_an_undo_and_a_queue_without_an_answer_are_told_once_and_go_on_later(
    browser: Browser, shop: Shop
) -> None:
    fill_queue(shop, 2)
    with at_the_desk(browser, shop, "rosa") as page:
        code = confirm(page)
        for path in ("**/undo/", "**/queue/*"):
            page.route(path, page_with(502))
        with page.expect_response("**/queue/*"):
            page.keyboard.press("z")
        with page.expect_response("**/queue/*"):
            expect(page.locator("#review-told p", has_text="could not answer")).to_have_count(1)
        for path in ("**/undo/", "**/queue/*"):
            page.unroute(path)
        page.keyboard.press("z")
        expect(page.locator(".review-what a strong")).to_have_text(code)


def test_to_the_next_one_where_there_is_none(browser: Browser, shop: Shop) -> None:
    fill_queue(shop, 1)
    with at_the_desk(browser, shop, "rosa") as page:
        page.evaluate("document.getElementById('review-rows').replaceChildren()")
        asked = list[str]()
        page.on("request", lambda request: asked.append(request.url))
        page.keyboard.press("n")
        page.keyboard.press("p")
        page.keyboard.press("c")
        expect(page.locator("form[data-kind=CONFIRM]")).to_be_visible()
        assert [url for url in asked if "undefined" in url] == []


def test_a_phone_whose_clock_is_ahead_has_the_same_time_to_undo(browser: Browser, shop: Shop) -> None:
    fill_queue(shop, 2)
    with at_the_desk(browser, shop, "rosa") as page:
        page.evaluate("() => { const real = Date.now; Date.now = () => real() + 300_000; }")
        code = confirm(page)
        button = page.locator(".review-verdict", has_text=code).locator("button")
        expect(button).to_be_visible()
        button.click()
        expect(page.locator("#review-told")).to_contain_text("back in the queue")
