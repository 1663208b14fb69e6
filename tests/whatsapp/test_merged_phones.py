"""Two chats that staff made one: whichever phone they write from next, they are the one player."""

from __future__ import annotations

from datetime import timedelta

import pytest

from raffles.sales.actions import merge_players
from raffles.sales.models import Player
from tests.factories import make_staff
from tests.whatsapp.chat import say
from tests.whatsapp.meta import NOW, Person
from whatsapp.contacts import contact_of, ensure_contact, recipient_of
from whatsapp.models import Contact, ContactPhone, OutboundMessage
from whatsapp.payloads import Sender

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)
# Of the first nothing is known but the phone; of the second the id is known too.
FIRST, SECOND = "595981000001", "595981000009"
ID = "PY.9"


def writes(wa_id: str, bsuid: str | None = None) -> Contact:
    return contact_of(Sender(bsuid=bsuid, wa_id=wa_id, username="", profile_name="Ana"), now=LATER)


def merge(keep: Contact, gone: Contact) -> Contact:
    Contact.objects.filter(pk=keep.pk).update(last_inbound_at=LATER)
    merge_players(keep_id=keep.player_id, gone_id=gone.player_id, by=make_staff(), now=LATER)
    return Contact.objects.get()


@pytest.fixture
def one() -> Contact:
    """Merged into the newer: the phone of the older is written to no more."""
    gone, keep = writes(FIRST), writes(SECOND, ID)
    return merge(keep, gone)


def test_the_phone_that_was_merged_away_still_reaches_the_player(one: Contact) -> None:
    assert writes(FIRST) == one
    assert Player.objects.filter(merged_into=None).count() == 1
    one.refresh_from_db()
    assert recipient_of(one) == {"to": f"+{FIRST}"}
    assert one.player.phone == f"+{FIRST}"


def test_a_turn_from_it_is_answered_there(one: Contact) -> None:
    say("menu", person=Person("Ana", FIRST, ""), at=LATER)
    message = OutboundMessage.objects.filter(contact=one).latest("id")
    assert recipient_of(message.contact) == {"to": f"+{FIRST}"}


def test_who_turns_back_to_the_other_phone_is_answered_at_that_one(one: Contact) -> None:
    writes(FIRST)
    assert writes(SECOND, ID) == one
    one.refresh_from_db()
    assert (one.bsuid, one.wa_id) == (ID, SECOND)
    assert writes(FIRST) == one


def test_an_id_that_comes_with_it_is_learned(one: Contact) -> None:
    assert writes(FIRST, "PY.1") == one
    one.refresh_from_db()
    assert (one.bsuid, one.wa_id) == ("PY.1", FIRST)
    assert writes("", "PY.1") == writes(FIRST) == writes(SECOND, ID) == one


def test_with_another_id_than_it_was_known_by_it_has_changed_hands(one: Contact) -> None:
    writes(FIRST, "PY.1")
    writes(SECOND, ID)
    stranger = writes(FIRST, "PY.7")
    assert stranger != one
    assert stranger.player != one.player
    assert not ContactPhone.objects.filter(wa_id=FIRST).exists()
    assert writes(FIRST) == stranger


def test_two_who_were_known_by_phone_alone_both_stay_known() -> None:
    keep, gone = writes(SECOND), writes(FIRST)
    one = merge(keep, gone)
    assert [writes(FIRST), writes(SECOND), writes(FIRST)] == [one] * 3


def test_merged_once_more_all_three_phones_reach_the_last(one: Contact) -> None:
    third = writes("595981000005", "PY.5")
    last = merge(third, one)
    assert last == third
    assert writes(FIRST) == writes(SECOND, ID) == writes("595981000005", "PY.5") == third


def test_a_shop_that_names_the_phone_finds_the_player(one: Contact) -> None:
    assert ensure_contact(wa_id=FIRST, name="Somebody", now=LATER) == (one, False)
