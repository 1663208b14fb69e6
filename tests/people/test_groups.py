from __future__ import annotations

import io

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command

from config.management.commands.make_groups import Command
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
    for role in set(ROLES) - {"administrator"}:
        assert not ROLES[role] & {"auth.add_user", "auth.change_user", "auth.change_group"}, role


def test_who_won_is_known_to_those_who_hand_over_and_to_who_sees_everything() -> None:
    knowing = {role for role, rights in ROLES.items() if "draws.view_award" in rights}
    assert knowing == {"prize officer", "auditor", "administrator"}
    deciding = {
        role for role, rights in ROLES.items() if rights & {"draws.hand_over_award", "draws.lose_award"}
    }
    assert deciding == {"prize officer", "administrator"}


def test_a_prize_officer_decides_about_prizes_and_nothing_else() -> None:
    decisions = {name for name in ROLES["prize officer"] if not name.partition(".")[2].startswith("view_")}
    assert decisions == {
        "draws.hand_over_award",
        "draws.lose_award",
        "desk.change_staffnotification",
        "raffles.see_every_raffle",
        "whatsapp.write_note",
    }


def test_an_operator_looks_at_draws_and_an_organiser_leads_those_of_their_own() -> None:
    of_draws = {
        role: {name for name in rights if name.startswith("draws.")} for role, rights in ROLES.items()
    }
    assert of_draws["operator"] == {"draws.view_draw"}
    assert of_draws["organiser"] == {
        "draws.view_draw",
        "draws.change_draw",
        "draws.change_rule",
        "draws.decide_entries",
        "draws.type_result",
        "draws.call_off_draw",
        "draws.issue_minutes",
    }


def test_the_command_names_every_group_it_makes() -> None:
    assert [role for role in ROLES if role not in Command.help] == []
