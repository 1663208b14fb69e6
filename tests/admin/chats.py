"""Contacts and what was said, as rows."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile

from tests.factories import NOW, make_player, png_bytes
from whatsapp.messages import Button, Buttons, Text, meta_content
from whatsapp.models import Contact, Conversation, InboundEvent, InboundMedia, OutboundMessage

_serial = itertools.count(1)


def make_contact(**fields: Any) -> Contact:
    number = next(_serial)
    given = {
        "player": fields.pop("player", None) or make_player(name=f"Player {number}"),
        "bsuid": f"PY.{1000 + number}",
        "wa_id": f"59598100{number:04d}",
        "username": f"name{number}",
        "profile_name": f"Profile {number}",
        "last_inbound_at": NOW - timedelta(hours=1),
        "created_at": NOW - timedelta(days=1),
    } | fields
    contact = Contact.objects.create(**given)
    Conversation.objects.create(contact=contact, state="PAYMENT", data={"order": "ABC234"})
    return contact


def received(contact: Contact, message: dict[str, Any], **fields: Any) -> InboundEvent:
    number = next(_serial)
    at = NOW - timedelta(minutes=30) + timedelta(seconds=number)
    given = {
        "event_key": f"event-{number}",
        "kind": "MESSAGE",
        "field": "messages",
        "sender": contact.bsuid,
        "payload": {"message": message},
        "happened_at": at,
        "received_at": at,
        "status": "DONE",
        "contact": contact,
    } | fields
    return InboundEvent.objects.create(**given)


def said(contact: Contact, words: str, **fields: Any) -> InboundEvent:
    return received(contact, {"type": "text", "text": {"body": words}}, **fields)


def photographed(contact: Contact, content: bytes | None = None, **fields: Any) -> InboundEvent:
    event = received(contact, {"type": "image", "image": {"id": "1", "mime_type": "image/png"}}, **fields)
    content = png_bytes() if content is None else content
    media = InboundMedia(event=event, status="STORED", content_type="image/png", size=len(content))
    media.file.save(f"{event.pk}", ContentFile(content), save=False)
    media.save()
    return event


def sent(contact: Contact, words: str, *choices: str, **fields: Any) -> OutboundMessage:
    number = next(_serial)
    buttons = tuple(Button(f"b{place}", title) for place, title in enumerate(choices))
    given = {
        "contact": contact,
        "dedupe_key": f"message-{number}",
        "content": meta_content(Buttons(words, buttons) if buttons else Text(words)),
        "created_at": NOW - timedelta(minutes=30) + timedelta(seconds=number),
        "status": "SENT",
        "sent_at": NOW,
    } | fields
    return OutboundMessage.objects.create(**given)
