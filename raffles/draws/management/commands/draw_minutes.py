from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import override

from raffles.draws.actions import issue_minutes
from raffles.draws.minutes_pdf import pdf_of
from raffles.draws.models import Draw
from raffles.sales.admin.refusals import in_words
from raffles.sales.errors import Refusal
from raffles.sales.models import Actor

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


class Command(BaseCommand):
    help = (
        "Write the minutes of a draw that was held: on paper to sign, for programs, or both. "
        "Example: python manage.py draw_minutes MOTO --pdf minutes.pdf --json minutes.json"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="of the raffle")
        parser.add_argument("--pdf", type=Path, metavar="FILE")
        parser.add_argument("--json", type=Path, metavar="FILE")
        own = settings.LANGUAGE_CODE
        parser.add_argument("--language", choices=LANGUAGES, default=own, help="of the PDF")

    def handle(
        self,
        *_args: Any,
        code: str,
        pdf: Path | None,
        json: Path | None,
        language: str,
        **_options: Any,
    ) -> None:
        if pdf is None and json is None:
            raise CommandError("Say where to: --pdf FILE, --json FILE, or both.")
        draw = Draw.objects.filter(code=code.strip().upper()).first()
        if draw is None:
            raise CommandError(f"There is no draw {code}.")
        now = timezone.now()
        try:
            minutes = issue_minutes(draw_id=draw.pk, actor=Actor("command"), now=now)
        except Refusal as refusal:
            raise CommandError(in_words(refusal)) from None
        if json is not None:
            json.write_text(minutes.text, encoding="utf-8")
        if pdf is not None:
            with override(language):
                pdf.write_bytes(pdf_of(minutes, issued_at=now))
        self.stdout.write(f"SHA-256 of the JSON: {minutes.digest}")
