"""What a reviewer decided a moment ago: what can still be undone, and what did not work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils.translation import gettext as _

from raffles.desk.models import Verdict
from raffles.desk.pages.outcomes import outcome_of

Kind, Status = Verdict.Kind, Verdict.Status
# Bad news stays on the screen for so long.
REMEMBERED = timedelta(minutes=10)


def verdicts_of(user: User, now: datetime) -> list[Verdict]:
    fresh = Q(status=Status.PLANNED) | Q(status=Status.REFUSED, closed_at__gt=now - REMEMBERED)
    return list(Verdict.objects.filter(fresh, by=user).select_related("order").order_by("id"))


def shown_verdict(verdict: Verdict, now: datetime) -> dict[str, Any]:
    """`left`: milliseconds in which it can be undone; none are left once it is negative."""
    return {
        "id": verdict.pk,
        "order": verdict.order_id,
        "status": verdict.status,
        "left": round((verdict.due_at - now) / timedelta(milliseconds=1)),
        "words": f"{verdict.order.code}: {_words(verdict, now)}",
    }


def _words(verdict: Verdict, now: datetime) -> str:
    if verdict.status == Status.REFUSED:
        return verdict.outcome
    match verdict.kind:
        case Kind.CONFIRM:
            return outcome_of(verdict.order, verdict.given["amount_minor"], now).done()
        case Kind.REJECT:
            return _("rejected")
        case Kind.CREDIT:
            return _("paid with credit")
        case _:
            return _("asked for more")
