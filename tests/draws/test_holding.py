"""One seed, one computation, one result; and what stops it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction

from config import demo_beacon
from raffles.audit.models import AuditEntry, Deed
from raffles.draws.actions import call_off_draw, fall_back, hold_draw, record_beacon, type_result
from raffles.draws.beacon import randomness_of
from raffles.draws.errors import (
    BeaconNotAsked,
    BeaconRefused,
    DrawMoveNotAllowed,
    DrawNotDue,
    EntriesChanged,
    FallbackNotDue,
    RandomnessMissing,
    RecordChanged,
    ResultsRefused,
    SecretLost,
    TermsDiffer,
    WitnessesMissing,
)
from raffles.draws.fairness import seed_of, sequence
from raffles.draws.models import Award, Draw, DrawSecret, Outcome
from raffles.draws.published import proof_of
from raffles.numbers.models import Ticket
from raffles.sales.errors import ReasonMissing
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
from tests.factories import NOW, make_player, make_staff

pytestmark = pytest.mark.django_db

BY_SECRET = {"method": "SECRET"}
LOTTERY = {
    "method": "LOTTERY",
    "lottery_name": "Quiniela",
    "lottery_drawing": "28 November, evening",
    "lottery_results": 4,
}
DRAWN = ["0103", "0205", "0312", "0440"]
BARREL = {"method": "BARREL"}


def hold(draw: Draw, **options: object) -> Draw:
    at = {"now": at_draw(draw.raffle)} | options
    return hold_draw(draw_id=draw.pk, actor=STAFF, **at)  # type: ignore[arg-type]


def test_the_result_follows_from_what_was_public_before() -> None:
    draw = held_draw(prizes=[("A car", 1), ("A bicycle", 2)])
    published = proof_of(draw)
    numbers = [number for number, _mark in published["closing"]["entries"]]
    randomness = demo_randomness(draw)
    seed = seed_of(rule=draw.rule_digest, root=draw.root, secret=draw.secret, randomness=randomness)
    drawn = [numbers[place] for place in sequence(seed, len(numbers), 5)]
    assert (draw.status, draw.seed, draw.sequence) == (Draw.Status.DRAWN, seed, drawn)
    assert [prize["number"] for prize in published["result"]["prizes"]] == drawn[:3]
    assert published["result"]["reserves"] == drawn[3:]
    assert list(draw.awards.values_list("number", flat=True)) == drawn[:3]
    assert AuditEntry.objects.filter(action=Deed.DRAW_HELD).count() == 1


def demo_randomness(draw: Draw) -> str:
    assert draw.beacon_round is not None
    return randomness_of(demo_beacon.signature_of(draw.beacon_round))


def test_by_secret_alone_no_beacon_takes_part() -> None:
    draw = held_draw(draw=BY_SECRET)
    assert draw.seed == seed_of(rule=draw.rule_digest, root=draw.root, secret=draw.secret, randomness=None)


def test_a_draw_is_not_held_before_its_instant_nor_when_the_clock_goes_back() -> None:
    draw = with_beacon(closed_draw())
    for at in (draw.raffle.draw_at - timedelta(seconds=1), after_sales(draw.raffle), NOW):
        with pytest.raises(DrawNotDue):
            hold(draw, now=at)


def test_there_is_no_second_draw() -> None:
    draw = held_draw()
    before = (draw.seed, draw.sequence)
    with pytest.raises(DrawMoveNotAllowed):
        hold(draw, now=at_draw(draw.raffle) + timedelta(days=1))
    with pytest.raises(DatabaseError), transaction.atomic():
        Draw.objects.filter(pk=draw.pk).update(seed="0" * 64)
    draw.refresh_from_db()
    assert (draw.seed, draw.sequence) == before


def test_without_the_beacon_it_waits() -> None:
    with pytest.raises(RandomnessMissing):
        hold(closed_draw())


@pytest.mark.parametrize("status", ["PLANNED", "COMMITTED"])
def test_what_is_not_closed_is_not_drawn(status: str) -> None:
    raffle = committed_raffle()
    with pytest.raises(DrawMoveNotAllowed):
        hold_draw(draw_id=draw_of(raffle).pk, actor=STAFF, now=at_draw(raffle))


@pytest.mark.parametrize("numbers", [(), (5,), (5, 6)])
def test_a_raffle_with_fewer_entries_than_prizes_leaves_prizes_over(numbers: tuple[int, ...]) -> None:
    draw = held_draw(prizes=[("A car", 1), ("A bicycle", 3)], numbers=numbers)
    prizes = proof_of(draw)["result"]["prizes"]
    won = [prize["number"] for prize in prizes if prize["number"] is not None]
    assert len(prizes) == 4
    assert sorted(won) == sorted(numbers)
    assert Award.objects.count() == Outcome.objects.count() == len(numbers)


def test_the_most_valuable_prize_is_drawn_first_and_no_number_wins_twice() -> None:
    draw = held_draw(prizes=[("A car", 1), ("A bicycle", 2)])
    awards = draw.awards.order_by("place")
    assert [award.prize.label for award in awards] == ["A car", "A bicycle", "A bicycle"]
    assert len({award.number for award in awards}) == 3


def test_everybody_who_played_has_one_outcome_however_many_numbers() -> None:
    raffle = committed_raffle()
    often = make_player()
    sold(raffle, 1, 2, player=often)
    sold(raffle, 3, player=often)
    sold(raffle, 4)
    held_draw(raffle)
    assert sorted(Outcome.objects.values_list("numbers", flat=True)) == [1, 3]


@pytest.mark.parametrize("wrong", ["round", "signature", "nonsense", "of another round"])
def test_a_wrong_or_forged_beacon_is_refused_and_the_right_one_still_counts(wrong: str) -> None:
    draw = closed_draw()
    assert draw.beacon_round is not None
    rounds = {"round": draw.beacon_round + 1}
    signatures = {"signature": "ab" * 48, "nonsense": "zz", "of another round": demo_beacon.signature_of(7)}
    with pytest.raises(BeaconRefused):
        record_beacon(
            draw_id=draw.pk,
            round_number=rounds.get(wrong, draw.beacon_round),
            signature=signatures.get(wrong, demo_beacon.signature_of(draw.beacon_round)),
            actor=STAFF,
            now=at_draw(draw.raffle),
        )
    assert with_beacon(draw).beacon_signature


def test_a_beacon_recorded_twice_is_recorded_once() -> None:
    draw = with_beacon(closed_draw())
    with_beacon(draw)
    assert AuditEntry.objects.filter(action=Deed.BEACON_RECORDED).count() == 1


def test_a_signature_changed_by_sql_stops_the_draw() -> None:
    draw = with_beacon(closed_draw())
    Draw.objects.filter(pk=draw.pk).update(beacon_signature=demo_beacon.signature_of(7))
    with pytest.raises(RecordChanged):
        hold(draw)


def test_tickets_changed_by_sql_stop_the_draw_and_nothing_is_written() -> None:
    draw = with_beacon(closed_draw())
    with without_guards():
        Ticket.objects.filter(raffle=draw.raffle, number=3).update(status=Ticket.Status.RELEASED)
    with pytest.raises(EntriesChanged):
        hold(draw)
    draw.refresh_from_db()
    assert (draw.status, draw.seed, Award.objects.count()) == (Draw.Status.CLOSED, "", 0)


@pytest.mark.parametrize("column", ["root", "rule_digest"])
def test_a_digest_changed_by_sql_stops_the_draw(column: str) -> None:
    draw = with_beacon(closed_draw())
    with without_guards():
        Draw.objects.filter(pk=draw.pk).update(**{column: "0" * 64})
        with pytest.raises(RecordChanged):
            hold(draw)


OTHERWISE: dict[str, tuple[str, type[Exception]]] = {
    "more of a prize": ("UPDATE draws_prize SET quantity = 2", TermsDiffer),
    "another prize": ("UPDATE draws_prize SET label = 'A kite'", TermsDiffer),
    "the reserves": ("UPDATE draws_draw SET reserves = 9", TermsDiffer),
    "the method": ("UPDATE draws_draw SET method = 'SECRET'", TermsDiffer),
    "the instant": ("UPDATE draws_draw SET draws_at = '2026-01-01 10:00:00+00:00'", TermsDiffer),
    "the chain": ("UPDATE draws_draw SET chain = root", TermsDiffer),
}


@pytest.mark.parametrize("what", OTHERWISE)
@pytest.mark.parametrize("is_closed", [False, True])
def test_what_was_changed_by_sql_is_neither_frozen_nor_drawn_by(what: str, is_closed: bool) -> None:
    """The published rule would be broken, and the result final."""
    raffle = committed_raffle()
    for number in (3, 5, 12):
        sold(raffle, number)
    draw = with_beacon(closed_draw(raffle)) if is_closed else draw_of(raffle)
    statement, refusal = OTHERWISE[what]
    with without_guards(), connection.cursor() as cursor:
        cursor.execute(statement)
    draw.refresh_from_db()
    with pytest.raises(refusal):
        hold(draw) if is_closed else closed_draw(raffle)


def test_another_round_than_the_one_that_follows_stops_the_draw() -> None:
    draw = closed_draw()
    assert draw.beacon_round is not None
    with without_guards():
        Draw.objects.filter(pk=draw.pk).update(
            beacon_round=draw.beacon_round - 1,
            beacon_signature=demo_beacon.signature_of(draw.beacon_round - 1),
        )
    with pytest.raises(RecordChanged) as refusal:
        hold(draw)
    assert refusal.value.what == "round"


@pytest.mark.parametrize(
    "change", ["closed_at = '2026-01-01 10:00:00+00:00'", "beacon_round = 1", "root = secret_hash"]
)
def test_the_database_keeps_what_was_frozen_from_the_moment_of_freezing(change: str) -> None:
    closed_draw()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE draws_draw SET {change}")  # noqa: S608 - of this test


@pytest.mark.parametrize(
    "change", ["sequence = '[3]'", "witnesses = 'nobody'", "beacon_round = 1", "seed = root"]
)
def test_the_database_keeps_the_result(change: str) -> None:
    held_draw()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE draws_draw SET {change}")  # noqa: S608 - of this test


def test_a_lost_secret_leads_to_a_later_round_and_no_sooner() -> None:
    draw = with_beacon(closed_draw())
    DrawSecret.objects.filter(draw=draw).update(sealed="gone")
    first_round = draw.beacon_round
    with pytest.raises(SecretLost):
        hold(draw)
    due = at_draw(draw.raffle) + timedelta(hours=24)
    with pytest.raises(FallbackNotDue):
        fall_back(draw_id=draw.pk, actor=STAFF, now=at_draw(draw.raffle))
    fall_back(draw_id=draw.pk, actor=STAFF, now=due)
    draw.refresh_from_db()
    assert draw.fallback == Draw.Fallback.SECRET_LOST
    assert draw.beacon_round is not None and first_round is not None  # noqa: PT018
    assert draw.beacon_round - first_round == 24 * 3600 // 3
    held = hold(with_beacon(draw, now=due), now=due)
    assert held.secret == ""
    randomness = demo_randomness(held)
    assert held.seed == seed_of(rule=held.rule_digest, root=held.root, secret=None, randomness=randomness)


def test_a_beacon_that_never_comes_is_done_without_after_three_days() -> None:
    draw = closed_draw()
    due = at_draw(draw.raffle) + timedelta(hours=72)
    with pytest.raises(FallbackNotDue):
        fall_back(draw_id=draw.pk, actor=STAFF, now=due - timedelta(hours=1))
    with pytest.raises(BeaconNotAsked):
        fall_back(draw_id=draw.pk, actor=STAFF, now=due)
    Draw.objects.filter(pk=draw.pk).update(beacon_asked_at=due - timedelta(hours=1))
    with pytest.raises(BeaconNotAsked):
        fall_back(draw_id=draw.pk, actor=STAFF, now=due)
    Draw.objects.filter(pk=draw.pk).update(beacon_asked_at=due)
    held = hold(fall_back(draw_id=draw.pk, actor=STAFF, now=due), now=due)
    assert held.seed == seed_of(rule=held.rule_digest, root=held.root, secret=held.secret, randomness=None)
    assert proof_of(held)["randomness"]["beacon"] is None


def test_a_lost_secret_of_a_draw_by_secret_leads_to_a_barrel() -> None:
    draw = closed_draw(draw=BY_SECRET)
    DrawSecret.objects.filter(draw=draw).update(sealed="gone")
    due = at_draw(draw.raffle) + timedelta(hours=24)
    fall_back(draw_id=draw.pk, actor=STAFF, now=due)
    for by in (make_staff(), make_staff()):
        type_result(draw_id=draw.pk, values=["5", "3", "77"], witnesses="A notary", by=by, now=due)
    held = hold(draw, now=due)
    assert (held.sequence, held.seed) == ([5, 3, 77], "")
    assert proof_of(held)["randomness"]["barrel"] == {"numbers": [5, 3, 77], "witnesses": "A notary"}


def test_nothing_falls_back_while_all_is_there() -> None:
    draw = with_beacon(closed_draw())
    with pytest.raises(FallbackNotDue):
        fall_back(draw_id=draw.pk, actor=STAFF, now=at_draw(draw.raffle) + timedelta(days=30))


def typed(draw: Draw, values: list[str], witnesses: str = "", by: User | None = None) -> Draw:
    type_result(
        draw_id=draw.pk,
        values=values,
        witnesses=witnesses,
        by=by or make_staff(),
        now=at_draw(draw.raffle),
    )
    draw.refresh_from_db()
    return draw


def test_official_results_count_when_two_people_typed_the_same() -> None:
    draw = closed_draw(draw=LOTTERY, prizes=[("A car", 1)])
    results = ["4098", "0212", "9977", "0005"]
    assert typed(draw, results).typed is None
    with pytest.raises(RandomnessMissing):
        hold(draw)
    held = hold(typed(draw, results))
    assert held.sequence == [12, 77, 5]
    assert proof_of(held)["randomness"]["lottery"] == results


def test_agreed_results_stay_and_what_is_not_agreed_is_not_drawn_by() -> None:
    draw = closed_draw(draw=LOTTERY)
    typed(draw, DRAWN)
    draw = typed(draw, DRAWN)
    with pytest.raises(DatabaseError), transaction.atomic():
        Draw.objects.filter(pk=draw.pk).update(typed=["0005", *DRAWN[1:]])
    with without_guards():
        Draw.objects.filter(pk=draw.pk).update(typed=["0005", *DRAWN[1:]])
    with pytest.raises(RecordChanged) as refusal:
        hold(draw)
    assert refusal.value.what == "typed"


def test_the_log_tells_no_result_before_two_have_typed_it() -> None:
    draw = closed_draw(draw=LOTTERY)
    typed(draw, DRAWN)
    (first,) = AuditEntry.objects.filter(action=Deed.RESULT_TYPED)
    assert not any(result in repr((first.before, first.after, first.reason)) for result in DRAWN)
    typed(draw, DRAWN)
    second = AuditEntry.objects.filter(action=Deed.RESULT_TYPED).order_by("-id")[0]
    assert second.after["results"] == DRAWN


def test_one_person_who_types_twice_is_not_two_and_whoever_mistyped_types_again() -> None:
    draw, one, other = closed_draw(draw=LOTTERY), make_staff(), make_staff()
    right, wrong = ["4098", "0212", "9977", "0005"], ["4098", "0212", "9977", "0006"]
    assert typed(draw, right, by=one).typed is None
    assert typed(draw, right, by=one).typed is None
    assert typed(draw, wrong, by=other).typed is None
    assert typed(draw, right, by=other).typed == right
    with pytest.raises(DrawMoveNotAllowed):
        typed(draw, wrong)


def test_an_old_word_of_somebody_who_changed_it_does_not_count() -> None:
    draw, one, other = closed_draw(draw=LOTTERY), make_staff(), make_staff()
    right, wrong = ["4098", "0212", "9977", "0005"], ["4098", "0212", "9977", "0006"]
    typed(draw, wrong, by=one)
    typed(draw, right, by=one)
    assert typed(draw, wrong, by=other).typed is None


@pytest.mark.parametrize(
    ("plan", "values", "why"),
    [
        (LOTTERY, ["4098"], "count"),
        (LOTTERY, ["4098", "x", "1111", "2222"], "digits"),
        (LOTTERY, ["4098", "5", "1111", "2222"], "digits"),
        (LOTTERY, ["4098", "٤٠٩٨", "1111", "2222"], "digits"),
        (LOTTERY, [], "digits"),
        (BARREL, ["5", "6", "77"], "unsold"),
        (BARREL, ["5", "5", "77"], "twice"),
        (BARREL, ["5", "77"], "count"),
        (BARREL, ["-5", "3", "77"], "digits"),
    ],
)
def test_results_that_cannot_be_are_refused(plan: dict[str, object], values: list[str], why: str) -> None:
    draw = closed_draw(draw=plan)
    with pytest.raises(ResultsRefused) as refusal:
        typed(draw, values, witnesses="A notary")
    assert refusal.value.why == why


def test_a_barrel_needs_witnesses() -> None:
    with pytest.raises(WitnessesMissing):
        typed(closed_draw(draw=BARREL), ["5", "3", "77"])


def test_results_are_not_typed_before_the_draw_nor_where_none_are_awaited() -> None:
    by = make_staff()
    barrel = closed_draw(draw=BARREL)
    with pytest.raises(DrawNotDue):
        type_result(draw_id=barrel.pk, values=["5"], witnesses="x", by=by, now=after_sales(barrel.raffle))
    with pytest.raises(DrawMoveNotAllowed):
        typed(closed_draw(), ["5"], by=by)


def test_a_draw_is_called_off_with_a_public_reason_and_only_before_its_instant() -> None:
    raffle, by = committed_raffle(), make_staff()
    sold(raffle, 5)
    draw = draw_of(raffle)
    with pytest.raises(ReasonMissing):
        call_off_draw(draw_id=draw.pk, by=by, reason=" ", now=NOW)
    with pytest.raises(DrawMoveNotAllowed):
        call_off_draw(draw_id=draw.pk, by=by, reason="no permit", now=raffle.draw_at)
    called = call_off_draw(draw_id=draw.pk, by=by, reason="no permit", now=NOW)
    raffle.refresh_from_db()
    assert (called.status, raffle.status) == (Draw.Status.CALLED_OFF, "CLOSED")
    assert proof_of(called)["called_off"]["reason"] == "no permit"
    with pytest.raises(DrawMoveNotAllowed):
        hold_draw(draw_id=draw.pk, actor=STAFF, now=at_draw(raffle))
