from __future__ import annotations

from typing import Any

from django.db import migrations
from django.utils import timezone


def keep_hearing(apps: Any, schema_editor: Any) -> None:
    """Contacts that were ticked heard of every proof; from now on a destination says who hears of what."""
    destinations = apps.get_model("desk", "Destination").objects
    ticked = apps.get_model("whatsapp", "Contact").objects.filter(receives_staff_alerts=True)
    if ticked.exists() and not destinations.filter(channel="WHATSAPP").exists():
        destinations.create(
            name="WhatsApp",
            channel="WHATSAPP",
            kinds=["PROOF_RECEIVED", "LATE_PROOF"],
            since=timezone.now(),
        )


class Migration(migrations.Migration):
    dependencies = [
        ("whatsapp", "0003_lists_of_the_unfinished"),
        ("desk", "0004_destinations"),
    ]

    operations = [migrations.RunPython(keep_hearing, migrations.RunPython.noop)]
