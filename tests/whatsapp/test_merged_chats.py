"""What belongs to a chat stays with it when two contacts turn out to be one person."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.whatsapp.chat import a_member_of_staff, contact_of, say
from tests.whatsapp.meta import NOW, Person, moved, receive
from whatsapp.admin.changes import mute, take_chats
from whatsapp.models import Contact, StaffNote

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)
OLD, NEW = Person("Ana", "595981000001", "PY.1"), Person("Ana", "595981000009", "PY.9")


@pytest.fixture(autouse=True)
def two_chats() -> None:
    """The new number wrote before Meta told that it is the old one's."""
    say("menu", person=OLD)
    say("menu", person=NEW, at=LATER)


def note(person: Person, text: str) -> None:
    StaffNote.objects.create(
        contact=contact_of(person), author=a_member_of_staff(), written_at=NOW, text=text, token=uuid4()
    )


def become_one() -> Contact:
    receive(moved(OLD.bsuid, NEW.bsuid, NEW.wa_id), now=LATER)
    return Contact.objects.get()


def test_notes_of_both_are_kept_with_who_wrote_them_and_when() -> None:
    note(OLD, "of the old number")
    note(NEW, "of the new number")
    before = set(StaffNote.objects.values_list("text", "author_id", "written_at", "token"))
    one = become_one()
    assert set(one.notes.values_list("text", "author_id", "written_at", "token")) == before
    assert len(before) == 2


@pytest.mark.parametrize("who", [OLD, NEW])
def test_who_was_muted_stays_muted(who: Person) -> None:
    mute([contact_of(who).pk], now=NOW)
    assert become_one().muted_at == NOW


@pytest.mark.parametrize("who", [OLD, NEW])
def test_whoever_has_the_chat_keeps_it(who: Person) -> None:
    take_chats([contact_of(who).pk], now=LATER)
    assert become_one().conversation.is_with_person(LATER)
