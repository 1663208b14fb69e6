"""The judge is handed histories in which something went wrong, and must name it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.rehearsal.books import Books, Claim, Event, Message, Purchase
from config.rehearsal.history import History, Said, Sent, text_of
from config.rehearsal.judge import judge, numbers_in, told
from tests.chaos.evidence import FIRST, SECOND, again, books, history, message


def breaches(told_by_meta: History, rows: Books, *, extras_allowed: int = 0) -> list[str]:
    return judge(told_by_meta, rows, extras_allowed=extras_allowed).breaches


def only(found: list[str]) -> str:
    assert len(found) == 1, found
    return found[0]


def test_a_history_in_which_all_went_well_is_clean() -> None:
    verdict = judge(history(), books())
    assert verdict.is_clean, verdict.breaches
    assert (verdict.paid, verdict.sold, verdict.extra_confirmations, verdict.extra_messages) == (2, 2, 0, 0)


def test_a_message_that_got_its_200_and_has_no_row_is_lost() -> None:
    rows = replace(books(), events=[Event(1, "in.1", "DONE")])
    assert only(breaches(history(), rows)) == "message in.2 got its 200 and has no row: it is lost"


def test_a_message_that_never_got_its_200_may_be_missing() -> None:
    told_by_meta = replace(history(), said=[*history().said, Said("in.3", 13.0, False)])
    assert breaches(told_by_meta, books()) == []


@pytest.mark.parametrize("status", ["NEW", "FAILED"])
def test_a_message_that_had_no_turn_is_named(status: str) -> None:
    rows = replace(books(), events=[Event(1, "in.1", "DONE"), Event(2, "in.2", status)])
    assert only(breaches(history(), rows)) == f"message in.2 had no turn: event 2 is {status}"


def test_a_message_with_two_rows_is_named() -> None:
    rows = replace(books(), events=[*books().events, Event(3, "in.2", "DONE")])
    assert only(breaches(history(), rows)) == "message in.2 has 2 rows: events 2, 3"


def test_an_event_that_no_player_wrote_is_named() -> None:
    rows = replace(books(), events=[*books().events, Event(3, "in.9", "DONE")])
    assert only(breaches(history(), rows)) == "event 3 holds message in.9, which no player wrote"


def test_a_number_sold_twice_is_named_with_both_orders() -> None:
    rows = replace(books(), claims=[*books().claims, Claim("MOTO", 7, 2, "SOLD")])
    assert only(breaches(history(), rows)) == "number 7 of MOTO is held 2 times: orders 1, 2"


def test_the_same_number_of_two_raffles_is_two_numbers() -> None:
    rows = replace(books(), claims=[*books().claims, Claim("TV", 7, 2, "SOLD")])
    assert breaches(history(), rows) == []


def test_a_number_sold_by_an_order_that_is_not_paid_is_named() -> None:
    purchases = [*books().purchases, Purchase(3, "GHJ234", "EXPIRED", False)]
    rows = replace(books(), purchases=purchases, claims=[*books().claims, Claim("MOTO", 9, 3, "SOLD")])
    assert only(breaches(history(), rows)) == "number 9 is sold by order 3, which is EXPIRED"


def test_a_paid_order_without_numbers_is_named() -> None:
    rows = replace(books(), claims=books().claims[:1])
    assert only(breaches(history(), rows)) == f"order {SECOND} is paid and has no number"


def paid(pk: int, code: str, numbers: str) -> tuple[Sent, Message]:
    words = f"*Payment confirmed!* Order {code}\nMoto\nYour numbers: *{numbers}*\nGood luck!"
    sent = Sent(f"out.{pk}", f"outbox:{pk}", f"PY.{pk}", words, 12.0, False)
    return sent, message(pk, f"order:{pk - 1}:paid", text=words)


def told_numbers(first: str, second: str) -> tuple[History, Books]:
    (sent, row), (other_sent, other_row) = paid(2, FIRST, first), paid(3, SECOND, second)
    told_by_meta = replace(history(), sent=[history().sent[0], sent, other_sent])
    return told_by_meta, replace(books(), messages=[books().messages[0], row, other_row])


def test_numbers_that_phones_were_told_are_those_of_the_rows() -> None:
    assert breaches(*told_numbers("007", "008")) == []


def test_a_number_that_a_phone_was_told_and_no_row_has_is_named() -> None:
    expected = "order 2 was told that number 9 is its own, and no row says so"
    assert only(breaches(*told_numbers("007", "008, 009"))) == expected


def test_a_number_that_two_phones_were_told_is_named_whatever_the_rows_say() -> None:
    told_by_meta, rows = told_numbers("007", "007-008")
    rows = replace(rows, claims=[*rows.claims, Claim("MOTO", 7, 2, "SOLD")])
    found = breaches(told_by_meta, rows)
    assert "number 7 was told to orders 1 and 2 as their own" in found
    assert "number 7 of MOTO is held 2 times: orders 1, 2" in found


def test_runs_and_lists_of_numbers_are_read_back() -> None:
    assert list(numbers_in("Sus números: *007, 010-012, 099 y 3 más*")) == [7, 10, 11, 12, 99]
    assert list(numbers_in("*Payment confirmed!* Order ABC234")) == []


def test_a_confirmation_that_was_never_written_is_named() -> None:
    rows = replace(books(), messages=books().messages[:2])
    told_by_meta = replace(history(), sent=history().sent[:2])
    assert (
        only(breaches(told_by_meta, rows)) == f"order {SECOND} is paid and no confirmation was ever written"
    )


def test_a_confirmation_that_reached_no_phone_is_named() -> None:
    told_by_meta = replace(history(), sent=history().sent[:2])
    found = breaches(told_by_meta, books())
    assert f"the confirmation of order {SECOND} (message 3, SENT) reached no phone" in found
    assert "message 3 (order:2:paid) is SENT and Meta never took it" in found


def test_a_confirmation_that_failed_at_meta_reached_no_phone() -> None:
    *rest, last = history().sent
    told_by_meta = replace(history(), sent=[*rest, replace(last, has_failed=True)])
    assert only(breaches(told_by_meta, books())).endswith("reached no phone")


def test_a_confirmation_that_meta_refused_for_good_is_for_staff_and_no_breach() -> None:
    *rest, last = history().sent
    told_by_meta = replace(history(), sent=[*rest, replace(last, has_failed=True)])
    refused = replace(books().messages[-1], status="FAILED", error_code=131026)
    rows = replace(books(), messages=[*books().messages[:-1], refused])
    assert breaches(told_by_meta, rows) == []


def test_a_confirmation_that_came_twice_is_named() -> None:
    told_by_meta = replace(history(), sent=[*history().sent, again(history().sent[1])])
    expected = f"the confirmation of order {FIRST} (message 2) reached the phone 2 times"
    assert only(breaches(told_by_meta, books())) == expected


def test_a_second_row_with_the_same_words_is_a_second_confirmation() -> None:
    twin = Sent("out.4", "outbox:4", "PY.1", f"Paid {FIRST}", 12.2, False)
    rows = replace(books(), messages=[*books().messages, message(4, "order:1:paid-again")])
    told_by_meta = replace(history(), sent=[*history().sent, twin])
    assert "reached the phone 2 times" in only(breaches(told_by_meta, rows))


def test_without_echoes_as_many_may_come_twice_as_there_were_crashes_and_they_are_counted() -> None:
    told_by_meta = replace(history(), sent=[*history().sent, *map(again, history().sent[1:])])
    assert breaches(told_by_meta, books(), extras_allowed=2) == []
    assert judge(told_by_meta, books()).extra_confirmations == 2
    assert len(breaches(told_by_meta, books(), extras_allowed=1)) == 2


def test_a_hold_that_ran_out_and_was_not_freed_is_named() -> None:
    purchases = [*books().purchases, Purchase(3, "GHJ234", "DRAFT", True)]
    rows = replace(books(), purchases=purchases)
    assert only(breaches(history(), rows)) == "order GHJ234 is DRAFT long after its hold ran out"


def test_a_message_that_should_have_gone_is_named() -> None:
    waiting = message(4, "reply:2", status="QUEUED", wamid="", is_due=True)
    rows = replace(books(), messages=[*books().messages, waiting])
    assert only(breaches(history(), rows)) == "message 4 (reply:2) should have gone and is QUEUED"


def test_a_message_that_no_row_knows_is_named() -> None:
    stray = Sent("out.9", "outbox:99", "PY.1", "Who am I?", 13.0, False)
    told_by_meta = replace(history(), sent=[*history().sent, stray])
    assert only(breaches(told_by_meta, books())) == "Meta took out.9, marked 'outbox:99', and no row knows it"


def test_a_row_that_bears_the_id_of_another_message_is_named() -> None:
    rows = books()
    rows.messages[0] = replace(rows.messages[0], wamid="out.2")
    expected = "message 1 (reply:1) bears the id out.2, which Meta gave to another"
    assert only(breaches(history(), rows)) == expected


def test_what_the_doctor_says_and_dead_ends_are_breaches() -> None:
    found = breaches(replace(history(), troubles=["player 3 is not answered"]), books())
    assert found == ["a dead end: player 3 is not answered"]
    rows = replace(books(), doctor=["Order ABC234 has a payment and is EXPIRED."])
    assert breaches(history(), rows) == ["doctor: Order ABC234 has a payment and is EXPIRED."]


def test_every_line_of_the_report_bears_the_seed_and_what_repeats_itself_is_cut() -> None:
    rows = replace(books(), doctor=[f"thing {index}" for index in range(30)])
    lines = told(judge(history(), rows), 41)
    assert lines[0] == "BREACH (seed 41): doctor: thing 0"
    assert lines[-1] == "... and 10 more"
    assert len(lines) == 21


def test_the_words_of_a_message_are_found_whatever_its_kind() -> None:
    assert text_of({"body": "Hi"}) == "Hi"
    assert text_of({"type": "button", "body": {"text": "Held"}, "action": {"buttons": []}}) == "Held"
    parameters = [{"type": "text", "text": "ABC234"}, {"type": "text", "text": "7"}]
    assert text_of({"components": [{"type": "body", "parameters": parameters}]}) == "ABC234\n7"
