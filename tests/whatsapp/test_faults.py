"""A sale with everything that goes wrong at Meta and on the way: the product ends in the right state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from time_machine import Traveller

from config.loopback import settle
from raffles.numbers import invariants as numbers
from raffles.numbers.models import Raffle, Ticket
from raffles.sales import invariants as sales
from raffles.sales.models import Order
from tests.factories import png_bytes
from whatsapp import inbox, outbox, switch
from whatsapp import invariants as messages
from whatsapp.models import InboundEvent, OutboundMessage
from whatsapp.simulator import fault_plan, faults, journal, phones
from whatsapp.simulator.codes import RATE_LIMITS
from whatsapp.simulator.models import JournalEntry, Phone

PURCHASE = ("MOTO", "5,12", "confirmar")
# Longer than any lease, shorter than a hold.
PATIENCE = timedelta(minutes=12)
STEP = timedelta(seconds=15)


@dataclass
class World:
    address: str
    clock: Traveller

    def rest(self) -> None:
        """Time passes, with a sweep now and then, until nothing is on its way any more."""
        until = timezone.now() + PATIENCE
        while True:
            self.sweep()
            settle(self.address)
            if not self.is_busy() or timezone.now() > until:
                return
            self.clock.shift(STEP)

    def sweep(self) -> None:
        inbox.drain_statuses(now=timezone.now())
        outbox.release_expired_leases(now=timezone.now())

    def is_busy(self) -> bool:
        unsent = OutboundMessage.objects.filter(status__in=("QUEUED", "SENDING")).exists()
        unread = InboundEvent.objects.filter(status=InboundEvent.Status.NEW).exists()
        return unsent or unread or journal.undelivered().exists()

    def buy(self, phone: Phone) -> Order:
        """As somebody does who waits for each answer."""
        for text in PURCHASE:
            phones.say(phone, text)
            self.rest()
        return Order.objects.get(player__contact__bsuid=phone.bsuid)


@pytest.fixture
def world(live_server: LiveServer, settings: Settings, clock: Traveller, moto: Raffle) -> Iterator[World]:
    settings.SITE_URL = live_server.url
    settings.WHATSAPP_GRAPH_URL = f"{live_server.url}/simulator/graph"
    faults.clear()
    yield World(str(live_server.url), clock)
    fault_plan.forget()


@pytest.fixture
def ana(world: World) -> Phone:
    return phones.create_phone(profile_name="Ana", wa_id="595981000001")


def assert_sold_once(order: Order, *, status: str = "PENDING_PAYMENT") -> None:
    assert order.status == status
    held = Ticket.objects.exclude(status="RELEASED").values_list("number", "order")
    assert sorted(held) == [(5, order.pk), (12, order.pk)]
    now = timezone.now()
    assert [*sales.violations(now), *numbers.violations(now), *messages.violations(now)] == []


def assert_said_once() -> None:
    """Meta's log and ours agree, one to one, and nothing waits."""
    assert journal.doubles() == {}
    sent = OutboundMessage.objects.filter(status__in=("SENT", "DELIVERED", "READ"))
    assert set(journal.accepted()) == {row.mark for row in sent}
    assert not OutboundMessage.objects.exclude(pk__in=sent).exists()
    assert not journal.undelivered().exists()


ALL = 1.0


@pytest.mark.parametrize(
    "rates",
    [
        {"duplicate": ALL},
        {"duplicate_parallel": ALL},
        {"reorder": 0.5},
        {"bundle": ALL},
        {"delay": ALL, "delay_seconds": (1, 20)},
        {"tampered_signature": ALL},
        {"status_before_answer": ALL},
        {"answer_lost": ALL},
        {"answer_lost": ALL, "status_before_answer": ALL},
        {"answer_lost": ALL, "delay": ALL, "duplicate": ALL, "delay_seconds": (1, 20)},
        {"system_message": ALL},
    ],
    ids=lambda rates: "+".join(name for name in rates if name in faults.NAMES),
)
def test_a_sale_ends_right_and_everything_is_said_once(world: World, ana: Phone, rates: Any) -> None:
    faults.arrange(11, **rates)

    order = world.buy(ana)

    assert journal.faults()
    assert_sold_once(order)
    assert_said_once()
    assert order.code in journal.texts_to(ana)[-1]


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("connection_reset", {}),
        ("http_503", {}),
        ("http_500", {}),
        ("http_429", {}),
        *(("http_429", {"code": code}) for code in RATE_LIMITS),
        *(("error_answer", {"code": code}) for code in (2, 131016, 131057, 133004)),
    ],
)
def test_what_passes_by_itself_is_overcome_by_sending_again(
    world: World, ana: Phone, name: str, detail: dict[str, int]
) -> None:
    faults.next_time(name, times=2, **detail)

    order = world.buy(ana)

    assert journal.faults() == {name: 2}
    assert_sold_once(order)
    assert_said_once()


