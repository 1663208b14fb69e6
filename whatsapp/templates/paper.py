"""The wordings on paper: the part of docs/templates.md that is made from the catalogue."""

from __future__ import annotations

from whatsapp.templates.catalogue import LANGUAGES, Definition, definition_of, definitions
from whatsapp.templates.wordings import EXAMPLES

MARK = "<!-- made by: manage.py submit_templates --write-docs -->"
LANGUAGE_NAMES = {"es": "Spanish", "pt_BR": "Portuguese (BR)", "en": "English"}


def pages() -> str:
    names = dict.fromkeys(each.name for each in definitions())
    return "\n\n".join([MARK, *(_page(name) for name in names)]) + "\n"


def rewritten(document: str) -> str:
    """The document with its made part made afresh; what people wrote above the mark stays."""
    written, mark, _made = document.partition(MARK)
    if not mark:
        raise ValueError(f"the document lacks the line {MARK}")
    return written + pages()


def _page(name: str) -> str:
    found = [each for language in LANGUAGES if (each := definition_of(name, language)) is not None]
    values = " · ".join(f"`{value}`" for value in found[0].parameters)
    return "\n\n".join([f"### {name}", f"Values: {values}", *(_text(each) for each in found)])


def _text(ours: Definition) -> str:
    examples = "; ".join(f"`{name}` = {EXAMPLES[ours.language][name]}" for name in ours.parameters)
    lines = [f"{LANGUAGE_NAMES[ours.language]} (`{ours.language}`)", "", "```text", ours.body, "```", ""]
    lines.append(f"Examples: {examples}")
    if ours.buttons:
        lines += ["", "Quick replies: " + " · ".join(f"`{label}`" for label in ours.buttons)]
    return "\n".join(lines)
