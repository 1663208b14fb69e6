"""Every sentence that the staff pages say, found in the code and the templates."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
CODE = (
    "raffles",
    "whatsapp/admin",
    "whatsapp/inbox",
    "whatsapp/models",
    "whatsapp/outbox",
    "whatsapp/reactions.py",
    "whatsapp/staff_alerts.py",
    "whatsapp/switch.py",
    "config",
)
TEMPLATES = ("raffles", "whatsapp/templates", "config/templates")
KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_lazy": None, "ngettext_lazy": (1, 2), "_now": None}

Sentence = str | tuple[str, str]


def said_to_staff() -> dict[Sentence, set[str]]:
    """Sentences, a plural as a pair, each with the files that say it."""
    found: dict[Sentence, set[str]] = {}
    for path, source in _sources():
        for _line, message, _comments, _context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
            sentence = message if isinstance(message, str) else (str(message[0]), str(message[1]))
            found.setdefault(sentence, set()).add(str(path.relative_to(ROOT)))
    return found


def _sources() -> Iterator[tuple[Path, str]]:
    for folder in CODE:
        for path in _files(ROOT / folder):
            if "migrations" not in path.parts:
                yield path, path.read_text()
    for folder in TEMPLATES:
        for path in sorted((ROOT / folder).rglob("*.html")):
            lines = templatize(path.read_text()).splitlines()
            yield path, "\n".join(line.strip() for line in lines)  # what is indented would not parse


def _files(place: Path) -> list[Path]:
    return [place] if place.is_file() else sorted(place.rglob("*.py"))
