from __future__ import annotations

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from raffles.hooks.nudges import send_webhooks
from raffles.hooks.tidying import tidy


@db_periodic_task(crontab())  # type: ignore[untyped-decorator]
def send_waiting_webhooks() -> None:
    """What a nudge should have done, had the queue not lost it; what is due again."""
    send_webhooks.call_local()


@db_periodic_task(crontab(minute="17"))  # type: ignore[untyped-decorator]
def tidy_webhooks() -> None:
    tidy(now=timezone.now())
