"""Draws against themselves and against sales; each guard has a control that shows what happens without it."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from raffles.draws import entries, guards, holding
from raffles.draws.actions import (
    close_entries,
    exclude_order,
    expire_awards,
    hold_draw,
    lose_award,
    tell_outcomes,
    type_result,
)
from raffles.draws.errors import DrawMoveNotAllowed, OrdersUndecided
from raffles.draws.models import Award, Draw, EntryPage, Outcome
from raffles.draws.notices import DrawFact, OutcomeDue
from raffles.numbers import guards as number_guards
from raffles.numbers import inventory
from raffles.numbers.actions import plan_draw, reserve_numbers
from raffles.numbers.models import Raffle, Ticket
from raffles.sales.actions import confirm_payment, refund_order
from raffles.sales.errors import Refusal
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
)
from tests.factories import NOW, confirm, make_order, make_player, make_proof, make_raffle, make_staff
from tests.races.conftest import Race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

excluding_action = importlib.import_module("raffles.draws.actions.exclude_order")

THREADS = 6
told: list[int] = []


def hear(fact: DrawFact) -> None:
    if isinstance(fact, OutcomeDue):
        told.append(fact.outcome.player_id)


@pytest.fixture
def unguarded() -> Iterator[None]:
    """The database lets frozen things change; put back once the rows are gone."""
    with connection.schema_editor() as editor:
        number_guards.remove(editor)
    guards.remove(connection)
    yield
    with connection.schema_editor() as editor:
        number_guards.install(editor)
        number_guards.install_frozen(editor)
    guards.install(connection)


def pausing(
    monkeypatch: pytest.MonkeyPatch, place: object, name: str, until: threading.Event
) -> threading.Event:
    """The function waits, once it was reached, until somebody else has done what they do."""
    reached, inner = threading.Event(), getattr(place, name)

    def paused(*args: Any, **options: Any) -> Any:
        reached.set()
        until.wait(20)
        return inner(*args, **options)

    monkeypatch.setattr(place, name, paused)
    return reached


def ready() -> Draw:
    return with_beacon(closed_draw(prizes=[("A car", 1), ("A bicycle", 2)]))


def hold(draw: Draw) -> Callable[[], Draw]:
    return partial(hold_draw, draw_id=draw.pk, actor=STAFF, now=at_draw(draw.raffle))


def test_of_many_draws_at_once_one_is_held(race: Race) -> None:
    draw = ready()
    outcomes = race([hold(draw)] * THREADS)
    assert [type(each) for each in outcomes if not isinstance(each, Draw)] == [DrawMoveNotAllowed] * (
        THREADS - 1
    )
    draw.refresh_from_db()
    assert list(draw.awards.order_by("place").values_list("number", flat=True)) == (draw.sequence or [])[:3]
    assert Outcome.objects.count() == 5


def test_without_lock_old_status_and_constraints_they_would_be_held_twice(
    race: Race, monkeypatch: pytest.MonkeyPatch, unguarded: None
) -> None:
    """Control: the result follows from what is fixed and is the same; but everybody would hear it twice."""
    draw = ready()
    everybody = threading.Barrier(2, timeout=20)

    def write(_draw: Draw, _now: object) -> None:
        everybody.wait()

    monkeypatch.setattr(holding, "_lock", lambda _draw: None)
    monkeypatch.setattr(holding, "_write", write)
    constraints = [("draws_award", "draws_award_place_once"), ("draws_outcome", "draws_outcome_once")]
    with connection.cursor() as cursor:
        for table, name in constraints:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        cursor.execute("DROP INDEX draws_award_one_winner")
    race([hold(draw)] * 2)
    assert (Award.objects.count(), Outcome.objects.count()) == (6, 10)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM draws_award")
        cursor.execute("DELETE FROM draws_outcome")
        cursor.execute(
            "ALTER TABLE draws_award ADD CONSTRAINT draws_award_place_once UNIQUE (draw_id, place)"
        )
        cursor.execute(
            "ALTER TABLE draws_outcome ADD CONSTRAINT draws_outcome_once UNIQUE (draw_id, player_id)"
        )
        cursor.execute(
            "CREATE UNIQUE INDEX draws_award_one_winner ON draws_award (prize_id, unit)"
            " WHERE NOT (status = 'LOST')"
        )


def test_of_many_closings_at_once_one_freezes(race: Race) -> None:
    raffle = committed_raffle()
    sold(raffle, 3, 5)
    draw = draw_of(raffle)
    attempt = partial(close_entries, draw_id=draw.pk, actor=STAFF, now=after_sales(raffle))
    outcomes = race([attempt] * THREADS)
    assert sum(isinstance(each, Draw) for each in outcomes) == 1
    assert EntryPage.objects.count() == 1


def test_a_confirmation_beside_a_closing_comes_before_it_or_waits_undecided(
    race: Race,
) -> None:
    """Whichever is first: what is sold is what is frozen, or nothing is frozen yet."""
    for _turn in range(5):
        raffle, by = committed_raffle(), make_staff()
        order = make_order(raffle=raffle, numbers=(7,), status=Order.Status.UNDER_REVIEW)
        at = after_sales(raffle)
        confirm = partial(
            confirm_payment, order_id=order.pk, by=by, amount_minor=None, method="t", reference="", now=at
        )
        close = partial(close_entries, draw_id=draw_of(raffle).pk, actor=STAFF, now=at)
        _paid, closed = race([confirm, close])
        is_sold = Ticket.objects.filter(raffle=raffle, status=Ticket.Status.SOLD).exists()
        if isinstance(closed, Draw):
            assert is_sold
            assert entries.frozen_numbers(closed) == [7]
        else:
            assert isinstance(closed, OrdersUndecided)


def refund_in_the_middle(race: Race, monkeypatch: pytest.MonkeyPatch) -> tuple[Draw, Order, list[Any]]:
    """A refund that has looked whether entries are frozen, and goes on once they are."""
    raffle, by = committed_raffle(), make_staff()
    order = sold(raffle, 7)
    frozen = threading.Event()
    looked = pausing(monkeypatch, inventory, "move_counts", frozen)

    def refund() -> Any:
        return refund_order(order_id=order.pk, by=by, reason="changed her mind", now=NOW)

    def close() -> Any:
        looked.wait(20)
        threading.Timer(0.5, frozen.set).start()
        return close_entries(draw_id=draw_of(raffle).pk, actor=STAFF, now=after_sales(raffle))

    outcomes = race([refund, close])
    return draw_of(raffle), order, outcomes


def test_a_refund_that_began_before_the_closing_is_waited_for(
    race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw, order, outcomes = refund_in_the_middle(race, monkeypatch)
    assert not [each for each in outcomes if isinstance(each, Exception)]
    order.refresh_from_db()
    assert (order.status, draw.entry_count) == (Order.Status.REFUNDED, 0)


def test_without_the_guard_a_refunded_number_would_be_frozen(
    race: Race, monkeypatch: pytest.MonkeyPatch, unguarded: None
) -> None:
    """Control: the closing does not wait for the refund, and freezes a number that is free again."""
    draw, order, _outcomes = refund_in_the_middle(race, monkeypatch)
    order.refresh_from_db()
    assert (order.status, draw.entry_count) == (Order.Status.REFUNDED, 1)


def late_beside_an_exclusion(
    race: Race,
    monkeypatch: pytest.MonkeyPatch,
    before: Callable[[list[Ticket]], None] = lambda _tickets: None,
) -> Order:
    """Late money takes 40 back while the order that had it since is being excluded.

    `before` is done by the late money while the exclusion still waits for it to come for the number.
    """
    raffle, by = committed_raffle(), make_staff()
    at = after_sales(raffle)
    late = make_order(raffle=raffle, numbers=(40,), status=Order.Status.EXPIRED)
    other = make_order(raffle=raffle, player=make_player(), numbers=(40,), status=Order.Status.UNDER_REVIEW)
    make_proof(late)
    go_on = threading.Event()
    go_on.set()
    taking = pausing(monkeypatch, inventory, "_hold_one_by_one", go_on)
    hold_all = inventory._hold_one_by_one

    def hold_after(tickets: list[Ticket]) -> None:
        before(tickets)
        hold_all(tickets)

    monkeypatch.setattr(inventory, "_hold_one_by_one", hold_after)
    excluding = pausing(monkeypatch, excluding_action, "_note", taking)

    def pay() -> Any:
        excluding.wait(20)
        return confirm(late, by=by, now=at)

    exclude = partial(
        exclude_order, draw_id=draw_of(raffle).pk, order_id=other.pk, by=by, reason="too late", now=at
    )
    outcomes = race([exclude, pay])
    assert not [each for each in outcomes if isinstance(each, Exception)], outcomes
    late.refresh_from_db()
    return late


def test_late_money_beside_an_exclusion_takes_nothing(race: Race, monkeypatch: pytest.MonkeyPatch) -> None:
    assert late_beside_an_exclusion(race, monkeypatch).status == Order.Status.CANCELLED


def test_looked_for_before_the_claim_an_exclusion_would_be_missed(
    race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: the same question, asked while the other order still holds the number."""
    look = inventory._require_not_excluded
    monkeypatch.setattr(inventory, "_require_not_excluded", lambda _tickets: None)
    assert late_beside_an_exclusion(race, monkeypatch, before=look).status == Order.Status.PAID


