"""Messages leave in order, once, and outside transactions; statuses settle what the answer did not tell."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests
from django.db import transaction

from raffles.desk.models import StaffNotification
from raffles.numbers.models import Raffle
from tests.whatsapp.chat import heard, make_contact, make_sent, queue, say
from tests.whatsapp.graph import HANG_UP, Answer, Graph
from tests.whatsapp.meta import ANA, NOW, Person, receive, said, status, statuses, words
from whatsapp import cloud_api, outbox, switch, templates
from whatsapp.messages import Text
from whatsapp.models import Contact, InboundEvent, OutboundMessage
from whatsapp.outbox import sending
from whatsapp.outbox.claims import claim, lease
from whatsapp.outbox.leases import MAX_UNANSWERED
from whatsapp.outbox.refusals import back_off
from whatsapp.outbox.sending import Flush
from whatsapp.outbox.settling import settle
from whatsapp.reactions import TABLE, USUAL_STEPS
from whatsapp.switch import LONGEST_HOLD

BETO = Person("Beto", "595981000002", "PY.2")
BUSY = Answer.refusal(131056)
SERVER_ERROR = Answer.refusal(131000, status=500)
REFUSED = Answer.refusal(131026, details="Message undeliverable")
CLOSED = Answer.refusal(131047)
# Longer than the longest back-off with its share of chance.
LONG = timedelta(seconds=USUAL_STEPS[-1] * 2)


def fresh(row: OutboundMessage) -> OutboundMessage:
    return OutboundMessage.objects.get(pk=row.pk)


@pytest.fixture
def ana(transactional_db: None) -> Contact:
    return make_contact(ANA)


@pytest.fixture
def beto(transactional_db: None) -> Contact:
    return make_contact(BETO)


def test_what_is_queued_leaves_in_its_order_with_its_mark(ana: Contact, graph: Graph) -> None:
    rows = [queue(ana, text) for text in ("one", "two", "three")]
    assert outbox.flush(now=NOW) == 3
    assert graph.sent_words == ["one", "two", "three"]
    assert [each["biz_opaque_callback_data"] for each in graph.sent] == [row.mark for row in rows]
    assert {each["recipient"] for each in graph.sent} == {ANA.bsuid}
    assert {fresh(row).status for row in rows} == {"SENT"}
    assert outbox.flush(now=NOW) == 0


def test_a_flush_that_takes_long_ends_and_leaves_the_rest_to_a_fresh_one(
    ana: Contact, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that is asked to stop must come to an end."""
    for text in ("one", "two", "three"):
        queue(ana, text)
    with monkeypatch.context() as slow:
        slow.setattr(sending, "FLUSH_SECONDS", -1)
        flush = Flush(clock=lambda: NOW)
        assert flush.run() == 0
        assert flush.look_again == 0
    assert outbox.flush(now=NOW) == 3
    assert lease().total_seconds() > cloud_api.CONNECT_SECONDS + cloud_api.read_seconds()


def test_the_same_key_is_written_once(ana: Contact, graph: Graph) -> None:
    for text in ("first", "second"):
        outbox.queue(ana, Text(text), dedupe_key="order:1:paid", now=NOW)
    outbox.flush(now=NOW)
    assert graph.sent_words == ["first"]


@pytest.mark.parametrize("failure", [BUSY, SERVER_ERROR, Answer(429)])
def test_a_passing_failure_holds_up_its_own_contact_only(
    ana: Contact, beto: Contact, graph: Graph, failure: Answer
) -> None:
    rows = [queue(ana, "one"), queue(ana, "two")]
    graph.will_answer(failure)
    outbox.flush(now=NOW)
    rows.append(queue(beto, "to Beto"))
    outbox.flush(now=NOW)
    assert [fresh(row).status for row in rows] == ["QUEUED", "QUEUED", "SENT"]
    outbox.flush(now=NOW + timedelta(seconds=0.5))
    assert fresh(rows[0]).attempts == 1
    outbox.flush(now=NOW + timedelta(seconds=3))
    assert graph.sent_words == ["one", "to Beto", "one", "two"]
    assert fresh(rows[0]).status == "SENT"


def test_back_off_grows_and_has_its_share_of_chance() -> None:
    for attempt, seconds in enumerate((*USUAL_STEPS, USUAL_STEPS[-1]), start=1):
        waits = {back_off(USUAL_STEPS, attempt).total_seconds() for _ in range(20)}
        assert len(waits) > 1
        assert all(0.7 * seconds <= wait <= 1.3 * seconds for wait in waits)


