"""Every page that staff can open, with rows on it, and a browser to look at them by day and by night."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.conftest import Shop

WIDE, NARROW = 1280, 360
LIGHT, DARK = "light", "dark"
# Rows of every kind, with numbers of their own beside those of other tests. Nothing of them leaves or is
# decided by the worker meanwhile, and no destination of them is ever called.
EVERYTHING = """
import itertools
from django.utils import timezone
from raffles.desk.models import Destination
from raffles.sales.actions import expire_orders
from tests import factories
from tests.admin import chats, everything
from whatsapp import switch
from whatsapp.models import OutboundMessage
factories._serial = itertools.count(9001)
chats._serial = itertools.count(9001)
now = timezone.now()
switch.pause(by="Marta", reason="rows are made", now=now)
Destination.objects.filter(name="Cashiers").update(name="Cashiers of before")
everything.make_everything()
Destination.objects.filter(name="Cashiers").update(name="Room to look at", is_active=False)
expire_orders(now=now)
OutboundMessage.objects.filter(status="QUEUED").delete()
switch.resume(now=now)
"""
ADDRESSES = """
import json
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import RequestFactory
from django.urls import reverse
from raffles.sales.admin.history import history_url
request = RequestFactory().get("/")
request.user = User.objects.filter(is_superuser=True).first()
found = {}
for model, page in admin.site._registry.items():
    root = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    found[model._meta.label_lower] = pages = {"list": reverse(f"{root}_changelist")}
    if page.has_add_permission(request):
        pages["add"] = reverse(f"{root}_add")
    newest = model._default_manager.order_by("-pk").first()
    if newest is not None:
        pages["change"] = reverse(f"{root}_change", args=[newest.pk])
        if history_url(newest, request.user):
            pages["history"] = reverse(f"{root}_history", args=[newest.pk])
print(json.dumps(found))
"""
AROUND = {
    "start": "",
    "dashboard": "dashboard/",
    "password": "password_change/",
    "second-factor": "second-factor/",
    "empty": "sales/order/?q=zzzz",
}


@cache
def pages_by_model(shop: Shop) -> dict[str, dict[str, str]]:
    shop.run(EVERYTHING)
    found: dict[str, dict[str, str]] = json.loads(shop.run(ADDRESSES))
    return found


@cache
def _signed_in(browser: Browser, shop: Shop) -> Any:
    """Cookies of one sign-in: a second for each page would only cost time."""
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    page.goto(shop.admin)
    page.fill("[name=username]", shop.user)
    page.fill("[name=password]", shop.password)
    page.click("[type=submit]")
    page.wait_for_url(shop.admin)
    state = context.storage_state()
    context.close()
    return state


@contextmanager
def looking(browser: Browser, shop: Shop, width: int, scheme: str, zone: str | None = None) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        locale="en-US",
        storage_state=_signed_in(browser, shop),
        reduced_motion="reduce",
        timezone_id=zone,
    )
    # A receipt in a frame is a page too, without a store of its own.
    context.add_init_script(f"try {{ localStorage.setItem('jazzmin-theme-mode', '{scheme}') }} catch {{}}")
    page, errors = context.new_page(), list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []
    context.close()


def site_of(shop: Shop) -> str:
    return shop.admin.removesuffix("/admin/")
