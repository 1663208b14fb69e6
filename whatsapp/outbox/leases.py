"""Senders that died, answers that never came, and what waits in vain."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Min
from django.utils.translation import gettext as _
from django.utils.translation import override

from raffles.desk.actions import alert_staff
from whatsapp import switch, templates
from whatsapp.models import InboundEvent, MessageTemplate, OutboundMessage
from whatsapp.outbox.claims import OUT_OF_DATE, STATUS_SECONDS
from whatsapp.reactions import TABLE

Status = OutboundMessage.Status
MAX_UNANSWERED = 12
# An outage of Meta does not last longer: then a message that gets no answer is counted as one like any other.
LONGEST_SILENCE = timedelta(days=1)
MOST_AT_ONCE = 100
# What came within the last moment is being read: under load there is always some.
STATUS_GRACE = timedelta(seconds=2)
# Where statuses come later than a lease foresees, a message waits for its own, but not for ever: so does the
# player. How late they come is seen in the last ones, and in so many of them that the look stays cheap.
LONGEST_LATENESS = timedelta(minutes=3)
LAST_EVENTS = 1000


def release_expired_leases(*, now: datetime) -> int:
    """No status has named the message while the lease ran, so it is sent again.

    Not while statuses wait to be read: one of them may name it. Accepted: where Meta took the message and its
    statuses are later than the lease and those of others, the player reads it twice. What came to nothing too
    often is given up, or it would be sent again every minute for ever; what Meta answers to nobody says
    nothing of this message.
    """
    sending = OutboundMessage.objects.filter(status=Status.SENDING).order_by("id")
    if _has_unread_statuses(now) or not sending.filter(lease_until__lt=now).exists():
        return 0
    expired = sending.filter(lease_until__lt=now - _lateness(now))
    again = {"status": Status.QUEUED, "lease_until": None, "next_try_at": None}
    spared = expired.filter(created_at__gt=now - LONGEST_SILENCE).update(**again) if switch.is_silent() else 0
    _give_up(list(expired.filter(unanswered__gte=MAX_UNANSWERED - 1).values_list("pk", flat=True)), now)
    return spared + expired.update(**again, unanswered=F("unanswered") + 1)


def say_again() -> int:
    """What a refusal left waiting although an approved wording says it: the worker ended between the two.

    Where the refusal was carried out no wording is left that could say it, and the message goes on waiting.
    """
    cured = [code for code, each in TABLE.items() if each.closes_window or each.stops_template]
    approved = MessageTemplate.objects.filter(status=MessageTemplate.Status.APPROVED).values("key")
    left = OutboundMessage.objects.filter(
        status=Status.WAITING, error_code__in=cured, template_key__in=approved
    )
    rows = left.select_related("contact__player").order_by("id")[:MOST_AT_ONCE]
    found = [row.pk for row in rows if templates.content_for(row) is not None]
    waiting = OutboundMessage.objects.filter(pk__in=found, status=Status.WAITING)
    return waiting.update(status=Status.QUEUED, next_try_at=None) if found else 0


def drop_outdated(*, now: datetime) -> int:
    """What waits for the player to write and would make no sense then is not shown as waiting any more."""
    waiting = OutboundMessage.objects.filter(status=Status.WAITING, not_after__lt=now)
    return waiting.update(status=Status.DROPPED, error=OUT_OF_DATE)


def seconds_to_next_lease(now: datetime) -> float | None:
    """When the lease ends that ends first; what has ended already waits for the sweep."""
    sending = OutboundMessage.objects.filter(status=Status.SENDING, lease_until__gte=now).order_by("id")
    first: datetime | None = sending.aggregate(first=Min("lease_until"))["first"]
    return None if first is None else (first - now).total_seconds() + 1


def _has_unread_statuses(now: datetime) -> bool:
    """Those that were read and named nobody's message are only parked."""
    kinds, unread = InboundEvent.Kind, InboundEvent.objects.filter(status=InboundEvent.Status.NEW)
    return unread.filter(kind=kinds.STATUS, retry_at=None, received_at__lt=now - STATUS_GRACE).exists()


def _lateness(now: datetime) -> timedelta:
    """By how much more than a lease foresees the last statuses came behind the instant they tell of."""
    last = InboundEvent.objects.order_by("-id").values_list("kind", "happened_at", "received_at")[
        :LAST_EVENTS
    ]
    late = [
        received_at - happened_at - timedelta(seconds=STATUS_SECONDS)
        for kind, happened_at, received_at in last
        if kind == InboundEvent.Kind.STATUS and received_at > now - LONGEST_LATENESS
    ]
    return min(max([timedelta(0), *late]), LONGEST_LATENESS)


def _give_up(pks: list[int], now: datetime) -> None:
    for pk in pks:
        given_up = OutboundMessage.objects.filter(pk=pk, status=Status.SENDING)
        if given_up.update(status=Status.FAILED, failed_at=now, lease_until=None):
            alert_staff(kind="MESSAGE_FAILED", subject=f"unanswered:{pk}", text=_words(pk), now=now)


def _words(pk: int) -> str:
    with override(settings.LANGUAGE_CODE):
        text = _("Message %(message)s left %(times)s times, never answered: look at it, send it again.")
    return text % {"message": pk, "times": MAX_UNANSWERED}
