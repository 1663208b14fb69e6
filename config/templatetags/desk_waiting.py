from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from raffles.desk.models import StaffNotification
from raffles.draws.admin.filters import to_hand_over, troubled
from raffles.draws.models import Award, Draw
from raffles.hooks.admin.subscriptions import stopped
from raffles.hooks.models import Subscription
from raffles.sales.admin.order_page import SOON
from raffles.sales.admin.showing import list_url
from raffles.sales.models import HELD, Order
from raffles.sales.sight import seen_by
from whatsapp.models import InboundEvent, OutboundMessage

register = template.Library()


@dataclass(frozen=True)
class Waiting:
    label: Promise
    count: int
    url: str
    is_alarm: bool


@dataclass(frozen=True)
class Question:
    label: Promise
    permission: str
    rows: Callable[[], QuerySet[Any]]
    model: type[Model]
    filters: dict[str, str]
    is_alarm: bool = False


def _expiring() -> QuerySet[Order]:
    now = timezone.now()
    return Order.objects.filter(status__in=HELD, expires_at__gt=now, expires_at__lte=now + SOON)


QUESTIONS = (
    Question(
        _("proofs to check"),
        "sales.view_order",
        lambda: Order.objects.filter(status=Order.Status.UNDER_REVIEW),
        Order,
        {"proof": "waiting"},
    ),
    Question(
        _("notifications not seen"),
        "desk.view_staffnotification",
        lambda: StaffNotification.objects.filter(seen_at=None),
        StaffNotification,
        {"seen": "no"},
    ),
    Question(_("orders about to expire"), "sales.view_order", _expiring, Order, {"expiry": "soon"}),
    Question(
        _("prizes to hand over"),
        "draws.view_award",
        lambda: Award.objects.filter(to_hand_over()),
        Award,
        {"claim": "claimed"},
    ),
    Question(
        _("draws that are stopped"),
        "draws.view_draw",
        lambda: Draw.objects.filter(troubled()),
        Draw,
        {"next": "troubled"},
        is_alarm=True,
    ),
    Question(
        _("messages that could not be sent"),
        "whatsapp.view_outboundmessage",
        lambda: OutboundMessage.objects.filter(status=OutboundMessage.Status.FAILED),
        OutboundMessage,
        {"status__exact": "FAILED"},
        is_alarm=True,
    ),
    Question(
        _("messages that could not be read"),
        "whatsapp.view_inboundevent",
        lambda: InboundEvent.objects.filter(status=InboundEvent.Status.FAILED),
        InboundEvent,
        {"status__exact": "FAILED"},
        is_alarm=True,
    ),
    Question(
        _("webhooks that stopped"),
        "hooks.view_subscription",
        lambda: stopped(Subscription.objects.all()),
        Subscription,
        {"state": "stopped"},
        is_alarm=True,
    ),
)


@register.simple_tag
def what_waits(user: User | AnonymousUser) -> list[Waiting]:
    """One count for each question that this member of staff may ask."""
    return [
        Waiting(one.label, _count(one, user), list_url(one.model, **one.filters), one.is_alarm)
        for one in QUESTIONS
        if user.has_perm(one.permission)
    ]


def _count(question: Question, user: User | AnonymousUser) -> int:
    return seen_by(user, question.rows()).count()
