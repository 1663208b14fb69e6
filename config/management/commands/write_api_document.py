from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.api_pages import as_yaml, document
from config.env import ROOT


class Command(BaseCommand):
    help = (
        "Write the document of the API into docs/openapi.yaml, or check that it is current. "
        "Example: python manage.py write_api_document --check"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail when it is out of date"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        path = ROOT / "docs" / "openapi.yaml"
        written = as_yaml(document())
        if not options["check"]:
            path.write_text(written, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != written:
            raise CommandError("docs/openapi.yaml is out of date: run `make api-document`.")
