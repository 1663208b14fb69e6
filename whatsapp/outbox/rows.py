"""Rows for messages: written with what they tell, let go when the player writes, queued again by staff."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from whatsapp.messages import Bubble, TemplateCall, meta_content
from whatsapp.models import Contact, InboundEvent, OutboundMessage
from whatsapp.outbox.nudges import wake

Status = OutboundMessage.Status


def queue(
    contact: Contact,
    bubble: Bubble,
    *,
    dedupe_key: str,
    now: datetime,
    not_after: datetime | None = None,
    answers: InboundEvent | None = None,
    template: TemplateCall | None = None,
) -> None:
    """Write the message down; a second one with the same key is not written.

    `template` says the same where the 24-hour window is closed; without one the message waits for the player.
    """
    row = OutboundMessage(
        contact=contact,
        dedupe_key=dedupe_key,
        content=meta_content(bubble),
        template_key=template.key if template else "",
        template_parameters=template.parameters if template else {},
        created_at=now,
        not_after=not_after,
        answers=answers,
    )
    OutboundMessage.objects.bulk_create([row], ignore_conflicts=True)
    transaction.on_commit(wake)


def release_waiting(contact: Contact) -> None:
    """The player wrote: what waited for the window goes out, in its order, before the reply."""
    OutboundMessage.objects.filter(contact=contact, status=Status.WAITING).update(
        status=Status.QUEUED, next_try_at=None
    )


def requeue(ids: Collection[int], *, now: datetime) -> int:
    """Staff send again what failed, however old: they have judged that it still makes sense."""
    failed = OutboundMessage.objects.filter(pk__in=ids, status=Status.FAILED)
    forgotten = dict.fromkeys(("not_after", "wamid", "sent_at", "failed_at", "error_code", "sent_as"))
    afresh = dict.fromkeys(("attempts", "strikes", "unanswered"), 0)
    queued = failed.update(status=Status.QUEUED, next_try_at=now, error="", **afresh, **forgotten)
    transaction.on_commit(wake)
    return queued
