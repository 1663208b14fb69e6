from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from raffles.api.actions import make_token
from raffles.api.models import Client
from raffles.api.scopes import Scope
from raffles.sales.admin.refusals import in_words
from raffles.sales.errors import Refusal

MOST_DAYS = 3650


class Command(BaseCommand):
    help = (
        "Make a token for a program and print it, once: only its fingerprint is kept. "
        "Example: python manage.py make_token --user ana --client shop --scopes raffles:read raffles:reserve"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--user", required=True, help="whom the program acts for, and whose rights bound it"
        )
        parser.add_argument(
            "--client",
            required=True,
            type=client_name,
            help="the program's name; a new name makes a new program",
        )
        parser.add_argument(
            "--scopes", required=True, nargs="+", metavar="SCOPE", help=" ".join(Scope.values)
        )
        parser.add_argument("--networks", nargs="*", default=[], help="where it may come from; else anywhere")
        parser.add_argument("--days", type=day_count, help="how long it is good; else until it is revoked")

    def handle(self, *_args: Any, **options: Any) -> None:
        now, user = timezone.now(), self._user(options["user"])
        self._require_own(options["client"], user)
        try:
            _token, secret = make_token(
                client_name=options["client"],
                user=user,
                scopes=options["scopes"],
                networks=options["networks"],
                expires_at=now + timedelta(days=options["days"]) if options["days"] else None,
                by=user,
                now=now,
            )
        except Refusal as refusal:
            raise CommandError(in_words(refusal)) from None
        self.stdout.write(secret)

    def _user(self, name: str) -> User:
        found = User.objects.filter(username=name, is_active=True).first()
        if found is None:
            raise CommandError(f"There is no active user {name!r}.")
        return found

    def _require_own(self, client: str, user: User) -> None:
        """A program of somebody else's would act with their rights."""
        if Client.objects.filter(name=client).exclude(user=user).exists():
            raise CommandError(f"{client!r} is a program of another user: choose another name.")


def day_count(word: str) -> int:
    if not (word.isascii() and word.isdigit() and 1 <= int(word) <= MOST_DAYS):
        raise ArgumentTypeError(f"{word!r} is not a whole number of days from 1 to {MOST_DAYS}")
    return int(word)


def client_name(word: str) -> str:
    longest = Client._meta.get_field("name").max_length or 0
    if not (word.strip() and word.isprintable() and len(word.strip()) <= longest):
        raise ArgumentTypeError(f"{word!r} is not a name of 1 to {longest} characters")
    return word.strip()
