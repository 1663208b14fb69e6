"""The one way into the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model
from django.utils import timezone

from raffles.audit.models import AuditEntry, Deed

Fields = Mapping[str, Any]
LONGEST_VALUE = 500


def record(
    deed: Deed,
    *,
    subject: Model | None = None,
    label: str | None = None,
    user: User | AnonymousUser | None = None,
    actor: str = "",
    before: Fields | None = None,
    after: Fields | None = None,
    reason: str = "",
    now: datetime | None = None,
) -> AuditEntry:
    """In the transaction of what it tells of: undone with it, and never without it.

    Without `now` it was a door that asked, which is the only place where the clock may be read.
    """
    entry = _entry(
        deed,
        subject=subject,
        label=label,
        user=user,
        actor=actor,
        before=before,
        after=after,
        reason=reason,
        now=now,
    )
    entry.save(force_insert=True)
    return entry


def record_each(
    deed: Deed,
    subjects: Iterable[tuple[Model, str]],
    *,
    user: User | AnonymousUser | None,
    after: Fields | None = None,
    now: datetime | None = None,
) -> None:
    """The same of many, each with its label: one line for each, and one statement for all."""
    at = now or timezone.now()
    AuditEntry.objects.bulk_create(
        _entry(deed, subject=subject, label=label, user=user, after=after, now=at)
        for subject, label in subjects
    )


def _entry(
    deed: Deed,
    *,
    subject: Model | None,
    label: str | None,
    user: User | AnonymousUser | None,
    actor: str = "",
    before: Fields | None = None,
    after: Fields | None = None,
    reason: str = "",
    now: datetime | None = None,
) -> AuditEntry:
    by = user if isinstance(user, User) else None
    return AuditEntry(
        at=now or timezone.now(),
        user=by,
        actor=(actor or (f"staff:{by.get_username()}" if by else "nobody"))[:160],
        action=deed,
        subject_type=subject._meta.label if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        subject_label=(str(subject) if label is None and subject is not None else label or "")[:160],
        before=plain(before or {}),
        after=plain(after or {}),
        reason=reason,
    )


def plain(fields: Fields) -> dict[str, Any]:
    """What JSON can say; a long text is cut, for the log tells that it changed and not all it said."""
    return {name: _plain(value) for name, value in fields.items()}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)[:LONGEST_VALUE]
