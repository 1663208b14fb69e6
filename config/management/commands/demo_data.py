from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from config import demo_rows

STAFF = "demo"


class Command(BaseCommand):
    help = (
        "Make three demo raffles, partly sold, with an order in every state; a second run changes nothing. "
        "Refused where DEBUG is off. Example: python manage.py demo_data"
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("demo_data invents sales; it runs with DEBUG=1 only.")
        with transaction.atomic():
            staff, is_new = User.objects.get_or_create(username=STAFF)
            if is_new:
                staff.set_unusable_password()
                staff.save(update_fields=["password"])
            made = demo_rows.make(timezone.now(), staff)
        self.stdout.write(f"Made {made} demo raffles." if made else "The demo raffles are there already.")
