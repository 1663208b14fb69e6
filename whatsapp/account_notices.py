"""What Meta tells about the account: its number, its templates, its standing, and who wants no news.

Nothing here trusts a shape, and nothing raises: a field, an event or a value that is not known stays stored
with its event and is otherwise left alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from django.conf import settings
from django.db.models import Q
from django.utils.translation import override

from raffles.desk.actions import alert_staff
from raffles.sales.actions import resume_news, stop_news
from whatsapp import switch
from whatsapp.merged_phones import known_by_word
from whatsapp.models import BusinessNumber, Contact, MessageTemplate
from whatsapp.payloads import instant
from whatsapp.templates import verdicts
from whatsapp.texts import alerts

logger = logging.getLogger(__name__)

Told: TypeAlias = Mapping[str, Any]
META = "Meta"
# Each of these ends with every message refused: what is queued waits for a person instead.
STOPPING = {"ACCOUNT_VIOLATION", "ACCOUNT_RESTRICTION", "DISABLED_UPDATE", "ACCOUNT_DELETED"}
ONLY_TEMPLATES = "RESTRICTED_BIZ_INITIATED_MESSAGING"
NOT_ABOUT_SENDING = "RESTRICTED_ADD_PHONE_NUMBER_ACTION"
REINSTATED = "REINSTATE"
QUIET = {"VOLUME_BASED_PRICING_TIER_UPDATE", "VERIFIED_ACCOUNT"}
WORSE = {"FLAGGED", "DOWNGRADE"}


def hear(field: str, payload: Told, *, now: datetime) -> bool:
    """True when the notice was understood. Called in the transaction of its event; writes rows only."""
    hearer, value = HEARERS.get(field), payload.get("value")
    if hearer is None or not isinstance(value, Mapping):
        return False
    with override(settings.LANGUAGE_CODE):  # whoever is on duty reads the alerts
        return hearer(value, now)


def word(told: Told, name: str) -> str:
    """A text or a number; anything else is as good as nothing."""
    value = told.get(name)
    return str(value)[:255] if isinstance(value, str | int) and not isinstance(value, bool) else ""


def part(told: Told, name: str) -> Told:
    value = told.get(name)
    return value if isinstance(value, Mapping) else {}


def parts(told: Told, name: str) -> list[Told]:
    value = told.get(name)
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, Mapping)]


def alert(subject: str, text: str, now: datetime, kind: str = "ACCOUNT_NOTICE") -> bool:
    alert_staff(kind=kind, subject=subject[:80], text=text, now=now)
    return True


# The account


def _account(told: Told, now: datetime) -> bool:
    event = word(told, "event")
    if not event:
        return False
    what = " ".join(filter(None, [event, _why(told)]))
    if event in QUIET or event.startswith("PARTNER_"):
        logger.info("notice about the account: %s", event)
        return True
    if event in STOPPING:
        _stop(told, event, what, now)
    return alert(what, alerts.account(what), now)


def _why(told: Told) -> str:
    """The kind of violation, restriction or ban, for the person who must clear it."""
    kinds = [word(part(told, "violation_info"), "violation_type"), *_bans(told), *_restrictions(told)]
    until = [instant(each.get("expiration")) for each in parts(told, "restriction_info")]
    ends = [f"until {at:%Y-%m-%d %H:%M} UTC" for at in until if at is not None]
    return ", ".join(filter(None, [*kinds, *ends]))


def _bans(told: Told) -> list[str]:
    states = part(told, "ban_info").get("waba_ban_state")
    return [str(each)[:80] for each in (states if isinstance(states, list) else [states]) if each]


def _restrictions(told: Told) -> list[str]:
    return [found for each in parts(told, "restriction_info") if (found := word(each, "restriction_type"))]


def _stop(told: Told, event: str, what: str, now: datetime) -> None:
    """As much as Meta forbids: nothing, templates only, or all. What it does not name counts as all."""
    restrictions = set(_restrictions(told)) if event == "ACCOUNT_RESTRICTION" else set()
    if REINSTATED in _bans(told) or restrictions == {NOT_ABOUT_SENDING}:
        return
    if restrictions and restrictions <= {ONLY_TEMPLATES, NOT_ABOUT_SENDING}:
        ours = BusinessNumber.objects.filter(pk=switch.number().pk, templates_paused_at=None)
        ours.update(templates_paused_at=now)
        return
    switch.pause_with_alert(by=META, reason=alerts.account_stopped(what), now=now)


def _account_alert(told: Told, now: datetime) -> bool:
    info = part(told, "alert_info") or told
    words = [word(info, name) for name in ("alert_severity", "alert_type", "alert_description")]
    if not any(words):
        return False
    return alert(f"alert:{words[1]}", alerts.warning(" ".join(filter(None, words))), now)


def _account_review(told: Told, now: datetime) -> bool:
    decision = word(told, "decision")
    return bool(decision) and alert(f"review:{decision}", alerts.review(decision), now)


# The number


def _limit(told: Told) -> str:
    """Meta has called it by several names over the years."""
    names = ("max_daily_conversations_per_business", "current_limit", "max_daily_conversation_per_phone")
    return next((found for name in names if (found := word(told, name))), "")


def _capability(told: Told, now: datetime) -> bool:
    limit = _limit(told)
    if not limit:
        return False
    before = _keep(now, messaging_limit=limit).messaging_limit
    if limit != before:
        alert(f"limit:{limit}", alerts.limit(limit, before), now)
    return True


def _number_quality(told: Told, now: datetime) -> bool:
    event, limit = word(told, "event"), _limit(told)
    if not event:
        return False
    _keep(now, quality=event, **({"messaging_limit": limit} if limit else {}))
    if event in WORSE:
        alert(f"quality:{event}", alerts.number_worse(f"{event} {limit}".rstrip()), now)
    return True


def _keep(now: datetime, **columns: str) -> BusinessNumber:
    """The row as it was before. Limit: with several numbers in one account the last notice wins, for a notice
    names its number as people write it, which we do not store."""
    before = switch.number()
    short = {name: value[:40] for name, value in columns.items()}
    BusinessNumber.objects.filter(pk=before.pk).update(**short, noticed_at=now)
    return before


def _number_name(told: Told, now: datetime) -> bool:
    decision, name = word(told, "decision"), word(told, "requested_verified_name")
    why = verdicts.reason_in(told.get("rejection_reason"))
    if not decision:
        return False
    return alert(f"name:{decision}", alerts.number_name(name, f"{decision} {why}".rstrip()), now)


def _security(told: Told, now: datetime) -> bool:
    event = word(told, "event")
    return bool(event) and alert(f"security:{event}", alerts.pin(event), now)


# Templates


def _template(told: Told) -> MessageTemplate | None:
    name, language = word(told, "message_template_name"), word(told, "message_template_language")
    return verdicts.row_of(name, language)


def _template_status(told: Told, now: datetime) -> bool:
    row, event = _template(told), word(told, "event")
    if row is None or not event:
        return False
    reason = verdicts.reason_in(told.get("reason")) or word(part(told, "other_info"), "description")
    verdicts.take(row, event, reason=reason, meta_id=word(told, "message_template_id"), now=now)
    if verdicts.is_bad_news(event):
        _alert_of(row, event, alerts.template_stopped(str(row), f"{event} {reason}".rstrip()), now)
    return True


def _template_quality(told: Told, now: datetime) -> bool:
    row, score = _template(told), word(told, "new_quality_score")
    if row is None or not score:
        return False
    verdicts.change(row, {"quality": score[:40]}, now)
    if score == "RED":
        _alert_of(row, score, alerts.template_disliked(str(row)), now)
    return True


def _template_text(told: Told, now: datetime) -> bool:
    row, body = _template(told), told.get("message_template_element")
    if row is None or not isinstance(body, str) or not body.strip():
        return False
    if verdicts.take_text(row, body, now):
        _alert_of(row, "text", alerts.template_text(str(row)), now)
    return True


def _template_category(told: Told, now: datetime) -> bool:
    """Told a day ahead first, then when it is done."""
    row, planned, done = _template(told), word(told, "correct_category"), word(told, "new_category")
    if row is None or not (planned or done):
        return False
    if not done:
        _alert_of(row, planned, alerts.template_category_to_come(str(row), planned), now)
    elif verdicts.change(row, {"category": done[:40]}, now):
        _alert_of(row, done, alerts.template_category(str(row), done), now)
    return True


def _alert_of(row: MessageTemplate, what: str, text: str, now: datetime) -> None:
    alert(f"{what}:{row}", text, now, kind="TEMPLATE_NOTICE")


# Players who want no news


def _preferences(told: Told, now: datetime) -> bool:
    return sum(_preference(each, now) for each in parts(told, "user_preferences")) > 0


def _preference(told: Told, now: datetime) -> bool:
    wish, contact = word(told, "value"), _contact(word(told, "user_id"), word(told, "wa_id"))
    if contact is None or wish not in {"stop", "resume", "signup"}:
        return False
    at, stopped = instant(told.get("timestamp")) or now, contact.player.news_stopped_at
    if wish == "stop":
        stop_news(player_id=contact.player_id, now=at)
    elif stopped is None or at >= stopped:  # an older wish that comes late does not undo a newer one
        resume_news(player_id=contact.player_id)
    return True


def _contact(bsuid: str, wa_id: str) -> Contact | None:
    """By the business-scoped id and those before it; by phone only who is known by nothing else."""
    contacts = Contact.objects.select_related("player")
    known = Q(bsuid=bsuid) | Q(identities__bsuid=bsuid)
    found = contacts.filter(known).first() if bsuid else None
    if found is not None or not wa_id:
        return found
    phone = wa_id.lstrip("+")[:32]
    holders = contacts.filter(wa_id=phone)
    holder = (holders.filter(bsuid=None) if bsuid else holders).first()
    return holder or known_by_word(phone, bsuid or None)


HEARERS: dict[str, Callable[[Told, datetime], bool]] = {
    "account_update": _account,
    "account_alerts": _account_alert,
    "account_review_update": _account_review,
    "business_capability_update": _capability,
    "phone_number_quality_update": _number_quality,
    "phone_number_name_update": _number_name,
    "security": _security,
    "message_template_status_update": _template_status,
    "message_template_quality_update": _template_quality,
    "message_template_components_update": _template_text,
    "template_category_update": _template_category,
    "user_preferences": _preferences,
}
