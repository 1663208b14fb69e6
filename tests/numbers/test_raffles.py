from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries, Settings

from raffles.audit.models import AuditEntry, Deed
from raffles.numbers.actions import (
    close_raffle,
    open_raffle,
    pause_raffle,
    reserve_numbers,
    reserve_random_numbers,
)
from raffles.numbers.errors import RaffleMoveNotAllowed, RaffleNotFound
from raffles.numbers.guards import TRIGGERS
from raffles.numbers.models import NumberBlock, Raffle, Ticket
from raffles.numbers.queries import availability
from raffles.numbers.rules import HIGHEST_PER_ORDER, HIGHEST_PRICE_MINOR
from raffles.sales.models import Actor, Order
from tests.factories import NOW, make_order, make_player, make_raffle, make_staff, raffle_fields

pytestmark = pytest.mark.django_db

S = Raffle.Status


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("last_number", {"first_number": 10, "last_number": 9}),
        ("last_number", {"last_number": 10_000_000}),
        ("first_number", {"first_number": -1}),
        ("price_minor", {"price_minor": 0}),
        ("price_minor", {"price_minor": -5}),
        ("currency", {"currency": "PY"}),
        ("min_per_order", {"min_per_order": 0}),
        ("max_per_order", {"min_per_order": 5, "max_per_order": 4}),
        ("max_per_order", {"max_per_order": 501}),
        ("max_per_player", {"min_per_order": 5, "max_per_player": 4}),
        ("sales_close_at", {"sales_close_at": NOW - timedelta(days=7)}),
        ("draw_at", {"draw_at": NOW + timedelta(days=6)}),
        ("hold_minutes", {"hold_minutes": 0}),
        ("hold_minutes", {"hold_minutes": 10_081}),
        ("number_width", {"number_width": 10}),
        ("code", {"code": "A"}),
        ("code", {"code": "ABCDEFGHIJKLM"}),
        ("code", {"code": "MO-TO"}),
        ("code", {"code": "2026"}),
        ("status", {"status": "OPEN"}),
    ],
)
def test_a_raffle_that_cannot_be_is_refused_by_the_form_and_by_the_database(
    field: str, wrong: dict[str, Any]
) -> None:
    raffle = Raffle(**raffle_fields(**wrong))
    with pytest.raises(ValidationError) as refusal:
        raffle.full_clean()
    assert field in refusal.value.message_dict
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        Raffle.objects.bulk_create([Raffle(**{"number_width": 2} | raffle_fields(**wrong))])


