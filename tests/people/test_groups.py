from __future__ import annotations

import io

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command

from config.people import groups
from config.people.groups import name_of
from config.people.roles import ROLES

pytestmark = pytest.mark.django_db


def run() -> str:
    out = io.StringIO()
    call_command("make_groups", stdout=out)
    return out.getvalue()


def rights(role: str) -> set[str]:
    return {name_of(one) for one in Group.objects.get(name=role).permissions.select_related("content_type")}


def test_each_group_has_exactly_the_rights_of_the_table() -> None:
    run()
    assert {role: rights(role) for role in ROLES} == {role: set(names) for role, names in ROLES.items()}


def test_a_second_run_changes_nothing_and_makes_no_second_group() -> None:
    run()
    before = {row.pk: row.name for row in Group.objects.all()}
    assert run() == "The groups are as they should be; nothing was changed\n"
    assert {row.pk: row.name for row in Group.objects.all()} == before


def test_a_right_that_is_not_in_the_table_is_taken_away_and_told() -> None:
    run()
    more = Permission.objects.get(content_type__app_label="raffles", codename="delete_raffle")
    Group.objects.get(name="operator").permissions.add(more)
    assert "operator: raffles.delete_raffle was taken away" in run()
    assert rights("operator") == ROLES["operator"]


def test_groups_of_the_staffs_own_are_left_alone() -> None:
    own = Group.objects.create(name="accountants")
    own.permissions.add(Permission.objects.get(codename="view_payment"))
    run()
    assert {name_of(one) for one in own.permissions.all()} == {"sales.view_payment"}


def test_a_right_that_no_room_has_stops_the_command_before_it_changes_anything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(groups, "ROLES", {"operator": frozenset({"sales.view_order", "sales.fly"})})
    with pytest.raises(CommandError, match=r"No such rights: sales\.fly"):
        run()
    assert not Group.objects.exists()


def test_an_operator_can_confirm_and_neither_edits_raffles_nor_sends_money_back() -> None:
    assert "sales.confirm_payment" in ROLES["operator"]
    of_raffles = {name for name in ROLES["operator"] if name.endswith("_raffle")}
    assert of_raffles == {"raffles.see_every_raffle"}  # its orders, and no page of it
    assert not ROLES["operator"] & {"sales.make_refund", "sales.refund_order"}


def test_an_auditor_changes_nothing() -> None:
    others = {name for name in ROLES["auditor"] if not name.partition(".")[2].startswith("view_")}
    assert others == {"raffles.see_every_raffle"}


def test_every_role_but_the_administrator_leaves_users_alone() -> None:
    for role in ("operator", "organiser", "auditor"):
        assert not ROLES[role] & {"auth.add_user", "auth.change_user", "auth.change_group"}, role
