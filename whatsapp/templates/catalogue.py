"""The wordings as Meta wants them submitted: one definition a wording and language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from whatsapp.templates.filling import filled, places
from whatsapp.templates.wordings import EXAMPLES, WORDINGS, Wording

CATEGORY = "UTILITY"
LANGUAGES = ("es", "pt_BR", "en")
BUTTON_LABEL_LIMIT = 25


@dataclass(frozen=True, kw_only=True)
class Definition:
    """One template to submit. `name` carries the version: Meta blocks a deleted name for thirty days."""

    key: str
    name: str
    language: str
    body: str
    buttons: tuple[str, ...]

    @property
    def parameters(self) -> list[str]:
        return places(self.body)

    @property
    def example(self) -> str:
        return filled(self.body, EXAMPLES[self.language])

    def request(self) -> dict[str, Any]:
        """The body of the call that creates it."""
        return {
            "name": self.name,
            "language": self.language,
            "category": CATEGORY,
            "parameter_format": "NAMED",
            "components": [self._body(), *self._buttons()],
        }

    def _body(self) -> dict[str, Any]:
        examples = EXAMPLES[self.language]
        named = [{"param_name": name, "example": examples[name]} for name in self.parameters]
        return {"type": "BODY", "text": self.body, "example": {"body_text_named_params": named}}

    def _buttons(self) -> list[dict[str, Any]]:
        replies = [{"type": "QUICK_REPLY", "text": label} for label in self.buttons]
        return [{"type": "BUTTONS", "buttons": replies}] if replies else []


def definitions() -> Iterator[Definition]:
    for wording in WORDINGS:
        for language in LANGUAGES:
            yield _definition(wording, language)


def _definition(wording: Wording, language: str) -> Definition:
    return Definition(
        key=wording.key,
        name=f"raffle_{wording.key}_v{wording.version}",
        language=language,
        body=wording.bodies[language],
        buttons=wording.buttons.get(language, ()),
    )


def definition_of(name: str, language: str) -> Definition | None:
    found = (each for each in definitions() if (each.name, each.language) == (name, language))
    return next(found, None)
