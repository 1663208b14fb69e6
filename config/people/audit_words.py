"""What a line of the log says, in the reader's words: the log itself keeps fields, minor units and codes.

A field that is gone since, or was never one of its model, is told by the name in the line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.template.defaultfilters import yesno
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext_lazy as _

from config.people.audit_money import CURRENCY, is_money, model_of
from config.people.roles import IN_WORDS
from raffles.audit.models import AuditEntry, Deed
from raffles.desk.models import StaffNotification, Verdict
from raffles.draws.admin.showing import TROUBLES
from raffles.draws.models import Award
from raffles.sales.admin.forms import METHODS
from raffles.sales.admin.showing import NOTHING, moment, money
from raffles.sales.models import Order, Payment, PaymentProof, Refund
from whatsapp.admin.doors import CHANGES
from whatsapp.admin.number_steps import STEPS

Row = type[models.Model] | None

# What a line calls otherwise than the model does.
ALIASES = {
    "active": ("is_active",),
    "staff": ("is_staff",),
    "superuser": ("is_superuser",),
    "rights": ("user_permissions", "permissions"),
    "host": ("url",),
    "address": ("url",),
    "events": ("kinds",),
    "person": ("player",),
    "price": ("price_minor",),
    "round": ("beacon_round",),
    "signature": ("beacon_signature",),
    "why": ("lost_why", "disabled_why"),
}
# What is in lines and in no field of what they are about.
WORDS: dict[str, Any] = {
    "amount_minor": _("amount"),
    "awards": _("awards"),
    "by": _("by"),
    "change": _("what was done"),
    "decided_at": _("decided at"),
    "decision": _("verdict"),
    "deliveries": _("deliveries"),
    "digest": _("digest"),
    "entries": _("entries"),
    "event": _("event"),
    "fields": _("changed fields"),
    "file": _("file"),
    "new": _("replaced by"),
    "numbers": _("numbers"),
    "old_secret_until": _("old secret valid until"),
    "on": _("switched on"),
    "order": _("order"),
    "orders": Order._meta.verbose_name_plural,
    "payments": Payment._meta.verbose_name_plural,
    "player": _("player"),
    "prizes": _("prizes"),
    "proofs": PaymentProof._meta.verbose_name_plural,
    "refunds": Refund._meta.verbose_name_plural,
    "refused": _("refused"),
    "results": _("results"),
    "reviewer": _("reviewer"),
    "rows": _("rows"),
    "shown": _("shown in public"),
    "since": _("since"),
    "step": _("what was done"),
    "version": _("version"),
    "webhook": _("webhook"),
}
# Values of what has no choices of its own.
LABELS: dict[str, Mapping[Any, Any]] = {
    "change": {name: change.label for name, change in CHANGES.items()},
    "groups": IN_WORDS,
    "decision": dict(Verdict.Kind.choices),
    "kinds": dict(StaffNotification.Kind.choices),
    "method": dict(METHODS),
    "shown": dict(Award.Shown.choices),
    "step": {step.name: step.label for step in STEPS},
    "trouble": {name: title for name, (title, _help) in TROUBLES.items()},
}
# Where the state in a line is not that of what the line is about.
MODELS: dict[str, type[models.Model]] = {Deed.PROOFS_DECIDED: PaymentProof}


def changes_of(entry: AuditEntry, currency: str) -> list[tuple[str, str, str]]:
    """Of each field its name, what it was and what it is; `currency` is for lines that do not say theirs."""
    model = MODELS.get(entry.action) or model_of(entry.subject_type)
    was = entry.before.get(CURRENCY) or entry.after.get(CURRENCY) or currency
    now = entry.after.get(CURRENCY) or was
    names = [*entry.before, *(name for name in entry.after if name not in entry.before)]
    return [
        (
            name_of(model, name),
            value_of(model, name, entry.before.get(name), was),
            value_of(model, name, entry.after.get(name), now),
        )
        for name in names
    ]


def name_of(model: Row, name: str) -> str:
    field = _field(model, name)
    return str(field.verbose_name if field is not None else WORDS.get(name, name))


def value_of(model: Row, name: str, value: Any, currency: str) -> str:
    if value in (None, "", [], {}):
        return NOTHING
    if isinstance(value, list):
        return ", ".join(_one(model, name, each, currency) for each in value)
    return _one(model, name, value, currency)


def _one(model: Row, name: str, value: Any, currency: str) -> str:
    if isinstance(value, bool):
        return str(yesno(value))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if name == "fields":
        return name_of(model, str(value))
    if is_money(name):
        return _money(value, currency)
    return _labelled(model, name, value)


def _money(value: Any, currency: str) -> str:
    try:
        return money(int(value), currency) if currency else str(value)
    except ValueError:
        return str(value)


def _labelled(model: Row, name: str, value: Any) -> str:
    field = _field(model, name)
    own = dict(field.flatchoices) if field is not None else {}
    label = own.get(value) or LABELS.get(name, {}).get(value)
    if label is not None:
        return str(label)
    is_instant = field is None or isinstance(field, models.DateTimeField)
    return _instant(value) if is_instant and isinstance(value, str) else str(value)


def _instant(text: str) -> str:
    try:
        at = parse_datetime(text)
    except ValueError:
        return text
    return moment(at) if at is not None and is_aware(at) else text


def _field(model: Row, name: str) -> models.Field[Any, Any] | None:
    if model is None:
        return None
    for each in (name, *ALIASES.get(name, ())):
        try:
            field = model._meta.get_field(each)
        except FieldDoesNotExist:
            continue
        if isinstance(field, models.Field):
            return field
    return None
