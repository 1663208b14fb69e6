"""In which currency the money of a line is, where the line itself does not say it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.db.models import Model

from raffles.audit.models import AuditEntry

MINOR, CURRENCY = "_minor", "currency"
# The label of a model and the key of a row, as the log has them.
Subject = tuple[str, str]


def is_money(name: str) -> bool:
    return name.endswith(MINOR)


def model_of(label: str) -> type[Model] | None:
    """None for lines of no row, and of a model that is gone since."""
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def currencies_of(entries: Iterable[AuditEntry]) -> dict[int, str]:
    """By the key of the line. Two queries for a page of lines, and none where each says its currency."""
    unsaid = [entry for entry in entries if _leaves_open(entry)]
    if not unsaid:
        return {}
    later, stored = _renamed(unsaid), _stored(unsaid)
    found = {entry.pk: _next(later[_subject(entry)], entry.pk) for entry in unsaid}
    return {entry.pk: found[entry.pk] or stored.get(_subject(entry), "") for entry in unsaid}


def _leaves_open(entry: AuditEntry) -> bool:
    names = {*entry.before, *entry.after}
    return CURRENCY not in names and any(is_money(name) for name in names)


def _subject(entry: AuditEntry) -> Subject:
    return entry.subject_type, entry.subject_id


def _renamed(entries: Sequence[AuditEntry]) -> dict[Subject, list[tuple[int, str]]]:
    """What each later change of a currency, or the deletion of the row, says was there before it."""
    found: dict[Subject, list[tuple[int, str]]] = defaultdict(list)
    later = AuditEntry.objects.filter(
        pk__gt=min(entry.pk for entry in entries),
        subject_type__in={entry.subject_type for entry in entries},
        subject_id__in={entry.subject_id for entry in entries},
        before__has_key=CURRENCY,
    )
    for entry in later.order_by("pk"):
        found[_subject(entry)].append((entry.pk, str(entry.before[CURRENCY])))
    return found


def _next(renamed: list[tuple[int, str]], pk: int) -> str:
    return next((currency for later, currency in renamed if later > pk), "")


def _stored(entries: Sequence[AuditEntry]) -> dict[Subject, str]:
    keys: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        keys[entry.subject_type].add(entry.subject_id)
    return {
        (label, str(pk)): currency for label, ids in keys.items() for pk, currency in _currencies(label, ids)
    }


def _currencies(label: str, ids: set[str]) -> Iterable[tuple[Any, str]]:
    model = model_of(label)
    if model is None or CURRENCY not in {field.name for field in model._meta.fields}:
        return ()
    return model._base_manager.filter(pk__in=ids).values_list("pk", CURRENCY)
