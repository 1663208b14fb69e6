"""The page of a raffle where sales made on paper come in."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from raffles.numbers.models import Raffle
from raffles.sales.models import Order
from tests.admin.conftest import ClientOf
from tests.admin.pages import page_of, text, told
from tests.factories import NOW, make_order, make_raffle

FILE = "number,name,phone,amount\n7,Ana <script>,+595981222333,50000\n8,Bruno,,50000\n"
RIGHTS = ("raffles.view_raffle", "raffles.import_sales")


def upload(client: Client, raffle: Raffle, content: str = FILE) -> Any:
    file = SimpleUploadedFile("paper.csv", content.encode())
    return client.post(page_of(raffle, "paper"), {"file": file}, follow=True)


def confirm(client: Client, raffle: Raffle, answer: Any) -> Any:
    found = re.search(r'name="checked" value="([^"]+)"', text(answer))
    assert found
    return client.post(page_of(raffle, "paper"), {"checked": found[1]}, follow=True)


def test_a_file_is_checked_first_and_then_imported(client_of: ClientOf) -> None:
    raffle = make_raffle()
    clerk = client_of(*RIGHTS)
    answer = upload(clerk, raffle)
    assert "2 numbers can be imported." in text(answer)
    assert not Order.objects.exists()
    assert "2 numbers imported" in told(confirm(clerk, raffle, answer))
    assert set(Order.objects.values_list("status", "payments__method")) == {("PAID", "cash")}
    again = text(upload(clerk, raffle))
    assert "2 were imported before and stay as they are." in again
    assert 'name="checked"' not in again


def test_pressed_twice_it_is_imported_once(client_of: ClientOf) -> None:
    raffle = make_raffle()
    clerk = client_of(*RIGHTS)
    answer = upload(clerk, raffle)
    confirm(clerk, raffle, answer)
    assert "were imported before" in text(confirm(clerk, raffle, answer))
    assert Order.objects.count() == 2


def test_wrong_rows_are_listed_and_nothing_can_be_imported(client_of: ClientOf) -> None:
    raffle = make_raffle()
    make_order(raffle=raffle, numbers=(8,))
    page = text(upload(client_of(*RIGHTS), raffle, FILE + "<b>,Eva,,50000\n"))
    assert "Row 3: Number 08 is taken." in page
    assert "Row 4: “&lt;b&gt;” is no number of this raffle." in page
    assert 'name="checked"' not in page


def test_a_row_that_was_lost_since_the_check_stops_the_import(client_of: ClientOf) -> None:
    raffle = make_raffle()
    clerk = client_of(*RIGHTS)
    answer = upload(clerk, raffle)
    make_order(raffle=raffle, numbers=(8,))
    assert "Row 3: Number 08 is taken." in text(confirm(clerk, raffle, answer))
    assert Order.objects.count() == 1


def test_a_file_that_cannot_be_read_is_said_beside_its_field(client_of: ClientOf) -> None:
    page = text(upload(client_of(*RIGHTS), make_raffle(), "one,two\n1,2\n"))
    assert "The first row must head these columns" in page


def test_a_check_of_another_raffle_an_old_or_an_invented_one_imports_nothing(client_of: ClientOf) -> None:
    raffle, other = make_raffle(), make_raffle()
    clerk = client_of(*RIGHTS)
    answer = upload(clerk, raffle)
    assert "Nothing was imported." in told(confirm(clerk, other, answer))
    invented = clerk.post(page_of(raffle, "paper"), {"checked": "invented"}, follow=True)
    assert "Nothing was imported." in told(invented)
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        assert "Nothing was imported." in told(confirm(clerk, raffle, answer))
    assert not Order.objects.exists()


@pytest.mark.parametrize("rights", [("raffles.view_raffle",), ("raffles.import_sales",), ()])
def test_importing_needs_its_own_right(client_of: ClientOf, rights: tuple[str, ...]) -> None:
    raffle = make_raffle()
    client = client_of(*rights)
    assert client.get(page_of(raffle, "paper")).status_code == 403
    assert upload(client, raffle).status_code == 403
    assert Client().get(page_of(raffle, "paper")).status_code == 302


def test_who_owes_a_second_factor_imports_nothing(client_of: ClientOf, settings: Settings) -> None:
    raffle, clerk = make_raffle(), client_of(*RIGHTS)
    assert clerk.get(page_of(raffle, "paper")).status_code == 200
    settings.SECOND_FACTOR_GROUPS = ["cashiers"]
    User.objects.get(username="ana").groups.add(Group.objects.create(name="cashiers"))
    assert upload(clerk, raffle).status_code == 403
    assert not Order.objects.exists()


def test_the_page_of_a_raffle_leads_there_only_who_may(client_of: ClientOf) -> None:
    raffle = make_raffle()
    address = page_of(raffle, "paper")
    assert address in text(client_of(*RIGHTS).get(page_of(raffle)))
    assert address not in text(client_of("raffles.view_raffle", username="zoe").get(page_of(raffle)))


def test_there_is_no_such_page_of_a_raffle_that_is_not_there(desk: Client) -> None:
    assert desk.get(reverse("admin:raffles_raffle_paper", args=(999,))).status_code == 404