def test_what_keeps_failing_is_given_up(ana: Contact, graph: Graph) -> None:
    first, second = queue(ana, "one"), queue(ana, "two")
    tries = TABLE[131000].tries or 0
    graph.will_answer(*[SERVER_ERROR] * tries)
    for again in range(tries):
        outbox.flush(now=NOW + again * LONG)
    assert (fresh(first).status, fresh(first).attempts) == ("FAILED", tries)
    assert fresh(second).status == "SENT"


def test_an_outage_of_the_way_to_meta_loses_nothing(ana: Contact, graph: Graph) -> None:
    row = queue(ana, "one")
    graph.will_answer(*[Answer(404)] * 2 * MAX_UNANSWERED)
    for attempt in range(2 * MAX_UNANSWERED + 1):
        outbox.flush(now=NOW + attempt * LONG)
    assert (fresh(row).status, len(graph.sent)) == ("SENT", 2 * MAX_UNANSWERED + 1)


def test_after_an_outage_a_limited_code_and_a_lost_answer_count_from_their_own_first(
    ana: Contact, graph: Graph
) -> None:
    row, outage = queue(ana, "one"), 2 * MAX_UNANSWERED
    graph.will_answer(*[Answer(404)] * outage, SERVER_ERROR, HANG_UP)
    for attempt in range(outage + 1):
        outbox.flush(now=NOW + attempt * LONG)
    assert fresh(row).status == "QUEUED"
    waits = (fresh(row).next_try_at or NOW) - NOW - outage * LONG
    assert waits <= timedelta(seconds=1.3 * USUAL_STEPS[0])
    for attempt in range(outage + 1, outage + 4):
        at = NOW + attempt * LONG
        outbox.release_expired_leases(now=at)
        outbox.flush(now=at)
    assert (fresh(row).status, len(graph.sent)) == ("SENT", outage + 3)


def test_a_permanent_refusal_fails_with_its_code_and_the_next_passes(ana: Contact, graph: Graph) -> None:
    first, second = queue(ana, "one"), queue(ana, "two")
    graph.will_answer(REFUSED)
    outbox.flush(now=NOW)
    row = fresh(first)
    assert (row.status, row.error_code, row.error) == ("FAILED", 131026, "Message undeliverable")
    assert row.failed_at == NOW
    assert fresh(second).status == "SENT"
    outbox.flush(now=NOW + LONG)
    assert graph.sent_words == ["one", "two"]


def test_nobody_there_is_tried_again(ana: Contact, graph: Graph) -> None:
    row = queue(ana, "one")
    graph.close()
    outbox.flush(now=NOW)
    assert (fresh(row).status, fresh(row).error_code) == ("QUEUED", -1)


@pytest.mark.parametrize("silence", [HANG_UP, Answer(502, b"<html>"), Answer(200, b"ok"), Answer.json({})])
def test_an_unknown_outcome_is_settled_by_the_status_and_not_sent_again(
    ana: Contact, graph: Graph, silence: Answer
) -> None:
    first, second = queue(ana, "one"), queue(ana, "two")
    graph.will_answer(silence)
    outbox.flush(now=NOW)
    assert (fresh(first).status, fresh(second).status) == ("SENDING", "QUEUED")
    receive(statuses(status("wamid.LOST", "sent", callback=f"outbox:{first.pk}")))
    outbox.release_expired_leases(now=NOW + 2 * lease())
    outbox.flush(now=NOW + 2 * lease())
    assert graph.sent_words == ["one", "two"]
    assert (fresh(first).status, fresh(first).wamid) == ("SENT", "wamid.LOST")


def test_a_lease_that_runs_out_is_sent_again(ana: Contact, graph: Graph) -> None:
    row = queue(ana, "one")
    graph.will_answer(HANG_UP)
    outbox.flush(now=NOW)
    outbox.release_expired_leases(now=NOW + lease())
    assert fresh(row).status == "SENDING"
    outbox.release_expired_leases(now=NOW + lease() + timedelta(seconds=1))
    outbox.flush(now=NOW + lease() + timedelta(seconds=1))
    assert (fresh(row).status, graph.sent_words) == ("SENT", ["one", "one"])


def test_an_outcome_that_stays_unknown_is_given_up(ana: Contact, graph: Graph) -> None:
    first, second = queue(ana, "one"), queue(ana, "two")
    graph.will_answer(*[HANG_UP] * MAX_UNANSWERED)
    for attempt in range(MAX_UNANSWERED + 1):
        at = NOW + attempt * (LONGEST_HOLD + lease())
        switch.note_answer()  # to others
        outbox.release_expired_leases(now=at)
        outbox.flush(now=at)
    assert (fresh(first).status, fresh(second).status) == ("FAILED", "SENT")


def test_what_is_out_of_date_is_dropped(ana: Contact, graph: Graph) -> None:
    row, next_one = queue(ana, "one", not_after=NOW), queue(ana, "two")
    outbox.flush(now=NOW + timedelta(seconds=1))
    assert (fresh(row).status, fresh(next_one).status) == ("DROPPED", "SENT")
    assert graph.sent_words == ["two"]


