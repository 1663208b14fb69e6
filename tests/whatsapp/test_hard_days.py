"""Meta is away for hours or tells half of something, or a process ends in between: messages still leave."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from raffles.desk.models import StaffNotification
from tests.whatsapp.chat import make_contact, queue
from tests.whatsapp.graph import HANG_UP, Answer, Graph
from tests.whatsapp.meta import ANA, NOW, Person, receive, status, statuses
from whatsapp import outbox, switch
from whatsapp.invariants import violations
from whatsapp.models import Contact, MessageTemplate, OutboundMessage
from whatsapp.outbox import refusals
from whatsapp.outbox.claims import claim, lease
from whatsapp.outbox.settling import settle
from whatsapp.reactions import META_FAILED
from whatsapp.templates.catalogue import definition_of

pytestmark = pytest.mark.django_db(transaction=True)

BETO = Person("Beto", "595981000002", "PY.2")
MINUTE = timedelta(minutes=1)
LONG = timedelta(hours=3)


class Killed(BaseException):
    """As by `kill -9`: nothing of the product catches it."""


def states() -> list[str]:
    return list(OutboundMessage.objects.order_by("pk").values_list("status", flat=True))


def alerts() -> list[str]:
    return list(StaffNotification.objects.values_list("kind", flat=True))


def minutes_pass(first: int, last: int) -> None:
    """As the sweep of each minute does it."""
    for minute in range(first, last):
        at = NOW + minute * MINUTE
        outbox.release_expired_leases(now=at)
        outbox.say_again()
        outbox.flush(now=at)


@pytest.mark.parametrize("silence", [Answer(502, b"<html>"), HANG_UP, Answer(403, b"<html>")])
def test_hours_without_an_answer_end_no_message_and_staff_hear_of_them_once(
    graph: Graph, silence: Answer
) -> None:
    for person in (ANA, BETO):
        queue(make_contact(person), "one")
    graph.will_answer(*[silence] * 1000)
    minutes_pass(0, 180)
    assert not {"FAILED", "SENT"} & set(states())
    assert alerts() == ["SENDING_PAUSED"]
    (told,) = [words for words in violations(NOW + LONG) if "Meta answers" in words]
    assert told.startswith(("1 messages should have left", "2 messages should have left"))
    graph.sends.clear()
    minutes_pass(180, 210)
    assert states() == ["SENT", "SENT"]


def test_what_gets_no_answer_for_a_day_is_given_up(graph: Graph) -> None:
    queue(make_contact(ANA), "one")
    graph.will_answer(*[HANG_UP] * 1000)
    minutes_pass(0, 23 * 60)
    assert states() == ["SENDING"] or states() == ["QUEUED"]
    OutboundMessage.objects.update(created_at=NOW - timedelta(hours=2))
    for hour in range(23, 60):
        Contact.objects.update(last_inbound_at=NOW + timedelta(hours=hour))
        minutes_pass(hour * 60, hour * 60 + 2)
        minutes_pass(hour * 60 + 10, hour * 60 + 12)
    assert states() == ["FAILED"]


def with_template(contact: Contact) -> OutboundMessage:
    wording = definition_of("raffle_order_paid_v1", "es")
    assert wording is not None
    MessageTemplate.objects.create(
        key="order_paid", name=wording.name, language="es", status="APPROVED", body=wording.body
    )
    row = queue(contact, "paid")
    values = {name: name for name in re.findall(r"{{(\w+)}}", wording.body)}
    OutboundMessage.objects.update(template_key="order_paid", template_parameters=values)
    return row


def test_killed_between_a_refusal_and_its_consequences_the_notice_still_goes_out(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window closed at Meta before it closed by our clock; a template may say it."""
    with_template(make_contact(ANA, last_inbound_at=NOW - timedelta(hours=23, minutes=30)))
    graph.will_answer(Answer.refusal(131047), Answer.refusal(131047))

    def die(_refused: object) -> None:
        raise Killed

    with monkeypatch.context() as killed:
        killed.setattr(refusals, "_draw_consequences", die)
        with pytest.raises(Killed):
            outbox.flush(now=NOW, limit=1)
    assert states() == ["WAITING"]
    minutes_pass(1, 5)
    assert states() == ["SENT"]
    assert [sent["type"] for sent in graph.sent] == ["text", "text", "template"]


@pytest.mark.parametrize("code", [132000, 132015, 132018])
def test_a_refusal_of_the_template_that_was_carried_out_is_not_said_again(graph: Graph, code: int) -> None:
    with_template(make_contact(ANA, last_inbound_at=NOW - timedelta(days=2)))
    graph.will_answer(*[Answer.refusal(code)] * 50)
    minutes_pass(0, 30)
    assert (states(), len(graph.sent)) == (["WAITING"], 1)


@pytest.mark.parametrize("errors", [[], None, [{}], [{"code": "131000"}], ["odd"]])
def test_a_failure_without_a_code_is_tried_again_a_few_times(graph: Graph, errors: object) -> None:
    row = queue(make_contact(ANA), "one")
    for hour in range(12):
        outbox.flush(now=NOW + timedelta(hours=hour))
        wamid = OutboundMessage.objects.values_list("wamid", flat=True).get() or ""
        receive(statuses(status(wamid, "failed", callback=f"outbox:{row.pk}", errors=errors)))
    assert (states(), len(graph.sent), alerts()) == (["FAILED"], META_FAILED.tries, ["MESSAGE_FAILED"])


@pytest.mark.parametrize("is_claimed_again", [False, True])
def test_an_answer_that_comes_after_the_lease_counts(graph: Graph, is_claimed_again: bool) -> None:
    queue(make_contact(ANA), "one")
    (mine,) = claim(NOW, 1).rows
    late = NOW + lease() + timedelta(seconds=1)
    outbox.release_expired_leases(now=late)
    if is_claimed_again:
        assert claim(late, 1).rows
    settle([(mine, "wamid.A")], at=late, failures_in_row=0)
    outbox.flush(now=late + timedelta(minutes=10))
    row = OutboundMessage.objects.get()
    assert (row.status, row.wamid, row.lease_until, graph.sent) == ("SENT", "wamid.A", None, [])


def test_who_cannot_be_told_that_money_came_is_named_to_staff_once(graph: Graph) -> None:
    with_template(make_contact(ANA))
    queue(make_contact(BETO), "a reply")
    graph.will_answer(Answer.refusal(131026), Answer.refusal(131026))
    outbox.flush(now=NOW)
    assert states() == ["FAILED", "FAILED"]
    (told,) = StaffNotification.objects.all()
    assert (told.kind, told.subject) == ("MESSAGE_FAILED", "undelivered:order_paid")


def test_sending_that_rests_at_metas_wish_is_no_fault(graph: Graph) -> None:
    queue(make_contact(ANA), "one")
    switch.hold(until=NOW + 2 * LONG, reason="131048")
    assert violations(NOW + LONG) == []
