"""The payment desk by keyboard, by thumb, and by two reviewers at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Shop, shot

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
SERIAL = count(1)
PASSWORD = "a long password of a test"
STAFF = f"""
from django.contrib.auth.models import User
for name in ("rosa", "juan"):
    if not User.objects.filter(username=name).exists():
        User.objects.create_superuser(name, password="{PASSWORD}")
"""
WAITING = """
from django.utils import timezone
from datetime import timedelta
from tests.factories import make_order, make_proof, make_raffle, picture_bytes
from raffles.sales.models import Order
now = timezone.now()
Order.objects.filter(status="UNDER_REVIEW").update(status="CANCELLED", closed_at=now)
day = timedelta(days=1)
raffle = make_raffle(code="{code}", sales_open_at=now - day, sales_close_at=now + day, draw_at=now + 2 * day)
for number in range({count}):
    order = make_order(raffle=raffle, numbers=[number], status="PENDING_PAYMENT", now=now)
    picture = picture_bytes("JPEG", (400 + number, 700 + {serial}))
    make_proof(order, content=picture, source_key=f"{code}-{{number}}", now=now)
"""


def fill_queue(shop: Shop, many: int) -> None:
    serial = next(SERIAL)  # no receipt is used twice: that would need a reason
    shop.run(STAFF + WAITING.format(count=many, code=f"DESK{serial}", serial=serial))


@contextmanager
def at_the_desk(browser: Browser, shop: Shop, user: str, size: dict[str, int] = DESKTOP) -> Iterator[Page]:
    """Signed in, first card open; the page must have run without a script error."""
    context = browser.new_context(viewport=size, locale="en-US")  # type: ignore[arg-type]
    page, errors = context.new_page(), list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{shop.admin}login/?next=/admin/desk/")
    page.fill("[name=username]", user)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    expect(page.locator(".review-bar")).to_be_visible()
    yield page
    assert errors == []
    context.close()


def code_on_card(page: Page) -> str:
    return page.locator(".review-what a strong").first.inner_text()


def confirm(page: Page) -> str:
    """By keys; ends when the next card, or the empty desk, is there."""
    code = code_on_card(page)
    page.keyboard.press("c")
    expect(page.locator("form[data-kind=CONFIRM] [name=amount]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".review-what a strong", has_text=code)).to_have_count(0)
    expect(page.locator(".review-verdict", has_text=code)).to_be_visible()
    return code


def test_twenty_are_confirmed_by_keyboard_alone(browser: Browser, shop: Shop) -> None:
    fill_queue(shop, 20)
    with at_the_desk(browser, shop, "rosa") as page:
        expect(page.locator("#review-count")).to_have_text("20")
        codes = []
        for _left in range(19, 0, -1):
            codes.append(confirm(page))
            expect(page.locator(".review-bar")).to_be_visible()
        codes.append(confirm(page))
        expect(page.locator("#review-card")).to_contain_text("Nothing waits")
        shot(page, "desk-empty")
    assert len(set(codes)) == 20


def test_an_undone_decision_brings_the_card_back(browser: Browser, shop: Shop) -> None:
    fill_queue(shop, 2)
    with at_the_desk(browser, shop, "rosa") as page:
        code = confirm(page)
        page.keyboard.press("z")
        expect(page.locator(".review-what a strong")).to_have_text(code)
        expect(page.locator("#review-told")).to_contain_text("back in the queue")
        expect(page.locator("#review-count")).to_have_text("2")


def test_a_rejection_is_written_in_the_player_s_language_and_can_be_changed(
    browser: Browser, shop: Shop
) -> None:
    fill_queue(shop, 1)
    with at_the_desk(browser, shop, "rosa") as page:
        code = code_on_card(page)
        page.keyboard.press("r")
        page.keyboard.press("3")
        words = page.locator("form[data-kind=REJECT] textarea")
        expect(words).to_have_value("El pago fue a otra cuenta.")
        page.keyboard.press("End")
        page.keyboard.type(" Gracias.")
        shot(page, "desk-reject")
        page.keyboard.press("Enter")
        expect(page.locator(".review-verdict", has_text=code)).to_contain_text("rejected")
    given = shop.run("from raffles.desk.models import Verdict; print(Verdict.objects.latest('id').given)")
    assert "El pago fue a otra cuenta. Gracias." in given


def test_who_was_signed_out_signs_in_in_another_tab_and_goes_on_with_what_was_typed(
    browser: Browser, shop: Shop
) -> None:
    fill_queue(shop, 1)
    context = browser.new_context(viewport=PHONE, locale="en-US")  # type: ignore[arg-type]
    page = signed_in(context.new_page(), shop)
    expect(page.locator(".review-bar")).to_be_visible()
    code = code_on_card(page)
    page.click("[data-act=form][data-kind=CONFIRM]")
    page.fill("form[data-kind=CONFIRM] [name=reference]", "TRX 9")
    context.clear_cookies(name="sessionid")
    page.click("form[data-kind=CONFIRM] [type=submit]")
    expect(page.locator("#review-told").first).to_contain_text("You were signed out")
    signed_in(context.new_page(), shop, to="/admin/")
    expect(page.locator("form[data-kind=CONFIRM] [name=reference]")).to_have_value("TRX 9")
    page.click("form[data-kind=CONFIRM] [type=submit]")
    # By its code: what became of the last test's decision may be told here as well.
    expect(page.locator(".review-verdict", has_text=code)).to_contain_text("confirmed")
    context.close()


def test_a_key_that_is_faster_than_the_network_counts_once_the_card_is_there(
    browser: Browser, shop: Shop
) -> None:
    """The card is shown before it is ours: what is pressed then is for this card, and is not lost."""
    fill_queue(shop, 3)
    with at_the_desk(browser, shop, "rosa") as page:
        first = code_on_card(page)
        held = list[Route]()
        page.route("**/open/", lambda route: route.continue_() if held else held.append(route))
        page.keyboard.press("n")
        expect(page.locator("#review-card.review-early")).to_be_visible()
        page.keyboard.press("r")
        expect(page.locator("form[data-kind=REJECT]")).to_be_hidden()
        held[0].continue_()
        expect(page.locator("form[data-kind=REJECT] .review-sentences button").first).to_be_focused()
        second = code_on_card(page)
        assert second != first
        page.keyboard.press("3")
        page.keyboard.press("Enter")
        expect(page.locator(".review-verdict", has_text=second)).to_contain_text("rejected")


def signed_in(page: Page, shop: Shop, to: str = "/admin/desk/") -> Page:
    page.goto(f"{shop.admin}login/?next={to}")
    page.fill("[name=username]", "rosa")
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    # Signed in only once the next page is there: what another page asks before that is asked by nobody.
    expect(page).not_to_have_url(re.compile("/login/"))
    return page


def test_of_two_reviewers_one_has_the_card_until_the_other_takes_it_over(
    browser: Browser, shop: Shop
) -> None:
    fill_queue(shop, 1)
    with at_the_desk(browser, shop, "rosa") as rosa:
        context = browser.new_context(viewport=DESKTOP, locale="en-US")  # type: ignore[arg-type]
        juan = context.new_page()
        juan.goto(f"{shop.admin}login/?next=/admin/desk/")
        juan.fill("[name=username]", "juan")
        juan.fill("[name=password]", PASSWORD)
        juan.click("[type=submit]")
        row = juan.locator(".review-row")
        expect(row).to_contain_text("rosa")
        row.click()
        expect(juan.locator("#review-card")).to_contain_text("rosa has it open")
        expect(juan.locator(".review-bar")).to_have_count(0)
        shot(juan, "desk-taken")
        juan.keyboard.press("t")
        expect(juan.locator(".review-bar")).to_be_visible()
        rosa.keyboard.press("r")
        letter = rosa.locator("form[data-kind=REJECT] textarea")
        letter.fill("A long letter to the player")
        rosa.keyboard.press("Enter")
        expect(rosa.locator("#review-told")).to_contain_text("no longer yours")
        expect(rosa.locator("#review-card")).to_contain_text("juan has it open")
        rosa.locator("[data-act=take-over]").click()
        expect(letter).to_be_visible()
        expect(letter).to_have_value("A long letter to the player")
        context.close()


LEASES_RUN_OUT = """
from datetime import timedelta
from django.utils import timezone
from raffles.desk.models import Card
Card.objects.exclude(reviewer=None).update(lease_until=timezone.now() - timedelta(seconds=1))
"""


def test_a_card_that_is_refused_comes_back_with_what_was_typed(browser: Browser, shop: Shop) -> None:
    fill_queue(shop, 1)
    with at_the_desk(browser, shop, "rosa") as page:
        code = code_on_card(page)
        form = page.locator("form[data-kind=CONFIRM]")
        page.keyboard.press("c")
        form.locator("[name=reference]").fill("TRX 9")
        form.locator("[name=method]").select_option("cash")
        shop.run(LEASES_RUN_OUT)
        form.locator("[type=submit]").click()
        expect(page.locator("#review-told")).to_contain_text("no longer yours")
        expect(page.locator(".review-article[data-mine='1']")).to_be_visible()
        expect(form).to_be_visible()
        expect(form.locator("[name=reference]")).to_have_value("TRX 9")
        expect(form.locator("[name=method]")).to_have_value("cash")
        expect(form.locator("[name=amount]")).to_have_value("50000")
        form.locator("[type=submit]").click()
        expect(page.locator(".review-verdict", has_text=code)).to_contain_text("confirmed")


def test_another_amount_is_asked_about_before_it_counts(browser: Browser, shop: Shop) -> None:
    fill_queue(shop, 1)
    with at_the_desk(browser, shop, "rosa") as page:
        code = code_on_card(page)
        page.keyboard.press("c")
        page.keyboard.type("60000")
        page.keyboard.press("Enter")
        expect(page.locator(".review-question")).to_contain_text(re.compile("10,000 is too much"))
        expect(page.locator(".review-verdict", has_text=code)).to_have_count(0)
        page.keyboard.press("Enter")
        expect(page.locator(".review-verdict", has_text=code)).to_contain_text("confirmed")


def test_on_a_phone_nothing_lies_outside_the_screen_and_the_buttons_are_under_the_thumb(
    browser: Browser, shop: Shop
) -> None:
    fill_queue(shop, 3)
    with at_the_desk(browser, shop, "rosa", PHONE) as page:
        for act in ("CONFIRM", "REJECT", "ASK"):
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
            button = page.locator(f".review-bar [data-kind={act}]")
            box = button.bounding_box()
            assert box is not None
            assert box["y"] > PHONE["height"] * 0.75
            assert box["height"] >= 44
            assert 0 <= box["x"] <= box["x"] + box["width"] <= PHONE["width"]
            button.click()
            expect(page.locator(f"form[data-kind={act}]")).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
            shot(page, f"desk-phone-{act.lower()}")
            page.locator(f"form[data-kind={act}] [data-act=close]").click()
