"""A field without Bootstrap's class is a bare box of the browser, pale by day and narrow on a phone."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.admin.pages import text
from tests.factories import make_player

BARE = ("hidden", "submit", "checkbox", "radio")


def boxes(page: str) -> dict[str, tuple[str, set[str]]]:
    """By name, the type and the classes of what is typed into."""
    found = {}
    for tag in re.findall(r"<(?:input|textarea)\b[^>]*>", page):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if given.get("type") not in BARE and given.get("style") != "display: none":
            found[given.get("name", tag)] = (
                given.get("type", "textarea"),
                set(given.get("class", "").split()),
            )
    return found


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("admin:password_change", {"old_password", "new_password1", "new_password2"}),
        ("second_factor", {"code"}),
        ("admin:auth_user_add", {"username", "password1", "password2"}),
        ("admin:desk_destination_add", {"name", "url"}),
        ("admin:hooks_subscription_add", {"description", "url"}),
        ("admin:api_token_add", {"client", "networks"}),
    ],
)
def test_every_box_of_a_form_carries_the_class_of_the_theme(
    desk: Client, address: str, names: set[str]
) -> None:
    found = boxes(text(desk.get(reverse(address))))
    assert names <= set(found)
    assert {name: told for name, told in found.items() if "form-control" not in told[1]} == {}


def test_boxes_of_the_door_and_of_a_password_for_somebody_else_carry_it(desk: Client, boss: User) -> None:
    merging = reverse("admin:sales_player_merge", args=(make_player().pk,))
    password = reverse("admin:auth_user_password_change", args=(boss.pk,))
    pages = [Client().get(reverse("admin:login")), desk.get(password), desk.get(merging)]
    found = [boxes(text(page)) for page in pages]
    assert [len(each) > 0 for each in found] == [True] * 3
    assert [told for each in found for told in each.values() if "form-control" not in told[1]] == []


@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput,
        forms.PasswordInput,
        forms.URLInput,
        forms.EmailInput,
        forms.NumberInput,
        forms.Textarea,
    ],
)
def test_a_field_of_any_kind_carries_it_and_keeps_its_own_classes(widget: type[forms.Widget]) -> None:
    class Form(forms.Form):
        plain = forms.CharField(widget=widget)
        own = forms.CharField(widget=widget({"class": "vTextField form-control"}))
        agreed = forms.BooleanField(required=False)

    form = Form()
    assert 'class="form-control"' in str(form["plain"])
    assert 'class="vTextField form-control"' in str(form["own"])
    assert "form-control" not in str(form["agreed"])
    assert "form-control" not in str(form["plain"].as_hidden())
