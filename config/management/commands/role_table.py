from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.people.role_table import guide, printed


class Command(BaseCommand):
    help = (
        "Write what each role may do into docs/operations.md, or check that it is current. "
        "Example: python manage.py role_table --check"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail when it is out of date"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        path = guide()
        text = path.read_text(encoding="utf-8")
        if not options["check"]:
            path.write_text(printed(text), encoding="utf-8")
        elif printed(text) != text:
            raise CommandError("docs/operations.md is out of date: run `python manage.py role_table`.")
