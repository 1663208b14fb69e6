"""How the rehearsal speaks with its processes: one line of JSON there, one back."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

Answers = Mapping[str, Callable[..., Any]]


class Silent(RuntimeError):
    """The process at the other end is gone, or stumbled over what it was asked."""


def answer_until_the_end(answers: Answers) -> None:
    """Until standard input closes: the one who asks may die without saying goodbye."""
    for line in sys.stdin:
        question = json.loads(line)
        told = answers[question.pop("ask")](**question)
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


class Partner:
    def __init__(self, command: list[str], *, environment: dict[str, str], folder: Path, log: Path) -> None:
        self._name = command[-1]
        self.log = log
        with log.open("ab") as stream:
            self.child = Popen(
                command,
                env=environment,
                cwd=folder,
                stdin=PIPE,
                stdout=PIPE,
                stderr=stream,
                text=True,
                start_new_session=True,
            )

    def ask(self, question: str, **details: Any) -> Any:
        assert self.child.stdin is not None and self.child.stdout is not None  # noqa: S101, PT018 - pipes
        try:
            self.child.stdin.write(json.dumps({"ask": question, **details}) + "\n")
            self.child.stdin.flush()
            line = self.child.stdout.readline()
        except OSError:
            line = ""
        if not line:
            raise Silent(f"{self._name} stopped at {question!r}; see {self.log}")
        return json.loads(line)

    def dismiss(self) -> None:
        for pipe in (self.child.stdin, self.child.stdout):
            assert pipe is not None  # noqa: S101 - both are pipes
            with suppress(OSError):  # it is gone already
                pipe.close()
