"""Every code of Meta, as the answer to a send and as a `failed` status: what must happen, from its own table.

The table below was written from Meta's documentation, not from whatsapp/reactions.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from raffles.desk.models import StaffNotification
from raffles.sales.models import Player
from tests.whatsapp.chat import make_contact, queue
from tests.whatsapp.clocks import TickingClock, send_all
from tests.whatsapp.graph import Answer, Graph
from tests.whatsapp.meta import ANA, NOW, Person, receive, said, status, statuses, words
from tests.whatsapp.musts import MUST, ODD, UNKNOWN, Must
from whatsapp import outbox, switch
from whatsapp.models import BusinessNumber, Contact, MessageTemplate, OutboundMessage
from whatsapp.reactions import TABLE
from whatsapp.templates.catalogue import definition_of

# Longer than any wait of a passing failure.
LONG = timedelta(hours=3)


Refuse = Callable[[Graph, OutboundMessage, int, int], None]


def by_answer(graph: Graph, row: OutboundMessage, code: int, http: int) -> None:
    graph.will_answer(Answer.refusal(code, status=http))
    outbox.flush(now=NOW, limit=1)


def by_status(graph: Graph, row: OutboundMessage, code: int, http: int) -> None:
    """Accepted first: the refusal comes after the answer."""
    outbox.flush(now=NOW, limit=1)
    wamid = OutboundMessage.objects.get(pk=row.pk).wamid
    failed = status(str(wamid), "failed", callback=f"outbox:{row.pk}", errors=[{"code": code, "title": "x"}])
    receive(statuses(failed))


WAYS = pytest.mark.parametrize("refuse", [by_answer, by_status], ids=["answer", "status"])


@pytest.fixture
def ana(transactional_db: None) -> Contact:
    return make_contact(ANA, last_inbound_at=NOW - timedelta(days=2))


@pytest.fixture
def row(ana: Contact) -> OutboundMessage:
    """Sent as a template, so that a code about templates has one to be about."""
    wording = definition_of("raffle_order_paid_v1", "es")
    assert wording is not None
    MessageTemplate.objects.create(
        key="order_paid", name=wording.name, language="es", status="APPROVED", body=wording.body
    )
    written = queue(ana, "paid")
    values = {name: name for name in re.findall(r"{{(\w+)}}", wording.body)}
    OutboundMessage.objects.filter(pk=written.pk).update(
        template_key="order_paid", template_parameters=values
    )
    return fresh(written)


def fresh(row: OutboundMessage) -> OutboundMessage:
    return OutboundMessage.objects.get(pk=row.pk)


def alerts() -> list[str]:
    return list(StaffNotification.objects.values_list("kind", flat=True))


def number() -> BusinessNumber:
    return switch.number()


@WAYS
@pytest.mark.parametrize(("code", "must"), [*MUST.items(), *ODD.items()], ids=lambda given: str(given)[:6])
def test_a_code_has_its_reaction(
    row: OutboundMessage, graph: Graph, refuse: Refuse, code: int, must: Must
) -> None:
    refuse(graph, row, code, must.http)
    after, ours = fresh(row), number()
    assert (after.status, after.error_code, after.attempts) == (must.row, code, 1)
    assert after.lease_until is None
    waits = ((after.next_try_at or NOW) - NOW).total_seconds()
    assert must.first[0] <= waits <= must.first[1]
    held = ((ours.held_until or NOW) - NOW).total_seconds()
    assert must.held <= held <= 2 * must.held
    assert (ours.paused_at is not None) == must.pauses
    is_told = must.alerts or (must.row == "FAILED" and not must.ends_news)  # the row is about money
    assert alerts() == (["SENDING_PAUSED"] if must.pauses else ["MESSAGE_FAILED"] * is_told)
    assert MessageTemplate.objects.get().status == must.template
    assert (ours.templates_paused_at is not None) == must.ends_templates
    assert (Player.objects.get().news_stopped_at is not None) == must.ends_news


def test_every_code_of_the_sheet_is_in_our_table_and_no_other() -> None:
    ours = {code for code in TABLE if not 200 < code < 300 and not 131200 <= code < 131300}
    sheet = {code for code in MUST if not 200 < code < 300 and not 131200 <= code < 131300}
    assert ours == sheet
    assert {*range(200, 300), *range(131200, 131300)} <= set(TABLE)


LIMITED = {code: must for code, must in MUST.items() if must.tries}


@pytest.mark.parametrize(("code", "must"), LIMITED.items(), ids=lambda given: str(given)[:6])
def test_what_fails_too_often_ends_and_staff_hear_of_it(
    row: OutboundMessage, graph: Graph, code: int, must: Must
) -> None:
    assert must.tries is not None
    graph.will_answer(*[Answer.refusal(code, status=must.http)] * (must.tries + 1))
    for again_ in range(must.tries + 2):
        outbox.flush(now=NOW + again_ * LONG)
    assert (fresh(row).status, len(graph.sent)) == ("FAILED", must.tries)
    assert alerts() == ["MESSAGE_FAILED"]


UNLIMITED = {code: must for code, must in MUST.items() if must.row == "QUEUED" and not must.tries}


@pytest.mark.parametrize(("code", "must"), UNLIMITED.items(), ids=lambda given: str(given)[:6])
def test_what_passes_or_is_mended_loses_no_message(
    row: OutboundMessage, graph: Graph, code: int, must: Must
) -> None:
    graph.will_answer(*[Answer.refusal(code, status=must.http)] * 15)
    for again_ in range(17):
        switch.resume(now=NOW)
        outbox.flush(now=NOW + again_ * LONG)
    assert (fresh(row).status, len(graph.sent)) == ("SENT", 16)


def test_an_unknown_failure_of_meta_itself_is_tried_again_and_then_told(
    row: OutboundMessage, graph: Graph
) -> None:
    graph.will_answer(*[Answer.refusal(UNKNOWN, status=503)] * 9)
    outbox.flush(now=NOW)
    assert fresh(row).status == "QUEUED"
    for again_ in range(1, 9):
        outbox.flush(now=NOW + again_ * LONG)
    assert (fresh(row).status, len(graph.sent), alerts()) == ("FAILED", 6, ["MESSAGE_FAILED"])


def test_words_and_http_status_decide_nothing(row: OutboundMessage, graph: Graph) -> None:
    odd = Answer.json({"error": {"message": "(#190) token expired", "code": 131026}}, 500)
    graph.will_answer(odd)
    outbox.flush(now=NOW)
    assert (fresh(row).status, number().paused_at) == ("FAILED", None)


def test_an_id_that_meta_refuses_is_replaced_by_the_phone(ana: Contact, graph: Graph) -> None:
    Contact.objects.update(last_inbound_at=NOW)
    row = queue(ana, "one")
    graph.will_answer(Answer.refusal(131062))
    outbox.flush(now=NOW)
    outbox.flush(now=NOW + timedelta(seconds=2))
    assert [each.get("recipient", each.get("to")) for each in graph.sent] == [ANA.bsuid, f"+{ANA.wa_id}"]
    assert fresh(row).status == "SENT"


def test_an_id_that_meta_refuses_without_a_phone_is_for_staff(transactional_db: None, graph: Graph) -> None:
    row = queue(make_contact(Person("Eva", "", "PY.77")), "one")
    graph.will_answer(Answer.refusal(131062))
    outbox.flush(now=NOW)
    assert (fresh(row).status, alerts()) == ("FAILED", ["MESSAGE_FAILED"])


def test_a_wave_of_one_code_is_one_piece_of_news(transactional_db: None, graph: Graph) -> None:
    people = [make_contact(Person(f"P{n}", f"59598200{n:04d}", f"PY.3{n}")) for n in range(30)]
    for person in people:
        queue(person, "x")
    graph.will_answer(*[Answer.refusal(131009)] * 30)
    outbox.flush(now=NOW)
    assert OutboundMessage.objects.filter(status="FAILED").count() == 30
    assert alerts() == ["MESSAGE_FAILED"]


def test_a_stopped_template_waits_and_leaves_with_the_player_s_next_message(
    row: OutboundMessage, graph: Graph
) -> None:
    graph.will_answer(Answer.refusal(132015))
    outbox.flush(now=NOW)
    receive(said(ANA, words("menu")))
    outbox.flush(now=NOW)
    assert [each["type"] for each in graph.sent] == ["template", "text", "interactive"]


@WAYS
def test_while_it_is_paused_nothing_is_tried_and_afterwards_everything_leaves_once_in_order(
    transactional_db: None, graph: Graph, refuse: Refuse
) -> None:
    """More than are on their way at once, so that some are hit and others are still queued."""
    people = [make_contact(Person(f"P{n}", f"59598200{n:04d}", f"PY.3{n}")) for n in range(60)]
    first = queue(people[0], "0-0")
    for place in range(3):
        for who, person in enumerate(people):
            if (place, who) != (0, 0):
                queue(person, f"{who}-{place}")
    late = queue(people[0], "too late", not_after=NOW + timedelta(minutes=1))
    refuse(graph, first, 131042, 400)
    tried = len(graph.sent)
    assert number().paused_at is not None
    for minutes in range(5):
        outbox.flush(now=NOW + timedelta(minutes=minutes))
    assert len(graph.sent) == tried == 1
    switch.resume(now=NOW)
    send_all(TickingClock(NOW + timedelta(minutes=5)), until=NOW + timedelta(minutes=6))
    arrived = graph.sent_words[tried:]
    assert sorted(arrived) == sorted(f"{who}-{place}" for who in range(60) for place in range(3))
    for who in range(60):
        mine = [text for text in arrived if text.startswith(f"{who}-")]
        assert mine == sorted(mine)
    assert (fresh(late).status, fresh(late).error) == ("DROPPED", "out of date before it could leave")


def test_a_revoked_token_costs_one_round_of_calls_and_one_alert(transactional_db: None, graph: Graph) -> None:
    people = [make_contact(Person(f"P{n}", f"59598200{n:04d}", f"PY.3{n}")) for n in range(100)]
    for person in people:
        queue(person, str(person.pk))
    graph.will_answer(*[Answer.refusal(190, status=401)] * 1000)
    send_all(TickingClock(), until=NOW + timedelta(minutes=1))
    outbox.flush(now=NOW + timedelta(minutes=1))
    assert len(graph.sent) <= 40
    assert alerts() == ["SENDING_PAUSED"]
    graph.sends.clear()
    before = len(graph.sent)
    switch.resume(now=NOW)
    send_all(TickingClock(NOW + timedelta(minutes=2)), until=NOW + timedelta(minutes=3))
    assert sorted(graph.sent_words[before:], key=int) == [str(person.pk) for person in people]


@WAYS
def test_a_window_that_meta_calls_closed_makes_free_text_leave_as_its_template(
    row: OutboundMessage, graph: Graph, refuse: Refuse
) -> None:
    """By our clock it was open; Meta counts."""
    Contact.objects.update(last_inbound_at=NOW)
    refuse(graph, row, 131047, 400)
    assert (fresh(row).status, fresh(row).contact.is_window_open(NOW)) == ("QUEUED", False)
    outbox.flush(now=NOW + timedelta(seconds=5))
    assert [each["type"] for each in graph.sent] == ["text", "template"]


@WAYS
def test_without_a_template_it_waits_for_the_player(
    row: OutboundMessage, graph: Graph, refuse: Refuse
) -> None:
    Contact.objects.update(last_inbound_at=NOW)
    MessageTemplate.objects.update(status="PAUSED")
    refuse(graph, row, 131047, 400)
    outbox.flush(now=NOW + timedelta(hours=2))
    assert (fresh(row).status, len(graph.sent)) == ("WAITING", 1)
