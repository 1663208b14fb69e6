"""What docs/whatsapp.md says of Meta's error codes."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from whatsapp.reactions import NO_ANSWER, NO_CODE, TABLE, Then


def in_the_document() -> dict[int, str]:
    """Code -> the word that its row of the document begins its reaction with."""
    text = (Path(settings.BASE_DIR) / "docs" / "whatsapp.md").read_text()
    section = text.partition("## What each error code means")[2].partition("\n## ")[0]
    found: dict[int, str] = {}
    for codes, reaction in re.findall(r"^\| ([-\d, –]+) \|[^|]*\| ([^|]+) \|$", section, flags=re.MULTILINE):
        for part in codes.split(","):
            first, _, last = part.strip().partition("–")
            for code in range(int(first), int(last or first) + 1):
                assert code not in found, code
                found[code] = reaction.split(":")[0].split(",")[0].strip()
    return found


WORDS = {Then.RETRY: "try again", Then.DROP: "drop", Then.PAUSE: "pause", Then.WAIT: "wait"}


def test_the_document_says_what_the_table_does() -> None:
    said = in_the_document()
    assert said == {code: WORDS[reaction.then] for code, reaction in (TABLE | {NO_CODE: NO_ANSWER}).items()}
