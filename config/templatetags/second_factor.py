from __future__ import annotations

from django import template
from django.contrib.auth.models import AnonymousUser, User

from raffles.sales.rights import lacks_second_factor

register = template.Library()


@register.inclusion_tag("admin/second_factor_missing.html")
def second_factor_missing(user: User | AnonymousUser | None) -> dict[str, bool]:
    return {"is_missing": bool(getattr(user, "is_staff", False)) and lacks_second_factor(user)}
