from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from config.people.second_factor import remove_factor
from raffles.audit.models import Deed
from raffles.audit.recording import record

ACTOR = "command"


class Command(BaseCommand):
    help = (
        "Remove the second factor of somebody who lost phone and recovery codes, or of everybody after "
        "SECRET_KEY was changed. Example: python manage.py remove_second_factor ana"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", nargs="?")
        parser.add_argument("--all", action="store_true", dest="everybody")

    def handle(self, *_args: Any, username: str | None, everybody: bool, **_options: Any) -> None:
        if bool(username) == everybody:
            raise CommandError("Name one user, or say --all")
        users = User.objects.all() if everybody else User.objects.filter(username=username)
        if not users.exists():
            raise CommandError(f"There is no user {username}")
        removed = [self.remove(user) for user in users.order_by("pk")]
        if not any(removed):
            self.stdout.write(
                f"{username} has no second factor" if username else "Nobody has a second factor"
            )

    def remove(self, user: User) -> bool:
        with transaction.atomic():
            had_one = remove_factor(user, timezone.now())
            if had_one:
                record(Deed.FACTOR_REMOVED, subject=user, actor=ACTOR)
                self.stdout.write(f"{user.get_username()} has no second factor any more")
        return had_one
