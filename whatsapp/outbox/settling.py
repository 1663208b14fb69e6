"""What the answers of Meta, or their absence, do to messages that were being sent."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from django.db import IntegrityError, transaction

from whatsapp import switch
from whatsapp.cloud_api import CloudApiError, OutcomeUnknown
from whatsapp.models import OutboundMessage
from whatsapp.outbox.refusals import refuse
from whatsapp.reactions import NO_CODE

logger = logging.getLogger(__name__)

Status = OutboundMessage.Status
Sent: TypeAlias = tuple[OutboundMessage, str]


def settle(
    outcomes: Sequence[tuple[OutboundMessage, str | Exception]], *, at: datetime, failures_in_row: int
) -> None:
    _settle_sent([(row, outcome) for row, outcome in outcomes if isinstance(outcome, str)], at)
    refused = [(row, outcome) for row, outcome in outcomes if isinstance(outcome, Exception)]
    for row, error in refused:
        _settle_failure(row, error, at)
    _tell_breaker([error for _, error in refused], len(outcomes), failures_in_row, at)


def _settle_sent(sent: Sequence[Sent], at: datetime) -> None:
    """Always in the order of the rows: who notes statuses locks them in the same order."""
    if not sent:
        return
    in_order = sorted(sent, key=lambda pair: pair[0].pk)
    try:
        with transaction.atomic():
            for row, wamid in in_order:
                _note_sent(row, wamid, at)
    except IntegrityError:
        logger.error("Meta gave one id to two messages: they are told apart by our own mark")
        for row, _ in in_order:
            _note_sent(row, None, at)


def _note_sent(row: OutboundMessage, wamid: str | None, at: datetime) -> None:
    """A status may have come before this answer: then only the id is new, or that this try has failed.

    An answer may also come after the lease, when the message is queued again: it has been sent all the same.
    """
    told = {"sent_at": at, "lease_until": None, "error": "", "error_code": None}
    mine = OutboundMessage.objects.filter(pk=row.pk)
    if wamid:
        mine = mine.exclude(refused_ids__contains=wamid)
    is_first = mine.filter(status__in=(Status.SENDING, Status.QUEUED), wamid=None)
    if not is_first.update(status=Status.SENT, wamid=wamid, **told):
        mine.filter(status=Status.SENDING).update(status=Status.SENT, **told)
        mine.filter(wamid=None).update(wamid=wamid)


def _settle_failure(row: OutboundMessage, error: Exception, at: datetime) -> None:
    """Where the outcome is unknown the lease goes on: a status may still tell before it runs out."""
    if isinstance(error, CloudApiError):
        refuse(row, error, at, open_statuses=(Status.SENDING,))
        return
    told = f"no answer: {error}"
    if not isinstance(error, OutcomeUnknown):
        told = f"could not be sent: {type(error).__name__}"
        logger.error("message %s could not be sent: %s", row.pk, type(error).__name__)
    OutboundMessage.objects.filter(pk=row.pk, status=Status.SENDING).update(error=told[:255])


def _tell_breaker(errors: Sequence[Exception], tried: int, failures_in_row: int, at: datetime) -> None:
    """Calls that failed together count once: parallel senders would open the breaker at the first hiccup."""
    silent = [error for error in errors if is_silence(error)]
    if len(silent) == tried:
        switch.note_no_answer(1, now=at)
    elif failures_in_row:
        switch.note_answer()


def is_silence(error: Exception) -> bool:
    return isinstance(error, OutcomeUnknown) or (isinstance(error, CloudApiError) and error.code == NO_CODE)
