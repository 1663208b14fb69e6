"""Frozen entries: how they are written down, found again, and held against what is sold now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from raffles import sealing
from raffles.draws.committing import SALTS_PURPOSE
from raffles.draws.errors import EntriesChanged, NotAnEntry, RecordChanged
from raffles.draws.fairness import mark_of, salt_of
from raffles.draws.merkle import Sibling, leaf, path_to, root_of
from raffles.draws.models import Draw, DrawSecret, EntryPage
from raffles.draws.models.records import PAGE_SIZE, Entry
from raffles.draws.subjects import PaidNumber, subject_of

MOST_NAMED = 20


@dataclass(frozen=True)
class Receipt:
    """Of one number: its place, what its mark is made of, and the way to the root."""

    draw: Draw
    position: int
    entry: Entry
    salt: str
    path: tuple[Sibling, ...]


def freeze(draw: Draw, paid: Sequence[PaidNumber]) -> str:
    """Writes the pages and returns the root over all."""
    key = _salt_key(draw)
    pages = [_page(draw, index, chunk, key) for index, chunk in enumerate(_chunks(paid))]
    EntryPage.objects.bulk_create(pages, batch_size=50)
    return root_of([bytes.fromhex(page.node) for page in pages]).hex()


def frozen(draw: Draw) -> Iterator[Entry]:
    for page in EntryPage.objects.filter(draw=draw).order_by("index").iterator(chunk_size=20):
        yield from page.entries()


def frozen_numbers(draw: Draw) -> list[int]:
    return [entry.number for entry in frozen(draw)]


def require_untouched(draw: Draw) -> list[PaidNumber]:
    """What was published is what is there, and what is sold is what was frozen; returns it in that order.

    Raises RecordChanged or EntriesChanged: somebody wrote past the product.
    """
    entries, paid = require_rooted(draw), subject_of(draw).paid(draw)
    require_same(draw, entries, ((each.number, each.order_code) for each in paid))
    return paid


def require_rooted(draw: Draw) -> list[Entry]:
    """The pages still have the root that was published. Raises RecordChanged."""
    pages = list(EntryPage.objects.filter(draw=draw).order_by("index"))
    if root_of([_node(page) for page in pages]).hex() != draw.root:
        raise RecordChanged(draw.code, "entries")
    return [entry for page in pages for entry in page.entries()]


def require_same(draw: Draw, entries: Sequence[Entry], owners: Iterable[tuple[int, str]]) -> None:
    """Each frozen number is still that of the order in its mark. Raises EntriesChanged."""
    key = _salt_key(draw)
    now = {number: marked(key, number, code).mark for number, code in owners}
    then = {entry.number: entry.mark for entry in entries}
    if now != then:
        differ = sorted({number for number, _mark in now.items() ^ then.items()})
        raise EntriesChanged(draw.code, tuple(differ[:MOST_NAMED]))


def receipt_of(draw: Draw, number: int) -> Receipt:
    """Reads one page and the nodes of the others, however many entries there are. Raises NotAnEntry."""
    page = EntryPage.objects.filter(draw=draw, first_number__lte=number).order_by("-first_number").first()
    entries = list(page.entries()) if page else []
    at = next((place for place, entry in enumerate(entries) if entry.number == number), None)
    if page is None or at is None:
        raise NotAnEntry(number)
    nodes = EntryPage.objects.filter(draw=draw).order_by("index").values_list("node", flat=True)
    within = path_to([leaf(entry.text) for entry in entries], at)
    above = path_to([bytes.fromhex(node) for node in nodes], page.index)
    salt = salt_of(_salt_key(draw), number)
    return Receipt(draw, page.index * PAGE_SIZE + at, entries[at], salt, (*within, *above))


def marked(key: str, number: int, order_code: str) -> Entry:
    return Entry(number, mark_of(salt=salt_of(key, number), number=number, order=order_code))


def _page(draw: Draw, index: int, chunk: Sequence[PaidNumber], key: str) -> EntryPage:
    lines = "\n".join(marked(key, paid.number, paid.order_code).text for paid in chunk)
    page = EntryPage(draw=draw, index=index, first_number=chunk[0].number, lines=lines)
    page.node = _node(page).hex()
    return page


def _node(page: EntryPage) -> bytes:
    return root_of([leaf(entry.text) for entry in page.entries()])


def _chunks(paid: Sequence[PaidNumber]) -> Iterator[Sequence[PaidNumber]]:
    for start in range(0, len(paid), PAGE_SIZE):
        yield paid[start : start + PAGE_SIZE]


def _salt_key(draw: Draw) -> str:
    """Raises RecordChanged where it cannot be read: marks can then be neither made nor compared."""
    kept = DrawSecret.objects.filter(draw=draw).first()
    try:
        return sealing.opened(kept.salt_key if kept else "", purpose=SALTS_PURPOSE)
    except sealing.Unreadable:
        raise RecordChanged(draw.code, "salts") from None
