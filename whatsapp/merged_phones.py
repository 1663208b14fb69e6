"""The addresses of two chats that staff made one: both phones stay known as that person's.

An id has its lineage. A phone of which no id was known has nothing else to be found again by.
"""

from __future__ import annotations

from django.db import transaction

from raffles.sales.actions import change_phone
from whatsapp.models import Contact, ContactIdentity, ContactPhone
from whatsapp.payloads import Sender


def remember(one: Contact, *, of: Contact) -> None:
    """The phone of one of the two, with the id that it was known by, if any, for the one that stays."""
    if one.wa_id:
        known = {"contact": of, "bsuid": one.bsuid}
        ContactPhone.objects.update_or_create(wa_id=one.wa_id, defaults=known)


def known_by_word(wa_id: str, bsuid: str | None) -> Contact | None:
    """Another id than the one it was known by: the phone has changed hands."""
    phones = ContactPhone.objects.filter(wa_id=wa_id).select_related("contact__player")
    phone = phones.first() if wa_id else None
    if phone is None or (bsuid and phone.bsuid and phone.bsuid != bsuid):
        return None
    return phone.contact


def forget(wa_id: str, *, owner: Contact | None = None) -> None:
    """It is somebody else's now."""
    others = ContactPhone.objects.filter(wa_id=wa_id)
    (others.exclude(contact=owner) if owner else others).delete()


def turn_to(contact: Contact, sender: Sender) -> None:
    """They write from the other address now: what is answered goes there."""
    if not sender.wa_id or contact.wa_id == sender.wa_id:
        return
    phone = ContactPhone.objects.filter(contact=contact, wa_id=sender.wa_id).first()
    if phone is None:
        return
    before = f"+{contact.wa_id}" if contact.wa_id else ""
    with transaction.atomic():
        change_phone(player_id=contact.player_id, old=before, new=f"+{sender.wa_id}")
        contact.bsuid, contact.wa_id = sender.bsuid or phone.bsuid, sender.wa_id
        contact.save(update_fields=["bsuid", "wa_id"])
        if sender.bsuid and not phone.bsuid:
            ContactPhone.objects.filter(pk=phone.pk).update(bsuid=sender.bsuid)
        keep_id(contact)


def keep_id(contact: Contact) -> None:
    """Into the lineage, so that another id may take its place."""
    if contact.bsuid:
        known = {"contact": contact, "since": contact.created_at, "source": "merge"}
        ContactIdentity.objects.get_or_create(bsuid=contact.bsuid, defaults=known)