def test_outside_the_window_it_waits_and_leaves_with_the_next_message_in_order(
    ana: Contact, graph: Graph
) -> None:
    late = NOW + timedelta(hours=23, minutes=51)
    rows = [queue(ana, "one"), queue(ana, "two")]
    outbox.flush(now=late)
    assert [fresh(row).status for row in rows] == ["WAITING", "WAITING"]
    assert graph.sent == []
    receive(said(ANA, words("menu"), at=late), now=late)
    outbox.flush(now=late)
    assert graph.sent_words[:2] == ["one", "two"]
    assert graph.sent_words[2:] == [heard()[-1]]


def test_meta_s_word_that_the_window_is_closed_makes_it_wait(ana: Contact, graph: Graph) -> None:
    row = queue(ana, "one")
    graph.will_answer(CLOSED)
    outbox.flush(now=NOW)
    assert (fresh(row).status, fresh(row).error_code) == ("WAITING", 131047)
    receive(said(ANA, words("menu")))
    outbox.flush(now=NOW)
    assert graph.sent_words[:2] == ["one", "one"]


def test_nothing_leaves_inside_a_transaction(ana: Contact, graph: Graph) -> None:
    say("menu")
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        outbox.flush(now=NOW)
    assert graph.asked == []
    assert OutboundMessage.objects.get().status == "QUEUED"


def test_a_whole_sale_sends_and_fetches_outside_transactions(
    moto: Raffle, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transport itself looks: it passes every request on, unless it is called in a transaction."""
    really, called = requests.Session.request, []

    def watched(session: requests.Session, method: str, url: str, **options: object) -> requests.Response:
        called.append(method)
        assert not transaction.get_connection().in_atomic_block
        return really(session, method, url, **options)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(requests.Session, "request", watched)
    graph.has_media("77", b"\x89PNG\r\n\x1a\n")
    say("rifas", "1", "5,12", "confirmar")
    receive(said(ANA, {"type": "image", "image": {"id": "77", "mime_type": "image/png"}}))
    outbox.flush(now=NOW)
    assert called.count("GET") == 2
    assert called.count("POST") >= 5


def test_a_row_that_cannot_be_sent_through_a_defect_holds_up_its_contact_only(
    ana: Contact, beto: Contact, graph: Graph
) -> None:
    broken, other = queue(ana, "one"), queue(beto, "two")
    OutboundMessage.objects.filter(pk=broken.pk).update(answers=None, content=["no object"])
    outbox.flush(now=NOW)
    assert (fresh(broken).status, fresh(other).status) == ("SENDING", "SENT")


def test_a_row_that_cannot_be_prepared_through_a_defect_fails_alone_and_staff_hear_of_it(
    ana: Contact, beto: Contact, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every claim would stumble over it, and nobody would be told anything any more."""
    broken, other = queue(ana, "one"), queue(beto, "two")
    Contact.objects.filter(pk=ana.pk).update(last_inbound_at=NOW - timedelta(days=2))

    def stumble(row: OutboundMessage) -> None:
        raise KeyError(row.content)

    monkeypatch.setattr(templates, "content_for", stumble)
    outbox.flush(now=NOW)
    assert (fresh(broken).status, fresh(broken).error) == ("FAILED", "could not be prepared: KeyError")
    assert fresh(other).status == "SENT"
    assert StaffNotification.objects.get().subject == f"unprepared:{broken.pk}"


def test_a_reply_ticks_the_message_it_answers_and_a_refused_tick_stops_nothing(
    ana: Contact, graph: Graph
) -> None:
    say("menu")
    outbox.flush(now=NOW)
    ticks = [each.body for each in graph.asked if "status" in each.body]
    asked = InboundEvent.objects.get().payload["message"]["id"]
    assert [(tick["status"], tick["message_id"]) for tick in ticks] == [("read", asked)]
    assert "typing_indicator" not in ticks[0]  # behind the reply it would stay on the screen


def test_a_status_before_the_answer_wins(ana: Contact, graph: Graph) -> None:
    row = queue(ana, "one")
    claimed = claim(NOW, 1).rows
    receive(statuses(status("wamid.OUT1", "delivered", callback=f"outbox:{row.pk}")))
    settle([(claimed[0], "wamid.OUT1")], at=NOW, failures_in_row=0)
    assert (fresh(row).status, fresh(row).wamid) == ("DELIVERED", "wamid.OUT1")


def test_a_status_without_our_mark_is_found_by_meta_s_id(transactional_db: None) -> None:
    row = make_sent(wamid="wamid.X")
    receive(statuses(status("wamid.X", "read")))
    assert fresh(row).status == "READ"
