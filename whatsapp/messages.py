"""What the bot can say, and how Meta wants it written. Meta's limits live here and nowhere else.

Lengths are counted in UTF-16 units: Meta does not say which unit it counts, and this one is never too kind.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

BODY_LIMIT = 4096
INTERACTIVE_BODY_LIMIT = 1024
CAPTION_LIMIT = 1024
BUTTON_LIMIT = 3
BUTTON_TITLE_LIMIT = 20
REPLY_ID_LIMIT = 200
LIST_ROW_LIMIT = 10
LIST_BUTTON_LIMIT = 20
ROW_TITLE_LIMIT = 24
ROW_DESCRIPTION_LIMIT = 72
CALLBACK_LIMIT = 512
ELLIPSIS = "…"


@dataclass(frozen=True)
class Text:
    body: str


@dataclass(frozen=True)
class Button:
    id: str
    title: str


@dataclass(frozen=True)
class Buttons:
    """A text with one to three reply buttons."""

    body: str
    buttons: tuple[Button, ...]


@dataclass(frozen=True)
class Row:
    id: str
    title: str
    description: str = ""


@dataclass(frozen=True)
class Choices:
    """A text with a button that opens a list of at most ten rows."""

    body: str
    button: str
    rows: tuple[Row, ...]


Bubble = Text | Buttons | Choices


@dataclass(frozen=True)
class TemplateCall:
    """What says the same as a bubble where only approved wordings may be sent. Parameters go by name."""

    key: str
    parameters: dict[str, str]


class UnsendableBubble(ValueError):
    """No words, or too many or twice the same buttons: a mistake of ours, not of the player."""


def meta_content(bubble: Bubble) -> dict[str, Any]:
    """The `type` and its part of a Graph request; the outbox adds the recipient."""
    if not bubble.body.strip():
        raise UnsendableBubble("a bubble needs words")
    if isinstance(bubble, Text):
        return {"type": "text", "text": {"body": fit(bubble.body, BODY_LIMIT), "preview_url": False}}
    action = _buttons_action(bubble) if isinstance(bubble, Buttons) else _list_action(bubble)
    return {
        "type": "interactive",
        "interactive": {
            "type": "button" if isinstance(bubble, Buttons) else "list",
            "body": {"text": fit(bubble.body, INTERACTIVE_BODY_LIMIT)},
            "action": action,
        },
    }


def _buttons_action(bubble: Buttons) -> dict[str, Any]:
    _refuse_unless(1 <= len(bubble.buttons) <= BUTTON_LIMIT, "one to three buttons")
    titles = distinct([button.title for button in bubble.buttons], BUTTON_TITLE_LIMIT)
    _refuse_bad_ids([button.id for button in bubble.buttons])
    return {
        "buttons": [
            {"type": "reply", "reply": {"id": button.id, "title": title}}
            for button, title in zip(bubble.buttons, titles, strict=True)
        ]
    }


def _list_action(bubble: Choices) -> dict[str, Any]:
    _refuse_unless(1 <= len(bubble.rows) <= LIST_ROW_LIMIT, "one to ten rows")
    _refuse_bad_ids([row.id for row in bubble.rows])
    return {
        "button": fit(bubble.button, LIST_BUTTON_LIMIT),
        "sections": [{"rows": [_row(row) for row in bubble.rows]}],
    }


def _row(row: Row) -> dict[str, str]:
    found = {"id": row.id, "title": fit(row.title, ROW_TITLE_LIMIT)}
    if row.description.strip():
        found["description"] = fit(row.description, ROW_DESCRIPTION_LIMIT)
    return found


def _refuse_bad_ids(ids: Sequence[str]) -> None:
    _refuse_unless(len(set(ids)) == len(ids), "ids that differ")
    _refuse_unless(all(i and i == i.strip() and units(i) <= REPLY_ID_LIMIT for i in ids), "short, plain ids")


def _refuse_unless(holds: bool, needs: str) -> None:
    if not holds:
        raise UnsendableBubble(f"a bubble needs {needs}")


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def fit(text: str, limit: int) -> str:
    """The text, cut with an ellipsis after at most `limit` UTF-16 units; never inside a character."""
    text = text.strip()
    if units(text) <= limit:
        return text
    kept, used = [], 0
    for character in text:
        used += units(character)
        if used > limit - 1:
            break
        kept.append(character)
    while kept and _clings(kept[-1]):
        kept.pop()
    return "".join(kept).rstrip() + ELLIPSIS


def _clings(character: str) -> bool:
    """Joiners and combining marks at a cut would be glued to the ellipsis."""
    return character == "\u200d" or unicodedata.combining(character) > 0


def distinct(titles: Sequence[str], limit: int) -> list[str]:
    """Titles within the limit that differ from each other, as Meta demands of buttons."""
    found: list[str] = []
    for title in titles:
        short, number = fit(title, limit), 2
        while short in found:
            short = f"{fit(title, limit - 3)} {number}"
            number += 1
        found.append(short)
    return found


def words_of(content: dict[str, Any]) -> str:
    """The readable part of a stored content, for staff."""
    if content.get("type") == "text":
        return str(content["text"]["body"])
    interactive = content.get("interactive", {})
    return str(interactive.get("body", {}).get("text", ""))


def choices_of(content: dict[str, Any]) -> list[str]:
    """The titles of the buttons or rows of a stored content, for staff."""
    action = content.get("interactive", {}).get("action", {})
    buttons = [button["reply"]["title"] for button in action.get("buttons", [])]
    return buttons + [row["title"] for section in action.get("sections", []) for row in section["rows"]]