def test_without_echoes_a_lost_answer_costs_one_message_too_many_at_most(world: World, ana: Phone) -> None:
    faults.arrange(1, withhold_statuses=1)
    faults.next_time("answer_lost")

    order = world.buy(ana)

    assert_sold_once(order)
    assert [len(sent) for sent in journal.doubles().values()] == [2]
    assert set(OutboundMessage.objects.values_list("status", flat=True)) == {"SENT"}


def test_a_forged_copy_is_refused_and_changes_nothing(world: World, ana: Phone) -> None:
    faults.arrange(1, tampered_signature=1)

    phones.say(ana, "hola")
    world.rest()

    forged = JournalEntry.objects.filter(kind="webhook_tampered")
    assert {entry.detail["answer"] for entry in forged} == {"403"}
    assert InboundEvent.objects.filter(kind=InboundEvent.Kind.MESSAGE).count() == 1


@pytest.mark.parametrize("code", [131026, 131049, 130472, 131051])
@pytest.mark.parametrize("name", ["error_answer", "error_status"])
def test_a_message_that_meta_will_never_take_fails_with_its_code(
    world: World, ana: Phone, name: str, code: int
) -> None:
    faults.next_time(name, code=code)

    phones.say(ana, "hola")
    world.rest()

    (row,) = OutboundMessage.objects.all()
    assert (row.status, row.error_code) == ("FAILED", code)
    assert len(journal.accepted()) == (1 if name == "error_status" else 0)


def test_what_could_not_be_said_with_a_dead_token_is_said_once_staff_resume(world: World, ana: Phone) -> None:
    faults.account_is("token_expired")
    phones.say(ana, "hola")
    settle(world.address)
    assert journal.accepted() == {}
    assert set(journal.refusals()) == {190}

    faults.account_is("")
    switch.resume(now=timezone.now())
    world.rest()

    assert len(journal.texts_to(ana)) == 1
    assert_said_once()


@pytest.mark.parametrize("fault", ["media_link_dead", "media_slow"])
def test_a_proof_whose_file_comes_badly_is_fetched_in_the_end(world: World, ana: Phone, fault: str) -> None:
    order = world.buy(ana)
    detail: dict[str, Any] = {"seconds": 0.1} if fault == "media_slow" else {}
    faults.next_time(fault, **detail)

    phones.send_media(ana, png_bytes(), "image/png")
    world.rest()

    order.refresh_from_db()
    assert journal.faults() == {fault: 1}
    assert_sold_once(order, status="UNDER_REVIEW")
    assert order.proofs.count() == 1


def test_a_file_that_came_half_is_no_proof_and_is_asked_for_again(world: World, ana: Phone) -> None:
    """This server cannot break a line, so the half file looks whole: only its hash tells."""
    order = world.buy(ana)
    said = len(journal.texts_to(ana))
    faults.next_time("media_cut")

    phones.send_media(ana, png_bytes(), "image/png")
    world.rest()

    assert_sold_once(order)
    assert len(journal.texts_to(ana)) == said + 1
    phones.send_media(ana, png_bytes(), "image/png")
    world.rest()
    order.refresh_from_db()
    assert_sold_once(order, status="UNDER_REVIEW")


def test_an_edited_message_buys_nothing(world: World, ana: Phone) -> None:
    for text in PURCHASE[:2]:
        phones.say(ana, text)
        world.rest()

    phones.edit(ana, "confirmar")
    world.rest()

    assert Order.objects.get().status == "DRAFT"


def test_a_deleted_message_takes_no_purchase_back(world: World, ana: Phone) -> None:
    order = world.buy(ana)

    phones.revoke(ana)
    world.rest()

    order.refresh_from_db()
    assert_sold_once(order)


@pytest.mark.parametrize("reordered", [False, True])
def test_a_player_keeps_the_order_over_a_change_of_number(world: World, ana: Phone, reordered: bool) -> None:
    order = world.buy(ana)
    if reordered:
        faults.next_time("reorder")

    phones.change_number(ana, "595981000009")
    phones.send_media(ana, png_bytes(), "image/png")
    world.rest()

    order.refresh_from_db()
    assert_sold_once(order, status="UNDER_REVIEW")
    assert order.player.contact.bsuid == ana.bsuid


def test_the_new_owner_of_a_number_is_a_new_person(world: World, ana: Phone) -> None:
    order = world.buy(ana)

    stranger = phones.new_person_on(ana)
    phones.say(stranger, "mis pedidos")
    world.rest()

    order.refresh_from_db()
    assert_sold_once(order)
    assert stranger.messages.filter(direction="out").exists()
    assert not any(order.code in text for text in journal.texts_to(stranger))
    assert order.player.contact.bsuid == ana.bsuid


def test_the_product_keeps_to_metas_pace_by_itself(world: World, ana: Phone) -> None:
    faults.limits(on=True)

    for number in range(48):
        phones.say(ana, f"hola {number}")
    world.clock.shift(timedelta(seconds=2))
    world.rest()

    assert journal.refusals() == {}
    assert journal.doubles() == {}
