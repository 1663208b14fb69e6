"""Senders that died, and answers that never came."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from raffles.desk.actions import alert_staff
from whatsapp.models import InboundEvent, OutboundMessage

Status = OutboundMessage.Status
MAX_ATTEMPTS = 12


def release_expired_leases(*, now: datetime) -> int:
    """No status has named the message while the lease ran, so it is sent again.

    Not while statuses are unread: the one that names it may be among them. Accepted: where Meta took the
    message and its statuses are later than the lease, the player reads it twice. What came to nothing too
    often is given up, or it would be sent again every minute for ever.
    """
    if _statuses_are_unread():
        return 0
    expired = OutboundMessage.objects.filter(status=Status.SENDING, lease_until__lt=now)
    _give_up(list(expired.filter(attempts__gte=MAX_ATTEMPTS).values_list("pk", flat=True)), now)
    return expired.update(status=Status.QUEUED, lease_until=None, next_try_at=None)


def _statuses_are_unread() -> bool:
    """Those that were read and named nobody's message are only parked."""
    kinds, unread = InboundEvent.Kind, InboundEvent.objects.filter(status=InboundEvent.Status.NEW)
    return unread.filter(kind=kinds.STATUS, retry_at=None).exists()


def _give_up(pks: list[int], now: datetime) -> None:
    for pk in pks:
        given_up = OutboundMessage.objects.filter(pk=pk, status=Status.SENDING)
        if given_up.update(status=Status.FAILED, failed_at=now, lease_until=None):
            alert_staff(kind="MESSAGE_FAILED", subject=f"unanswered:{pk}", text=_words(pk), now=now)


def _words(pk: int) -> str:
    with override(settings.LANGUAGE_CODE):
        text = _("Message %(message)s left %(times)s times, never answered: look at it, send it again.")
    return text % {"message": pk, "times": MAX_ATTEMPTS}
