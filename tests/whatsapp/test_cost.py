"""A sale costs five bubbles at most, and the books agree with Meta's."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from config.loopback import settle
from raffles.numbers.models import Raffle
from raffles.sales.actions import confirm_payment
from raffles.sales.models import Order
from tests.factories import png_bytes
from tests.whatsapp.meta import NOW, Json
from whatsapp.models import OutboundMessage
from whatsapp.simulator import phones
from whatsapp.simulator.models import JournalEntry, Phone, WebhookDelivery


@pytest.fixture
def address(live_server: LiveServer, settings: Settings) -> str:
    settings.SITE_URL = live_server.url
    settings.WHATSAPP_GRAPH_URL = f"{live_server.url}/simulator/graph"
    return str(live_server.url)


def sell(phone: Phone, address: str) -> Order:
    """The sale of somebody who comes by the link of a raffle."""
    for text in ("MOTO", "5,12,99", "confirmar"):
        phones.say(phone, text)
        settle(address)
    phones.send_media(phone, png_bytes(), "image/png")
    settle(address)
    order = Order.objects.get(player__contact__bsuid=phone.bsuid)
    by = User.objects.create_user("marta")
    confirm_payment(order_id=order.pk, by=by, amount_minor=None, method="", reference="", now=NOW)
    settle(address)
    order.refresh_from_db()
    return order


def told_prices() -> Iterator[tuple[str, Json]]:
    """Meta's id and price of every status that came with one; Meta repeats them."""
    for delivery in WebhookDelivery.objects.order_by("pk"):
        for change in json.loads(delivery.payload)["entry"][0]["changes"]:
            for status in change["value"].get("statuses", []):
                if "pricing" in status:
                    yield status["id"], status["pricing"]


@pytest.mark.parametrize("digits", ["595981000001", ""], ids=["with a phone", "without a phone"])
def test_a_sale_takes_five_messages_and_each_is_priced_once(moto: Raffle, address: str, digits: str) -> None:
    phone = phones.create_phone(profile_name="Ana", wa_id=digits, username="" if digits else "ana.py")
    assert sell(phone, address).status == Order.Status.PAID
    phones.read_all(phone)
    settle(address)

    sent = OutboundMessage.objects.filter(contact__bsuid=phone.bsuid)
    assert sent.count() <= 5
    assert set(sent.values_list("status", flat=True)) == {"READ"}
    assert JournalEntry.objects.filter(kind="accepted").count() == sent.count()
    prices = list(told_prices())
    assert len(prices) == 2 * sent.count()
    assert {wamid for wamid, _ in prices} == set(sent.values_list("wamid", flat=True))
    assert set(sent.values_list("price_category", "price_type")) == {("service", "regular")}
    assert not JournalEntry.objects.filter(kind__in=["refused", "failed", "webhook_refused"]).exists()


def test_a_number_change_in_the_middle_of_a_sale_loses_nothing(moto: Raffle, address: str) -> None:
    phone = phones.create_phone(profile_name="Ana", wa_id="595981000001")
    for text in ("MOTO", "5,12"):
        phones.say(phone, text)
        settle(address)
    phones.change_number(phone, "595981000009")
    phones.say(phone, "confirmar")
    settle(address)
    order = Order.objects.get()
    assert order.status == Order.Status.PENDING_PAYMENT
    assert order.player.contact.bsuid == phone.bsuid
    assert order.player.contact.wa_id == "595981000009"
    assert order.code in phones.inbox_of(phone)[-1].payload["body"]
