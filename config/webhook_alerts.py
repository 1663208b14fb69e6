"""A webhook that stopped by itself is told on the desk; the two rooms do not know each other."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from raffles.desk.actions import alert_staff
from raffles.desk.models import StaffNotification
from raffles.hooks.models import Subscription


def tell_staff(subscription: Subscription, now: datetime) -> None:
    """Its host and no more of the address, which may hold a key."""
    with override(settings.LANGUAGE_CODE):
        text = _(
            "%(name)s at %(host)s was switched off: %(why)s. Ask whoever runs it, then switch it on."
        ) % {
            "name": subscription,
            "host": urlsplit(subscription.url).hostname,
            "why": subscription.get_disabled_why_display(),
        }
    kind = StaffNotification.Kind.WEBHOOK_STOPPED
    alert_staff(kind=kind, subject=f"webhook:{subscription.pk}", text=text, now=now)
