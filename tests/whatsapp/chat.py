"""Rows of a chat for tests: contacts, messages waiting and sent, and what a player heard."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from raffles.sales.models import Order
from tests.factories import make_player
from tests.whatsapp.meta import ANA, NOW, Json, Person, receive, said, words
from whatsapp import outbox
from whatsapp.messages import Text, choices_of, words_of
from whatsapp.models import Contact, Conversation, OutboundMessage

_serial = itertools.count(1)


def make_contact(person: Person = ANA, **fields: Any) -> Contact:
    """Has just written, so that the window is open."""
    known = {"profile_name": person.name, "wa_id": person.wa_id, "bsuid": person.bsuid or None}
    when = {"created_at": NOW, "last_inbound_at": NOW}
    contact = Contact.objects.create(player=make_player(name=person.name), **(known | when | fields))
    Conversation.objects.create(contact=contact)
    if contact.bsuid:
        contact.identities.create(bsuid=contact.bsuid, since=NOW, source="message")
    return contact


def queue(contact: Contact, text: str, *, not_after: datetime | None = None) -> OutboundMessage:
    key = f"test:{next(_serial)}"
    outbox.queue(contact, Text(text), dedupe_key=key, now=NOW, not_after=not_after)
    return OutboundMessage.objects.get(dedupe_key=key)


def make_sent(**fields: Any) -> OutboundMessage:
    number = next(_serial)
    contact = fields.pop("contact", None) or make_contact(Person("Ana", "", f"PY.9{number}"))
    return OutboundMessage.objects.create(
        contact=contact,
        dedupe_key=f"sent:{number}",
        content={"type": "text", "text": {"body": "hola"}},
        created_at=NOW,
        **({"status": "SENT", "sent_at": NOW, "wamid": f"wamid.SENT{number}"} | fields),
    )


def contact_of(person: Person = ANA) -> Contact:
    return (
        Contact.objects.get(bsuid=person.bsuid) if person.bsuid else Contact.objects.get(wa_id=person.wa_id)
    )


def heard(person: Person = ANA) -> list[str]:
    """Every bubble so far, in words."""
    contents = OutboundMessage.objects.filter(contact=contact_of(person)).order_by("pk")
    return [words_of(content) for content in contents.values_list("content", flat=True)]


def bubbles(person: Person = ANA) -> list[Json]:
    return list(
        OutboundMessage.objects.filter(contact=contact_of(person))
        .order_by("pk")
        .values_list("content", flat=True)
    )


def reply_ids(content: Json) -> dict[str, str]:
    """Title of each button or row of a bubble, and its id."""
    action = content.get("interactive", {}).get("action", {})
    ids = [button["reply"]["id"] for button in action.get("buttons", [])]
    ids += [row["id"] for section in action.get("sections", []) for row in section["rows"]]
    return dict(zip(choices_of(content), ids, strict=True))


def say(*texts: str, person: Person = ANA, at: datetime = NOW) -> str:
    """Each text in a turn of its own; the words of the last bubble."""
    for text in texts:
        receive(said(person, words(text), at=at), now=at)
    return heard(person)[-1]


def state_of(person: Person = ANA) -> str:
    return Conversation.objects.get(contact=contact_of(person)).state


def the_order() -> Order:
    return Order.objects.get()


def a_member_of_staff() -> User:
    return User.objects.create_user(f"marta{next(_serial)}")
