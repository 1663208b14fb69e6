"""What becomes of the chats, calls and alerts of two players who are one."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.contrib.auth.models import User
from django.test import Client

from raffles.desk.models import Destination, StaffNotification
from raffles.sales.models import Player
from tests.admin.chats import make_contact, said, sent
from tests.admin.merging import look, new, old, press
from tests.factories import NOW
from whatsapp.contacts import contact_of
from whatsapp.models import Contact, InboundEvent, OutboundMessage, StaffNote
from whatsapp.payloads import Sender

__all__ = ["new", "old"]


def test_the_chats_are_one_at_the_address_they_wrote_from_last(
    desk: Client, old: Player, new: Player
) -> None:
    ours = make_contact(
        player=old, bsuid="PY.1", wa_id="595981000001", last_inbound_at=NOW - timedelta(days=9)
    )
    theirs = make_contact(player=new, bsuid="PY.9", wa_id="595981000009")
    said(ours, "hola")
    said(theirs, "soy yo, Ana")
    sent(theirs, "¿Quién?", status="QUEUED")
    note = {"author": User.objects.get(username="boss"), "written_at": NOW, "token": uuid4()}
    StaffNote.objects.create(contact=theirs, text="lost her phone", **note)
    assert look(desk, new, old).context["merged"].remarks == (
        "On WhatsApp the player is written to at +595981000009.",
    )
    assert Contact.objects.count() == 2
    press(desk, new, old)
    contact = Contact.objects.get()
    assert (contact.player, contact.bsuid, contact.wa_id) == (old, "PY.9", "595981000009")
    assert Player.objects.get(pk=old.pk).phone == "+595981000009"
    assert InboundEvent.objects.filter(contact=contact).count() == 2
    assert OutboundMessage.objects.filter(contact=contact, status="QUEUED").exists()
    assert StaffNote.objects.get().contact == contact


def test_who_wrote_last_from_the_old_phone_keeps_it(desk: Client, old: Player, new: Player) -> None:
    make_contact(player=old, bsuid="PY.1", wa_id="595981000001")
    make_contact(player=new, bsuid="PY.9", wa_id="595981000009", last_inbound_at=NOW - timedelta(days=9))
    press(desk, new, old)
    contact = Contact.objects.get()
    assert (contact.bsuid, contact.wa_id) == ("PY.1", "595981000001")
    assert Player.objects.get(pk=old.pk).phone == "+595981000001"


def test_whichever_address_they_write_from_next_they_are_the_one_player(
    desk: Client, old: Player, new: Player
) -> None:
    senders = [
        Sender(bsuid=f"PY.{n}", wa_id=f"59598100000{n}", username="", profile_name="Ana") for n in (1, 9)
    ]
    players = [contact_of(sender, now=NOW).player for sender in senders]
    press(desk, *players)
    assert {contact_of(sender, now=NOW).player_id for sender in senders} == {players[0].pk}
    assert Contact.objects.count() == 1


def test_a_chat_goes_to_a_player_who_had_none(desk: Client, old: Player, new: Player) -> None:
    contact = make_contact(player=new)
    press(desk, new, old)
    contact.refresh_from_db()
    assert contact.player == old


def test_what_waits_for_staff_and_what_they_hear_by_go_along(desk: Client, old: Player, new: Player) -> None:
    note = StaffNotification.objects.create(kind="PERSON_REQUESTED", player=new, subject="x", created_at=NOW)
    place = Destination.objects.create(name="Ana", channel="WHATSAPP", player=new, kinds=[], since=NOW)
    press(desk, new, old)
    note.refresh_from_db()
    place.refresh_from_db()
    assert (note.player, place.player) == (old, old)
