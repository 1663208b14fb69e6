from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.db.models import Model
from django.test import Client

from raffles.numbers.models import Raffle
from raffles.sales.models import Order, PaymentProof, Player
from tests.admin.chats import make_contact
from tests.admin.pages import fetch, list_of, page_of, text
from tests.factories import make_order, make_player, make_raffle
from whatsapp.models import Contact

LINK = re.compile(r'(?:href|src)="([^"#?][^"]*)"')
LEAVING = ("/admin/logout/", "/static/")


def broken_links(client: Client, address: str) -> list[str]:
    """Links of a page, read as a browser reads them, that do not answer."""
    page = client.get(address)
    assert page.status_code == 200, address
    found = {urljoin(address, link.replace("&amp;", "&")) for link in LINK.findall(text(page))}
    inside = [link for link in sorted(found) if not urlsplit(link).netloc and not link.startswith(LEAVING)]
    assert inside, address
    return [link for link in inside if fetch(client, link).status_code not in {200, 302, 405}]


@pytest.mark.parametrize("status", Order.Status.values)
def test_every_link_of_an_order_in_any_status_answers(desk: Client, status: str) -> None:
    contact = make_contact(player=make_player())
    order = make_order(player=contact.player, status=status)
    assert broken_links(desk, page_of(order)) == []


def test_every_link_of_what_belongs_to_an_order_answers(desk: Client) -> None:
    contact = make_contact(player=make_player())
    order = make_order(raffle=make_raffle(), player=contact.player, status=Order.Status.UNDER_REVIEW)
    raffle = Raffle.objects.get()
    rows: list[Model] = [contact.player, contact, raffle, order.proofs.get()]
    assert [link for row in rows for link in broken_links(desk, page_of(row))] == []


@pytest.mark.parametrize("model", [Order, Player, Contact, PaymentProof, Raffle])
def test_every_link_of_a_list_answers(desk: Client, model: type[Model]) -> None:
    contact = make_contact(player=make_player())
    make_order(player=contact.player, status=Order.Status.UNDER_REVIEW)
    assert broken_links(desk, list_of(model)) == []
