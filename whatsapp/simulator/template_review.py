"""Meta's rules for a message template. Pure: a template in, the reason of refusal out."""

import re
from collections.abc import Iterator, Sequence

from .approved_templates import HOLE
from .shapes import Json, units

NAME = re.compile(r"[a-z0-9_]{1,512}")
ANY_HOLE = re.compile(r"\{\{[^}]*\}\}")
LONGEST = {"BODY": 1024, "HEADER": 60, "FOOTER": 60}
MOST_BUTTONS, LONGEST_LABEL, LONGEST_URL = 10, 25, 2000
# Fewer words than this for each variable, and Meta finds the text too short for them.
WORDS_FOR_EACH_VARIABLE = 2
CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")


def reason_to_reject(name: str, category: str, components: Sequence[Json]) -> str:
    """In words; empty when the template would be approved."""
    for reason in _reasons(name, category, components):
        return reason
    return ""


def _reasons(name: str, category: str, components: Sequence[Json]) -> Iterator[str]:
    if not NAME.fullmatch(name):
        yield "the name may hold small letters, digits and underscores only, at most 512"
    if category.upper() not in CATEGORIES:
        yield f"the category must be one of {', '.join(CATEGORIES)}"
    if not any(_kind(part) == "BODY" for part in components):
        yield "a body is required"
    for part in components:
        if _kind(part) == "BUTTONS":
            yield from _reasons_of_buttons(part)
        elif _kind(part) in LONGEST and str(part.get("format", "TEXT")).upper() == "TEXT":
            yield from _reasons_of_text(_kind(part), part)


def _kind(part: Json) -> str:
    return str(part.get("type", "")).upper()


def _reasons_of_text(kind: str, part: Json) -> Iterator[str]:
    text = str(part.get("text", ""))
    where = kind.lower()
    if not text.strip():
        yield f"the {where} is empty"
    if units(text) > LONGEST[kind]:
        yield f"the {where} is longer than {LONGEST[kind]} characters"
    holes = list(dict.fromkeys(HOLE.findall(text)))
    if len(ANY_HOLE.findall(text)) != len(HOLE.findall(text)):
        yield f"a variable of the {where} is badly named"
    if kind == "FOOTER" and holes:
        yield "a footer takes no variables"
    if holes:
        yield from _reasons_of_holes(where, text, holes, part.get("example"))


def _reasons_of_holes(where: str, text: str, holes: Sequence[str], example: object) -> Iterator[str]:
    bare = text.strip()
    if where == "body" and (bare.startswith("{{") or bare.endswith("}}")):
        yield "variables can't be at the start or end of the body"
    numbered = [hole for hole in holes if hole.isdigit()]
    if numbered and numbered != [str(number) for number in range(1, len(holes) + 1)]:
        yield f"the variables of the {where} are not numbered 1, 2, 3 in order"
    words = len(ANY_HOLE.sub(" ", text).split())
    if where == "body" and words < WORDS_FOR_EACH_VARIABLE * len(holes):
        yield "too many variables for the length of the body"
    if _examples(where, example) != len(holes):
        yield f"each variable of the {where} needs an example"


def _examples(where: str, example: object) -> int:
    """How many usable samples there are: a list in a list for numbered body variables, else a list."""
    if not isinstance(example, dict):
        return 0
    named = example.get(f"{where}_text_named_params")
    if isinstance(named, list):
        return sum(1 for one in named if isinstance(one, dict) and str(one.get("example", "")).strip())
    given = example.get(f"{where}_text")
    if where == "body" and isinstance(given, list) and given and isinstance(given[0], list):
        given = given[0]
    return sum(1 for one in given if str(one).strip()) if isinstance(given, list) else 0


def _reasons_of_buttons(part: Json) -> Iterator[str]:
    buttons = part.get("buttons")
    if not isinstance(buttons, list) or not all(isinstance(button, dict) for button in buttons):
        yield "buttons must be a list of objects"
        return
    if not 1 <= len(buttons) <= MOST_BUTTONS:
        yield f"there must be 1 to {MOST_BUTTONS} buttons"
    for button in buttons:
        label, url = str(button.get("text", "")), str(button.get("url", ""))
        if not 1 <= units(label) <= LONGEST_LABEL:
            yield f"a button's label has 1 to {LONGEST_LABEL} characters"
        if len(url) > LONGEST_URL:
            yield f"a button's address is longer than {LONGEST_URL} characters"
        if HOLE.search(url) and not button.get("example"):
            yield "a button's variable needs an example"
