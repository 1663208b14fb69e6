"""What staff do beside money, each with its line in the log: alerts, paper, take-overs, second thoughts."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from raffles.audit import recording
from raffles.audit.models import AuditEntry, Deed
from raffles.desk.actions import open_card, plan_verdict, take_over_card, undo_verdict
from raffles.desk.errors import CardTaken, UndoTooLate
from raffles.desk.models import Card, Destination, Verdict
from raffles.numbers.lifecycle import move_raffle
from raffles.numbers.models import Raffle
from raffles.sales.models import Actor, Order
from raffles.sales.queries import stamp_of
from tests.admin.pages import page_of, text
from tests.factories import NOW, make_order, make_raffle, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "own_files")]

SECRET = "https://hooks.example/T000/very-secret"
LATER = NOW + timedelta(seconds=3)


def lines(deed: Deed) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action=deed).order_by("pk"))


def typed(**answers: Any) -> dict[str, Any]:
    given = {"name": "Cashiers", "channel": "WEBHOOK", "url": SECRET, "player": ""}
    return {**given, "kinds": ["LATE_PROOF"], "is_active": "on", **answers}


def test_a_destination_of_alerts_is_told_without_its_secret(desk: Client, boss: User, settings: Any) -> None:
    settings.STAFF_WEBHOOKS_LOCAL = True
    local = "http://127.0.0.1:1/{}"
    desk.post(reverse("admin:desk_destination_add"), typed(url=local.format("very-secret")))
    place = Destination.objects.get()
    (added,) = lines(Deed.DESTINATION_ADDED)
    assert (added.user, added.after["host"], added.after["kinds"]) == (boss, "127.0.0.1", ["LATE_PROOF"])
    desk.post(page_of(place), typed(url=local.format("other-secret"), kinds=["REFUND_DUE"]))
    desk.post(page_of(place), typed(url=local.format("other-secret"), kinds=["REFUND_DUE"], is_active=""))
    first, second = lines(Deed.DESTINATION_CHANGED)
    assert first.before == {"kinds": ["LATE_PROOF"]}
    assert first.after == {"kinds": ["REFUND_DUE"], "address": "changed"}
    assert (second.before, second.after) == ({"is_active": True}, {"is_active": False})
    for line in (added, first, second):
        assert "secret" not in f"{line.before}{line.after}{line.subject_label}"


def test_a_destination_that_was_saved_as_it_is_leaves_no_line(desk: Client) -> None:
    place = Destination.objects.create(
        name="Cashiers", channel="WEBHOOK", url=SECRET, kinds=["LATE_PROOF"], since=NOW
    )
    assert desk.post(page_of(place), typed()).status_code == 302
    assert lines(Deed.DESTINATION_CHANGED) == []


def test_sales_on_paper_are_told_as_a_whole_with_the_file_and_who(desk: Client, boss: User) -> None:
    raffle = make_raffle()
    content = "number,name,phone,amount\n7,Ana,+595981222333,50000\n8,Bruno,,50000\n9,Bruno,,50000\n"
    file = SimpleUploadedFile("feria de mayo.csv", content.encode())
    page = desk.post(page_of(raffle, "paper"), {"file": file})
    assert lines(Deed.SALES_IMPORTED) == []
    found = re.search(r'name="checked" value="([^"]+)"', text(page))
    assert found
    desk.post(page_of(raffle, "paper"), {"checked": found[1]})
    (line,) = lines(Deed.SALES_IMPORTED)
    assert (line.user, line.subject_label) == (boss, raffle.code)
    assert line.after == {"file": "feria de mayo.csv", "rows": 3, "numbers": 3, "orders": 2, "refused": 0}


def verdict_of(order: Order, by: User) -> Verdict:
    open_card(order_id=order.pk, by=by, now=NOW)
    given = {"words": "No se lee"}
    return plan_verdict(
        order_id=order.pk, kind=Verdict.Kind.REJECT, given=given, seen=stamp_of(order), by=by, now=NOW
    )


def test_a_decision_that_was_undone_is_told_once() -> None:
    order, rosa = make_order(status="UNDER_REVIEW"), make_staff("rosa")
    verdict = verdict_of(order, rosa)
    undo_verdict(verdict_id=verdict.pk, by=rosa, now=LATER)
    with pytest.raises(UndoTooLate):
        undo_verdict(verdict_id=verdict.pk, by=rosa, now=LATER)
    (line,) = lines(Deed.VERDICT_UNDONE)
    assert (line.actor, line.at, line.subject_label) == ("staff:rosa", LATER, order.code)
    assert line.before == {"decision": "REJECT", "decided_at": NOW.isoformat()}


def test_a_card_that_was_taken_over_is_told_with_both_names_and_a_refused_one_not() -> None:
    order, rosa, juan = make_order(status="UNDER_REVIEW"), make_staff("rosa"), make_staff("juan")
    open_card(order_id=order.pk, by=rosa, now=NOW)
    with pytest.raises(CardTaken):
        take_over_card(order_id=order.pk, from_user_id=juan.pk, by=juan, now=LATER)
    take_over_card(order_id=order.pk, from_user_id=rosa.pk, by=juan, now=LATER)
    (line,) = lines(Deed.CARD_TAKEN)
    assert (line.user, line.subject_label) == (juan, order.code)
    assert (line.before, line.after) == ({"reviewer": "rosa"}, {"reviewer": "juan"})


def test_what_cannot_be_told_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line and the deed stand or fall together."""
    order, raffle, rosa, juan = make_order(status="UNDER_REVIEW"), make_raffle(), *map(make_staff, "rj")
    verdict = verdict_of(order, rosa)
    monkeypatch.setattr(recording, "plain", lambda _fields: 1 / 0)
    for deed in (
        lambda: undo_verdict(verdict_id=verdict.pk, by=rosa, now=LATER),
        lambda: take_over_card(order_id=order.pk, from_user_id=rosa.pk, by=juan, now=LATER),
        lambda: move_raffle(raffle.pk, to="PAUSED", actor=Actor.staff(rosa), now=LATER),
    ):
        with pytest.raises(ZeroDivisionError):
            deed()
    verdict.refresh_from_db()
    assert verdict.status == "PLANNED"
    assert Card.objects.get().reviewer == rosa
    assert Raffle.objects.get(pk=raffle.pk).status == "ACTIVE"
