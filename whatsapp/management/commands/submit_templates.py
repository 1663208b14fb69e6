from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from whatsapp.cloud_api import CloudApiError, OutcomeUnknown
from whatsapp.models import MessageTemplate
from whatsapp.templates import paper, syncing
from whatsapp.templates.catalogue import CATEGORY, Definition
from whatsapp.templates.syncing import Listed

DOCUMENT = Path("docs/templates.md")
Line: TypeAlias = tuple[str, ...]
COLUMNS = ("name", "language", "status", "category", "quality", "remark")


class Command(BaseCommand):
    help = (
        "Submit the wordings of docs/templates.md to Meta and take over the state of all of them. "
        "Runs again harmlessly. Example: manage.py submit_templates --dry-run"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        only = parser.add_mutually_exclusive_group()
        only.add_argument("--dry-run", action="store_true", help="ask Meta, change nothing there or here")
        only.add_argument("--sync-only", action="store_true", help="submit nothing")
        only.add_argument("--write-docs", action="store_true", help=f"only rewrite {DOCUMENT}")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["write_docs"]:
            return self.write_docs(Path(settings.BASE_DIR) / DOCUMENT)
        now, found = timezone.now(), at_meta()
        if options["dry_run"]:
            return self.show([*(line_of_listed(each) for each in found), *plan(found)])
        changed = syncing.sync(found, now=now)
        troubles = [] if options["sync_only"] else submit_all(list(syncing.missing(found)), now)
        self.show([line_of(row) for row in MessageTemplate.objects.all()])
        self.stdout.write(f"{changed} changed at Meta since the last look")
        if troubles:
            raise CommandError("\n".join(troubles))
        return None

    def write_docs(self, path: Path) -> None:
        try:
            path.write_text(paper.rewritten(path.read_text()))
        except (OSError, ValueError) as error:
            raise CommandError(f"{DOCUMENT} could not be written: {error}") from None
        self.stdout.write(f"{DOCUMENT} written")

    def show(self, lines: Collection[Line]) -> None:
        widths = [max(len(cell) for cell in column) for column in zip(COLUMNS, *lines, strict=True)]
        for line in (COLUMNS, *sorted(lines)):
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())


def at_meta() -> list[Listed]:
    if not settings.WHATSAPP_ACCESS_TOKEN:
        raise CommandError("WHATSAPP_ACCESS_TOKEN is missing")
    try:
        return syncing.listed()
    except CloudApiError as error:
        raise CommandError(f"Meta did not list the templates: {words_of(error)}") from None


def plan(found: Collection[Listed]) -> list[Line]:
    wanted = syncing.missing(found)
    return [(each.name, each.language, "", CATEGORY, "", "would be submitted") for each in wanted]


def line_of_listed(told: Listed) -> Line:
    return line_of(MessageTemplate(name=told.name, language=told.language, **told.columns))


def line_of(row: MessageTemplate) -> Line:
    remarks = [row.reason, "text differs from ours: raise the version" if syncing.differs(row) else ""]
    if row.category not in ("", CATEGORY):
        remarks.append(f"not {CATEGORY}: it costs more and reaches fewer players")
    remark = "; ".join(each for each in remarks if each)
    return (row.name, row.language, row.status, row.category, row.quality, remark)


def submit_all(wanted: Collection[Definition], now: datetime) -> list[str]:
    """What went wrong, a line each. A failure of the account or the network would meet all the others too."""
    troubles: list[str] = []
    for each in wanted:
        try:
            syncing.submit(each, now=now)
        except OutcomeUnknown as error:
            return [*troubles, f"{each.name} ({each.language}): no answer ({error}); run this again"]
        except CloudApiError as error:
            troubles.append(f"{each.name} ({each.language}) was not taken: {words_of(error)}")
            if not error.is_permanent:
                return troubles
    return troubles


def words_of(error: CloudApiError) -> str:
    return f"code {error.code}: {error.text}" if error.code >= 0 else f"no answer ({error.text})"
