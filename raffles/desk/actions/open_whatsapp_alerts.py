from __future__ import annotations

from datetime import datetime
from typing import Any

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.desk.models import Destination

FIRST_KINDS = ["PROOF_RECEIVED", "LATE_PROOF"]


def open_whatsapp_alerts(*, by: Any, now: datetime) -> Destination:
    """The first member of staff who is ticked hears of proofs without anything more to set."""
    channel = Destination.Channel.WHATSAPP
    found = Destination.objects.filter(channel=channel).first()
    return found or _first(channel, by, now)


def _first(channel: str, by: Any, now: datetime) -> Destination:
    given = {"channel": channel, "kinds": FIRST_KINDS, "since": now}
    made, is_new = Destination.objects.get_or_create(name="WhatsApp", defaults=given)
    if is_new:
        told = {"name": made.name, "channel": channel, "kinds": FIRST_KINDS, "is_active": made.is_active}
        record(Deed.DESTINATION_ADDED, subject=made, user=by, after=told, now=now)
    return made
