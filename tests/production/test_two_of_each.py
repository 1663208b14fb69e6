"""Two web processes and two workers on one database and one queue: forty players, then a day of sweeps."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from raffles.numbers.models import Raffle, Ticket
from raffles.sales.actions import confirm_payment
from raffles.sales.errors import Refusal
from raffles.sales.models import Order
from raffles.sales.tasks import expire_overdue_orders
from tests.dialogues.stage import picture
from tests.factories import make_staff
from tests.production.stage import Site, own_queue_url, running, until, wait_for_web
from whatsapp.models import InboundEvent, OutboundMessage
from whatsapp.simulator import faults, journal, phones
from whatsapp.simulator.courier import deliver_due
from whatsapp.simulator.models import ChatMessage, Phone
from whatsapp.tasks import sweep_inbox, sweep_outbox

PLAYERS = 40
PAIRS = 20  # of numbers, each wanted by two players at once
SWEEPS = 60  # an hour of them, as fast as two workers can
TURN_SECONDS = 60

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@dataclass
class House:
    webs: tuple[Site, Site]
    phones: list[Phone]

    def all_say(self, say: Callable[[int, Phone], object], players: list[Phone]) -> None:
        """Every player at once, each webhook to one of the two doors; until each was answered."""
        before = {phone.pk: heard(phone) for phone in players}
        for place, phone in enumerate(players):
            say(place, phone)
        at_once([partial(deliver_due, timezone.now(), site.address) for site in self.webs])
        until(
            lambda: all(heard(phone) > before[phone.pk] for phone in players),
            seconds=TURN_SECONDS,
            told=f"each of {len(players)} players is answered",
        )


def heard(phone: Phone) -> int:
    return phone.messages.filter(direction=ChatMessage.Direction.OUT).count()


def at_once(works: list[Callable[[], object]]) -> list[object]:
    outcomes: list[object] = [None] * len(works)

    def work(place: int) -> None:
        try:
            outcomes[place] = works[place]()
        except Refusal as refusal:
            outcomes[place] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@contextmanager
def opened(folder: Path) -> Iterator[House]:
    sites = tuple(Site(folder, queue_url=own_queue_url()) for _ in range(2))
    webs, workers = [site.web() for site in sites], [site.worker() for site in sites]
    crowd = [
        phones.create_phone(profile_name=f"P{n}", wa_id=f"5959810{n:05}", language="es")
        for n in range(PLAYERS)
    ]
    with running(*webs, *workers):
        for site, web in zip(sites, webs, strict=True):
            wait_for_web(site, web)
        yield House((sites[0], sites[1]), crowd)
        assert [process.name for process in (*webs, *workers) if not process.is_alive] == []
        assert [process.name for process in (*workers, *webs) if not process.stop()] == []


def buy(house: House) -> None:
    house.all_say(lambda _, phone: phones.say(phone, "rifas"), house.phones)
    house.all_say(lambda _, phone: phones.say(phone, "1"), house.phones)
    house.all_say(lambda place, phone: phones.say(phone, pair(place)), house.phones)
    late = [phone for phone in house.phones if not offers(phone, "Confirmar")]
    assert len(late) == PLAYERS - PAIRS  # one of two has the numbers, whichever was faster
    house.all_say(lambda _, phone: phones.say(phone, "otros números"), late)
    house.all_say(lambda _, phone: phones.say(phone, "al azar 2"), late)
    house.all_say(lambda _, phone: phones.say(phone, "confirmar"), house.phones)
    payers = house.phones[::2]
    house.all_say(lambda place, phone: phones.send_media(phone, picture(place * 7), "image/png"), payers)


def pair(place: int) -> str:
    first = place % PAIRS * 2
    return f"{first}, {first + 1}"


def offers(phone: Phone, title: str) -> bool:
    last = phone.messages.filter(direction=ChatMessage.Direction.OUT).latest("pk")
    return title in str(last.payload.get("action", {}))


def two_staff_confirm_each_proof() -> None:
    """Both press at the same moment: one confirms, the other is told that it is done."""
    waiting = list(Order.objects.filter(status=Order.Status.UNDER_REVIEW))
    assert len(waiting) == PLAYERS // 2
    staff = [make_staff(), make_staff()]
    for order in waiting:
        outcomes = at_once([partial(confirm, order, who) for who in staff])
        assert sum(isinstance(outcome, Refusal) for outcome in outcomes) == 1


def confirm(order: Order, who: User) -> object:
    return confirm_payment(
        order_id=order.pk, by=who, amount_minor=None, method="transfer", reference="", now=timezone.now()
    )


def let_a_day_pass() -> None:
    """Whoever did not pay is overdue, and each sweep of the day is taken by whichever worker is free."""
    unpaid = Order.objects.filter(status=Order.Status.PENDING_PAYMENT)
    assert unpaid.update(expires_at=timezone.now() - timedelta(hours=1)) == PLAYERS // 2
    for _ in range(SWEEPS):
        expire_overdue_orders()
        sweep_inbox()
        sweep_outbox()


def is_quiet() -> bool:
    unsent = (OutboundMessage.Status.QUEUED, OutboundMessage.Status.SENDING)
    return not (
        Order.objects.exclude(
            status__in=(Order.Status.PAID, Order.Status.EXPIRED, Order.Status.CANCELLED)
        ).exists()
        or InboundEvent.objects.filter(status=InboundEvent.Status.NEW).exists()
        or OutboundMessage.objects.filter(status__in=unsent).exists()
        or journal.undelivered().exists()
    )


def test_two_of_each_sell_each_number_once_and_say_everything_once(raffle: Raffle, tmp_path: Path) -> None:
    faults.arrange(26, duplicate=0.2, duplicate_parallel=0.3)
    with opened(tmp_path) as house:
        buy(house)
        two_staff_confirm_each_proof()
        let_a_day_pass()
        until(is_quiet, seconds=40, told="all work is done")
    faults.clear()
    assert_everything_once(raffle, house.phones)


def assert_everything_once(raffle: Raffle, crowd: list[Phone]) -> None:
    statuses = Counter(Order.objects.values_list("status", flat=True))
    assert statuses == {Order.Status.PAID: PLAYERS // 2, Order.Status.EXPIRED: PLAYERS // 2}
    for order in Order.objects.all():
        assert order.changes.filter(to_status=order.status).count() == 1
    live = Ticket.objects.filter(raffle=raffle).exclude(status=Ticket.Status.RELEASED)
    assert live.count() == 2 * (PLAYERS // 2)
    assert_nothing_lost_or_doubled()
    for place, phone in enumerate(crowd):
        told = "\n".join(journal.texts_to(phone))
        assert (told.count("Pago confirmado"), told.count("Se acabó el tiempo")) == (
            (0, 1) if place % 2 else (1, 0)
        )
    call_command("doctor")


def assert_nothing_lost_or_doubled() -> None:
    said = ChatMessage.objects.filter(direction=ChatMessage.Direction.IN).count()
    heard_by_us = InboundEvent.objects.filter(kind=InboundEvent.Kind.MESSAGE)
    assert heard_by_us.count() == said
    assert set(heard_by_us.values_list("status", flat=True)) == {InboundEvent.Status.DONE}
    assert journal.doubles() == {}
    assert sum(map(len, journal.accepted().values())) == OutboundMessage.objects.count()
    assert journal.faults()["duplicate_parallel"] > 0
