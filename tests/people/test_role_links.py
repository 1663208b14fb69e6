"""What a role is shown leads nowhere that it may not go; where it goes all the same it is told why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from config.people.roles import ROLES
from raffles.numbers.models import Ticket
from raffles.sales.models import Order, Player
from tests.admin.pages import fetch, list_of, page_of, text
from tests.people.test_role_pages import client_in, rows
from whatsapp.models import Contact

__all__ = ["rows"]

LINK = re.compile(r'(?:href|src)="([^"#?][^"]*)"')

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rows", "own_files", "today")]


def links_on(page: str, address: str) -> set[str]:
    """Of the page itself: menu and bread crumbs are the same everywhere."""
    itself = page[page.index('class="app-content"') :]
    found = {urljoin(address, link.replace("&amp;", "&")) for link in LINK.findall(itself)}
    return {link for link in found if link.startswith("/admin/")}


def shut(client: Client, page: str, address: str) -> list[str]:
    return [link for link in sorted(links_on(page, address)) if fetch(client, link).status_code == 403]


def shown_rows() -> Iterator[Model]:
    yield from Order.objects.all()
    yield from Player.objects.all()[:2]
    yield Contact.objects.exclude(inbound_events=None).get()


@pytest.mark.parametrize("role", list(ROLES))
def test_no_page_of_an_order_a_player_or_a_chat_leads_to_a_refusal(role: str) -> None:
    client, found = client_in(role), dict[str, list[str]]()
    for row in shown_rows():
        address = page_of(row)
        answer = client.get(address)
        assert answer.status_code == 200, address
        if closed := shut(client, text(answer), address):
            found[address] = closed
    assert found == {}


@pytest.mark.parametrize("role", ["operator", "organiser", "auditor", "administrator"])
def test_no_list_of_tickets_leads_to_a_refusal(role: str) -> None:
    client, address = client_in(role), list_of(Ticket)
    page = text(client.get(address))
    assert str(Ticket.objects.latest("pk").raffle) in page
    assert shut(client, page, address) == []


@pytest.mark.parametrize("role", ["operator", "organiser", "auditor", "administrator"])
def test_no_card_of_the_desk_leads_to_a_refusal(role: str) -> None:
    client = client_in(role)
    order = Order.objects.filter(status=Order.Status.UNDER_REVIEW, player__name="Bruno").first()
    assert order is not None
    address = reverse("desk_card", args=(order.pk,))
    card = client.get(address).json()["html"]
    assert f"order__id__exact={order.pk}" in card
    assert shut(client, 'class="app-content"' + card, address) == []


def test_what_a_prize_officer_may_not_see_of_an_order_is_not_on_its_page() -> None:
    order = Order.objects.filter(status=Order.Status.UNDER_REVIEW, player__name="Bruno").first()
    assert order is not None
    assert "<h2>Proofs</h2>" in text(client_in("operator").get(page_of(order)))
    assert "<h2>Proofs</h2>" not in text(client_in("prize officer").get(page_of(order)))


@pytest.mark.parametrize(("language", "words"), [("es", "no tiene permiso"), ("pt-br", "não tem permissão")])
def test_who_goes_where_they_may_not_is_told_so_and_finds_back(language: str, words: str) -> None:
    answer = client_in("operator").get(
        list_of(Contact).replace("whatsapp/contact", "auth/user"), headers={"accept-language": language}
    )
    assert answer.status_code == 403
    assert words in text(answer)
    assert 'href="/admin/"' in text(answer)
