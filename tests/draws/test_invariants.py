"""The doctor sees what somebody wrote past the product, and what should have happened by now."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from raffles.draws.actions import hold_draw, tell_outcomes, type_result
from raffles.draws.invariants import violations
from raffles.draws.models import Award, Draw, DrawSecret, Outcome
from raffles.numbers.models import Raffle
from raffles.numbers.queries import on_sale_without_rule
from raffles.sales.actions import refund_order
from raffles.sales.models import Order
from tests.draws.staging import (
    STAFF,
    after_sales,
    at_draw,
    closed_draw,
    committed_raffle,
    draw_of,
    held_draw,
    sold,
    with_beacon,
    without_guards,
)
from tests.factories import NOW, make_order, make_player, make_raffle, make_staff

pytestmark = pytest.mark.django_db

SOON = timedelta(minutes=1)
LOTTERY = {
    "method": "LOTTERY",
    "lottery_name": "Quiniela",
    "lottery_drawing": "28 Nov",
    "lottery_results": 1,
}


def by_sql(statement: str, *values: Any) -> None:
    with without_guards(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def spoil(draw: Draw, statement: str) -> None:
    """:reversed stands for the draw's own sequence backwards: any fixed order may be what chance drew."""
    by_sql(statement.replace(":reversed", json.dumps((draw.sequence or [])[::-1])))


def found(now: datetime) -> str:
    return "\n".join(violations(now))


def held() -> Draw:
    """With everybody told."""
    draw = held_draw(prizes=[("A car", 1), ("A bicycle", 2)])
    tell_outcomes(now=at_draw(draw.raffle))
    return draw


def test_a_published_draw_whose_raffle_is_gone_is_told_in_words() -> None:
    raffle = committed_raffle()
    code = raffle.code
    by_sql("DELETE FROM raffles_raffle WHERE id = %s", raffle.pk)
    assert found(NOW) == (
        f"Draw {code} is published and what it draws is gone: compare the database with its last copy "
        "and put its raffle back."
    )


def moment_after(draw: Draw) -> datetime:
    return at_draw(draw.raffle) + SOON


def test_draws_that_went_as_they_should_are_well_at_every_step() -> None:
    raffle = committed_raffle()
    assert violations(NOW) == []
    sold(raffle, 3)
    sold(raffle, 5)
    closed_draw(raffle)
    assert violations(after_sales(raffle)) == []
    held_draw_after(raffle)
    tell_outcomes(now=at_draw(raffle))
    assert violations(at_draw(raffle) + SOON) == []


def held_draw_after(raffle: Raffle) -> None:
    draw = with_beacon(draw_of(raffle))
    hold_draw(draw_id=draw.pk, actor=STAFF, now=at_draw(raffle))


RECORDS: dict[str, tuple[str, str]] = {
    "a rule": ("UPDATE draws_ruleversion SET text = replace(text, 'motorbike', 'bicycle')", "published rule"),
    "which rule counts": ("UPDATE draws_draw SET rule_digest = root", "published rule"),
    "a prize": ("UPDATE draws_prize SET label = 'Nothing'", "prizes"),
    "the reserves": ("UPDATE draws_draw SET reserves = 7", "reserves"),
    "the days to claim": ("UPDATE draws_draw SET claim_days = 1", "claim_days"),
    "when it was closed": ("UPDATE draws_draw SET closed_at = '2026-01-01 10:00:00+00:00'", "(closed_at"),
    "the round": ("UPDATE draws_draw SET beacon_round = beacon_round + 1", "(round)"),
    "an entry": ("UPDATE draws_entrypage SET lines = replace(lines, '12:', '13:')", "have not the root"),
    "the root": ("UPDATE draws_draw SET root = rule_digest", "have not the root"),
    "the count": ("UPDATE draws_draw SET entry_count = 4", "says 4 entries"),
    "a sold number": ("UPDATE raffles_ticket SET status = 'RELEASED' WHERE number = 12", "numbers: 12"),
    "whose number it is": (
        "UPDATE raffles_ticket SET order_id = (SELECT order_id FROM raffles_ticket WHERE number = 3) "
        "WHERE number = 12",
        "numbers: 12",
    ),
    "one number more": (
        "INSERT INTO raffles_ticket (raffle_id, number, order_id, price_minor, status) "
        "SELECT raffle_id, 13, order_id, 50000, 'SOLD' FROM raffles_ticket WHERE number = 12",
        "numbers: 13",
    ),
}
RESULTS: dict[str, tuple[str, str]] = {
    "the seed": ("UPDATE draws_draw SET seed = root", "seed of draw"),
    "the secret": ("UPDATE draws_draw SET secret = root", "secret of draw"),
    "the beacon": ("UPDATE draws_draw SET beacon_signature = secret", "seed of draw"),
    "the beacon taken away": ("UPDATE draws_draw SET beacon_signature = ''", "beacon is gone"),
    "the sequence": ("UPDATE draws_draw SET sequence = ':reversed'", "sequence of draw"),
    "the round": ("UPDATE draws_draw SET beacon_round = beacon_round + 1", "(round)"),
    "who won": ("UPDATE draws_award SET number = 99 WHERE place = 0", "number 99"),
    "which prize": ("UPDATE draws_award SET place = 4 WHERE place = 0", "has no prize"),
    "whose prize": (
        "UPDATE draws_award SET player_id = (SELECT max(id) FROM sales_player) WHERE place = 0",
        "another player",
    ),
}


