"""Dialogue files: what a player and staff do, and word for word what the bot answers.

    raffle: code=MOTO title="Moto 0 km" last=99          a raffle on sale (see DEFAULTS)
    player: Ana 595981000001                             who chats; without digits: a player without a phone
    > menu                                               the player writes ...
    > [Rifas]                                            ... presses a button or row of the last bubble
    > [old Confirmar]                                    ... of the first bubble that had it
    > (photo) (pdf) (voice) (sticker) ...                ... sends something else
    * staff confirms {A}                                 staff or the clock do something
    * staff receive {A}: 15000                           that much money came (receive, record, credit, send)
    * barrel MOTO 12 40                                  a draw is held (tests/dialogues/draws.py)
    < ¡Hola!                                             a bubble of the bot; "| " begins its further lines
    < ...                                                silence
    = {A} PAID 05 12 99                                  the order as the database has it
    ! STRAY_RECEIPT                                      what staff were told last

Order codes are {A}, {B} ... in the order in which they appear; {*} in an expected line matches anything.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass, field
from pathlib import Path

CODE = re.compile(r"\b[2-9A-HJKMNP-Z]{6}\b")
SILENCE = "..."


@dataclass
class Act:
    line: str
    bubbles: list[list[str]] = field(default_factory=list)


@dataclass
class Script:
    head: list[str]
    acts: list[Act]


def read(path: Path) -> Script:
    script = Script([], [])
    for line in path.read_text(encoding="utf-8").splitlines():
        if line[:2] in {"> ", "* ", "= ", "! "}:
            script.acts.append(Act(line))
        elif line.startswith("<"):
            script.acts[-1].bubbles.append([line[2:]])
        elif line.startswith("|"):
            script.acts[-1].bubbles[-1].append(line[2:])
        elif line.strip() and not script.acts:
            script.head.append(line)
    return script


def write(path: Path, script: Script) -> None:
    lines = [*script.head, ""]
    for act in script.acts:
        lines.append(act.line)
        for bubble in act.bubbles:
            lines += [f"< {bubble[0]}", *(f"| {line}".rstrip() for line in bubble[1:])]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


class Codes:
    """Order codes under the names that the script gives them."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def hide(self, text: str, real: set[str]) -> str:
        for code in CODE.findall(text):
            if code in real and code not in self.names:
                self.names[code] = string.ascii_uppercase[len(self.names)]
        for code, name in self.names.items():
            text = text.replace(code, f"{{{name}}}")
        return text

    def show(self, text: str) -> str:
        for code, name in self.names.items():
            text = text.replace(f"{{{name}}}", code)
        return text


def matches(expected: list[list[str]], actual: list[list[str]]) -> bool:
    if len(expected) != len(actual):
        return False
    return all(
        len(left) == len(right) and all(_line_matches(a, b) for a, b in zip(left, right, strict=True))
        for left, right in zip(expected, actual, strict=True)
    )


def _line_matches(expected: str, actual: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in expected.rstrip().split("{*}"))
    return re.fullmatch(pattern, actual.rstrip()) is not None
