"""The minute sweep: it finds what a lost nudge, a dead worker or a deleted queue left behind."""

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from whatsapp import inbox, outbox


@db_periodic_task(crontab())  # type: ignore[untyped-decorator]  # huey has no types
def sweep_inbox() -> None:
    inbox.drain(now=timezone.now())


@db_periodic_task(crontab())  # type: ignore[untyped-decorator]  # huey has no types
def sweep_outbox() -> None:
    now = timezone.now()
    outbox.release_expired_leases(now=now)
    outbox.flush(now=now)