@pytest.mark.parametrize("what", RECORDS)
def test_what_was_frozen_and_is_otherwise_is_named_before_the_draw(what: str) -> None:
    draw = closed_draw()
    statement, told = RECORDS[what]
    by_sql(statement)
    assert told in found(after_sales(draw.raffle))


@pytest.mark.parametrize("what", [*RECORDS, *RESULTS])
def test_what_was_drawn_and_is_otherwise_is_named_after_it(what: str) -> None:
    draw = held()
    make_player(name="Somebody else")
    statement, told = (RECORDS | RESULTS)[what]
    spoil(draw, statement)
    assert told in found(moment_after(draw))


@pytest.mark.parametrize("column", ["sales_open_at", "draw_at"])
def test_a_raffle_that_is_not_sold_as_its_rule_says_is_named(column: str) -> None:
    raffle = committed_raffle()
    changed = {column: getattr(raffle, column) + timedelta(hours=1)}
    Raffle.objects.filter(pk=raffle.pk).update(**changed)
    assert "not what its published rule says" in found(NOW)


@pytest.mark.parametrize("make", [lambda: draw_of(committed_raffle()), closed_draw])
def test_a_secret_that_cannot_be_read_is_named_while_it_is_needed(make: Callable[[], Draw]) -> None:
    draw = make()
    now = after_sales(draw.raffle) if draw.closed_at else NOW
    assert violations(now) == []
    DrawSecret.objects.filter(draw=draw).update(sealed="gone")
    assert "SECRET_KEY" in found(now)


def test_after_the_draw_nobody_needs_the_sealed_secret() -> None:
    draw = held()
    DrawSecret.objects.filter(draw=draw).update(sealed="gone")
    assert violations(moment_after(draw)) == []


def test_a_key_of_the_entries_that_cannot_be_read_is_named() -> None:
    draw = closed_draw()
    DrawSecret.objects.filter(draw=draw).update(salt_key="gone")
    assert "The key of the entries" in found(after_sales(draw.raffle))


def test_a_refund_after_the_draw_is_right_unless_its_number_won() -> None:
    draw = held()
    winners = set(draw.awards.values_list("order", flat=True))
    for order in Order.objects.exclude(pk__in=winners):
        refund_order(order_id=order.pk, by=make_staff(), reason="ill", now=moment_after(draw))
    assert violations(moment_after(draw)) == []
    won = Award.objects.filter(draw=draw)[0]
    Order.objects.filter(pk=won.order_id).update(status=Order.Status.REFUNDED)
    assert "pass the prize on" in found(moment_after(draw))
    assert len(violations(moment_after(draw))) == 1


def test_a_closing_and_a_draw_that_nobody_did_are_named_once_the_sweep_is_late() -> None:
    raffle = committed_raffle()
    sold(raffle, 3)
    over = raffle.sales_close_at
    assert violations(over + timedelta(minutes=2)) == []
    assert "frozen" in found(over + timedelta(minutes=9))
    closed_draw(raffle)
    assert violations(raffle.draw_at + timedelta(minutes=2)) == []
    assert "should have been held" in found(raffle.draw_at + timedelta(minutes=9))


