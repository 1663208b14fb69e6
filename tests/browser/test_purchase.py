"""A purchase as a player and a member of staff make it: phone page, admin, phone page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import Shop, opened_shop, shot

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}


@dataclass(frozen=True)
class Words:
    player: str
    raffles: str
    pick: str
    held: str
    confirm: str
    pay: str
    received: str
    paid: str


SPANISH = Words(
    player="Ana",
    raffles="rifas",
    pick="al azar 3",
    held="Reservado para ti",
    confirm="Confirmar",
    pay="A pagar",
    received="Recibimos tu comprobante",
    paid="¡Pago confirmado!",
)
ENGLISH = Words(
    player="Emma",
    raffles="raffles",
    pick="random 2",
    held="Held for you",
    confirm="Confirm",
    pay="To pay",
    received="We received your receipt",
    paid="Payment confirmed!",
)


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    """As a visitor finds it: with the raffles and players of the demo and no others."""
    with opened_shop() as found:
        yield found


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "360px"])
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    found = browser.new_context(viewport=request.param, locale="en-US")
    yield found
    found.close()


@pytest.mark.parametrize("words", [SPANISH, ENGLISH], ids=["spanish", "english"])
def test_a_player_buys_numbers_and_staff_confirm_them(
    shop: Shop, context: BrowserContext, words: Words, request: pytest.FixtureRequest
) -> None:
    name = request.node.name.partition("[")[2].rstrip("]")
    phone, foreign = context.new_page(), []
    phone.on("request", lambda asked: foreign.append(asked.url) if "127.0.0.1" not in asked.url else None)
    phone.goto(shop.phone)
    _open_chat(phone, words.player)
    code = _buy(phone, words, name)
    _confirm_in_admin(context, shop, code, name)
    expect(_last_bubble(phone, words.paid)).to_be_visible(timeout=20_000)
    shot(phone, f"{name}-6-paid")
    _say(phone, "menu")  # signing in to the admin in another tab must not take the phone's voice
    assert foreign == []


def _open_chat(phone: Page, player: str) -> None:
    chat = phone.locator(f'[data-testid="player"][data-name^="{player}"]').first
    chat.wait_for(state="attached")
    if phone.locator("#open-players").is_visible():
        phone.locator("#open-players").click()
    chat.click()
    expect(phone.locator("#playing-as")).to_contain_text(player)  # the chat is drawn together with the name
    expect(phone.get_by_test_id("message-input")).to_be_visible()


def _buy(phone: Page, words: Words, name: str) -> str:
    _say(phone, "menu")
    _say(phone, words.raffles)
    phone.get_by_test_id("list-open").last.click()
    expect(phone.get_by_test_id("list-row").first).to_be_visible()
    shot(phone, f"{name}-1-list")
    with _answered(phone):
        phone.get_by_test_id("list-row").filter(has_text="Televisor").first.click()
    _say(phone, words.pick)
    held = _last_bubble(phone, words.held)
    expect(held).to_be_visible(timeout=15_000)
    shot(phone, f"{name}-2-held")
    found = re.search(r"\b[2-9A-HJKMNP-Z]{6}\b", held.inner_text())
    assert found, held.inner_text()
    phone.get_by_test_id("reply-button").filter(has_text=words.confirm).last.click()
    expect(_last_bubble(phone, words.pay)).to_be_visible(timeout=15_000)
    shot(phone, f"{name}-3-pay")
    _send_receipt(phone)
    expect(_last_bubble(phone, words.received)).to_be_visible(timeout=20_000)
    shot(phone, f"{name}-4-received")
    _no_sideways_scroll(phone)
    return found[0]


@contextmanager
def _answered(phone: Page) -> Iterator[None]:
    """What the player does inside makes one bubble of theirs and one of the bot."""
    before = phone.get_by_test_id("bubble").count()
    yield
    expect(phone.get_by_test_id("bubble")).to_have_count(before + 2, timeout=15_000)


def _say(phone: Page, text: str) -> None:
    with _answered(phone):
        phone.get_by_test_id("message-input").fill(text)
        phone.get_by_test_id("message-input").press("Enter")


def _send_receipt(phone: Page) -> None:
    phone.get_by_test_id("attach").click()
    phone.get_by_test_id("receipt-maker").click()
    phone.get_by_test_id("receipt-send").click()


def _last_bubble(phone: Page, text: str) -> Locator:
    return phone.get_by_test_id("bubble").filter(has_text=text).last


def _no_sideways_scroll(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def _confirm_in_admin(context: BrowserContext, shop: Shop, code: str, name: str) -> None:
    admin = context.new_page()
    admin.goto(f"{shop.admin}sales/order/?q={code}")
    if "/login/" in admin.url:
        admin.fill("input[name=username]", shop.user)
        admin.fill("input[name=password]", shop.password)
        admin.locator("button[type=submit], input[type=submit]").first.click()
    admin.get_by_role("link", name=code).first.click()
    shot(admin, f"{name}-5-order")
    admin.get_by_role("link", name=re.compile("Confirm payment")).first.click()
    shot(admin, f"{name}-5-confirm")
    admin.locator("form button[type=submit], form input[type=submit]").last.click()
    expect(admin.get_by_text(re.compile("Paid")).first).to_be_visible()
    shot(admin, f"{name}-5-paid")
    admin.close()
