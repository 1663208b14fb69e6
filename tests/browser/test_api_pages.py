"""The pages of the API draw its document, and ask no other host for anything."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Shop, shot

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", ["docs", "redoc"])
def test_the_document_is_drawn_from_this_host_alone(browser: Browser, shop: Shop, name: str) -> None:
    heard: list[str] = []
    page = browser.new_page()
    # What the page's own policy forbids is asked for and not sent.
    page.on("response", lambda response: heard.append(response.url))
    site = urlsplit(shop.admin)
    page.goto(f"{site.scheme}://{site.netloc}/api/v1/{name}/")
    page.get_by_text("Confirm that money came").first.wait_for(state="attached")
    page.get_by_text("Hold numbers for a player").first.wait_for(state="attached")
    shot(page, f"api-{name}")
    hosts = {urlsplit(address).netloc for address in heard if address.startswith("http")}
    assert hosts == {site.netloc}
    assert any("/api/v1/schema/" in address for address in heard)
