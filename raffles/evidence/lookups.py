"""Which earlier receipts may be the one in hand, found by marks and not by reading them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection

from raffles.evidence.models import Evidence, Mark

MOST_CANDIDATES = 12
FEW_PHRASES = 6
# Of 64 bits; pictures with little writing are told apart by these alone.
NEAR_WHOLE, NEAR_INNER = 5, 8


def candidates(wider: Collection[int], evidence: Evidence) -> list[Evidence]:
    """Likeliest first. A mark that few share says most, one whose places are full nearly nothing."""
    holders: dict[int, list[int]] = defaultdict(list)
    for value, holder in Mark.objects.filter(value__in=wider).values_list("value", "evidence_id"):
        holders[value].append(holder)
    votes: Counter[int] = Counter()
    for found in holders.values():
        weight = 0.001 if len(found) >= Mark.PLACES else 1 / len(found)
        for holder in found:
            votes[holder] += weight  # type: ignore[assignment]  # a count in parts
    likeliest = [holder for holder, _ in votes.most_common(MOST_CANDIDATES)]
    rows = Evidence.objects.filter(pk__in=likeliest).exclude(proof__order_id=evidence.proof.order_id)
    return sorted(rows.exclude(pk=evidence.pk), key=lambda row: -votes[row.pk])


def keep_marks(evidence: Evidence, marks: Collection[int]) -> None:
    """In the first free place. Of two that take it at once one stays without; it has other marks."""
    taken: Counter[int] = Counter(
        Mark.objects.filter(value__in=marks).exclude(evidence=evidence).values_list("value", flat=True)
    )
    rows = [
        Mark(value=value, place=taken[value], evidence=evidence)
        for value in marks
        if taken[value] < Mark.PLACES
    ]
    Mark.objects.bulk_create(rows, ignore_conflicts=True)


def is_near(one: Evidence, other: Evidence) -> bool:
    """By the look of the whole; only for pictures that have next to no writing, for receipts look alike."""
    if max(one.phrase_count, other.phrase_count) >= FEW_PHRASES or not (one.whole_hash and other.whole_hash):
        return False
    return (
        _apart(one.whole_hash, other.whole_hash) <= NEAR_WHOLE
        and _apart(one.inner_hash, other.inner_hash) <= NEAR_INNER
    )


def _apart(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()
