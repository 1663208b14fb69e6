"""The account's templates at Meta's desk: submitted, reviewed, listed, paused, and told by webhook."""

import base64
import binascii
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from . import envelopes
from .courier import enqueue
from .journal import note
from .models import Template
from .refusals import GraphRefusal, no_such_object, wrong_parameter
from .required import required_list, required_text
from .shapes import Json
from .template_review import reason_to_reject

STATES = ("APPROVED", "PENDING", "REJECTED", "PAUSED", "DISABLED", "IN_APPEAL")
PAGE, LONGEST_PAGE = 25, 1000
FILTERS = ("language", "category", "status")


@transaction.atomic
def submit(body: Json, now: datetime) -> Json:
    """The answer says PENDING; the verdict follows by webhook at once, where Meta takes minutes."""
    name, language = required_text(body, "name", ""), required_text(body, "language", "")
    category = required_text(body, "category", "").upper()
    components = required_list(body, "components", "")
    if len(name) > 512 or len(language) > 20 or len(category) > 20:
        raise wrong_parameter("Param name, language or category is too long.")
    template, is_new = Template.objects.get_or_create(
        name=name,
        language=language,
        defaults={"category": category, "components": components, "status": "PENDING"},
    )
    if not is_new:
        raise GraphRefusal(100, message="Content in this language already exists", details=name)
    note(kind="template_submitted", at=now, detail={"name": name, "language": language})
    review(template, now)
    return {"id": str(template.pk), "status": "PENDING", "category": category}


@transaction.atomic
def rewrite(template: Template, body: Json, now: datetime) -> Json:
    """A changed template is reviewed anew."""
    template.components = required_list(body, "components", "")
    template.status = "PENDING"
    template.save(update_fields=["components", "status"])
    review(template, now)
    return {"success": True}


def review(template: Template, now: datetime) -> None:
    reason = reason_to_reject(template.name, template.category, template.components)
    decide(template, "REJECTED" if reason else "APPROVED", now, reason=reason)


@transaction.atomic
def decide(template: Template, status: str, now: datetime, *, reason: str = "") -> None:
    """Also by hand: PAUSED and DISABLED for bad feedback, REJECTED, and APPROVED again."""
    if status not in STATES:
        raise ValueError(f"a template cannot be {status!r}; known: {', '.join(STATES)}")
    template.status = status
    template.rejected_reason = "INVALID_FORMAT" if status == "REJECTED" else "NONE"
    template.save(update_fields=["status", "rejected_reason"])
    value: Json = {
        "event": status,
        "message_template_id": template.pk,
        "message_template_name": template.name,
        "message_template_language": template.language,
        "message_template_category": template.category,
        "reason": template.rejected_reason,
    }
    if status == "REJECTED":
        value["rejection_info"] = {
            "reason": reason or "rejected by hand",
            "recommendation": "Edit and resubmit.",
        }
    payload = envelopes.envelope("message_template_status_update", value, entry_time=now)
    note(kind="template_decided", at=now, detail=value)
    enqueue(payload, at=now, subject=f"{template.name}/{template.language}/{status}")


def listing(request: HttpRequest) -> Json:
    """`name` finds every name that contains it, so look at the name and language of each row."""
    found = Template.objects.order_by("pk")
    if name := request.GET.get("name"):
        found = found.filter(name__icontains=name)
    for field in FILTERS:
        if wanted := request.GET.get(field):
            found = found.filter(**{f"{field}__iexact": wanted})
    size = _page_size(request.GET.get("limit", str(PAGE)))
    return _page(found, size, _place(request.GET.get("after", "")), request)


def _page(found: QuerySet[Template], size: int, after: int, request: HttpRequest) -> Json:
    rows = list(found.filter(pk__gt=after)[: size + 1])
    answer: Json = {"data": [row_of(template) for template in rows[:size]]}
    if not rows:
        return answer
    answer["paging"] = {"cursors": {"before": _cursor(rows[0].pk), "after": _cursor(rows[:size][-1].pk)}}
    if len(rows) > size:
        query = request.GET.copy()
        query["after"] = answer["paging"]["cursors"]["after"]
        answer["paging"]["next"] = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
    return answer


def _page_size(given: str) -> int:
    if not given.isdecimal() or not 1 <= int(given) <= LONGEST_PAGE:
        raise wrong_parameter(f"Param limit must be a number from 1 to {LONGEST_PAGE}.")
    return int(given)


def _cursor(pk: int) -> str:
    return base64.urlsafe_b64encode(str(pk).encode()).decode()


def _place(cursor: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(cursor) or b"0")
    except (ValueError, binascii.Error):
        raise wrong_parameter("Param after is not a cursor.") from None


def row_of(template: Template) -> Json:
    return {
        "id": str(template.pk),
        "name": template.name,
        "language": template.language,
        "category": template.category,
        "status": template.status,
        "rejected_reason": template.rejected_reason,
        "components": template.components,
    }


def delete(request: HttpRequest) -> Json:
    """All languages of a name."""
    name = request.GET.get("name", "")
    if not Template.objects.filter(name=name).delete()[0]:
        raise wrong_parameter(f"Message template {name!r} was not found.")
    return {"success": True}


def found_by_id(object_id: str) -> Template:
    template = Template.objects.filter(pk=int(object_id)).first() if object_id.isdecimal() else None
    if template is None:
        raise no_such_object(object_id)
    return template
