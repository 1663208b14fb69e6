"""The queue of a draw day cleared by thumb, to its end, and what came of each decision."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Shop, shot
from tests.browser.test_review import PASSWORD, PHONE, STAFF, code_on_card

pytestmark = pytest.mark.browser

KINDS = ("exact", "too little", "too much", "reused", "same file", "late", "dear", "with credit", "broken")
QUEUE = """
import json
from django.utils import timezone
from raffles.sales.models import Order
from tests.desk.mixed import make_queue
now = timezone.now()
Order.objects.filter(status="UNDER_REVIEW").update(status="CANCELLED", closed_at=now)
made = make_queue({kinds}, now=now, serial=77)
print(json.dumps({{order.code: kind for kind, order in made.items()}}))
"""
ANSWER = """
from django.utils import timezone
from raffles.sales.models import Order
from tests.desk.mixed import Mixed
Mixed(timezone.now(), 78).prove(Order.objects.get(code="{code}"))
"""
RESULTS = """
import json
from raffles.sales.models import Order, Refund
from raffles.sales.queries import credit_of
from whatsapp.models import OutboundMessage
def told(order):
    said = OutboundMessage.objects.filter(contact__player=order.player).order_by("-id").first()
    return said.content.get("text", said.content.get("interactive", {{}}).get("body", {{}}))
print(json.dumps({{
    order.code: {{
        "status": order.status,
        "credit": credit_of(order.player_id, "PYG"),
        "refunds": Refund.objects.filter(player=order.player).count(),
        "said": str(told(order)),
        "reason": order.changes.latest("id").reason,
    }}
    for order in Order.objects.filter(code__in={codes}).select_related("player")
}}))
"""
# By kind: the status, the credit of the player, and what they read last, each in their language.
EXPECTED = {
    "exact": ("PAID", 0, "¡Pago confirmado!"),
    "too little": ("PENDING_PAYMENT", 50_000, "Faltam"),
    "too much": ("PAID", 50_000, "more came than it costs"),
    "reused": ("PENDING_PAYMENT", 0, "Este comprovante foi usado para outro pedido."),
    "same file": ("PAID", 0, "¡Pago confirmado!"),
    "late": ("CANCELLED", 100_000, "mas tarde demais"),
    "dear": ("PAID", 0, "Payment confirmed!"),
    "with credit": ("PAID", 0, "¡Pago confirmado!"),
    "broken": ("PAID", 0, "Pagamento confirmado!"),
}


@contextmanager
def on_the_phone(browser: Browser, shop: Shop, user: str) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, locale="en-US", has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    page, errors = context.new_page(), list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{shop.admin}login/?next=/admin/desk/")
    page.fill("[name=username]", user)
    page.fill("[name=password]", PASSWORD)
    page.tap("[type=submit]")
    expect(page.locator(".review-bar")).to_be_visible()
    yield page
    assert errors == []
    context.close()


def press(page: Page, kind: str) -> None:
    page.locator(f".review-bar [data-kind={kind}]").tap()
    expect(page.locator(f"form[data-kind={kind}]")).to_be_in_viewport()


def send(page: Page) -> None:
    """The button is where the thumb is, whatever stands above it."""
    button = page.locator(".review-form:not([hidden]) [type=submit]")
    expect(button).to_be_in_viewport(ratio=1)
    button.tap()


def confirm(page: Page) -> None:
    press(page, "CONFIRM")
    send(page)


def confirm_amount(amount: str, asked: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        press(page, "CONFIRM")
        page.locator("form[data-kind=CONFIRM] [name=amount]").fill(amount)
        send(page)
        expect(page.locator(".review-question")).to_contain_text(asked)
        send(page)

    return act


def confirm_late(page: Page) -> None:
    expect(page.locator(".review-what .desk-warning")).to_contain_text("cannot be had any more")
    confirm(page)
    expect(page.locator(".review-question")).to_contain_text("becomes the player's credit")
    send(page)


def confirm_in_spite(page: Page) -> None:
    press(page, "CONFIRM")
    page.locator("form[data-kind=CONFIRM] [name=why]").fill("One transfer for both orders")
    send(page)


def say(kind: str, sentence: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        press(page, kind)
        page.locator(f"form[data-kind={kind}] .review-sentences button", has_text=sentence).tap()
        send(page)

    return act


def pay_with_credit(page: Page) -> None:
    press(page, "CREDIT")
    send(page)


ACTS: dict[str, Callable[[Page], None]] = {
    "exact": confirm,
    "too little": confirm_amount("50000", "50,000 is missing"),
    "too much": confirm_amount("100000", "50,000 is too much"),
    "reused": say("REJECT", "used for another order"),
    "same file": confirm_in_spite,
    "late": confirm_late,
    "dear": confirm,
    "with credit": pay_with_credit,
    "broken": say("ASK", "sharper"),
}


def clear(page: Page, kinds: dict[str, str]) -> list[str]:
    """Card after card as the desk gives them, until it gives none; the kinds in that order."""
    cleared = []
    while page.locator(".review-what").count():
        code = code_on_card(page)
        kind = kinds[code]
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        shot(page, f"mixed-{kind.replace(' ', '-')}")
        ACTS[kind](page)
        expect(page.locator(".review-what a strong", has_text=code)).to_have_count(0)
        expect(page.locator(".review-bar").or_(page.get_by_text("Nothing"))).to_be_visible()
        cleared.append(kind)
    return cleared


def test_a_mixed_queue_is_cleared_by_thumb_and_every_decision_has_its_effect(
    browser: Browser, shop: Shop
) -> None:
    kinds: dict[str, str] = json.loads(shop.run(STAFF + QUEUE.format(kinds=", ".join(map(repr, KINDS)))))
    codes = {kind: code for code, kind in kinds.items()}
    with on_the_phone(browser, shop, "rosa") as page:
        assert sorted(clear(page, kinds)) == sorted(KINDS)
        expect(page.locator("#review-card")).to_contain_text("waits for the player")
        with on_the_phone(browser, shop, "juan") as second:
            assert code_on_card(second) == codes["dear"]
            assert clear(second, kinds) == ["dear"]
        # Ten seconds for each: the last one can be undone no more when its line is gone.
        expect(page.locator(".review-verdict")).to_have_count(0, timeout=20_000)
        shop.run(ANSWER.format(code=codes["broken"]))
        expect(page.locator(".review-what a strong")).to_have_text(codes["broken"], timeout=10_000)
        confirm(page)
        expect(page.locator("#review-card")).to_contain_text("Nothing waits")
        expect(page.locator(".review-verdict")).to_have_count(0, timeout=20_000)
        shot(page, "mixed-empty")
    check(json.loads(shop.run(RESULTS.format(codes=list(kinds)))), codes)


def check(results: dict[str, dict[str, Any]], codes: dict[str, str]) -> None:
    found = {kind: results[code] for kind, code in codes.items()}
    assert {kind: (one["status"], one["credit"]) for kind, one in found.items()} == {
        kind: expected[:2] for kind, expected in EXPECTED.items()
    }
    for kind, (_status, _credit, words) in EXPECTED.items():
        assert words in found[kind]["said"], kind
        assert codes[kind] in found[kind]["said"], kind
    assert [one["refunds"] for one in found.values()] == [0] * len(found)
    assert found["same file"]["reason"] == "One transfer for both orders"