@pytest.mark.parametrize(
    ("field", "wrong"), [("currency", {"currency": "XYZ"}), ("time_zone", {"time_zone": "Mars/Olympus"})]
)
def test_what_only_a_list_can_tell_is_refused_by_the_form(field: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refusal:
        Raffle(**raffle_fields(**wrong)).full_clean()
    assert list(refusal.value.message_dict) == [field]


def test_an_empty_form_names_the_missing_fields_and_nothing_breaks() -> None:
    with pytest.raises(ValidationError) as refusal:
        Raffle().full_clean()
    assert {"title", "code", "price_minor", "last_number", "draw_at"} <= set(refusal.value.message_dict)


def test_a_sound_raffle_passes_and_its_code_is_written_large() -> None:
    raffle = Raffle(**raffle_fields(code=" moto ", currency="usd"))
    raffle.full_clean()
    assert (raffle.code, raffle.currency, raffle.number_width) == ("MOTO", "USD", 2)


def test_a_code_belongs_to_one_raffle() -> None:
    make_raffle(code="MOTO")
    with pytest.raises(ValidationError) as refusal:
        Raffle(**raffle_fields(code="moto")).full_clean()
    assert list(refusal.value.message_dict) == ["code"]


@pytest.mark.parametrize(
    ("last", "width", "number", "label"),
    [(99, None, 5, "05"), (9999, None, 0, "0000"), (999, 0, 5, "5"), (100, None, 7, "007"), (99, 1, 5, "5")],
)
def test_numbers_are_written_with_the_zeros_the_raffle_wants(
    last: int, width: int | None, number: int, label: str
) -> None:
    raffle = make_raffle(last_number=last, number_width=width)
    assert raffle.label(number) == label


def test_a_raffle_holds_for_the_minutes_of_the_settings_unless_it_says_otherwise(settings: Settings) -> None:
    settings.HOLD_MINUTES = 33
    assert Raffle().hold_minutes == 33


def test_a_million_numbers_are_one_row_and_answer_at_once(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        raffle = make_raffle(last_number=999_999)
    assert availability(raffle).free == 1_000_000
    order = reserve_random_numbers(raffle_id=raffle.pk, player_id=make_player().pk, count=10, now=NOW)
    assert order.tickets.count() == 10
    assert availability(raffle).free == 999_990
    assert NumberBlock.objects.count() <= 10


def test_a_price_that_an_order_of_the_most_numbers_could_not_be_charged_with_is_refused() -> None:
    with pytest.raises(ValidationError) as refusal:
        Raffle(**raffle_fields(price_minor=HIGHEST_PRICE_MINOR + 1)).full_clean()
    assert list(refusal.value.message_dict) == ["price_minor"]
    Raffle(**raffle_fields(price_minor=HIGHEST_PRICE_MINOR)).full_clean()
    assert HIGHEST_PRICE_MINOR * HIGHEST_PER_ORDER * 1000 < 2**63


def test_a_raffle_is_opened_paused_and_closed_for_good() -> None:
    raffle = make_raffle(status=S.DRAFT)
    by: dict[str, Any] = {"raffle_id": raffle.pk, "actor": Actor.staff(make_staff("rosa")), "now": NOW}
    steps = [
        (open_raffle, S.ACTIVE),
        (pause_raffle, S.PAUSED),
        (open_raffle, S.ACTIVE),
        (close_raffle, S.CLOSED),
    ]
    assert [move(**by).status for move, _to in steps] == [to for _move, to in steps]
    for move in (open_raffle, pause_raffle, close_raffle):
        with pytest.raises(RaffleMoveNotAllowed):
            move(**by)
    raffle.refresh_from_db()
    assert raffle.status == S.CLOSED
    lines = AuditEntry.objects.filter(action=Deed.RAFFLE_MOVED).order_by("pk")
    assert [line.after["status"] for line in lines] == [to for _move, to in steps]
    assert {(line.actor, line.at, line.subject_label) for line in lines} == {("staff:rosa", NOW, raffle.code)}


def test_a_raffle_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(RaffleNotFound):
        open_raffle(raffle_id=404, actor=Actor.clock(), now=NOW)


@pytest.mark.parametrize("released", [False, True])
@pytest.mark.parametrize("change", [{"first_number": 11}, {"last_number": 98}])
def test_a_range_with_a_claim_in_its_history_cannot_shrink(change: dict[str, int], released: bool) -> None:
    raffle = make_raffle(first_number=10)
    make_order(raffle=raffle, numbers=[50], status=Order.Status.CANCELLED if released else Order.Status.PAID)
    for name, value in change.items():
        setattr(raffle, name, value)
    with pytest.raises(ValidationError) as refusal:
        raffle.full_clean()
    assert list(refusal.value.message_dict) == ["last_number"]
    with pytest.raises(IntegrityError, match="can only grow"), transaction.atomic():
        raffle.save()
    raffle.refresh_from_db()
    assert (raffle.first_number, raffle.last_number) == (10, 99)


def test_a_range_with_claims_may_grow_both_ways() -> None:
    raffle = make_raffle(first_number=10)
    order = make_order(raffle=raffle, numbers=[50])
    raffle.first_number, raffle.last_number = 0, 2999
    raffle.full_clean()
    raffle.save()
    assert availability(raffle).free == 2999
    reserve_numbers(raffle_id=raffle.pk, player_id=order.player_id, numbers=[0, 2999], now=NOW)


def test_a_range_without_claims_may_shrink() -> None:
    raffle = make_raffle()
    raffle.last_number = 9
    raffle.full_clean()
    raffle.save()


@pytest.mark.parametrize("number", [9, 100])
def test_the_database_refuses_a_ticket_outside_its_range(number: int) -> None:
    order = make_order()
    raffle = make_raffle(first_number=10)
    with pytest.raises(IntegrityError, match="outside the range"), transaction.atomic():
        Ticket.objects.create(raffle=raffle, number=number, order=order, price_minor=1)


def test_the_database_refuses_to_move_a_ticket_to_another_number() -> None:
    make_order(numbers=[5])
    with pytest.raises(IntegrityError, match="never moves"), transaction.atomic():
        Ticket.objects.update(number=6)


def test_the_database_has_the_guards() -> None:
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        names = {name for (name,) in cursor.fetchall()}
    assert set(TRIGGERS) <= names
