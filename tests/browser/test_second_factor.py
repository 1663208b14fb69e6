"""The first sign-in of somebody whose group decides about money, with an app for codes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SHOP_ENVIRONMENT, START_SECONDS, Shop, _free_port, shot

pytestmark = pytest.mark.browser

PASSWORD = "a long password of a test"
SERIAL = count(1)
CASHIER = """
from django.contrib.auth.models import Group, User
user = User.objects.create_user("{name}", password="{password}", is_staff=True)
user.groups.add(Group.objects.get(name="operator"))
"""
# As if the half minute of the last code had gone by: nobody waits for it here.
EARLIER = """
from allauth.mfa.models import Authenticator
row = Authenticator.objects.get(user__username="{name}", type="totp")
row.data["last_step"] -= 10
row.save(update_fields=["data"])
"""


@pytest.fixture(scope="module")
def strict(shop: Shop) -> Iterator[Shop]:
    """A second door to the same rows, where cashiers need a second factor as they do where money moves."""
    port = _free_port()
    site = f"http://127.0.0.1:{port}"
    asked = {
        "SECOND_FACTOR_GROUPS": "operator",
        "SITE_URL": site,
        "DATABASE_URL": "sqlite:///var/demo/db.sqlite3",
        "HUEY_URL": "sqlite:///var/demo/queue.sqlite3",
        "MEDIA_ROOT": "var/demo/media",
    }
    options = f"--blocking-threads 4 --log-level error --host 127.0.0.1 --port {port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "config.web", *options.split()],
        cwd=shop.folder,
        env={**SHOP_ENVIRONMENT, **asked},
    )
    try:
        wait_for(process, f"{site}/health/live")
        yield replace(shop, admin=f"{site}/admin/")
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_for(process: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, ConnectionError):
            with suppress(subprocess.TimeoutExpired):
                raise AssertionError(f"the second door ended with {process.wait(timeout=0.2)}") from None
    raise AssertionError("the second door did not open")


def code_of(secret: str) -> str:
    """RFC 6238, written out: what any app shows now."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF) % 1_000_000:06d}"


def wrong_code(secret: str) -> str:
    return f"{(int(code_of(secret)) + 1) % 1_000_000:06d}"


def sign_in(page: Page, shop: Shop, name: str) -> None:
    page.goto(f"{shop.admin}login/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")


def sign_out(page: Page) -> None:
    page.locator("#jazzy-navbar a:has(> .fa-user)").click()
    page.locator("#logout-form button").click()
    expect(page.locator("#jazzy-navbar")).to_have_count(0)


def give(page: Page, code: str) -> None:
    page.fill("[name=code]", code)
    page.locator("form:has([name=code]) [type=submit]").first.click()


def set_up(page: Page) -> tuple[str, list[str]]:
    """The secret that was shown, and the recovery codes."""
    page.get_by_role("link", name="Set it up").click()
    expect(page.locator(".card-body")).to_contain_text("In your group only who has a second factor")
    expect(page.locator(".desk-square svg")).to_be_visible()
    secret = page.locator("code").first.inner_text()
    give(page, wrong_code(secret))
    expect(page.locator(".errorlist")).to_contain_text("not the code of now")
    assert page.locator("code").first.inner_text() == secret
    give(page, code_of(secret))
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.get_by_role("link", name="Set it up")).to_have_count(0)
    return secret, page.locator(".desk-codes code").all_inner_texts()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_cashier_sets_a_second_factor_up_and_signs_in_with_each_kind_of_code(
    browser: Browser, strict: Shop, width: int
) -> None:
    name = f"cashier{next(SERIAL)}"
    strict.run(CASHIER.format(name=name, password=PASSWORD))
    context = browser.new_context(viewport={"width": width, "height": 740}, locale="en-US")
    page = context.new_page()
    sign_in(page, strict, name)
    page.wait_for_url(strict.admin)
    secret, recovery = set_up(page)
    shot(page, f"second-factor-codes-{width}")
    page.goto(strict.admin)
    expect(page.get_by_role("link", name="Set it up")).to_have_count(0)
    assert len(recovery) == len(set(recovery)) == 10
    sign_out(page)

    sign_in(page, strict, name)
    page.wait_for_url("**/login/code/**")
    give(page, wrong_code(secret))
    expect(page.get_by_role("alert")).to_contain_text("This code is wrong")
    shot(page, f"second-factor-wrong-{width}")
    page.goto(strict.admin)
    expect(page.locator("[name=password]")).to_be_visible()

    strict.run(EARLIER.format(name=name))
    sign_in(page, strict, name)
    give(page, code_of(secret))
    page.wait_for_url(strict.admin)
    sign_out(page)

    for code, is_taken in ((recovery[0], True), (recovery[0], False), (recovery[1], True)):
        sign_in(page, strict, name)
        give(page, code)
        if is_taken:
            page.wait_for_url(strict.admin)
            page.goto(f"{strict.admin}second-factor/")
            left = 10 - recovery.index(code) - 1
            expect(page.locator(".card-body")).to_contain_text(
                re.compile(rf"\b{left} recovery codes are left")
            )
            sign_out(page)
        else:
            expect(page.get_by_role("alert")).to_contain_text("was used before")
    context.close()
