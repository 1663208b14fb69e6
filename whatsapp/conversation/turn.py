"""What a step is given and what it decides.

A step reads by named queries; it never writes, sends or asks the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from raffles.sales.errors import Refusal
from whatsapp.conversation.states import State, Word
from whatsapp.messages import Bubble
from whatsapp.payloads import Inbound

Outcome = TypeVar("Outcome")


@dataclass(frozen=True)
class Turn:
    """One message in its place. `number` counts the turns of the chat; buttons shown now carry it.

    `here_since`: the turn that led to this state and memory; what was shown since then means the same.

    `read_file` gives the bytes of our own copy of a file; `key` names the message, the same on every run.
    """

    message: Inbound
    word: Word | None
    player_id: int
    name: str
    language: str
    is_first: bool
    state: State
    memory: Mapping[str, Any]
    number: int
    here_since: int
    now: datetime
    key: str
    read_file: Callable[[int], bytes]

    def button_id(self, verb: str, subject: str = "") -> str:
        return f"{verb}:{subject}:{self.number}"


@dataclass(frozen=True)
class Step:
    """Where the chat goes, what it remembers there, and what the player hears: one bubble, or silence."""

    to: State
    bubble: Bubble | None
    memory: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Act(Generic[Outcome]):
    """One action to run, how to word its outcome, and how to word each refusal."""

    run: Callable[[], Outcome]
    done: Callable[[Outcome], Step]
    refused: Callable[[Refusal], Step]


Decision = Step | Act[Any]


@dataclass(frozen=True)
class Tap:
    """A button id of ours, read back. `turn` is the turn that showed it; -1 for one that is not ours."""

    verb: str
    subject: str
    turn: int


def read_tap(reply_id: str) -> Tap:
    parts = reply_id.split(":")
    if len(parts) != 3 or not (parts[2].isascii() and parts[2].isdigit()):
        return Tap("", "", -1)
    return Tap(parts[0], parts[1], int(parts[2][:9]))


StepFunction = Callable[[Turn], Decision]


@dataclass(frozen=True)
class Route:
    """A step and the states it may lead to; the engine refuses any other."""

    step: StepFunction
    edges: frozenset[State]

    @property
    def name(self) -> str:
        return f"{self.step.__module__.rsplit('.', 1)[-1]}.{self.step.__name__}"


def leads_to(*states: State) -> Callable[[StepFunction], Route]:
    """Declared beside the step: @leads_to(State.MENU, ...)."""
    return lambda step: Route(step, frozenset(states))
