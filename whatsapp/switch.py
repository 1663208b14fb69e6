"""Whether the business number may send: paused by a person or by Meta's verdict, or held by the breaker.

A pause lasts until a person ends it. A hold ends by itself; while calls fail in a row each hold is longer,
and after it one message goes ahead to see whether Meta answers again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from raffles.desk.actions import alert_staff
from whatsapp.models import BusinessNumber, OutboundMessage

# So many calls in a row without an answer open the breaker.
FAILURES_THAT_OPEN = 5
SHORTEST_HOLD, LONGEST_HOLD = timedelta(seconds=15), timedelta(minutes=5)
# With the holds between them so many have taken a quarter of an hour: somebody should know.
FAILURES_TO_TELL = 10


def number(rows: QuerySet[BusinessNumber] | None = None) -> BusinessNumber:
    """Of `rows`, where they are to be locked; made when it is first asked for."""
    found = BusinessNumber.objects.all() if rows is None else rows
    return found.get_or_create(phone_number_id=settings.WHATSAPP_PHONE_NUMBER_ID)[0]


def pause(*, by: str, reason: str, now: datetime) -> bool:
    """Nothing leaves from now on; what is queued stays queued. False when it was paused already."""
    changed = BusinessNumber.objects.filter(pk=number().pk, paused_at=None).update(
        paused_at=now, paused_by=by[:160], pause_reason=reason[:255]
    )
    return bool(changed)


def pause_with_alert(*, by: str, reason: str, now: datetime) -> bool:
    if not pause(by=by, reason=reason, now=now):
        return False
    alert_staff(kind="SENDING_PAUSED", subject="sending", text=reason, now=now)
    return True


def resume(*, now: datetime) -> bool:
    """By a person, and everything is tried afresh: the breaker is closed too."""
    changed = BusinessNumber.objects.filter(pk=number().pk, paused_at__isnull=False).update(
        paused_at=None, paused_by="", pause_reason="", held_until=None, hold_reason="", failures_in_row=0
    )
    return bool(changed)


def allow_templates() -> bool:
    """By a person. What waited for its player can be said now, or waits again."""
    changed = BusinessNumber.objects.filter(pk=number().pk, templates_paused_at__isnull=False).update(
        templates_paused_at=None
    )
    if changed:
        waiting = OutboundMessage.objects.filter(status=OutboundMessage.Status.WAITING)
        waiting.exclude(template_key="").update(status=OutboundMessage.Status.QUEUED, next_try_at=None)
    return bool(changed)


def hold(*, until: datetime, reason: str) -> None:
    """Never shorter than a hold that is on already."""
    mine = BusinessNumber.objects.filter(pk=number().pk)
    mine.filter(held_until=None).update(held_until=until, hold_reason=reason[:255])
    mine.filter(held_until__lt=until).update(held_until=until, hold_reason=reason[:255])


def note_no_answer(count: int, *, now: datetime) -> None:
    """Calls that Meta did not answer, or answered with a failure of its own."""
    mine = number()
    failures = mine.failures_in_row + count
    BusinessNumber.objects.filter(pk=mine.pk).update(failures_in_row=failures)
    if failures >= FAILURES_THAT_OPEN:
        pause_between = SHORTEST_HOLD * 2 ** min(failures - FAILURES_THAT_OPEN, 6)
        _end_hold_of_silence()
        hold(until=now + min(pause_between, LONGEST_HOLD), reason=_silence())
    if failures >= FAILURES_TO_TELL:
        _tell_of_silence(now)


def _tell_of_silence(now: datetime) -> None:
    """Once until somebody has looked."""
    with override(settings.LANGUAGE_CODE):
        text = _("Meta does not answer: messages wait and leave by themselves once it does. See its status.")
    alert_staff(kind="SENDING_PAUSED", subject="silence", text=text, now=now)


def note_answer() -> None:
    mine = BusinessNumber.objects.filter(pk=number().pk, failures_in_row__gt=0)
    if mine.update(failures_in_row=0):
        _end_hold_of_silence()


def is_silent() -> bool:
    """The breaker is open: nobody's message is answered."""
    return number().failures_in_row >= FAILURES_THAT_OPEN


def note_look(mine: BusinessNumber, *, until: datetime) -> None:
    """Behind an open breaker one message is on its way, and none follows it before its outcome is known."""
    if mine.failures_in_row >= FAILURES_THAT_OPEN:
        hold(until=until, reason=_silence())


def _end_hold_of_silence() -> None:
    """A rest that Meta asked for has another reason, and goes on."""
    silent = BusinessNumber.objects.filter(pk=number().pk, hold_reason=_silence())
    silent.update(held_until=None, hold_reason="")


def _silence() -> str:
    with override(settings.LANGUAGE_CODE):
        return _("Meta does not answer")


def room_for(mine: BusinessNumber, wanted: int, now: datetime) -> int:
    """How many messages may be tried: none, one to see whether Meta answers again, or all."""
    if mine.paused_at is not None or (mine.held_until is not None and now < mine.held_until):
        return 0
    return 1 if mine.failures_in_row >= FAILURES_THAT_OPEN else wanted
