"""Which approved wording says what a stored message says, and what happens to one that Meta refuses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from whatsapp.models import BusinessNumber, MessageTemplate, OutboundMessage
from whatsapp.templates.filling import fitted, places

Status = MessageTemplate.Status
# Our name of a language -> Meta's. A template is refused unless the name is exactly the approved one.
META_LANGUAGES = {"es": "es", "pt-br": "pt_BR", "en": "en"}
# What a refused send says about the template itself.
REFUSALS = {132001: Status.GONE, 132015: Status.PAUSED, 132016: Status.DISABLED}


def meta_language(language: str) -> str:
    return META_LANGUAGES.get(language.lower(), META_LANGUAGES[settings.LANGUAGE_CODE])


def content_for(row: OutboundMessage) -> dict[str, Any] | None:
    """The message as a template in the player's language; None where no approved wording can say it.

    An older wording of the same notice will do. Another language will not: the values are in the player's.
    """
    if not row.template_key or _are_templates_paused():
        return None
    for template in _approved(row.template_key, meta_language(row.contact.player.language)):
        if set(places(template.body)) <= set(row.template_parameters):
            return _content(template, row)
    return None


def _are_templates_paused() -> bool:
    ours = BusinessNumber.objects.filter(phone_number_id=settings.WHATSAPP_PHONE_NUMBER_ID)
    return ours.filter(templates_paused_at__isnull=False).exists()


def _approved(key: str, language: str) -> list[MessageTemplate]:
    """The newest wording first."""
    found = MessageTemplate.objects.filter(key=key, language=language, status=Status.APPROVED)
    return list(found.order_by("-pk"))


def _content(template: MessageTemplate, row: OutboundMessage) -> dict[str, Any]:
    values = fitted(template.body, row.template_parameters)
    parameters = [{"type": "text", "parameter_name": name, "text": value} for name, value in values.items()]
    components = [{"type": "body", "parameters": parameters}] if parameters else []
    return {
        "type": "template",
        "template": {
            "name": template.name,
            "language": {"code": template.language},
            "components": components,
        },
    }


def mark_unusable(key: str, language: str, code: int, now: datetime, *, name: str = "") -> bool:
    """Meta refused a send because of its template: it is not used again until Meta says that it may.

    `language` is Meta's name of it or ours; without `name` the wording that would be sent now is meant.
    """
    if code not in REFUSALS:
        return False
    meta = language if language in META_LANGUAGES.values() else meta_language(language)
    found = next((each for each in _approved(key, meta) if name in ("", each.name)), None)
    if found is None:
        return False
    changes = {"status": REFUSALS[code], "reason": f"code {code}", "changed_at": now}
    return bool(MessageTemplate.objects.filter(pk=found.pk, status=Status.APPROVED).update(**changes))
