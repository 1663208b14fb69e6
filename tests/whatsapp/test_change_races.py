"""Two members of staff press the same button at once: it is done once, and told once."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from django.contrib.auth.models import User

from raffles.audit.models import AuditEntry, Deed
from tests.whatsapp.chat import a_member_of_staff, make_contact
from tests.whatsapp.meta import ANA, NOW
from tests.whatsapp.racing import race
from whatsapp.admin.doors import change_many
from whatsapp.admin.notes import NoteForm, write_note
from whatsapp.models import Contact, StaffNote


@pytest.fixture
def ana(transactional_db: None) -> Contact:
    return make_contact(ANA)


@pytest.fixture
def marta(transactional_db: None) -> User:
    return a_member_of_staff()


@pytest.mark.parametrize("name", ["mute", "block", "take"])
def test_of_four_who_press_at_once_one_has_changed_it(ana: Contact, marta: User, name: str) -> None:
    done = race(*[lambda: change_many([ana.pk], name, by=marta)] * 4)
    assert sorted(str(each) for each in done) == ["0", "0", "0", "1"]
    line = AuditEntry.objects.get(action=Deed.CONTACT_CHANGED)
    assert (line.subject_id, line.after) == (str(ana.pk), {"change": name})


def test_without_the_lock_everybody_who_looked_first_would_say_so(ana: Contact) -> None:
    """The control: all look before anybody writes."""
    gate = threading.Barrier(4)

    def mute() -> int:
        found = list(Contact.objects.filter(muted_at=None).values_list("pk", flat=True))
        gate.wait()
        Contact.objects.filter(pk__in=found).update(muted_at=NOW)
        return len(found)

    assert race(*[mute] * 4) == [1, 1, 1, 1]


def test_a_note_that_is_sent_four_times_at_once_is_one_note(ana: Contact, marta: User) -> None:
    given = {"note-text": "paid by her sister", "note-token": str(uuid4())}
    assert race(*[lambda: write_note(ana, NoteForm(given), by=marta, now=NOW)] * 4) == [True] * 4
    assert StaffNote.objects.get().text == "paid by her sister"
