"""What Meta saw: told by the simulator's own journal, which knows nothing of the product's rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MARK = re.compile(r"(outbox:\d+)(?::\d+)?\Z")


@dataclass(frozen=True)
class Said:
    """A player's message. Accepted: the product answered 200, so Meta will never bring it again."""

    wamid: str
    at: float
    is_accepted: bool


@dataclass(frozen=True)
class Sent:
    """A message that the product sent and Meta took. `mark` is what the product wrote on it."""

    wamid: str
    mark: str
    address: str
    text: str
    at: float
    has_failed: bool

    @property
    def row(self) -> str:
        """The mark as far as it names a row."""
        found = MARK.match(self.mark)
        return found.group(1) if found else self.mark


@dataclass(frozen=True)
class History:
    said: list[Said] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    webhook_ms: list[float] = field(default_factory=list)
    undelivered: int = 0
    private_words: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


def read_history(path: Path) -> History:
    told: dict[str, Any] = json.loads(path.read_text())
    return History(
        said=[Said(**each) for each in told["said"]],
        sent=[Sent(**each) for each in told["sent"]],
        webhook_ms=told["webhook_ms"],
        undelivered=told["undelivered"],
        private_words=told["private_words"],
        troubles=told["troubles"],
    )


def text_of(content: Any) -> str:
    """The words of a message as it went over the wire, whatever its kind."""
    return "\n".join(_words(content))


def _words(content: Any) -> Iterable[str]:
    if isinstance(content, dict):
        for key, value in content.items():
            if key in {"body", "text"} and isinstance(value, str):
                yield value
            else:
                yield from _words(value)
    elif isinstance(content, list):
        for each in content:
            yield from _words(each)