def test_undecided_orders_are_named_from_the_instant_of_the_draw_on() -> None:
    raffle = committed_raffle()
    order = make_order(raffle=raffle, numbers=[4], status=Order.Status.UNDER_REVIEW)
    assert violations(raffle.sales_close_at + timedelta(hours=1)) == []
    assert order.code in found(raffle.draw_at + timedelta(hours=1))


def test_what_stops_a_draw_is_named_in_its_own_words() -> None:
    draw = closed_draw()
    Draw.objects.filter(pk=draw.pk).update(trouble="entries")
    assert "is stopped (entries)" in found(draw.raffle.draw_at + timedelta(hours=1))


def test_people_have_a_day_to_type_what_came_out() -> None:
    draw = closed_draw(draw={"method": "BARREL"})
    Draw.objects.filter(pk=draw.pk).update(trouble="results")
    assert violations(draw.raffle.draw_at + timedelta(hours=20)) == []
    assert "two people must type" in found(draw.raffle.draw_at + timedelta(hours=30))


def test_players_who_have_not_heard_are_counted() -> None:
    draw = held_draw()
    assert violations(moment_after(draw)) == []
    assert "5 of those who played" in found(at_draw(draw.raffle) + timedelta(minutes=15))
    assert Outcome.objects.filter(told_at=None).count() == 5


def test_a_prize_that_nobody_claimed_in_time_and_that_stayed_is_named() -> None:
    draw = held()
    until = draw.awards.all()[0].claim_until
    assert violations(until + SOON) == []
    assert "was to be claimed until" in found(until + timedelta(minutes=9))
    draw.awards.update(claimed_at=until)
    assert violations(until + timedelta(minutes=9)) == []


@time_machine.travel(NOW, tick=False)
def test_a_raffle_that_is_older_than_rules_is_a_note_and_not_wrong() -> None:
    raffle = make_raffle()
    committed_raffle()
    assert violations(NOW) == []
    assert on_sale_without_rule() == [raffle.code]
    out = io.StringIO()
    call_command("doctor", stdout=out)
    assert f"On sale without a published rule: {raffle.code}." in out.getvalue()


@time_machine.travel(NOW, tick=False)
def test_the_doctor_names_what_is_wrong_with_a_draw() -> None:
    committed_raffle()
    by_sql(RECORDS["a rule"][0])
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("doctor", stdout=out)
    assert "published rule of draw" in out.getvalue()


@pytest.mark.parametrize("make", [lambda: draw_of(committed_raffle()), closed_draw, held_draw])
def test_verifying_a_draw_asks_the_program_of_everybody_and_the_database(make: Callable[[], Draw]) -> None:
    out = io.StringIO()
    call_command("verify_draw", make().code, stdout=out)
    assert "The database says the same." in out.getvalue()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (RESULTS["the sequence"][0], "WRONG"),
        (RECORDS["a sold number"][0], "numbers: 12"),
    ],
)
def test_a_difference_in_the_document_or_in_the_database_ends_with_an_error(
    statement: str, told: str
) -> None:
    draw = held()
    spoil(draw, statement)
    out = io.StringIO()
    with pytest.raises(CommandError, match=draw.code):
        call_command("verify_draw", draw.code.lower(), stdout=out)
    assert told in out.getvalue()


def test_a_draw_that_is_not_published_cannot_be_verified() -> None:
    with pytest.raises(CommandError, match="no draw"):
        call_command("verify_draw", "NOSUCH")


def test_results_that_nobody_typed_are_named() -> None:
    draw = closed_draw(draw=LOTTERY)
    for by in (make_staff(), make_staff()):
        type_result(draw_id=draw.pk, values=["0003"], witnesses="", by=by, now=at_draw(draw.raffle))
    assert found(after_sales(draw.raffle)) == ""
    by_sql("""UPDATE draws_draw SET typed = '["0005"]'""")
    assert "(typed)" in found(after_sales(draw.raffle))
