from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from raffles.evidence.reader import ocr
from raffles.numbers import invariants as numbers
from raffles.sales import invariants as sales
from whatsapp import invariants as messages


class Command(BaseCommand):
    help = (
        "Check everything that must hold in the database; says what a person should do and repairs nothing. "
        "Exit status 1 when something is wrong. Example: python manage.py doctor"
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        now = timezone.now()
        found = [*sales.violations(now), *numbers.violations(now), *messages.violations(now)]
        self.stdout.write(f"Text of receipts (OCR): {'installed' if ocr.is_there() else 'absent'}")
        for line in found:
            self.stdout.write(f"- {line}")
        if found:
            raise CommandError("1 thing is wrong." if len(found) == 1 else f"{len(found)} things are wrong.")
        self.stdout.write("All is well.")
