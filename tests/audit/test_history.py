"""The button “History” of every page leads to what the audit log says of that row."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.db.models import Model
from django.test import Client

from raffles.audit.models import AuditEntry, Deed
from raffles.audit.recording import record
from tests.admin.conftest import ENGLISH, ClientOf
from tests.admin.pages import list_of, listed, page_of, text
from tests.factories import NOW, make_player, make_raffle, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "own_files")]


def log_of(row: Model) -> str:
    return f"{list_of(AuditEntry)}?of={row._meta.label}%3A{row.pk}"


def test_the_button_leads_to_the_lines_of_that_row_and_no_other(desk: Client) -> None:
    bike, trip = make_raffle(), make_raffle()
    for raffle in (bike, trip):
        desk.post(page_of(raffle, "pause"))
    line = AuditEntry.objects.get(subject_id=str(bike.pk), action=Deed.RAFFLE_MOVED)
    assert f'href="{log_of(bike)}"' in text(desk.get(page_of(bike)))
    assert listed(desk, AuditEntry, of=f"raffles.Raffle:{bike.pk}") == {line.pk}


def test_rows_of_two_models_with_one_key_are_kept_apart(desk: Client) -> None:
    raffle = make_raffle()
    of_raffle = record(Deed.RAFFLE_ADDED, subject=raffle, label=raffle.code, actor="x", now=NOW)
    record(Deed.CHAT_SEEN, subject=make_player(pk=raffle.pk), label="#1", actor="x", now=NOW)
    assert listed(desk, AuditEntry, of=f"raffles.Raffle:{raffle.pk}") == {of_raffle.pk}
    page = text(desk.get(log_of(raffle)))
    assert f">{raffle.code}</option>" in page.replace("\n", "").replace("  ", "")


@pytest.mark.parametrize(
    "make", [make_raffle, make_player, make_staff, lambda: Group.objects.create(name="x")]
)
def test_the_page_of_history_itself_leads_there_too(desk: Client, make: object) -> None:
    assert callable(make)
    row = make()
    answer = desk.get(page_of(row, "history"))
    assert (answer.status_code, answer.headers["location"]) == (302, log_of(row))
    assert desk.get(log_of(row)).status_code == 200


def test_who_may_not_read_the_log_is_shown_no_button(client_of: ClientOf) -> None:
    raffle = make_raffle()
    for name, rights, is_shown in (
        ("ana", ["raffles.view_raffle"], False),
        ("eva", ["raffles.view_raffle", "audit.view_auditentry"], True),
    ):
        client = client_of(*rights, username=name)
        assert ("?of=" in text(client.get(page_of(raffle)))) is is_shown
        assert client.get(page_of(raffle, "history")).status_code == (302 if is_shown else 403)


def test_whoever_may_read_the_log_and_not_the_row_learns_nothing(client_of: ClientOf) -> None:
    assert client_of("audit.view_auditentry").get(page_of(make_raffle(), "history")).status_code == 403


def test_an_organiser_who_sees_no_line_of_the_log_is_not_led_to_an_empty_list() -> None:
    call_command("make_groups", verbosity=0)
    ana, raffle = make_staff("ana"), make_raffle()
    raffle.organisers.add(ana)
    ana.groups.add(Group.objects.get(name="organiser"))
    ana.user_permissions.add(Permission.objects.get(codename="view_auditentry"))
    client = Client(headers=ENGLISH)
    client.force_login(User.objects.get(pk=ana.pk))
    assert "?of=" not in text(client.get(page_of(raffle)))


def test_a_line_of_the_log_has_no_history_of_its_own(desk: Client) -> None:
    entry = record(Deed.SIGNED_IN, actor="x", now=NOW)
    assert "?of=" not in text(desk.get(page_of(entry)))


def test_a_row_that_is_not_there_has_no_history(desk: Client) -> None:
    raffle = make_raffle()
    address = page_of(raffle, "history")
    raffle.delete()
    assert desk.get(address).status_code == 404
