"""Once an hour Meta's own list of our wordings: a notice may be lost, or come behind a later one."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.utils.translation import override

from raffles.desk.actions import alert_staff
from whatsapp.cloud_api import CloudApiError
from whatsapp.models import MessageTemplate
from whatsapp.templates import syncing
from whatsapp.texts import alerts

logger = logging.getLogger(__name__)

Status = MessageTemplate.Status


def look(*, now: datetime) -> None:
    """Asks nothing where nothing was ever submitted. Staff hear of what may not be used any more."""
    submitted = MessageTemplate.objects.exclude(status=Status.DRAFT)
    if not settings.WHATSAPP_ACCESS_TOKEN or not submitted.exists():
        return
    try:
        found = syncing.listed()
    except CloudApiError as error:
        logger.warning("Meta did not list the templates: code %s", error.code)
        return
    usable = list(submitted.filter(status=Status.APPROVED).values_list("pk", flat=True))
    syncing.sync(found, now=now, lifts_stops=False)
    for row in MessageTemplate.objects.filter(pk__in=usable).exclude(status=Status.APPROVED):
        _alert(row, now)


def _alert(row: MessageTemplate, now: datetime) -> None:
    """As its notice would have done, and under the same subject: both together are one piece of news."""
    with override(settings.LANGUAGE_CODE):
        text = alerts.template_stopped(str(row), f"{row.status} {row.reason}".rstrip())
    alert_staff(kind="TEMPLATE_NOTICE", subject=f"{row.status}:{row}"[:80], text=text, now=now)
