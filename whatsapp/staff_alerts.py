"""Alerts for staff on their own WhatsApp. Writes outbox rows only; the key keeps each from being two."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, override

from raffles.desk.alerts import NotDelivered, Summary
from raffles.desk.models import Destination
from whatsapp import outbox
from whatsapp.messages import Text
from whatsapp.models import Contact

# It waits for the 24-hour window until then; afterwards it is old news.
ALERT_LIFE = timedelta(hours=12)


def tell(destination: Destination, summary: Summary, key: str, now: datetime) -> None:
    """Whoever is not ticked hears nothing, named or not. Raises NotDelivered where nobody is left to hear."""
    contacts = Contact.objects.filter(receives_staff_alerts=True).select_related("player")
    if destination.player_id is not None:
        contacts = contacts.filter(player_id=destination.player_id)
    heard = list(contacts)
    if not heard:
        raise NotDelivered(_nobody(), is_permanent=True)
    with transaction.atomic():
        for contact in heard:
            _queue(contact, summary, key, now)


def _nobody() -> str:
    with override(settings.LANGUAGE_CODE):
        return gettext("no contact is ticked to receive staff alerts")


def _queue(contact: Contact, summary: Summary, key: str, now: datetime) -> None:
    known = contact.player.language in dict(settings.LANGUAGES)
    with override(contact.player.language if known else settings.LANGUAGE_CODE):
        body = "\n".join([summary.headline(), *summary.lines(), summary.url])
    outbox.queue(
        contact,
        Text(body),
        dedupe_key=f"alert:{contact.pk}:{key}",
        now=now,
        not_after=now + ALERT_LIFE,
    )
