"""A listener that remembers, for tests that ask what was announced."""

from __future__ import annotations

from raffles.sales.notices import Fact

heard: list[Fact] = []


def hear(fact: Fact) -> None:
    heard.append(fact)
