from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from raffles.api import invariants as programs
from raffles.draws import invariants as draws
from raffles.evidence.reader import ocr
from raffles.hooks import invariants as webhooks
from raffles.numbers import invariants as numbers
from raffles.numbers.queries import on_sale_without_rule
from raffles.sales import invariants as sales
from whatsapp import invariants as messages


class Command(BaseCommand):
    help = (
        "Check everything that must hold in the database; says what a person should do and repairs nothing. "
        "Exit status 1 when something is wrong. Example: python manage.py doctor"
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        now = timezone.now()
        rooms = (sales, numbers, draws, messages, webhooks, programs)
        found = [line for room in rooms for line in room.violations(now)]
        self.stdout.write(f"Text of receipts (OCR): {'installed' if ocr.is_there() else 'absent'}")
        self._note_rules()
        for line in found:
            self.stdout.write(f"- {line}")
        if found:
            raise CommandError("1 thing is wrong." if len(found) == 1 else f"{len(found)} things are wrong.")
        self.stdout.write("All is well.")

    def _note_rules(self) -> None:
        """Nothing is wrong with raffles that are older than rules; somebody should know all the same."""
        codes = ", ".join(on_sale_without_rule())
        if codes:
            self.stdout.write(
                f"On sale without a published rule: {codes}. Plan the draw on the raffle's page in the "
                "admin, then press “Publish the rule”."
            )
