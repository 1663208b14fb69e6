"""The minute sweeps: they find what a lost nudge, a dead worker or a deleted queue left behind."""

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, on_startup

from whatsapp import inbox, outbox
from whatsapp.inbox.nudges import drain_inbox
from whatsapp.outbox.nudges import flush_outbox


@on_startup()  # type: ignore[untyped-decorator]  # huey has no types
def look_at_once() -> None:
    """A worker that comes back does not wait for the next minute."""
    inbox.wake()
    outbox.wake()


@db_periodic_task(crontab())  # type: ignore[untyped-decorator]  # huey has no types
def sweep_inbox() -> None:
    drain_inbox.call_local()


@db_periodic_task(crontab())  # type: ignore[untyped-decorator]  # huey has no types
def sweep_outbox() -> None:
    """Statuses first: one of them may name what would otherwise be sent again."""
    while inbox.drain_statuses(now=timezone.now()):
        pass
    outbox.release_expired_leases(now=timezone.now())
    flush_outbox.call_local()
