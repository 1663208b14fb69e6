from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Compile the texts (.po) that changed, without GNU gettext. Example: manage.py compile_texts"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        for source in sources():
            target = source.with_suffix(".mo")
            if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
                compile_catalog(source, target)
                self.stdout.write(f"Compiled {source.parent.parent.name} ({source.parent.parent.parent})")


def sources() -> list[Path]:
    return sorted(po for folder in settings.LOCALE_PATHS for po in Path(folder).glob("*/LC_MESSAGES/*.po"))


def compile_catalog(source: Path, target: Path) -> None:
    with source.open("rb") as stream:
        catalog = read_po(stream, locale=source.parent.parent.name)
    refuse_broken_placeholders(source, catalog)
    # Written beside and moved: two processes may compile at once, and a reader must never meet half a file.
    fresh = target.with_suffix(f".{os.getpid()}")
    with fresh.open("wb") as stream:
        write_mo(stream, catalog)
    fresh.replace(target)


def refuse_broken_placeholders(source: Path, catalog: Catalog) -> None:
    for message, errors in catalog.check():
        raise CommandError(f"{source}:{message.lineno}: {message.id!r}: {errors[0]}")
