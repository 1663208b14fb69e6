"""On receipts of three banks: what is used again is found, and two honest ones of a bank are never one."""

from __future__ import annotations

from itertools import pairwise, permutations

import numpy as np
import pytest

from raffles.evidence.reader.marks import hashes_of, marks_of
from raffles.evidence.reader.matching import likeness
from raffles.evidence.reader.phrases import PATCH_HEIGHT, Phrase, packed, phrases_of, unpacked
from tests.evidence.receipts import (
    BANKS,
    VARIANTS,
    Bank,
    Variant,
    again_by_the_same_payer,
    at_night,
    drawn,
    sent_by_chat,
    transfers,
)

ORIGINALS = transfers(4, seed=3)


@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.name)
@pytest.mark.parametrize("variant", VARIANTS.values(), ids=list(VARIANTS))
def test_a_receipt_is_known_again_whatever_was_made_of_it(bank: Bank, variant: Variant) -> None:
    kept = phrases_of(sent_by_chat(drawn(ORIGINALS[0], bank)))
    again = phrases_of(variant(drawn(ORIGINALS[0], bank)))
    assert likeness(again, kept).is_same
    assert likeness(kept, again).is_same


@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.name)
def test_the_dark_colours_of_an_app_hide_nothing(bank: Bank) -> None:
    kept = phrases_of(sent_by_chat(drawn(ORIGINALS[1], bank)))
    assert likeness(phrases_of(at_night(ORIGINALS[1], bank)), kept).is_same


@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.name)
def test_receipts_of_one_bank_are_not_one_receipt(bank: Bank) -> None:
    found = [phrases_of(sent_by_chat(drawn(one, bank))) for one in ORIGINALS]
    assert not any(likeness(one, other).is_same for one, other in pairwise(found))


@pytest.mark.parametrize(("bank", "another"), list(permutations(BANKS, 2)), ids=lambda bank: bank.name)
def test_the_same_labels_in_other_places_are_another_receipt(bank: Bank, another: Bank) -> None:
    """Two apps with one font: most of the words are the same, to the same account."""
    ours = phrases_of(sent_by_chat(drawn(ORIGINALS[0], bank)))
    for other in ORIGINALS[1:]:
        theirs = phrases_of(sent_by_chat(drawn(other, another)))
        assert not likeness(ours, theirs).is_same


@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.name)
def test_who_pays_the_same_price_twice_sends_two_receipts(bank: Bank) -> None:
    first = phrases_of(sent_by_chat(drawn(ORIGINALS[2], bank)))
    second = phrases_of(sent_by_chat(drawn(again_by_the_same_payer(ORIGINALS[2]), bank)))
    assert not likeness(second, first).is_same


def test_what_is_kept_compares_like_what_was_just_read() -> None:
    phrases = phrases_of(drawn(ORIGINALS[0]))
    kept = unpacked(packed(phrases))
    assert [phrase.box for phrase in kept] == [phrase.box for phrase in phrases]
    assert all((one.patch == other.patch).all() for one, other in zip(kept, phrases, strict=True))
    assert len(packed(phrases)) < 20_000


def test_own_marks_are_among_those_that_are_looked_for() -> None:
    picture = drawn(ORIGINALS[0])
    marks = marks_of(phrases_of(picture), hashes_of(picture))
    assert set(marks.own) < set(marks.wider)
    assert all(0 <= mark < 2**63 for mark in marks.wider)


def test_nothing_is_like_a_picture_without_words() -> None:
    assert not likeness([], phrases_of(drawn(ORIGINALS[0]))).is_same


@pytest.mark.parametrize("inked", [(0, 1, 98, 99), (0,), (99,), (50,), ()], ids=str)
@pytest.mark.parametrize("rows", [(0, 13), (7, 8), ()], ids=str)
def test_a_line_may_be_inked_anywhere(inked: tuple[int, ...], rows: tuple[int, ...]) -> None:
    """Two words at the far ends of a line reach, by their deviation, well beyond both."""
    patch = np.zeros((PATCH_HEIGHT, 100), np.float32)
    patch[np.ix_(rows, inked)] = 255
    marks = marks_of([Phrase((0, 0, 100, PATCH_HEIGHT), patch)], ("", ""))
    assert marks.own
    assert set(marks.own) <= set(marks.wider)
