"""Once a minute whatever is due, however long nobody looked; one draw that is stuck keeps no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from config import demo_beacon
from raffles.audit.models import AuditEntry, Deed
from raffles.draws import drand, sweeping
from raffles.draws.actions import close_entries
from raffles.draws.beacon import Chain
from raffles.draws.models import Award, Draw, DrawSecret, Outcome
from raffles.draws.notices import DrawFact, DrawHeld, DrawTroubled, EntriesWait, OutcomeDue
from raffles.draws.sweeping import sweep
from raffles.numbers.models import Raffle, Ticket
from raffles.sales.models import Order
from tests.draws.staging import (
    after_sales,
    at_draw,
    closed_draw,
    committed_raffle,
    draw_of,
    sold,
    with_beacon,
    without_guards,
)
from tests.factories import make_order

pytestmark = pytest.mark.django_db

LOTTERY = {"method": "LOTTERY", "lottery_name": "Quiniela", "lottery_drawing": "28 Nov, evening"}

heard: list[DrawFact] = []


def hear(fact: DrawFact) -> None:
    heard.append(fact)


@pytest.fixture(autouse=True)
def listening(settings: Any) -> None:
    settings.DRAW_LISTENERS = [f"{__name__}.hear"]
    heard.clear()


@pytest.fixture
def beacon(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the sources say: a signature, or None while there is none; before it what a forger says."""
    says: dict[str, Any] = {"signature": demo_beacon.signature_of, "forged": None, "asked": 0}

    def found_signatures(_chain: Chain, round_number: int, _urls: Any, _path: Any) -> Iterator[str]:
        says["asked"] += 1
        for source in (says["forged"], says["signature"]):
            if source is not None:
                yield str(source(round_number))

    monkeypatch.setattr(drand, "found_signatures", found_signatures)
    return says


def of_kind(kind: type[DrawFact]) -> list[Any]:
    return [fact for fact in heard if isinstance(fact, kind)]


def three_sold(**options: Any) -> Raffle:
    raffle = committed_raffle(**options)
    for number in (3, 5, 12):
        sold(raffle, number)
    return raffle


def test_after_days_without_a_worker_the_first_look_does_all_that_is_due(beacon: dict[str, Any]) -> None:
    raffles = [three_sold(), three_sold()]
    late = at_draw(raffles[0]) + timedelta(days=3)
    sweep(now=late)
    assert set(Draw.objects.values_list("status", flat=True)) == {Draw.Status.CLOSED}
    sweep(now=late + timedelta(minutes=2))
    assert set(Draw.objects.values_list("status", flat=True)) == {Draw.Status.DRAWN}
    assert (len(of_kind(DrawHeld)), len(of_kind(OutcomeDue))) == (2, 6)
    assert not Outcome.objects.filter(told_at=None).exists()


def test_before_its_time_nothing_happens_and_looking_again_does_nothing_twice(beacon: dict[str, Any]) -> None:
    raffle = three_sold()
    sweep(now=raffle.sales_close_at - timedelta(minutes=1))
    assert draw_of(raffle).status == Draw.Status.COMMITTED
    for _look in range(3):
        sweep(now=after_sales(raffle))
    assert draw_of(raffle).status == Draw.Status.CLOSED
    for _look in range(3):
        sweep(now=at_draw(raffle))
    assert len(of_kind(DrawHeld)) == Award.objects.count() == 1


def test_undecided_orders_are_told_and_the_draw_waits_for_them(beacon: dict[str, Any]) -> None:
    raffle = three_sold()
    make_order(raffle=raffle, numbers=(7,), status=Order.Status.UNDER_REVIEW)
    sweep(now=after_sales(raffle))
    (fact,) = of_kind(EntriesWait)
    assert (fact.undecided, draw_of(raffle).status) == (1, Draw.Status.COMMITTED)


def test_a_late_beacon_is_waited_for_asked_again_and_told_once(beacon: dict[str, Any]) -> None:
    draw = closed_draw()
    beacon["signature"] = None
    at = at_draw(draw.raffle)
    sweep(now=at)
    assert not of_kind(DrawTroubled)
    for minutes in (11, 12, 13):
        sweep(now=at + timedelta(minutes=minutes))
    assert [fact.what for fact in of_kind(DrawTroubled)] == ["beacon"]
    assert beacon["asked"] == 4
    draw.refresh_from_db()
    assert draw.beacon_asked_at == at + timedelta(minutes=13)
    beacon["signature"] = demo_beacon.signature_of
    sweep(now=at + timedelta(minutes=14))
    draw.refresh_from_db()
    assert (draw.status, draw.trouble) == (Draw.Status.DRAWN, "")


