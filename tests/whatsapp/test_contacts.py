"""Who is who: known by the business-scoped id, the phone optional and sometimes somebody else's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError

from raffles.numbers.models import Raffle
from raffles.sales.models import Order, Player
from tests.factories import make_order, make_raffle
from tests.whatsapp.chat import contact_of, heard, make_contact, say, state_of
from tests.whatsapp.meta import NOW, Json, Person, body, message, moved, receive, said, value, words
from tests.whatsapp.racing import race
from whatsapp import contacts
from whatsapp.models import Contact, ContactIdentity, Conversation
from whatsapp.payloads import Sender

LATER = NOW + timedelta(minutes=1)
OLD, NEW = Person("Ana", "595981000001", "PY.1"), Person("Ana", "595981000009", "PY.9")
PHONELESS = Person("Luz", "", "PY.3")


def system_message(old: Person, new: Person, *, by_phone: bool = False) -> Json:
    change = {"type": "user_changed_user_id", "body": "…", "user_id": new.bsuid, "wa_id": new.wa_id}
    sender = {"from": old.wa_id} if by_phone else {"from_user_id": old.bsuid}
    told = {**message(old, {"type": "system", "system": change}), **sender}
    if by_phone:
        del told["from_user_id"]
    return body(value(told))


def buys(person: Person) -> Order:
    say("menu", person=person)
    return make_order(raffle=make_raffle(), player=contact_of(person).player, numbers=(7, 8))


@pytest.mark.django_db
def test_a_player_without_a_phone_is_served_like_any_other() -> None:
    make_raffle(code="MOTO")
    say("rifas", "1", "5,12", person=PHONELESS)
    assert Order.objects.get().player == contact_of(PHONELESS).player
    assert contact_of(PHONELESS).wa_id == ""
    assert contacts.recipient_of(contact_of(PHONELESS)) == {"recipient": "PY.3"}


@pytest.mark.django_db
def test_a_phone_goes_out_with_its_plus_when_there_is_nothing_else() -> None:
    legacy = make_contact(Person("Ana", "595981000001", ""))
    assert contacts.recipient_of(legacy) == {"to": "+595981000001"}


@pytest.mark.django_db
def test_attributes_follow_the_latest_message_and_missing_ones_are_no_news() -> None:
    say("menu", person=OLD)
    receive(said(Person("Anita", "", OLD.bsuid), words("menu"), at=LATER))
    contact = contact_of(OLD)
    assert (contact.profile_name, contact.wa_id) == ("Anita", OLD.wa_id)


def by_update(old: Person, new: Person) -> Json:
    return moved(old.bsuid, new.bsuid, new.wa_id)


def by_system_message(old: Person, new: Person) -> Json:
    return system_message(old, new)


def by_system_message_of_the_phone(old: Person, new: Person) -> Json:
    return system_message(old, new, by_phone=True)


@pytest.mark.django_db
@pytest.mark.parametrize("tell", [by_update, by_system_message, by_system_message_of_the_phone])
@pytest.mark.parametrize("writes_first", [False, True], ids=["told first", "wrote first"])
@pytest.mark.parametrize("times", [1, 2])
def test_a_number_change_keeps_the_orders(
    tell: Callable[[Person, Person], Json], writes_first: bool, times: int
) -> None:
    order = buys(OLD)
    if writes_first:
        say("rifas", person=NEW, at=LATER)
        assert Contact.objects.count() == 2
    for _ in range(times):
        receive(tell(OLD, NEW), now=LATER)
    say("mis pedidos", person=NEW, at=LATER + timedelta(minutes=1))

    contact = Contact.objects.get()
    assert (contact.bsuid, contact.wa_id) == (NEW.bsuid, NEW.wa_id)
    assert Order.objects.get(pk=order.pk).player == contact.player
    assert order.code in heard(NEW)[-1]
    assert set(contact.identities.values_list("bsuid", flat=True)) == {OLD.bsuid, NEW.bsuid}
    assert Conversation.objects.count() == 1
    assert contact.player.merged_into is None
    assert contact.player.phone == f"+{NEW.wa_id}"


@pytest.mark.django_db
def test_a_contact_known_by_phone_only_keeps_the_orders_too() -> None:
    """It was stored before Meta gave ids; the system message then names an id that nobody has seen."""
    phone_only = Person(OLD.name, OLD.wa_id, "")
    order = buys(phone_only)
    receive(system_message(OLD, NEW), now=LATER)
    say("mis pedidos", person=NEW, at=LATER + timedelta(minutes=1))
    assert Contact.objects.get().player == Order.objects.get(pk=order.pk).player


@pytest.mark.django_db
def test_both_ways_of_telling_a_number_change_end_the_same() -> None:
    order = buys(OLD)
    for told in (by_system_message_of_the_phone(OLD, NEW), by_update(OLD, NEW), by_system_message(OLD, NEW)):
        receive(told, now=LATER)
    assert Contact.objects.get().player == Order.objects.get(pk=order.pk).player
    assert Contact.objects.get().bsuid == NEW.bsuid


@pytest.mark.django_db
def test_an_old_change_told_late_does_not_turn_the_clock_back() -> None:
    newest = Person("Ana", "595981000010", "PY.10")
    say("menu", person=OLD)
    for told in (by_update(OLD, NEW), by_update(NEW, newest), by_system_message(OLD, NEW)):
        receive(told, now=LATER)
    contact = Contact.objects.get()
    assert (contact.bsuid, contact.wa_id) == (newest.bsuid, newest.wa_id)


@pytest.mark.django_db
def test_a_late_message_from_the_old_id_is_still_the_same_person() -> None:
    say("menu", person=OLD)
    receive(by_update(OLD, NEW))
    receive(said(Person("Ana", "", OLD.bsuid), words("ayuda")))
    assert Contact.objects.get().bsuid == NEW.bsuid
    assert len(heard(NEW)) == 2


@pytest.mark.django_db
def test_the_chat_goes_on_where_the_player_wrote_last() -> None:
    make_raffle(code="MOTO")
    say("menu", person=OLD)
    say("rifas", person=NEW, at=LATER)
    receive(by_update(OLD, NEW), now=LATER)
    assert state_of(NEW) == "RAFFLES"


@pytest.mark.django_db
def test_a_recycled_number_does_not_inherit() -> None:
    order = buys(OLD)
    stranger = Person("Beto", OLD.wa_id, "PY.5")
    say("mis pedidos", person=stranger, at=LATER)
    assert order.code not in heard(stranger)[-1]
    assert contact_of(stranger).wa_id == OLD.wa_id
    assert contact_of(OLD).wa_id == ""
    assert Order.objects.get().player == contact_of(OLD).player


@pytest.mark.django_db
def test_a_change_told_late_by_phone_does_not_move_the_number_s_new_owner() -> None:
    say("menu", person=OLD)
    late = system_message(OLD, NEW, by_phone=True)
    stranger = Person("Beto", OLD.wa_id, "PY.5")
    say("menu", person=stranger, at=LATER)
    receive(late, now=LATER)
    assert contact_of(stranger).bsuid == "PY.5"
    assert not ContactIdentity.objects.filter(bsuid=NEW.bsuid).exists()


@pytest.mark.django_db
def test_a_contact_known_by_phone_alone_gains_its_id_and_keeps_its_orders() -> None:
    legacy = make_contact(Person("Ana", OLD.wa_id, ""))
    order = make_order(player=legacy.player)
    say("mis pedidos", person=OLD)
    assert contact_of(OLD).pk == legacy.pk
    assert order.code in heard(OLD)[-1]


@pytest.mark.django_db
def test_two_contacts_of_one_person_become_one_when_the_phone_shows_it() -> None:
    """Wrote without a phone first; the phone that comes later is that of a contact known by phone alone."""
    legacy = make_contact(Person("Ana", OLD.wa_id, ""), blocked_at=None)
    order = make_order(player=legacy.player)
    say("menu", person=Person("Ana", "", OLD.bsuid))
    say("mis pedidos", person=OLD, at=LATER)
    assert Contact.objects.get().bsuid == OLD.bsuid
    assert order.code in heard(OLD)[-1]
    assert Player.objects.filter(merged_into=None).count() == 1


@pytest.mark.django_db
def test_a_block_survives_a_merge() -> None:
    make_contact(Person("Ana", OLD.wa_id, ""), blocked_at=NOW)
    make_contact(Person("Ana", "", OLD.bsuid))
    receive(said(OLD, words("menu")))
    assert contact_of(OLD).blocked_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "🙂🙂", "<b>Soporte</b>", "x" * 300, "*Ana* _de_ ~aquí~\nbis"])
def test_any_profile_name_is_greeted(name: str) -> None:
    say("menu", person=Person(name, OLD.wa_id, OLD.bsuid))
    assert heard(OLD)[0].startswith("¡Hola")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("person", "language"),
    [
        (Person("A", "5511987654321", "BR.1"), "pt-br"),
        (Person("A", "", "US.1"), "en"),
        (Person("A", "", "PY.1"), "es"),
        (Person("A", "447700900000", ""), "en"),
    ],
)
def test_a_first_guess_of_the_language_comes_from_the_country(person: Person, language: str) -> None:
    receive(said(person, words("🙂")))
    assert contact_of(person).player.language == language


SENDER = Sender(bsuid="PY.1", wa_id="595981000001", username="", profile_name="Ana")


def test_parallel_first_messages_make_one_contact(moto: Raffle) -> None:
    found = race(*[lambda: contacts.contact_of(SENDER, now=NOW).pk] * 4)
    assert found == [Contact.objects.get().pk] * 4
    assert Player.objects.count() == Conversation.objects.count() == ContactIdentity.objects.count() == 1


def test_without_the_second_look_a_parallel_first_message_would_fail(moto: Raffle) -> None:
    """The control: everybody finds nobody first, and makes the contact without looking again."""
    gate = threading.Barrier(4)

    def make() -> object:
        assert contacts._known(SENDER) is None
        gate.wait()
        return contacts._make(SENDER, NOW)

    found = race(*[make] * 4)
    assert sum(isinstance(each, IntegrityError) for each in found) == 3
    assert Contact.objects.count() == 1
