from __future__ import annotations

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from raffles.desk.alerts import send_alerts
from raffles.desk.verdicts import carry_out_due


@db_periodic_task(crontab())  # type: ignore[untyped-decorator]
def carry_out_lost_verdicts() -> None:
    """What the nudge should have done, had the queue not lost it."""
    carry_out_due(now=timezone.now())


@db_periodic_task(crontab())  # type: ignore[untyped-decorator]
def send_lost_alerts() -> None:
    send_alerts.call_local()
