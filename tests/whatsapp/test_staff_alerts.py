"""Staff hear on their own WhatsApp what the destinations say."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from pytest_django import Settings

from raffles.desk.actions import open_whatsapp_alerts
from raffles.desk.models import Destination, Digest
from tests.admin.chats import make_contact
from tests.desk.alerting import Kind, after, look, make_destination, notify
from tests.factories import NOW, make_player
from whatsapp.models import Contact, OutboundMessage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet(settings: Settings) -> None:
    settings.RAFFLES_LISTENERS = []


def make_staff_contact(bsuid: str, *, language: str = "es", ticked: bool = True) -> Contact:
    return make_contact(
        player=make_player(language=language),
        bsuid=bsuid,
        wa_id="",
        receives_staff_alerts=ticked,
        last_inbound_at=NOW,
    )


def told(contact: Contact) -> list[str]:
    rows = OutboundMessage.objects.filter(contact=contact).order_by("pk")
    return [str(row.content["text"]["body"]) for row in rows]


def test_five_proofs_are_one_message_for_each_who_is_ticked_in_their_own_language() -> None:
    ana, bruno = make_staff_contact("US.1"), make_staff_contact("US.2", language="en")
    player = make_staff_contact("US.3", ticked=False)
    make_destination()
    orders = [notify(at=after(second)) for second in range(5)]
    assert look(after(31)) == 1
    assert told(bruno)[0].startswith("5 things wait on the desk\nProof received (5): ")
    assert told(ana)[0].startswith("5 cosas esperan en la mesa de trabajo\nLlegó un comprobante (5): ")
    assert all(order and order.code in told(ana)[0] for order in orders)
    assert told(player) == []


def test_a_destination_may_be_one_person() -> None:
    ana, bruno = make_staff_contact("US.1"), make_staff_contact("US.2")
    make_destination(player=ana.player)
    make_destination("", Kind.EVENT_FAILED, player=bruno.player)
    notify(Kind.EVENT_FAILED)
    look(after(31))
    assert (len(told(ana)), len(told(bruno))) == (0, 1)


def test_who_is_not_ticked_any_more_hears_nothing_though_named() -> None:
    ana = make_staff_contact("US.1", ticked=False)
    make_destination(player=ana.player)
    notify()
    look(after(31))
    assert told(ana) == []


def test_where_nobody_is_ticked_the_alert_is_shown_as_not_sent() -> None:
    make_staff_contact("US.1", ticked=False)
    make_destination()
    notify()
    look(after(31))
    digest = Digest.objects.get()
    assert digest.status == "FAILED"
    assert "ticked" in digest.error or "marcado" in digest.error


def test_told_again_after_a_crash_it_is_one_message() -> None:
    ana = make_staff_contact("US.1")
    make_destination()
    notify()
    look(after(31))
    Digest.objects.update(status="READY", sent_at=None)
    assert look(after(32)) == 1
    assert len(told(ana)) == 1


def test_an_alert_nobody_could_get_within_half_a_day_is_dropped() -> None:
    ana = make_staff_contact("US.1")
    make_destination()
    notify()
    look(after(31))
    assert OutboundMessage.objects.get(contact=ana).not_after == after(31) + timedelta(hours=12)


def test_the_first_tick_opens_the_channel_and_the_next_ones_leave_it_as_it_is() -> None:
    first = open_whatsapp_alerts(by=None, now=NOW)
    assert (first.channel, first.kinds) == ("WHATSAPP", ["PROOF_RECEIVED", "LATE_PROOF"])
    Destination.objects.update(kinds=[Kind.EVENT_FAILED], name="Night shift", is_active=False)
    assert open_whatsapp_alerts(by=None, now=after(60)).pk == first.pk
    assert Destination.objects.get().kinds == [Kind.EVENT_FAILED]


def test_who_was_ticked_before_there_were_destinations_keeps_hearing_of_proofs() -> None:
    keep_hearing = import_module("whatsapp.migrations.0004_ticked_staff_keep_hearing").keep_hearing
    make_staff_contact("US.1", ticked=False)
    keep_hearing(apps, None)
    assert not Destination.objects.exists()
    make_staff_contact("US.2")
    keep_hearing(apps, None)
    keep_hearing(apps, None)
    assert Destination.objects.get().kinds == ["PROOF_RECEIVED", "LATE_PROOF"]