def test_a_forged_round_from_a_source_counts_for_nothing(beacon: dict[str, Any]) -> None:
    draw = closed_draw()
    beacon["signature"] = lambda _round: demo_beacon.signature_of(7)
    sweep(now=at_draw(draw.raffle))
    draw.refresh_from_db()
    assert (draw.status, draw.beacon_signature) == (Draw.Status.CLOSED, "")


def test_a_forged_round_does_not_keep_the_true_one_from_being_found(beacon: dict[str, Any]) -> None:
    draw = closed_draw()
    beacon["forged"] = lambda _round: demo_beacon.signature_of(7)
    sweep(now=at_draw(draw.raffle))
    draw.refresh_from_db()
    assert draw.status == Draw.Status.DRAWN


def test_what_stops_the_draw_after_its_closing_is_told_as_well(beacon: dict[str, Any]) -> None:
    """The word of the first trouble goes with it."""
    raffle = three_sold()
    home = raffle.time_zone
    Raffle.objects.filter(pk=raffle.pk).update(time_zone="Asia/Tokyo")
    sweep(now=after_sales(raffle))
    Raffle.objects.filter(pk=raffle.pk).update(time_zone=home)
    sweep(now=after_sales(raffle))
    assert draw_of(raffle).trouble == ""
    Raffle.objects.filter(pk=raffle.pk).update(time_zone="Asia/Tokyo")
    sweep(now=at_draw(raffle))
    assert [fact.what for fact in of_kind(DrawTroubled)] == ["terms", "terms"]


def test_a_lottery_that_was_drawn_before_the_entries_were_frozen_is_not_drawn_by(
    beacon: dict[str, Any],
) -> None:
    raffle = three_sold(draw=LOTTERY)
    make_order(raffle=raffle, numbers=(7,), status=Order.Status.UNDER_REVIEW)
    sweep(now=raffle.draw_at)
    assert not of_kind(DrawTroubled)
    for minutes in (1, 2):
        sweep(now=raffle.draw_at + timedelta(minutes=minutes))
    assert [fact.what for fact in of_kind(DrawTroubled)] == ["lottery"]
    assert draw_of(raffle).status == Draw.Status.COMMITTED


@pytest.mark.parametrize("what", ["entries", "secret", "record"])
def test_what_must_not_be_stops_the_draw_is_told_once_and_audited(what: str, beacon: dict[str, Any]) -> None:
    draw = with_beacon(closed_draw())
    with without_guards():
        if what == "entries":
            Ticket.objects.filter(raffle=draw.raffle, number=3).update(status=Ticket.Status.RELEASED)
        elif what == "secret":
            DrawSecret.objects.filter(draw=draw).update(sealed="gone")
        else:
            Draw.objects.filter(pk=draw.pk).update(root="0" * 64)
    other = with_beacon(closed_draw())
    for _look in range(3):
        sweep(now=at_draw(draw.raffle))
    assert [fact.what for fact in of_kind(DrawTroubled)] == [{"record": "entries"}.get(what, what)]
    assert AuditEntry.objects.filter(action=Deed.DRAW_TROUBLED).count() == 1
    draw.refresh_from_db()
    other.refresh_from_db()
    assert (draw.status, other.status) == (Draw.Status.CLOSED, Draw.Status.DRAWN)


def test_an_error_in_one_draw_is_logged_and_the_next_goes_on(
    beacon: dict[str, Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = three_sold(), three_sold()
    close = close_entries

    def breaking(*, draw_id: int, **options: Any) -> Draw:
        if draw_id == draw_of(broken).pk:
            raise RuntimeError("a disk is full")
        return close(draw_id=draw_id, **options)

    monkeypatch.setattr(sweeping, "close_entries", breaking)
    sweep(now=after_sales(sound))
    assert draw_of(sound).status == Draw.Status.CLOSED
    assert broken.code in caplog.text


def test_prizes_nobody_claimed_go_on_by_themselves(beacon: dict[str, Any]) -> None:
    raffle = three_sold()
    sweep(now=after_sales(raffle))
    sweep(now=at_draw(raffle))
    sweep(now=at_draw(raffle) + timedelta(days=32))
    assert list(Award.objects.order_by("place").values_list("status", flat=True)) == ["LOST", "OPEN"]
