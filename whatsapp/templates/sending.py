"""Which approved wording says what a stored message says, and what happens to one that Meta refuses."""

from __future__ import annotations

from collections.abc import Collection, Iterable
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


def offered(keys: Collection[str], language: str) -> list[MessageTemplate]:
    """Of these wordings the newest that Meta allows now in this language, in the order of the keys."""
    if _are_templates_paused():
        return []
    found = MessageTemplate.objects.filter(
        key__in=keys, language=meta_language(language), status=Status.APPROVED
    )
    newest = {row.key: row for row in found.order_by("pk")}
    return [newest[key] for key in keys if key in newest]


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
    return words_of_all([sent_as])[0]


def words_of_all(sent: Iterable[dict[str, Any]]) -> list[str]:
    """The same of many messages, for one look at the wordings."""
    found = list(sent)
    rows = MessageTemplate.objects.filter(name__in={each["template"]["name"] for each in found})
    bodies = {(row.name, row.language): row.body for row in rows} if found else {}
    return [_words(each["template"], bodies) for each in found]


def _words(sent: dict[str, Any], bodies: dict[tuple[str, str], str]) -> str:
    parts = [part for part in sent["components"] if part["type"] == "body"]
    values = {each["parameter_name"]: each["text"] for part in parts for each in part["parameters"]}
    body = bodies.get((sent["name"], sent["language"]["code"]))
    return ", ".join(values.values()) if body is None else filled(body, values)


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
