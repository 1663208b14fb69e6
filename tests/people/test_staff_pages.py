"""Nobody gives away, or takes over, more than they have themselves."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from config.people.audit_words import changes_of
from raffles.audit.models import AuditEntry, Deed
from tests.admin.pages import page_of
from tests.people.doors import PASSWORD, equip

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

JOINED = {"date_joined_0": "2026-11-21", "date_joined_1": "12:00:00"}


@pytest.fixture
def administrator(ana: User, browser: Client) -> Client:
    call_command("make_groups", verbosity=0)
    ana.groups.add(Group.objects.get(name="administrator"))
    browser.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def rosa(**fields: Any) -> User:
    return User.objects.create_user("rosa", password=PASSWORD, is_staff=True, **fields)


def save(client: Client, user: User, **given: Any) -> Any:
    fields = {"username": user.username, "is_active": "on", "is_staff": "on", **JOINED, **given}
    return client.post(page_of(user), fields)


def test_an_administrator_puts_people_into_groups_within_their_own_rights(administrator: Client) -> None:
    operator = Group.objects.get(name="operator")
    assert save(administrator, rosa(), groups=[operator.pk]).status_code == 302
    assert list(User.objects.get(username="rosa").groups.all()) == [operator]


def test_an_administrator_makes_nobody_a_superuser_not_even_themselves(
    administrator: Client, ana: User
) -> None:
    right = Permission.objects.get(codename="delete_user")
    for user in (ana, rosa()):
        save(administrator, user, is_superuser="on", user_permissions=[right.pk], groups=[])
        user.refresh_from_db()
        assert not user.is_superuser
        assert not user.user_permissions.exists()


def test_a_group_that_may_more_is_no_choice(administrator: Client) -> None:
    more = Group.objects.create(name="owners")
    more.permissions.add(Permission.objects.get(codename="delete_user"))
    answer = save(administrator, rosa(), groups=[more.pk])
    assert answer.status_code == 200
    assert "groups" in answer.context["adminform"].form.errors


@pytest.mark.parametrize("kind", ["superuser", "closed superuser", "more rights", "closed with more rights"])
def test_who_may_more_is_looked_at_and_not_taken_over(administrator: Client, kind: str) -> None:
    user = rosa(is_superuser="superuser" in kind, is_active="closed" not in kind)
    if "more" in kind:
        user.user_permissions.add(Permission.objects.get(codename="delete_user"))
    assert administrator.get(page_of(user)).status_code == 200
    assert save(administrator, user, is_active="on").status_code == 403
    words = {"password1": "otra clave larga", "password2": "otra clave larga", "usable_password": "true"}
    address = reverse("admin:auth_user_password_change", args=(user.pk,))
    assert administrator.post(address, words).status_code == 403
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def test_an_administrator_changes_no_group(administrator: Client) -> None:
    group = Group.objects.get(name="operator")
    assert administrator.post(page_of(group), {"name": "operator"}).status_code == 403
    assert administrator.get(reverse("admin:auth_group_add")).status_code == 403


def shown_of(client: Client) -> dict[str, str]:
    """What the list says of each person, by name."""
    page = client.get(
        reverse("admin:auth_user_changelist"), headers={"accept-language": "en"}
    ).content.decode()
    rows = re.findall(r'<tr role="row".*?</tr>', page, re.DOTALL)
    told = [re.sub(r"<[^>]+>|\s+", " ", row).split() for row in rows]
    return {words[0]: " ".join(words[1:]) for words in told}


def test_the_list_of_people_tells_groups_second_factor_and_who_may_enter(desk: Client) -> None:
    call_command("make_groups", verbosity=0)
    user = rosa(first_name="Rosa", last_name="Duarte")
    user.groups.add(Group.objects.get(name="operator"))
    equip(user)
    User.objects.create_user("gone", password=PASSWORD, is_active=False)
    User.objects.create_user("player", password=PASSWORD)
    told = shown_of(desk)
    assert told["rosa"].startswith("Rosa Duarte operator set up works here")
    assert "none yet closed" in told["gone"]
    assert "none yet may not enter" in told["player"]
    assert "everything none yet works here" in told["boss"]


def test_roles_are_told_in_the_readers_language_and_other_groups_as_they_are_called(desk: Client) -> None:
    call_command("make_groups", verbosity=0)
    user = rosa()
    user.groups.set([Group.objects.get(name="prize officer"), Group.objects.create(name="Feria")])
    pages = [page_of(user), *(reverse(f"admin:auth_{name}_changelist") for name in ("user", "group"))]
    for address in pages:
        page = desk.get(address, headers={"accept-language": "es"}).content.decode()
        told = re.sub(r"<[^>]+>", " ", page)
        assert ("encargado de premios" in told, "prize officer" in told) == (True, False), address
        assert "Feria" in told
    save(desk, user, groups=[Group.objects.get(name="prize officer").pk])
    (line,) = AuditEntry.objects.filter(action=Deed.USER_CHANGED)
    with override("es"):
        assert ("grupos", "Feria, encargado de premios", "encargado de premios") in changes_of(line, "")


def test_the_list_of_people_asks_as_much_for_many_as_for_few(
    desk: Client, django_assert_max_num_queries: Any
) -> None:
    operators = Group.objects.create(name="some")
    for number in range(20):
        User.objects.create_user(f"person{number}", is_staff=True).groups.add(operators)
    with django_assert_max_num_queries(15):
        shown_of(desk)


def test_the_rights_to_choose_from_are_those_of_the_product(desk: Client) -> None:
    page = desk.get(reverse("admin:auth_group_add")).context["adminform"].form
    offered = {right.content_type.app_label for right in page.fields["permissions"].queryset}
    assert {"sales", "raffles", "whatsapp", "auth"} <= offered
    assert not offered & {"account", "mfa", "sessions", "contenttypes", "axes", "admin"}
