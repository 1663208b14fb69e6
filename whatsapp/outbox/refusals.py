"""Meta has refused a message, at once or by a `failed` status: the table of reactions carried out."""

from __future__ import annotations

import logging
import random
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from django.conf import settings
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext, override

from raffles.desk.actions import alert_staff
from raffles.sales.actions import stop_news
from whatsapp import switch, templates
from whatsapp.cloud_api import CloudApiError
from whatsapp.models import BusinessNumber, Contact, OutboundMessage
from whatsapp.models.contacts import WINDOW
from whatsapp.reactions import Reaction, Then

logger = logging.getLogger(__name__)

Status = OutboundMessage.Status
Wording: TypeAlias = dict[str, Any] | None
LONG_HOLD = timedelta(hours=1)


@dataclass(frozen=True)
class Refused:
    """`sent_as` is how the message was put; a status tells of a refusal later than an answer."""

    row: OutboundMessage
    sent_as: Wording
    error: CloudApiError
    then: Then
    at: datetime
    is_told_later: bool


def refuse(
    row: OutboundMessage,
    error: CloudApiError,
    at: datetime,
    *,
    open_statuses: Collection[str],
    wamid: str = "",
) -> None:
    """`wamid`: of the try that a status calls failed; one that was refused by an answer has none."""
    reaction = error.reaction
    then = _then(row, reaction)
    is_limited = reaction.tries is not None
    tried = row.strikes + 1 if is_limited else row.attempts
    delay = back_off(reaction.steps, tried) if then == Then.RETRY else None
    outcomes: dict[Then, dict[str, Any]] = {
        Then.DROP: {"status": Status.FAILED, "failed_at": at},
        Then.WAIT: {"status": Status.WAITING},
        Then.PAUSE: {"status": Status.QUEUED, "next_try_at": None},
        Then.RETRY: {"status": Status.QUEUED, "next_try_at": at + delay if delay else None},
    }
    sent_as = row.sent_as
    told: dict[str, Any] = {"error_code": error.code, "error": error.text, "lease_until": None}
    if then != Then.DROP:  # the next try is another message to Meta
        told |= {"wamid": None, "sent_as": None}
    if is_limited:
        told["strikes"] = F("strikes") + 1
    if wamid:
        told["refused_ids"] = Concat("refused_ids", Value(f" {wamid}"))
    still_open = OutboundMessage.objects.filter(pk=row.pk, status__in=open_statuses)
    if still_open.update(**outcomes[then], **told):
        logger.warning("message %s refused by Meta: code %s, %s", row.pk, error.code, then.name.lower())
        # Behind the commit: who claims locks the number first and messages after it.
        refused = Refused(row, sent_as, error, then, at, is_told_later=bool(wamid))
        transaction.on_commit(lambda: _draw_consequences(refused))


def _then(row: OutboundMessage, reaction: Reaction) -> Then:
    if reaction.then != Then.RETRY:
        return reaction.then
    is_exhausted = reaction.tries is not None and row.strikes + 1 >= reaction.tries
    has_no_phone = reaction.by_phone and not row.contact.wa_id
    return Then.DROP if is_exhausted or has_no_phone else Then.RETRY


def back_off(steps: tuple[int, ...], attempts: int) -> timedelta:
    """The step of this try, 30 % more or less so that messages do not come back in step."""
    seconds = steps[min(max(attempts, 1), len(steps)) - 1]
    return timedelta(seconds=seconds * random.uniform(0.7, 1.3))  # noqa: S311 - no secret


def _draw_consequences(refused: Refused) -> None:
    """What a refusal means for others than this message."""
    row, error, at, reaction = refused.row, refused.error, refused.at, refused.error.reaction
    held = timedelta(seconds=reaction.hold_seconds)
    if held:
        switch.hold(until=at + held, reason=_by(error))
    _tell_staff(refused, is_held_long=held >= LONG_HOLD)
    if reaction.stops_template and row.template_key:
        _stop_template(row, refused.sent_as, error, at)
    if reaction.closes_window and refused.sent_as is None:
        _close_window(refused)
    if reaction.stops_all_templates:
        BusinessNumber.objects.filter(templates_paused_at=None).update(templates_paused_at=at)
    if reaction.stops_news:
        stop_news(player_id=row.contact.player_id, now=at)


def _close_window(refused: Refused) -> None:
    """Meta counts the hours. A template, where there is one, says it at once.

    Not for who has written since: they are answered, and the message would wait for what has come already. A
    status tells when it was refused, by the clock that stamps what players write.
    """
    row, known = refused.row, refused.row.contact.last_inbound_at
    has_written = refused.is_told_later and known is not None and known > refused.at
    contact = Contact.objects.filter(pk=row.contact_id, last_inbound_at=known)
    if has_written or not contact.update(last_inbound_at=refused.at - WINDOW):
        OutboundMessage.objects.filter(pk=row.pk, status=Status.WAITING).update(status=Status.QUEUED)
    else:
        _say_as_template(row)


def _tell_staff(refused: Refused, *, is_held_long: bool) -> None:
    row, error, at = refused.row, refused.error, refused.at
    if refused.then == Then.PAUSE:
        pause_for(error, at)
    elif error.reaction.advice and (refused.then != Then.RETRY or is_held_long):
        _alert(row, error, at)
    elif refused.then == Then.DROP and row.template_key and not error.reaction.stops_news:
        _alert_undelivered(row, error, at)


def pause_for(error: CloudApiError, at: datetime) -> None:
    """Meta refuses whatever we ask for until a person has mended something."""
    switch.pause_with_alert(by=_by(error), reason=_words(error.reaction), now=at)


def _stop_template(row: OutboundMessage, sent_as: Wording, error: CloudApiError, at: datetime) -> None:
    """An older wording that is still approved says it instead, at once."""
    sent = (sent_as or {}).get("template", {})
    language, name = sent.get("language", {}).get("code", ""), sent.get("name", "")
    templates.mark_unusable(row.template_key, language, error.code, at, name=name)
    _say_as_template(row)


def _say_as_template(row: OutboundMessage) -> None:
    if templates.content_for(row) is not None:
        OutboundMessage.objects.filter(pk=row.pk, status=Status.WAITING).update(status=Status.QUEUED)


def _alert(row: OutboundMessage, error: CloudApiError, at: datetime) -> None:
    """One for each code until somebody has looked: a wave of refusals is one piece of news."""
    text = f"{_words(error.reaction)} ({row.pk}, {error.code})"
    alert_staff(kind="MESSAGE_FAILED", subject=f"code:{error.code}", text=text, now=at)


def _alert_undelivered(row: OutboundMessage, error: CloudApiError, at: datetime) -> None:
    """A reply that nobody gets is asked for again; that money came, or that somebody won, is not."""
    with override(settings.LANGUAGE_CODE):
        text = gettext("A player was not told what matters (message %(message)s, code %(code)s): reach them.")
    words = text % {"message": row.pk, "code": error.code}
    alert_staff(kind="MESSAGE_FAILED", subject=f"undelivered:{row.template_key}", text=words, now=at)


def _words(reaction: Reaction) -> str:
    """In the language of the house: whoever is on duty reads it."""
    with override(settings.LANGUAGE_CODE):
        return gettext(reaction.advice)


def _by(error: CloudApiError) -> str:
    with override(settings.LANGUAGE_CODE):
        return gettext("Meta's code %(code)s") % {"code": error.code}
