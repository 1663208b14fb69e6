"""While a person answers the bot is silent, but nothing that comes meanwhile may go unseen."""

from __future__ import annotations

from datetime import datetime

from raffles.desk.actions import call_person, report_stray_receipt
from whatsapp.models import Contact
from whatsapp.payloads import FileSent, Inbound


def leave_to_person(contact: Contact, message: Inbound, now: datetime) -> None:
    """Money may be behind a picture: it is named a receipt, and staff give it to its order."""
    if isinstance(message, FileSent):
        report_stray_receipt(player_id=contact.player_id, now=now)
    else:
        call_person(player_id=contact.player_id, now=now)
