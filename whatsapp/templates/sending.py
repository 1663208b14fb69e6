"""Which approved wording says what a stored message says, and what happens to one that Meta refuses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from whatsapp.models import BusinessNumber, MessageTemplate, OutboundMessage
from whatsapp.templates.catalogue import definition_of
from whatsapp.templates.filling import filled, fitted, places

Status = MessageTemplate.Status
# Our name of a language -> Meta's. A template is refused unless the name is exactly the approved one.
META_LANGUAGES = {"es": "es", "pt-br": "pt_BR", "en": "en"}
# What a refused send says about the template itself; any other refusal of a wording counts as disabled.
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
    named = [{"type": "text", "parameter_name": name, "text": text} for name, text in values.items()]
    body = [{"type": "body", "parameters": named}] if named else []
    return {
        "type": "template",
        "template": {
            "name": template.name,
            "language": {"code": template.language},
            "components": [*body, *_buttons(template, row)],
        },
    }


def _buttons(template: MessageTemplate, row: OutboundMessage) -> list[dict[str, Any]]:
    """A quick reply does what the button in its place below the bubble does: it answers with the same id."""
    known = definition_of(template.name, template.language)
    action = row.content.get("interactive", {}).get("action", {})
    ids = [button["reply"]["id"] for button in action.get("buttons", [])]
    return [
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": str(place),
            "parameters": [{"type": "payload", "payload": reply_id}],
        }
        for place, (_label, reply_id) in enumerate(zip(known.buttons if known else (), ids, strict=False))
    ]


def words_read(sent_as: dict[str, Any]) -> str:
    """What the player read of a message that was sent as a template."""
    sent = sent_as["template"]
    row = MessageTemplate.objects.filter(name=sent["name"], language=sent["language"]["code"]).first()
    bodies = [part for part in sent["components"] if part["type"] == "body"]
    values = {each["parameter_name"]: each["text"] for part in bodies for each in part["parameters"]}
    return filled(row.body, values) if row is not None else ", ".join(values.values())


def choices_read(sent_as: dict[str, Any]) -> list[str]:
    """The labels of its quick replies."""
    sent = sent_as["template"]
    known = definition_of(sent["name"], sent["language"]["code"])
    return list(known.buttons) if known is not None else []


def mark_unusable(key: str, language: str, code: int, now: datetime, *, name: str = "") -> bool:
    """Meta refused a send because of its template: it is not used again until Meta says that it may.

    `language` is Meta's name of it or ours; without `name` the wording that would be sent now is meant.
    """
    meta = language if language in META_LANGUAGES.values() else meta_language(language)
    found = next((each for each in _approved(key, meta) if name in ("", each.name)), None)
    if found is None:
        return False
    changes = {"status": REFUSALS.get(code, Status.DISABLED), "reason": f"code {code}", "changed_at": now}
    return bool(MessageTemplate.objects.filter(pk=found.pk, status=Status.APPROVED).update(**changes))
