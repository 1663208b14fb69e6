"""What sales asks of anything it sells, for raffle numbers and for tables that live in the tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import pytest

from raffles.numbers.actions import reserve_numbers
from raffles.numbers.models import Raffle
from raffles.sales.actions import cancel_order, expire_orders, reject_proof
from raffles.sales.errors import Refusal, UnitsGone, UnitsNotHeld
from raffles.sales.inventory import Inventory, inventory_of
from raffles.sales.models import Actor, Order
from tests.factories import NOW, bring_to, confirm, make_player, make_proof, make_raffle, make_staff
from tests.second_kind.inventory import book_tables
from tests.second_kind.models import Table

pytestmark = pytest.mark.django_db

S = Order.Status


class Shop(Protocol):
    labels: tuple[str, str]
    title: str

    def order(self, *labels: str) -> Order: ...


@dataclass
class NumbersShop:
    raffle: Raffle
    labels: tuple[str, str] = ("05", "12")
    title: str = "A motorbike"

    def order(self, *labels: str) -> Order:
        return reserve_numbers(
            raffle_id=self.raffle.pk,
            player_id=make_player().pk,
            numbers=[int(label) for label in labels],
            now=NOW,
        )


class TablesShop:
    labels = ("by the door", "by the window")
    title = "A dinner"

    def order(self, *labels: str) -> Order:
        return book_tables(player=make_player(), names=labels, now=NOW)


@pytest.fixture(params=["numbers", "tables"])
def shop(request: pytest.FixtureRequest) -> Shop:
    if request.param == "numbers":
        return NumbersShop(make_raffle())
    Table.objects.create(name="by the door", price_minor=2000)
    Table.objects.create(name="by the window", price_minor=3000)
    return TablesShop()


def held(shop: Shop) -> tuple[Order, Inventory]:
    order = shop.order(*shop.labels)
    return order, inventory_of(order)


def is_free(shop: Shop, label: str) -> bool:
    try:
        order = shop.order(label)
    except Refusal:
        return False
    cancel_order(order_id=order.pk, actor=Actor.player(), reason="", now=NOW)
    return True


def free(shop: Shop) -> list[str]:
    return [label for label in shop.labels if is_free(shop, label)]


def test_an_order_says_what_it_is_for(shop: Shop) -> None:
    order, inventory = held(shop)
    offering = inventory.offering(order)
    assert offering.title == shop.title
    assert offering.payment_instructions
    assert offering.draw_at.tzinfo is not None


def test_lines_name_every_unit_and_add_up_to_the_total(shop: Shop) -> None:
    order, inventory = held(shop)
    lines = inventory.lines(order)
    assert tuple(line.label for line in lines) == shop.labels
    assert sum(line.price_minor for line in lines) == order.total_minor


def test_what_is_held_or_sold_is_not_free(shop: Shop) -> None:
    order, inventory = held(shop)
    assert free(shop) == []
    inventory.sell(order)
    assert free(shop) == []


def test_selling_twice_is_noticed(shop: Shop) -> None:
    order, inventory = held(shop)
    inventory.sell(order)
    with pytest.raises(UnitsNotHeld):
        inventory.sell(order)


def test_released_units_are_free_again_whether_held_or_sold(shop: Shop) -> None:
    for sells_first in (False, True):
        order, inventory = held(shop)
        if sells_first:
            inventory.sell(order)
        inventory.release(order)
        assert free(shop) == list(shop.labels)


def test_releasing_twice_changes_nothing(shop: Shop) -> None:
    order, inventory = held(shop)
    inventory.release(order)
    rival = shop.order(shop.labels[0])
    inventory.release(order)
    assert free(shop) == [shop.labels[1]]
    assert [line.label for line in inventory.lines(rival)] == [shop.labels[0]]


def test_lines_tell_what_was_last_held_after_a_release(shop: Shop) -> None:
    order, inventory = held(shop)
    inventory.release(order)
    assert tuple(line.label for line in inventory.lines(order)) == shop.labels


def test_reclaiming_takes_the_same_units_again(shop: Shop) -> None:
    order, inventory = held(shop)
    inventory.release(order)
    inventory.reclaim(order)
    assert free(shop) == []
    inventory.sell(order)


def test_reclaiming_what_is_held_changes_nothing(shop: Shop) -> None:
    order, inventory = held(shop)
    inventory.reclaim(order)
    inventory.sell(order)


def test_reclaiming_is_all_or_nothing_and_names_the_lost(shop: Shop) -> None:
    order, inventory = held(shop)
    inventory.release(order)
    shop.order(shop.labels[1])
    with pytest.raises(UnitsGone) as refusal:
        inventory.reclaim(order)
    assert refusal.value.labels == (shop.labels[1],)
    assert free(shop) == [shop.labels[0]]


def test_selling_without_units_is_noticed(shop: Shop) -> None:
    order, inventory = held(shop)
    inventory.release(order)
    with pytest.raises(UnitsNotHeld):
        inventory.sell(order)


def test_a_whole_sale_with_a_rejected_proof_ends_paid(shop: Shop) -> None:
    order, _inventory = held(shop)
    bring_to(order, S.UNDER_REVIEW)
    reject_proof(order_id=order.pk, by=make_staff(), reason="unreadable", now=NOW)
    make_proof(order)
    confirm(order)
    order.refresh_from_db()
    assert order.status == S.PAID
    assert free(shop) == []


def test_a_late_proof_finds_its_units_or_waits(shop: Shop) -> None:
    day_after = NOW + timedelta(days=1)
    order, inventory = held(shop)
    expire_orders(now=day_after)
    make_proof(order, now=day_after)
    order.refresh_from_db()
    assert (order.status, order.late_since) == (S.UNDER_REVIEW, None)
    cancel_order(order_id=order.pk, actor=Actor.staff(make_staff()), reason="asked", now=day_after)
    assert tuple(line.label for line in inventory.lines(order)) == shop.labels
    assert free(shop) == list(shop.labels)
