"""The sweeps: they find what a lost nudge, a dead worker or a deleted queue left behind."""

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task, on_startup

from whatsapp import file_copies, inbox, outbox, template_look
from whatsapp.alone import Later
from whatsapp.called_off_news import tell_called_off
from whatsapp.clocks import forget_far_instants
from whatsapp.inbox.nudges import drain_inbox
from whatsapp.outbox.nudges import flush_outbox
from whatsapp.rule_news import tell_rule_changes

# Statuses come in batches; a sweep that had to read more of them than this leaves the rest to the next.
MOST_BATCHES = 50

_later = Later()


@on_startup()  # type: ignore[untyped-decorator]  # huey has no types
def look_at_once() -> None:
    """A worker that comes back does not wait for the next minute."""
    inbox.wake()
    sweep_outbox_now()


@db_periodic_task(crontab())  # type: ignore[untyped-decorator]  # huey has no types
def sweep_inbox() -> None:
    drain_inbox.call_local()


@db_periodic_task(crontab())  # type: ignore[untyped-decorator]  # huey has no types
def sweep_outbox() -> None:
    _sweep_outbox()


@db_periodic_task(crontab())  # type: ignore[untyped-decorator]  # huey has no types
def sweep_rule_news() -> None:
    for _ in range(MOST_BATCHES):
        if not tell_rule_changes(now=timezone.now()):
            break


@db_periodic_task(crontab())  # type: ignore[untyped-decorator]  # huey has no types
def sweep_called_off_news() -> None:
    for _ in range(MOST_BATCHES):
        if not tell_called_off(now=timezone.now()):
            break


@db_periodic_task(crontab())  # type: ignore[untyped-decorator]  # huey has no types
def sweep_file_copies() -> None:
    file_copies.make_waiting(now=timezone.now())


@db_periodic_task(crontab(minute="23"))  # type: ignore[untyped-decorator]  # huey has no types
def look_at_templates() -> None:
    template_look.look(now=timezone.now())


@db_task()  # type: ignore[untyped-decorator]  # huey has no types
def sweep_outbox_now() -> None:
    _sweep_outbox()


def _sweep_outbox() -> None:
    """Statuses first: one of them may name what would be sent again. Once more when a lease ends."""
    for _ in range(MOST_BATCHES):
        if not inbox.drain_statuses(now=timezone.now()):
            break
    now = timezone.now()
    forget_far_instants(now=now)
    outbox.release_expired_leases(now=now)
    outbox.drop_outdated(now=now)
    outbox.say_again()
    flush_outbox.call_local()
    ends_in = outbox.seconds_to_next_lease(now)
    if ends_in is not None:
        _later.ask(ends_in, lambda seconds: sweep_outbox_now.schedule(delay=seconds))
