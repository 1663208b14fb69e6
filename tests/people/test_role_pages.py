"""Every list, add and change page of every model, in each role, answers as docs/operations.md says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from config.people import role_table
from config.people.role_table import guide, rows_printed, shown_models
from config.people.roles import ROLES
from raffles.hooks.models import Subscription
from raffles.numbers.models import Raffle
from tests.admin.everything import make_everything
from tests.admin.pages import list_of, page_of

ENGLISH = {"accept-language": "en"}
EVERYTHING = "see, change, add, delete"

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows() -> None:
    """A row of every model, none of them a superuser's."""
    call_command("make_groups", verbosity=0)
    make_everything()


def client_in(role: str) -> Client:
    user = User.objects.create_user(f"{role}1", password="a long password of a test", is_staff=True)
    if role == "superuser":
        user.is_superuser = True
        user.save(update_fields=["is_superuser"])
    if role in ROLES:
        user.groups.add(Group.objects.get(name=role))
    if role == "organiser":
        user.raffles.add(*Raffle.objects.all())
        Subscription.objects.update(owner=user)
    client = Client(headers=ENGLISH)
    if role != "anonymous":
        client.force_login(user)
    return client


def promised(model: type[Model], role: str) -> set[str]:
    if role == "superuser":
        return {"see"}
    if role not in ROLES:
        return set()
    return set(rows_printed(guide().read_text())[model._meta.label][role].split(", "))


def row_of(model: type[Model]) -> Model | None:
    """test_every_page holds that everything of ours has one."""
    rows = model._default_manager.all()
    return rows.exclude(username__endswith="1").first() if model is User else rows.first()


def answers(client: Client, model: type[Model]) -> Iterator[tuple[str, int]]:
    yield "list", client.get(list_of(model)).status_code
    add = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
    yield "add", client.get(add).status_code
    row = row_of(model)
    if row is not None:
        yield "page", client.get(page_of(row)).status_code
        yield "save", client.post(page_of(row), {"_nothing": "at all"}).status_code
        yield "delete", client.get(page_of(row, "delete")).status_code


@pytest.mark.usefixtures("rows", "own_files", "today")
@pytest.mark.parametrize("role", list(ROLES))
def test_each_page_answers_a_role_as_the_guide_says(role: str) -> None:
    client, wrong = client_in(role), []
    for model in shown_models():
        words = promised(model, role)
        may = {"list": "see", "page": "see", "save": "change", "add": "add", "delete": "delete"}
        for page, status in answers(client, model):
            is_open = may[page] in words
            expected = {200, 302} if is_open else {403}
            if page in {"list", "page"} and is_open:
                expected = {200}
            if page == "delete" and is_open:
                expected = {200, 302, 403}  # a draft only, and what nothing hangs on
            if status not in expected:
                wrong.append((model._meta.label, page, status))
    assert wrong == []


@pytest.mark.usefixtures("rows", "own_files", "today")
def test_staff_without_rights_see_no_page() -> None:
    client = client_in("nobody")
    found = {
        (model._meta.label, page): status
        for model in admin.site._registry
        for page, status in answers(client, model)
    }
    assert {place: status for place, status in found.items() if status != 403} == {}


@pytest.mark.usefixtures("rows", "own_files", "today")
def test_who_is_not_signed_in_is_asked_to_everywhere() -> None:
    client = client_in("anonymous")
    for model in admin.site._registry:
        for page, status in answers(client, model):
            assert status == 302, (model, page)
        assert client.get(list_of(model)).headers["location"].startswith("/admin/login/?next="), model


@pytest.mark.usefixtures("rows", "own_files", "today")
def test_a_superuser_sees_every_list_and_page() -> None:
    client = client_in("superuser")
    for model in admin.site._registry:
        found = dict(answers(client, model))
        assert (found["list"], found.get("page", 200)) == (200, 200), model


def test_the_guide_prints_every_list_that_the_admin_shows() -> None:
    ours = {model._meta.label for model in admin.site._registry}
    assert {model._meta.label for model in shown_models()} == ours


def test_the_table_in_the_guide_is_that_of_the_code(settings: Settings, tmp_path: Path) -> None:
    call_command("role_table", "--check")
    (tmp_path / "docs").mkdir()
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs" / "operations.md").write_text(f"a\n{role_table.BEGIN}old\n{role_table.END}b\n")
    with pytest.raises(CommandError, match="out of date"):
        call_command("role_table", "--check")
    call_command("role_table")
    call_command("role_table", "--check")
    assert (tmp_path / "docs" / "operations.md").read_text().startswith("a\n<!-- roles -->\n| list |")
