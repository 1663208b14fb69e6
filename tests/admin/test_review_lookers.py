"""Who may look at the desk and decide nothing keeps no card from those who may."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from raffles.desk.models import Card, Handover
from tests.admin.conftest import ClientOf
from tests.admin.test_review_pages import LOOK, opened, reviewed


def taken_over(client: Client, order_id: int, whose: str) -> str:
    given = {"from": str(User.objects.get(username=whose).pk)}
    return str(client.post(reverse("desk_take_over", args=(order_id,)), given).json()["html"])


def test_without_a_right_to_decide_a_card_is_read_and_not_taken(desk: Client, client_of: ClientOf) -> None:
    order = reviewed()
    looker = client_of(*LOOK, username="eva")
    told = opened(looker, order)
    assert not told["mine"]
    assert not Card.objects.exists()
    assert "no right to decide about payments" in told["html"]
    assert 'data-act="open"' not in told["html"]
    assert opened(desk, order)["mine"]


def test_nor_is_it_taken_over(desk: Client, client_of: ClientOf) -> None:
    order = reviewed()
    looker = client_of(*LOOK, username="eva")
    opened(desk, order)
    assert 'data-act="take-over"' not in opened(looker, order)["html"]
    html = taken_over(looker, order.pk, "boss")
    assert "boss has it open" in html
    assert Card.objects.get().reviewer == User.objects.get(username="boss")
    assert not Handover.objects.exists()


@pytest.mark.parametrize("right", ["confirm_payment", "reject_proof", "pay_with_credit"])
def test_one_right_to_decide_is_enough(client_of: ClientOf, right: str) -> None:
    assert opened(client_of(*LOOK, f"sales.{right}", username="ada"), reviewed())["mine"]


def test_who_has_not_shown_the_second_factor_that_is_needed_is_led_to_it(
    client_of: ClientOf, settings: Settings
) -> None:
    order = reviewed()
    client = client_of(*LOOK, "sales.confirm_payment", username="ada")
    User.objects.get(username="ada").groups.add(Group.objects.create(name="tellers"))
    settings.SECOND_FACTOR_GROUPS = ("tellers",)
    told = opened(client, order)
    assert not told["mine"]
    assert "a second factor is needed" in told["html"]
    assert f'href="{reverse("second_factor")}"' in told["html"]
    assert not Card.objects.exists()


def test_who_lost_the_right_with_a_card_open_is_shown_no_buttons(client_of: ClientOf) -> None:
    order = reviewed()
    client = client_of(*LOOK, "sales.confirm_payment", username="ada")
    opened(client, order)
    ada = User.objects.get(username="ada")
    ada.user_permissions.remove(*ada.user_permissions.filter(codename="confirm_payment"))
    assert "review-bar" not in opened(client, order)["html"]
