"""Whatever an action refuses, staff read why in a sentence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from raffles.numbers.errors import NotEnoughNumbers, OutsideRange
from raffles.sales.admin.refusals import in_words
from raffles.sales.errors import Refusal


def kinds_of(refusal: type[Refusal]) -> Iterator[type[Refusal]]:
    for kind in refusal.__subclasses__():
        yield kind
        yield from kinds_of(kind)


def test_every_refusal_has_a_sentence_of_its_own() -> None:
    product = {kind for kind in kinds_of(Refusal) if kind.__module__.startswith(("raffles.", "whatsapp."))}
    assert len(product) > 70
    unsaid = {kind.__name__ for kind in product if in_words.dispatch(kind) is in_words.dispatch(Refusal)}
    assert unsaid == set()


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (NotEnoughNumbers(0), "no number is free any more"),
        (NotEnoughNumbers(3), "only 3 numbers are free"),
        (OutsideRange(("100", "101")), "the raffle has no such number: 100, 101"),
    ],
)
def test_numbers_that_cannot_be_had_are_told(refusal: Refusal, words: str) -> None:
    with translation.override("en"):
        assert in_words(refusal) == words
