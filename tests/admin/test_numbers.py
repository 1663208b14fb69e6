"""Staff see whether messages leave and why not, stop them and let them go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.admin.chats import make_contact, sent
from tests.admin.conftest import ClientOf
from tests.admin.pages import list_of, page_of, text, told
from tests.factories import NOW
from whatsapp import outbox, switch
from whatsapp.models import BusinessNumber, OutboundMessage

REASON = "the draw <b>was moved</b>"
SAFE = "the draw &lt;b&gt;was moved&lt;/b&gt;"


@pytest.fixture
def number(db: None) -> BusinessNumber:
    return switch.number()


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    calls: list[bool] = []
    monkeypatch.setattr(outbox, "wake", lambda: calls.append(True))
    return calls


def fresh(number: BusinessNumber) -> BusinessNumber:
    return BusinessNumber.objects.get(pk=number.pk)


def step(number: BusinessNumber, name: str) -> str:
    return reverse(f"admin:whatsapp_businessnumber_{name}", args=(number.pk,))


def press(client: Client, number: BusinessNumber, name: str, **given: str) -> Any:
    return client.post(step(number, name), given, follow=True)


def test_the_list_has_the_number_before_anything_was_ever_sent(desk: Client, db: None) -> None:
    assert "100000000000001" in text(desk.get(list_of(BusinessNumber)))
    assert "messages leave" in text(desk.get(page_of(BusinessNumber.objects.get())))


def test_rows_of_other_numbers_are_not_shown(desk: Client, number: BusinessNumber) -> None:
    other = BusinessNumber.objects.create(phone_number_id="999999999")
    assert "999999999" not in text(desk.get(list_of(BusinessNumber)))
    assert desk.get(step(other, "pause")).status_code == 404


def test_pausing_takes_a_reason_and_is_shown_with_who_and_why(
    desk: Client, boss: User, number: BusinessNumber
) -> None:
    page = text(desk.get(page_of(number)))
    assert step(number, "pause") in page
    assert step(number, "resume") not in page
    assert "Pause sending" in text(desk.get(step(number, "pause")))
    for nothing in ({}, {"reason": "   "}, {"reason": "x" * 256}, {"reason": "a\x00b"}):
        assert "desk-field-wrong" in text(press(desk, number, "pause", **nothing))
    assert fresh(number).paused_at is None
    assert told(press(desk, number, "pause", reason=REASON)) == "Sending is paused."
    row = fresh(number)
    assert (row.paused_at, row.paused_by, row.pause_reason) == (NOW, "boss", REASON)
    page = text(desk.get(page_of(number)))
    assert f"by boss: {SAFE}" in page
    assert step(number, "resume") in page
    assert LogEntry.objects.get().get_change_message() == f"Pause sending: {REASON}"


def test_resuming_lets_everything_go_and_wakes_the_sender(
    desk: Client, number: BusinessNumber, woken: list[bool], django_capture_on_commit_callbacks: Any
) -> None:
    switch.note_no_answer(9, now=NOW)
    switch.pause(by="Marta", reason="x", now=NOW)
    assert desk.get(step(number, "resume")).status_code == 200
    assert fresh(number).paused_at is not None  # looking is not pressing
    with django_capture_on_commit_callbacks(execute=True):
        assert told(press(desk, number, "resume")) == "Sending is resumed."
    row = fresh(number)
    assert (row.paused_at, row.held_until, row.failures_in_row) == (None, None, 0)
    assert woken == [True]


def test_what_somebody_else_did_meanwhile_is_told_and_changes_nothing(
    desk: Client, number: BusinessNumber, woken: list[bool]
) -> None:
    switch.pause(by="Marta", reason="first", now=NOW)
    for name, given in (("pause", {"reason": "second"}), ("allow_templates", {})):
        assert "someone did this already" in told(press(desk, number, name, **given))
    assert fresh(number).pause_reason == "first"
    switch.resume(now=NOW)
    assert "someone did this already" in told(press(desk, number, "resume"))
    assert woken == []


def test_templates_are_allowed_again_and_what_waited_for_one_is_queued(
    desk: Client, number: BusinessNumber
) -> None:
    BusinessNumber.objects.update(templates_paused_at=NOW)
    contact = make_contact()
    waiting = sent(contact, "paid", status="WAITING", template_key="order_paid", sent_at=None)
    chat = sent(contact, "hello", status="WAITING", sent_at=None)
    assert "Meta limits them" in text(desk.get(page_of(number)))
    assert told(press(desk, number, "allow_templates")) == "Templates may leave again."
    assert fresh(number).templates_paused_at is None
    states = [OutboundMessage.objects.get(pk=row.pk).status for row in (waiting, chat)]
    assert states == ["QUEUED", "WAITING"]


def test_the_page_counts_what_waits_and_each_count_leads_to_its_list(
    desk: Client, number: BusinessNumber
) -> None:
    contact = make_contact()
    sent(contact, "a", status="QUEUED", sent_at=None)
    sent(contact, "b", status="SENDING", sent_at=None, lease_until=NOW)
    sent(contact, "c", status="WAITING", sent_at=None)
    sent(contact, "d", status="FAILED", failed_at=NOW - timedelta(hours=23))
    sent(contact, "e", status="FAILED", failed_at=NOW - timedelta(hours=25))
    BusinessNumber.objects.update(quality="RED", messaging_limit="TIER_2K", failures_in_row=3)
    page = text(desk.get(page_of(number)))
    for words in ("2 queued", "1 waiting for the player", "1 failed in 24 hours", "RED", "TIER_2K"):
        assert words in page
    for query, count in (
        ({"status__in": "QUEUED,SENDING"}, 2),
        ({"status__exact": "FAILED", "failed_at__gte": (NOW - timedelta(hours=24)).isoformat()}, 1),
    ):
        answer = desk.get(list_of(OutboundMessage), query)
        assert answer.context["cl"].result_count == count


def test_a_hold_and_a_trial_are_told_in_words(desk: Client, number: BusinessNumber) -> None:
    switch.note_no_answer(5, now=NOW)
    assert "held until" in text(desk.get(page_of(number)))
    BusinessNumber.objects.update(held_until=NOW)
    assert "trying one message" in text(desk.get(page_of(number)))


def test_every_page_says_that_nothing_leaves_and_why(desk: Client, number: BusinessNumber) -> None:
    pages = (reverse("admin:index"), list_of(OutboundMessage), page_of(number))
    assert all("No message leaves" not in text(desk.get(page)) for page in pages)
    switch.pause(by="Marta", reason=REASON, now=NOW)
    for page in pages:
        assert "No message leaves since" in text(desk.get(page))
        assert SAFE in text(desk.get(page))
    switch.resume(now=NOW)
    switch.hold(until=NOW + timedelta(minutes=5), reason="Meta does not answer")
    assert all("No message leaves until" in text(desk.get(page)) for page in pages)
    BusinessNumber.objects.update(held_until=NOW)
    assert all("No message leaves" not in text(desk.get(page)) for page in pages)


def test_a_stranger_at_the_door_is_not_told(client: Client, number: BusinessNumber) -> None:
    switch.pause(by="Marta", reason=REASON, now=NOW)
    assert "No message leaves" not in text(client.get(reverse("admin:login")))


@pytest.mark.parametrize("name", ["pause", "resume", "allow_templates"])
def test_only_who_may_pause_sees_the_buttons_and_can_press_them(
    client_of: ClientOf, number: BusinessNumber, name: str
) -> None:
    reader = client_of("whatsapp.view_businessnumber", "whatsapp.change_businessnumber")
    assert step(number, name) not in text(reader.get(page_of(number)))
    assert reader.get(step(number, name)).status_code == 403
    assert press(reader, number, name, reason="x").status_code == 403
    blind = client_of("whatsapp.pause_sending", username="eva")
    assert press(blind, number, name, reason="x").status_code == 403
    assert fresh(number).paused_at is None


def test_who_may_pause_needs_no_other_right(client_of: ClientOf, number: BusinessNumber) -> None:
    marta = client_of("whatsapp.view_businessnumber", "whatsapp.pause_sending", username="marta")
    assert told(press(marta, number, "pause", reason="x")) == "Sending is paused."


def test_a_press_without_the_token_of_the_page_is_refused(boss: User, number: BusinessNumber) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(boss)
    assert strict.post(step(number, "pause"), {"reason": "x"}).status_code == 403
    assert fresh(number).paused_at is None


def test_nothing_is_typed_added_or_deleted(desk: Client, number: BusinessNumber) -> None:
    assert desk.get(reverse("admin:whatsapp_businessnumber_add")).status_code == 403
    assert desk.get(page_of(number, "delete")).status_code == 403
    assert desk.post(page_of(number), {"quality": "GREEN"}).status_code == 403