def test_two_prizes_lost_at_once_take_a_reserve_each(race: Race) -> None:
    draw = held_draw(prizes=[("A car", 1), ("A bicycle", 1)])
    by, at = make_staff(), at_draw(draw.raffle)
    lose = [
        partial(lose_award, award_id=award.pk, by=by, why="GIVEN_UP", note="by phone", now=at)
        for award in draw.awards.all()
    ]
    outcomes = race([*lose])
    assert sorted(award.place for award in outcomes) == [2, 3]


def test_a_prize_lost_twice_at_once_is_lost_once(race: Race) -> None:
    draw = held_draw()
    award = draw.awards.get()
    after = award.claim_until.replace(year=award.claim_until.year + 1)
    assert sum(race([partial(expire_awards, now=after)] * THREADS)) == 1
    assert draw.awards.count() == 2


def test_nobody_hears_twice_of_outcomes_told_at_once(race: Race, settings: Any) -> None:
    held_draw()
    told.clear()
    settings.DRAW_LISTENERS = [f"{__name__}.hear"]
    assert sum(race([partial(tell_outcomes, now=NOW, limit=2)] * THREADS)) == 5
    assert len(told) == len(set(told)) == 5


def test_without_the_lock_they_would(race: Race, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: all have read the same rows before one has marked them."""
    held_draw()
    told.clear()
    settings.DRAW_LISTENERS = [f"{__name__}.hear"]
    everybody = threading.Barrier(2, timeout=20)
    module = importlib.import_module("raffles.draws.actions.tell_outcomes")
    awards_of = module._awards_of

    def waited(outcomes: Any) -> Any:
        everybody.wait()
        return awards_of(outcomes)

    monkeypatch.setattr(module, "_awards_of", waited)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows)
    race([partial(tell_outcomes, now=NOW)] * 2)
    assert len(told) == 10


def test_two_people_who_type_the_same_at_once_are_two(race: Race) -> None:
    draw = closed_draw(draw={"method": "BARREL"})
    attempts = [
        partial(
            type_result,
            draw_id=draw.pk,
            values=["5", "3", "77"],
            witnesses="A notary",
            by=make_staff(),
            now=at_draw(draw.raffle),
        )
        for _person in range(2)
    ]
    race([*attempts])
    draw.refresh_from_db()
    assert draw.typed == ["5", "3", "77"]


def test_a_draw_planned_at_once_is_planned_once(race: Race) -> None:
    raffle = make_raffle(status=Raffle.Status.DRAFT)
    outcomes = race([partial(plan_draw, raffle_id=raffle.pk)] * THREADS)
    assert {each.pk for each in outcomes} == {draw_of(raffle).pk}


def test_a_closing_and_reservations_do_not_wait_in_a_circle(
    race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reservation that was begun in time comes first or is refused; nobody is undone by the database."""
    for _turn in range(5):
        raffle = committed_raffle()
        close = partial(close_entries, draw_id=draw_of(raffle).pk, actor=STAFF, now=after_sales(raffle))
        reserve = [
            partial(
                reserve_numbers, raffle_id=raffle.pk, player_id=make_player().pk, numbers=[number], now=NOW
            )
            for number in range(4)
        ]
        outcomes = race([*reserve, close])
        assert not [
            each for each in outcomes if isinstance(each, Exception) and not isinstance(each, Refusal)
        ]
        if isinstance(outcomes[-1], Draw):
            assert not Ticket.objects.filter(raffle=raffle).exists()
