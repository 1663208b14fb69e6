from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.conversation_map import conversation_map


class Command(BaseCommand):
    help = (
        "Write docs/conversation.md from the declared map of the conversation, or check that it is current. "
        "Example: python manage.py conversation_map --check"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail when it is out of date"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "conversation.md"
        wanted = conversation_map()
        if not options["check"]:
            path.write_text(wanted, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != wanted:
            raise CommandError(
                "docs/conversation.md is out of date: run `python manage.py conversation_map`."
            )
