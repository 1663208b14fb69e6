"""Many want the same numbers at once; each guard has a control that shows what happens without it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from raffles.numbers import queries
from raffles.numbers.actions import reserve_numbers, reserve_random_numbers
from raffles.numbers.errors import NotEnoughNumbers, NumbersTaken, TooManyPerPlayer
from raffles.numbers.invariants import violations
from raffles.numbers.models import Raffle, Ticket
from raffles.numbers.queries import availability
from raffles.sales.models import Order
from tests.factories import NOW, make_player, make_raffle
from tests.races.conftest import Race

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 12


def exact(raffle: Raffle, numbers: list[int]) -> Callable[[], Order]:
    player = make_player()
    return partial(reserve_numbers, raffle_id=raffle.pk, player_id=player.pk, numbers=numbers, now=NOW)


def some(raffle: Raffle, count: int) -> Callable[[], Order]:
    player = make_player()
    return partial(reserve_random_numbers, raffle_id=raffle.pk, player_id=player.pk, count=count, now=NOW)


def kinds(outcomes: list[Any]) -> Counter[type]:
    return Counter(type(outcome) for outcome in outcomes)


def live_numbers() -> list[int]:
    return list(Ticket.objects.exclude(status=Ticket.Status.RELEASED).values_list("number", flat=True))


def test_of_twelve_who_want_the_same_three_numbers_one_gets_them(race: Race) -> None:
    raffle = make_raffle()
    outcomes = race([exact(raffle, [5, 12, 99]) for _ in range(THREADS)])
    assert kinds(outcomes) == {Order: 1, NumbersTaken: 11}
    assert sorted(live_numbers()) == [5, 12, 99]
    assert violations(NOW) == []


@pytest.mark.usefixtures("no_unique_claim")
def test_without_the_unique_claim_numbers_are_sold_twice(race: Race) -> None:
    raffle = make_raffle()
    outcomes = race([exact(raffle, [5, 12, 99]) for _ in range(THREADS)])
    assert kinds(outcomes)[Order] > 1
    assert len(live_numbers()) > 3


def test_claims_that_overlap_never_wait_in_a_circle(race: Race) -> None:
    raffle = make_raffle(last_number=5000, max_per_order=500)
    wanted = [[*range(place * 10, place * 10 + 40), 2500 - place, 4000 + place] for place in range(THREADS)]
    outcomes = race([exact(raffle, numbers[:: (-1) ** place]) for place, numbers in enumerate(wanted)])
    assert set(kinds(outcomes)) <= {Order, NumbersTaken}
    assert kinds(outcomes)[Order] >= 1
    assert violations(NOW) == []


def test_twelve_times_fifty_random_numbers_are_six_hundred(race: Race) -> None:
    raffle = make_raffle(last_number=999)
    outcomes = race([some(raffle, 50) for _ in range(THREADS)])
    assert kinds(outcomes) == {Order: THREADS}
    assert len(set(live_numbers())) == len(live_numbers()) == 600
    assert violations(NOW) == []


def test_the_last_sixty_numbers_go_to_six_of_twelve(race: Race) -> None:
    raffle = make_raffle(last_number=59)
    outcomes = race([some(raffle, 10) for _ in range(THREADS)])
    assert kinds(outcomes) == {Order: 6, NotEnoughNumbers: 6}
    assert sorted(live_numbers()) == list(range(60))
    assert availability(raffle).free == 0
    assert violations(NOW) == []


def test_fifty_reservations_at_once_all_finish(race: Race) -> None:
    raffle = make_raffle(last_number=999)
    outcomes = race([exact(raffle, [place, 999 - place]) for place in range(50)])
    assert kinds(outcomes) == {Order: 50}
    assert violations(NOW) == []


def test_orders_at_once_keep_to_the_limit_of_their_player(race: Race) -> None:
    raffle, player = make_raffle(max_per_player=4), make_player()
    attempts = [
        partial(reserve_numbers, raffle_id=raffle.pk, player_id=player.pk, numbers=[n, n + 50], now=NOW)
        for n in range(THREADS)
    ]
    outcomes = race(list(attempts))
    assert kinds(outcomes) == {Order: 2, TooManyPerPlayer: 10}
    assert len(live_numbers()) == 4


@pytest.mark.postgres
def test_without_the_lock_on_the_player_the_limit_is_exceeded(
    race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    raffle, player = make_raffle(max_per_player=2), make_player()
    both_have_counted = threading.Barrier(2, timeout=60)

    def count_and_wait(raffle: Raffle, player_id: int) -> int:
        has = queries.claimed_by_player(raffle, player_id)
        both_have_counted.wait()
        return has

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows)
    monkeypatch.setattr("raffles.numbers.claims.claimed_by_player", count_and_wait)
    attempts = [
        partial(reserve_numbers, raffle_id=raffle.pk, player_id=player.pk, numbers=[n, n + 50], now=NOW)
        for n in range(2)
    ]
    race(list(attempts))
    assert len(live_numbers()) == 4


def test_a_range_that_shrinks_while_a_number_is_claimed_never_loses_it(race: Race) -> None:
    raffle = make_raffle(max_per_order=500)
    shrink = partial(Raffle.objects.filter(pk=raffle.pk).update, last_number=49)
    race([*(exact(raffle, [90 - place]) for place in range(6)), shrink])
    raffle.refresh_from_db()
    assert all(number <= raffle.last_number for number in live_numbers())


def test_sqlite_takes_the_write_lock_first_and_waits_for_it() -> None:
    """With deferred transactions the races above fail with "database is locked"."""
    options = connection.settings_dict["OPTIONS"]
    if connection.vendor == "sqlite":
        assert options["transaction_mode"] == "IMMEDIATE"
        assert options["timeout"] >= 20
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode")
            assert cursor.fetchone() == ("wal",)
    else:
        assert connection.settings_dict["CONN_HEALTH_CHECKS"]
