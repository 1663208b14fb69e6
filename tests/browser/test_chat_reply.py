"""Staff answer a player from the chat: in their own words, and by template once the window is closed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import Shop, shot

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
SERIAL = count(1)
NEW_PLAYER = """
from whatsapp.simulator.phones import create_phone
create_phone(profile_name="{name}", wa_id="59598177{serial:04d}", language="es")
"""
WINDOW_CLOSED = """
from datetime import timedelta
from django.utils import timezone
from whatsapp.models import Contact
Contact.objects.filter(profile_name="{name}").update(last_inbound_at=timezone.now() - timedelta(days=2))
"""
APPROVED = """
from django.conf import settings
from django.core.management import call_command
settings.WHATSAPP_GRAPH_URL = "{site}simulator/graph"
call_command("submit_templates", verbosity=0)
"""


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "360px"])
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    found = browser.new_context(viewport=request.param, locale="en-US")
    yield found
    found.close()


@pytest.fixture
def player(shop: Shop) -> str:
    """Nobody whom the other tests know: a person has this chat for hours."""
    serial = next(SERIAL)
    name = f"Lucía {serial}"
    shop.run(NEW_PLAYER.format(name=name, serial=serial))
    return name


def name_of(request: pytest.FixtureRequest) -> str:
    return str(request.node.name).partition("[")[2].rstrip("]")


def open_phone(context: BrowserContext, shop: Shop, player: str) -> Page:
    phone = context.new_page()
    phone.goto(shop.phone)
    chat = phone.locator(f'[data-testid="player"][data-name="{player}"]').first
    chat.wait_for(state="attached")
    if phone.locator("#open-players").is_visible():
        phone.locator("#open-players").click()
    chat.click()
    expect(phone.locator("#playing-as")).to_contain_text(player)
    return phone


def say(phone: Page, words: str) -> None:
    phone.get_by_test_id("message-input").fill(words)
    phone.get_by_test_id("message-input").press("Enter")


def bubble(phone: Page, words: str) -> Locator:
    return phone.get_by_test_id("bubble").filter(has_text=words).last


def open_staff_chat(context: BrowserContext, shop: Shop, player: str) -> Page:
    staff, errors = context.new_page(), list[str]()
    staff.on("pageerror", lambda error: errors.append(str(error)))
    staff.goto(f"{shop.admin}whatsapp/contact/?q={player}")
    if "/login/" in staff.url:
        staff.fill("input[name=username]", shop.user)
        staff.fill("input[name=password]", shop.password)
        staff.press("input[name=password]", "Enter")
    staff.get_by_role("link", name=player).first.click()
    expect(staff.get_by_test_id("chat")).to_be_visible()
    assert errors == []
    return staff


def no_sideways_scroll(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_staff_answer_from_the_chat_and_the_bot_is_silent_until_they_give_it_back(
    shop: Shop, context: BrowserContext, player: str, request: pytest.FixtureRequest
) -> None:
    phone = open_phone(context, shop, player)
    say(phone, "agente")
    expect(bubble(phone, "Una persona leerá este chat")).to_be_visible(timeout=15_000)
    staff = open_staff_chat(context, shop, player)
    expect(staff.get_by_test_id("chat")).to_contain_text("Asked for a person; the bot is silent")
    staff.locator("textarea[name=words]").fill("Hola, soy Rosa. ¿En qué te ayudo?")
    staff.get_by_test_id("reply").get_by_role("button", name="Send").click()
    expect(staff.get_by_test_id("chat").locator("[data-kind=ours]").last).to_be_visible()
    expect(staff.get_by_test_id("reply")).to_contain_text("A person has the chat until")
    expect(bubble(phone, "Hola, soy Rosa.")).to_be_visible(timeout=15_000)
    heard = phone.get_by_test_id("bubble").count()
    say(phone, "menu")
    expect(phone.get_by_test_id("bubble")).to_have_count(heard + 1)
    _note(staff, "Wants to pay in two parts.")
    expect(staff.get_by_test_id("chat")).to_contain_text(
        "A person answers; the bot is silent", timeout=15_000
    )
    shot(staff, f"{name_of(request)}-chat-1-answered")
    staff.evaluate("document.documentElement.setAttribute('data-bs-theme', 'dark')")
    staff.locator(".chat-note").scroll_into_view_if_needed()
    shot(staff, f"{name_of(request)}-chat-1-night")
    no_sideways_scroll(staff)
    staff.get_by_role("button", name="Give back to the bot").click()
    say(phone, "menu")
    expect(bubble(phone, "¿Qué te gustaría hacer?")).to_be_visible(timeout=15_000)
    expect(phone.get_by_test_id("bubble")).to_have_count(heard + 3)
    expect(bubble(phone, "two parts")).to_have_count(0)


def _reload_until(staff: Page, words: str) -> None:
    """The worker takes up what the player wrote a moment after it was written."""
    chat = staff.get_by_test_id("chat")
    for _look in range(30):
        if words in chat.inner_text():
            return
        staff.reload()
    expect(chat).to_contain_text(words)


def _note(staff: Page, words: str) -> None:
    staff.locator("textarea[name=note-text]").fill(words)
    staff.get_by_role("button", name="Keep the note").click()
    expect(staff.get_by_test_id("chat").locator("[data-kind=note]")).to_contain_text(words)


def test_what_is_typed_survives_another_button_and_is_gone_once_it_is_sent(
    shop: Shop, context: BrowserContext, player: str
) -> None:
    phone = open_phone(context, shop, player)
    say(phone, "menu")
    expect(bubble(phone, "¿Qué te gustaría hacer?")).to_be_visible(timeout=15_000)
    staff = open_staff_chat(context, shop, player)
    box = staff.locator("textarea[name=words]")
    box.fill("Half a sentence")
    staff.get_by_role("button", name="Mute the bot").click()
    expect(staff.get_by_test_id("reply")).to_contain_text("The bot is muted")
    expect(box).to_have_value("Half a sentence")
    staff.get_by_test_id("reply").get_by_role("button", name="Send").click()
    expect(staff.get_by_test_id("chat")).to_contain_text("Half a sentence")
    expect(box).to_have_value("")
    staff.reload()
    expect(box).to_have_value("")


def test_what_is_typed_survives_a_session_that_ended(
    shop: Shop, context: BrowserContext, player: str
) -> None:
    phone = open_phone(context, shop, player)
    say(phone, "menu")
    expect(bubble(phone, "¿Qué te gustaría hacer?")).to_be_visible(timeout=15_000)
    staff = open_staff_chat(context, shop, player)
    box = staff.locator("textarea[name=words]")
    box.fill("A long answer")
    context.clear_cookies(name="sessionid")
    staff.get_by_test_id("reply").get_by_role("button", name="Send").click()
    staff.fill("input[name=username]", shop.user)
    staff.fill("input[name=password]", shop.password)
    staff.press("input[name=password]", "Enter")
    expect(staff.get_by_test_id("chat")).not_to_contain_text("A long answer")
    expect(box).to_have_value("A long answer")


def test_with_the_window_closed_a_template_is_filled_in_and_arrives_as_it_was_previewed(
    shop: Shop, context: BrowserContext, player: str, request: pytest.FixtureRequest
) -> None:
    phone = open_phone(context, shop, player)
    say(phone, "menu")
    expect(bubble(phone, "¿Qué te gustaría hacer?")).to_be_visible(timeout=15_000)
    shop.run(APPROVED.format(site=shop.admin.removesuffix("admin/")))
    shop.run(WINDOW_CLOSED.format(name=player))
    staff = open_staff_chat(context, shop, player)
    expect(staff.get_by_test_id("reply")).to_contain_text("only these approved messages can be sent")
    staff.get_by_test_id("reply").scroll_into_view_if_needed()
    shot(staff, f"{name_of(request)}-chat-2-closed")
    no_sideways_scroll(staff)
    staff.get_by_role("link", name="Answer a question").click()
    staff.locator("textarea[name=message]").fill("Ya encontramos\n tu pago.")
    preview = staff.get_by_test_id("preview")
    expect(preview).to_contain_text("Respuesta: Ya encontramos tu pago.")
    shown = preview.inner_text()
    shot(staff, f"{name_of(request)}-chat-3-template")
    no_sideways_scroll(staff)
    staff.get_by_role("button", name="Send").click()
    expect(staff.get_by_test_id("chat")).to_contain_text("Ya encontramos tu pago.")
    arrived = bubble(phone, "Ya encontramos tu pago.")
    expect(arrived).to_be_visible(timeout=20_000)
    for line in shown.splitlines():
        expect(arrived).to_contain_text(line)
