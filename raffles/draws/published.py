"""What is public of a draw, as docs/draws.md gives it: one document for everybody, a receipt for one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from raffles.draws.awarding import units
from raffles.draws.entries import Receipt, frozen
from raffles.draws.fairness import ALGORITHM
from raffles.draws.models import Draw, EntryPage, RuleVersion
from raffles.draws.ruling import Document, instant

RECEIPT = "raffle-draw-receipt/1"
# Stands once in the text: within a string its quotes would be escaped.
GAP = '"entries":[]'


def proof_of(draw: Draw, *, with_entries: bool = True) -> Document:
    """Whoever leaves the entries out puts them in themselves: of a large draw they are a million."""
    rules = list(draw.rules.order_by("version"))
    return {
        "format": ALGORITHM,
        "code": draw.code,
        "title": json.loads(rules[-1].text)["title"] if rules else "",
        "status": draw.status,
        "rules": [_rule(version) for version in rules],
        "closing": _closing(draw, with_entries),
        "randomness": _randomness(draw),
        "result": _result(draw),
        "called_off": _called_off(draw),
    }


def pieces_of(draw: Draw) -> Iterator[str]:
    """The text as it leaves by any door: entries page by page, so that a large draw fills no memory."""
    before, gap, after = _compact(proof_of(draw, with_entries=False)).partition(GAP)
    yield before + gap.removesuffix("]")
    if gap:
        pages = EntryPage.objects.filter(draw=draw).order_by("index").iterator(chunk_size=20)
        for place, page in enumerate(pages):
            entries = [[entry.number, entry.mark] for entry in page.entries()]
            yield ("," if place else "") + _compact(entries)[1:-1]
        yield "]"
    yield after


def tag_of_proof(draw: Draw) -> str:
    """Known before the text is made, from whatever it is made of: columns, and rows that are only added."""
    columns = [getattr(draw, field.attname) for field in draw._meta.concrete_fields]
    facts = (*columns, draw.rules.count(), draw.exclusions.count())
    return f'"{hashlib.sha256(repr(facts).encode()).hexdigest()[:32]}"'


def receipt_document(receipt: Receipt, order_code: str) -> Document:
    """For the owner alone: with the salt and the code of the order the mark is one's own."""
    return {
        "format": RECEIPT,
        "code": receipt.draw.code,
        "root": receipt.draw.root,
        "count": receipt.draw.entry_count,
        "position": receipt.position,
        "number": receipt.entry.number,
        "order": order_code,
        "salt": receipt.salt,
        "mark": receipt.entry.mark,
        "path": [
            {"side": "left" if step.is_left else "right", "hash": step.digest.hex()} for step in receipt.path
        ],
    }


def _compact(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _rule(version: RuleVersion) -> Document:
    return {
        "version": version.version,
        "text": version.text,
        "digest": version.digest,
        "reason": version.reason,
        "published_at": instant(version.published_at),
    }


def _closing(draw: Draw, with_entries: bool) -> Document | None:
    if draw.closed_at is None:
        return None
    excluded = draw.exclusions.select_related("order").order_by("id")
    return {
        "closed_at": instant(draw.closed_at),
        "count": draw.entry_count,
        "root": draw.root,
        "excluded": [
            {"order": each.order.code, "numbers": each.numbers, "reason": each.reason} for each in excluded
        ],
        "entries": [[entry.number, entry.mark] for entry in frozen(draw)] if with_entries else [],
    }


def _randomness(draw: Draw) -> Document:
    """The secret comes with the result; what is public anyway, such as the beacon, as soon as it is here."""
    return {
        "secret": draw.secret or None,
        "fallback": draw.fallback,
        "beacon": _beacon(draw),
        "lottery": draw.typed if draw.method == Draw.Method.LOTTERY else None,
        "barrel": _barrel(draw),
    }


def _beacon(draw: Draw) -> Document | None:
    if not draw.beacon_signature or draw.fallback == Draw.Fallback.BEACON_MISSING:
        return None
    return {"chain": draw.chain, "round": draw.beacon_round, "signature": draw.beacon_signature}


def _barrel(draw: Draw) -> Document | None:
    if draw.typed is None or draw.method == Draw.Method.LOTTERY:
        return None
    return {"numbers": [int(value) for value in draw.typed], "witnesses": draw.witnesses}


def _result(draw: Draw) -> Document | None:
    if draw.drawn_at is None:
        return None
    won = list(units(draw))
    numbers: list[int] = draw.sequence or []
    return {
        "drawn_at": instant(draw.drawn_at),
        "seed": draw.seed or None,
        "sequence": numbers,
        "prizes": [
            {
                "rank": prize.rank,
                "unit": unit,
                "label": prize.label,
                "number": numbers[place] if place < len(numbers) else None,
            }
            for place, (prize, unit) in enumerate(won)
        ],
        "reserves": numbers[len(won) :],
    }


def _called_off(draw: Draw) -> dict[str, Any] | None:
    if draw.called_off_at is None:
        return None
    return {"at": instant(draw.called_off_at), "reason": draw.called_off_reason}
