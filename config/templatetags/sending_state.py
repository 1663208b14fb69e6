from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q
from django.utils import timezone

from raffles.sales.admin.showing import page_url
from whatsapp.models import BusinessNumber

register = template.Library()


@register.inclusion_tag("admin/sending_stopped.html")
def sending_stopped(user: User | AnonymousUser) -> dict[str, Any]:
    """One query a page, for staff only: the number where nothing leaves, and why."""
    number = _stopped() if getattr(user, "is_staff", False) else None
    if number is None:
        return {"number": None}
    may_look = user.has_perm("whatsapp.view_businessnumber")
    return {"number": number, "url": page_url(number) if may_look else ""}


def _stopped() -> BusinessNumber | None:
    ours = BusinessNumber.objects.filter(phone_number_id=settings.WHATSAPP_PHONE_NUMBER_ID)
    stopped = Q(paused_at__isnull=False) | Q(held_until__gt=timezone.now())
    return ours.filter(stopped).first()
