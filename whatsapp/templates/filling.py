"""Values into the places of a wording, as Meta allows it: docs/templates.md, "What Meta demands"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from whatsapp.messages import fit, units

BODY_LIMIT = 1024
PLACE = re.compile(r"\{\{\s*([a-z0-9_]+)\s*\}\}")
# Meta refuses an empty value; a dash says that there is nothing to say.
NOTHING = "–"


def places(body: str) -> list[str]:
    """The names in a wording, each once, in its order."""
    return list(dict.fromkeys(PLACE.findall(body)))


def one_line(value: str) -> str:
    """Meta refuses line breaks, tabs, more than four spaces in a row, and values without a character."""
    return " ".join(value.split()) or NOTHING


def fitted(body: str, values: Mapping[str, str]) -> dict[str, str]:
    """Values for the places of the body: the longest are cut until the whole is within Meta's limit."""
    clean = {name: one_line(values[name]) for name in places(body)}
    room = BODY_LIMIT - units(PLACE.sub("", body))
    lengths = [units(clean[name]) for name in PLACE.findall(body)]
    if sum(lengths) <= room:
        return clean
    caps = range(BODY_LIMIT, 0, -1)
    cap = next((cap for cap in caps if sum(min(length, cap) for length in lengths) <= room), 1)
    return {name: fit(value, cap) for name, value in clean.items()}


def filled(body: str, values: Mapping[str, str]) -> str:
    """What the player reads."""
    return PLACE.sub(lambda place: values.get(place[1], place[0]), body)
