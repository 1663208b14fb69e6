from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction

from config.people.groups import make_groups


class Command(BaseCommand):
    help = (
        "Make the first staff user from ADMIN_USERNAME, ADMIN_EMAIL and ADMIN_PASSWORD; "
        "does nothing when it exists. Example: ADMIN_USERNAME=ana ADMIN_PASSWORD=... manage.py create_admin"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        username = os.environ.get("ADMIN_USERNAME", "").strip()
        if not username:
            raise CommandError("ADMIN_USERNAME is missing")
        make_groups()
        if User.objects.filter(username=username).exists():
            self.stdout.write(f"{username} exists already; nothing was changed")
            return
        self.create(username, os.environ.get("ADMIN_EMAIL", "").strip(), os.environ.get("ADMIN_PASSWORD", ""))

    def create(self, username: str, email: str, password: str) -> None:
        if not password:
            raise CommandError("ADMIN_PASSWORD is missing")
        user = User(username=User.normalize_username(username), email=User.objects.normalize_email(email))
        refuse_what_the_admin_refuses(user)
        if not settings.DEBUG:
            refuse_weak(password, user)
        try:
            with transaction.atomic():
                User.objects.create_superuser(username, email, password)
        except IntegrityError:
            # Another web container starting at the same moment was faster.
            self.stdout.write(f"{username} exists already; nothing was changed")
            return
        self.stdout.write(f"{username} may now sign in at {settings.SITE_URL}/admin/")


def refuse_what_the_admin_refuses(user: User) -> None:
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError as error:
        for field, told in error.message_dict.items():
            raise CommandError(f"ADMIN_{field.upper()} is refused: {' '.join(told)}") from None


def refuse_weak(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise CommandError("ADMIN_PASSWORD is refused: " + " ".join(error.messages)) from None
