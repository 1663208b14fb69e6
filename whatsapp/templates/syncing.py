"""The wordings at Meta and our rows of them.

1. `sync` takes over what Meta lists of ours: state, category, quality, text. What it no longer lists is GONE.
2. `submit` writes the row, then asks Meta. A webhook may tell of the verdict before the answer is here, so
   the answer fills in only what is still a DRAFT.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from whatsapp import cloud_api
from whatsapp.cloud_api import CloudApiError
from whatsapp.models import MessageTemplate, OutboundMessage
from whatsapp.templates.catalogue import Definition, definition_of, definitions
from whatsapp.templates.filling import places

Status = MessageTemplate.Status
NAME = re.compile(r"raffle_([a-z_]+)_v\d+\Z")
# Meta's word -> ours. A word that is not here keeps the wording from being used until Meta says another.
STATES = {
    "APPROVED": Status.APPROVED,
    "REINSTATED": Status.APPROVED,
    "PENDING": Status.PENDING,
    "IN_APPEAL": Status.PENDING,
    "REJECTED": Status.REJECTED,
    "PAUSED": Status.PAUSED,
    "DISABLED": Status.DISABLED,
    "LOCKED": Status.DISABLED,
    "LIMIT_EXCEEDED": Status.DISABLED,
    "PENDING_DELETION": Status.GONE,
    "DELETED": Status.GONE,
    "ARCHIVED": Status.GONE,
}
# Refusals of what Meta lists as paused or disabled as well: its list says when that is over.
STOPS_OF_METAS_OWN = ("code 132015", "code 132016")
# Meta writes this where there is no reason.
NO_REASON = "NONE"


@dataclass(frozen=True)
class Listed:
    """One of our wordings as Meta lists it."""

    name: str
    language: str
    columns: dict[str, Any]


def listed() -> list[Listed]:
    """All pages are read before any row is touched. Raises CloudApiError."""
    return [found for each in cloud_api.templates() if (found := _read(each)) is not None]


def _read(told: Mapping[str, Any]) -> Listed | None:
    name, language = told.get("name"), told.get("language")
    if not isinstance(name, str) or not isinstance(language, str):
        return None
    key = NAME.match(name)
    if key is None:
        return None
    word = str(told.get("status") or "")
    body = _body(told.get("components"))
    columns = {
        "key": key[1],
        "meta_id": str(told.get("id") or "")[:64],
        "category": str(told.get("category") or "")[:40],
        "status": STATES.get(word, Status.PENDING),
        "reason": reason_in(told.get("rejected_reason")) or ("" if word in STATES else word[:255]),
        "quality": _score(told.get("quality_score")),
        "body": body,
        "parameters": places(body),
    }
    return Listed(name[:512], language[:20], columns)


def _body(components: object) -> str:
    parts = components if isinstance(components, list) else []
    texts = [part.get("text") for part in parts if isinstance(part, dict) and part.get("type") == "BODY"]
    return next((text for text in texts if isinstance(text, str)), "")


def reason_in(told: object) -> str:
    return told[:255] if isinstance(told, str) and told != NO_REASON else ""


def _score(told: object) -> str:
    score = told.get("score") if isinstance(told, Mapping) else told
    return score[:40] if isinstance(score, str) else ""


def sync(found: Collection[Listed], *, now: datetime, lifts_stops: bool = True) -> int:
    """Returns how many rows changed. `lifts_stops`: a person asks, so what was refused is tried again."""
    changed = sum(_take_over(each, now, lifts_stops=lifts_stops) for each in found)
    known = {(each.name, each.language) for each in found}
    for row in MessageTemplate.objects.exclude(status__in=(Status.DRAFT, Status.GONE)):
        if (row.name, row.language) not in known:
            changed += change(row, {"status": Status.GONE, "reason": ""}, now)
    return changed


def _take_over(told: Listed, now: datetime, *, lifts_stops: bool) -> bool:
    row, created = MessageTemplate.objects.get_or_create(
        name=told.name, language=told.language, defaults={**told.columns, "changed_at": now}
    )
    if created and row.status == Status.APPROVED:
        _let_go(row)
    if not lifts_stops and _is_stopped_here(row) and told.columns["status"] == Status.APPROVED:
        return False
    return created or change(row, told.columns, now)


def _is_stopped_here(row: MessageTemplate) -> bool:
    """By a refusal of what Meta lists as approved all the same: it would refuse the next one too."""
    is_ours = row.status != Status.APPROVED and row.reason.startswith("code ")
    return is_ours and row.reason not in STOPS_OF_METAS_OWN


def change(row: MessageTemplate, columns: Mapping[str, Any], now: datetime) -> bool:
    """Only what differs is written, and only then the row counts as changed."""
    changed = {name: value for name, value in columns.items() if getattr(row, name) != value}
    if not changed:
        return False
    for name, value in {**changed, "changed_at": now}.items():
        setattr(row, name, value)
    row.save(update_fields=[*changed, "changed_at"])
    if changed.get("status") == Status.APPROVED:
        _let_go(row)
    return True


def _let_go(row: MessageTemplate) -> None:
    """What waited for its player can be said now; the sweep sends it, or lets it wait again."""
    waiting = OutboundMessage.objects.filter(status=OutboundMessage.Status.WAITING, template_key=row.key)
    waiting.update(status=OutboundMessage.Status.QUEUED, next_try_at=None)


def missing(found: Collection[Listed]) -> Iterator[Definition]:
    """What Meta does not list at all: a wording it refused wants a new version, not a second try."""
    known = {(each.name, each.language) for each in found}
    return (each for each in definitions() if (each.name, each.language) not in known)


def differs(row: MessageTemplate) -> bool:
    """Its text is not the catalogue's: one of the two was changed without a new version."""
    ours = definition_of(row.name, row.language)
    return ours is not None and ours.body.strip() != row.body.strip()


def row_of(name: str, language: str) -> MessageTemplate | None:
    """Our row of a wording; a wording of the catalogue gets one the first time it is spoken of."""
    ours = definition_of(name, language)
    rows = MessageTemplate.objects
    return rows.filter(name=name, language=language).first() if ours is None else _row_for(ours)


def _row_for(ours: Definition) -> MessageTemplate:
    columns = {"key": ours.key, "body": ours.body, "parameters": ours.parameters}
    row, _ = MessageTemplate.objects.get_or_create(name=ours.name, language=ours.language, defaults=columns)
    return row


def submit(ours: Definition, *, now: datetime) -> MessageTemplate:
    """Raises CloudApiError, with the refusal kept on the row, or OutcomeUnknown."""
    row = _row_for(ours)
    again = MessageTemplate.objects.filter(pk=row.pk, status=Status.GONE)
    again.update(status=Status.DRAFT, body=ours.body, parameters=ours.parameters)
    mine = MessageTemplate.objects.filter(pk=row.pk, status=Status.DRAFT)
    try:
        answer = cloud_api.create_template(ours.request())
    except CloudApiError as error:
        mine.update(reason=str(error)[:255], changed_at=now)
        raise
    told = {"meta_id": str(answer.get("id") or "")[:64], "category": str(answer.get("category") or "")[:40]}
    MessageTemplate.objects.filter(pk=row.pk).update(**told)
    status = STATES.get(str(answer.get("status")), Status.PENDING)
    if mine.update(status=status, reason="", changed_at=now) and status == Status.APPROVED:
        _let_go(row)
    row.refresh_from_db()
    return row
