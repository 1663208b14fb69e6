"""What Meta tells a business about its own account, sent by hand."""

from collections.abc import Callable
from datetime import datetime, timedelta

from . import envelopes
from .courier import enqueue
from .journal import note
from .models import Template
from .shapes import Json
from .template_review import CATEGORIES

RESTRICTED_FOR = timedelta(days=3)


def tell(news: str, now: datetime) -> None:
    if news not in NEWS:
        raise ValueError(f"unknown news {news!r}; known: {', '.join(NEWS)}")
    field, value_of = NEWS[news]
    value = value_of(now)
    note(kind="account_news", at=now, detail={"news": news, "field": field})
    enqueue(envelopes.envelope(field, value, entry_time=now), at=now, subject=f"account/{news}")


def category_changed(template: Template, category: str, now: datetime) -> None:
    if category not in CATEGORIES:
        raise ValueError(f"unknown category {category!r}; known: {', '.join(CATEGORIES)}")
    previous, template.category = template.category, category
    template.save(update_fields=["category"])
    value = {
        "message_template_id": template.pk,
        "message_template_name": template.name,
        "message_template_language": template.language,
        "previous_category": previous,
        "new_category": category,
    }
    payload = envelopes.envelope("template_category_update", value, entry_time=now)
    note(
        kind="account_news", at=now, detail={"news": "template_category", "field": "template_category_update"}
    )
    enqueue(payload, at=now, subject=f"{template.name}/category")


def _violation(_now: datetime) -> Json:
    return {"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "GAMBLING"}}


def _restriction(now: datetime) -> Json:
    until = int((now + RESTRICTED_FOR).timestamp())
    restriction = {"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": until}
    return {"event": "ACCOUNT_RESTRICTION", "restriction_info": [restriction]}


def _ban(state: str) -> Callable[[datetime], Json]:
    def value(now: datetime) -> Json:
        ban = {"waba_ban_state": state, "waba_ban_date": f"{now:%B %d, %Y}"}
        return {"event": "DISABLED_UPDATE", "ban_info": ban}

    return value


def _quality(event: str, limit: str) -> Callable[[datetime], Json]:
    told = {
        "display_phone_number": envelopes.DISPLAY_PHONE_NUMBER,
        "event": event,
        "current_limit": limit,
    }
    return lambda _now: dict(told)


def _capability(_now: datetime) -> Json:
    return {"max_daily_conversations_per_business": 2000, "max_phone_numbers_per_business": 20}


def _pin_changed(_now: datetime) -> Json:
    return {
        "display_phone_number": envelopes.DISPLAY_PHONE_NUMBER,
        "event": "PIN_CHANGED",
        "requester": "400000000000004",
    }


NEWS: dict[str, tuple[str, Callable[[datetime], Json]]] = {
    "violation": ("account_update", _violation),
    "restriction": ("account_update", _restriction),
    "ban_scheduled": ("account_update", _ban("SCHEDULE_FOR_DISABLE")),
    "banned": ("account_update", _ban("DISABLE")),
    "reinstated": ("account_update", _ban("REINSTATE")),
    "quality_up": ("phone_number_quality_update", _quality("UPGRADE", "TIER_10K")),
    "quality_down": ("phone_number_quality_update", _quality("DOWNGRADE", "TIER_250")),
    "capability": ("business_capability_update", _capability),
    "pin_changed": ("security", _pin_changed),
}
