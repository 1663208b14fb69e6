from __future__ import annotations

from datetime import datetime

from raffles.desk.models import Destination

FIRST_KINDS = ["PROOF_RECEIVED", "LATE_PROOF"]


def open_whatsapp_alerts(*, now: datetime) -> Destination:
    """The first member of staff who is ticked hears of proofs without anything more to set."""
    channel = Destination.Channel.WHATSAPP
    found = Destination.objects.filter(channel=channel).first()
    return found or _first(channel, now)


def _first(channel: str, now: datetime) -> Destination:
    given = {"channel": channel, "kinds": FIRST_KINDS, "since": now}
    return Destination.objects.get_or_create(name="WhatsApp", defaults=given)[0]
