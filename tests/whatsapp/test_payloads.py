"""One file for each kind of webhook that Meta sends; each has its reaction: words of a reply, or silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from raffles.numbers.models import Raffle
from tests.factories import pdf_bytes, png_bytes
from tests.whatsapp.graph import Graph
from tests.whatsapp.meta import NOW, post
from whatsapp import inbox
from whatsapp.inbox.statuses import PARK_STATUS
from whatsapp.messages import words_of
from whatsapp.models import Contact, InboundEvent, OutboundMessage

FOLDER = Path(__file__).parent / "payloads"
SILENCE = ""
GREETING = "¡Hola"
CANNOT_READ = "No puedo leer ese tipo de mensaje"
OLD_BUTTON = "Ese botón es de un mensaje anterior"
NO_ORDER = "ningún pedido tuyo espera un comprobante"

REACTIONS: dict[str, tuple[str, str]] = {
    "text": (GREETING, "DONE"),
    "text_reply": (GREETING, "DONE"),
    "phone_less_username": (GREETING, "DONE"),
    "nameless": (GREETING, "DONE"),
    "without_contacts": (GREETING, "DONE"),
    "ad_referral": (GREETING, "DONE"),
    "product_question": (GREETING, "DONE"),
    "request_welcome": (GREETING, "DONE"),
    "button_reply": ("Moto 0 km", "DONE"),
    "list_reply": (OLD_BUTTON, "DONE"),
    "list_reply_bare": ("¿Qué números quieres?", "DONE"),
    "template_button": (GREETING, "DONE"),
    "template_button_without_context": (OLD_BUTTON, "DONE"),
    "nfm_reply": (CANNOT_READ, "DONE"),
    "nfm_reply_malformed": (CANNOT_READ, "DONE"),
    "call_permission_reply": (CANNOT_READ, "DONE"),
    "interactive_without_interactive": (CANNOT_READ, "DONE"),
    "unsupported_poll": (CANNOT_READ, "DONE"),
    "unsupported_edit": ("mensajes editados", "DONE"),
    "unsupported_unavailable": (CANNOT_READ, "DONE"),
    "unknown": (CANNOT_READ, "DONE"),
    "type_of_tomorrow": (CANNOT_READ, "DONE"),
    "image_undownloadable": (CANNOT_READ, "DONE"),
    "image": (NO_ORDER, "DONE"),
    "image_caption_url": (NO_ORDER, "DONE"),
    "image_forwarded": (NO_ORDER, "DONE"),
    "image_forwarded_often": (NO_ORDER, "DONE"),
    "document": (NO_ORDER, "DONE"),
    "video": ("No puedo ver videos", "DONE"),
    "audio_voice": ("audios", "DONE"),
    "sticker": ("sticker", "DONE"),
    "location": ("ubicación", "DONE"),
    "location_named": ("ubicación", "DONE"),
    "contacts": ("contacto", "DONE"),
    "contacts_without_name": ("contacto", "DONE"),
    "contact_request": ("contacto", "DONE"),
    "order": ("catálogo", "DONE"),
    "edit": ("mensajes editados", "DONE"),
    "reaction": (SILENCE, "DONE"),
    "reaction_removed": (SILENCE, "DONE"),
    "reaction_removed_empty": (SILENCE, "DONE"),
    "revoke": (SILENCE, "DONE"),
    "group": (SILENCE, "DONE"),
    "system_user_changed_user_id": (SILENCE, "DONE"),
    "system_user_changed_number": (SILENCE, "DONE"),
    "system_without_sender": (SILENCE, "DONE"),
    "system_identity_changed": (SILENCE, "DONE"),
    "status_sent": (SILENCE, "IGNORED"),
    "status_delivered": (SILENCE, "IGNORED"),
    "status_read": (SILENCE, "IGNORED"),
    "status_played": (SILENCE, "IGNORED"),
    "status_failed": (SILENCE, "IGNORED"),
    "status_of_tomorrow": (SILENCE, "IGNORED"),
    "status_group": (SILENCE, "IGNORED"),
    "user_id_update": (SILENCE, "DONE"),
    "user_preferences": (SILENCE, "IGNORED"),
    "account_update": (SILENCE, "DONE"),
    "account_alerts": (SILENCE, "DONE"),
    "message_template_status_update": (SILENCE, "IGNORED"),
    "template_category_update": (SILENCE, "IGNORED"),
    "phone_number_quality_update": (SILENCE, "DONE"),
    "security": (SILENCE, "DONE"),
    "unknown_field": (SILENCE, "IGNORED"),
    "echo": (SILENCE, "IGNORED"),
    "errors_only": (SILENCE, "IGNORED"),
}


def heard() -> list[str]:
    return [
        words_of(content)
        for content in OutboundMessage.objects.order_by("pk").values_list("content", flat=True)
    ]


def work_through() -> None:
    """Once at once, and once after a status that names nobody's message has been given up."""
    inbox.drain(now=NOW)
    inbox.drain(now=NOW + PARK_STATUS)


def test_every_payload_kind_has_a_named_reaction() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(REACTIONS)


@pytest.mark.parametrize("name", sorted(REACTIONS))
def test_each_payload_kind_is_stored_once_and_has_its_reaction(
    name: str, client: Client, graph: Graph, moto: Raffle
) -> None:
    graph.has_media("77", png_bytes())
    graph.has_media("78", pdf_bytes())
    words, status = REACTIONS[name]
    posted = json.loads((FOLDER / f"{name}.json").read_text())

    assert post(client, posted).status_code == 200
    work_through()

    event = InboundEvent.objects.get()
    assert event.status == status, event.error
    assert event.attempts == 0
    replies = heard()
    assert len(replies) == (1 if words else 0), replies
    assert all(words in reply for reply in replies), replies

    contacts = list(Contact.objects.values())
    assert post(client, posted).status_code == 200
    work_through()

    assert InboundEvent.objects.count() == 1
    assert heard() == replies
    assert list(Contact.objects.values()) == contacts
