from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.draws.entries import frozen_numbers
from raffles.draws.errors import DrawMoveNotAllowed, DrawNotDue, ResultsRefused, WitnessesMissing
from raffles.draws.lookups import locked_draw
from raffles.draws.models import Draw, TypedResult
from raffles.draws.results import newest_words

LONGEST_RESULT = 12


def type_result(
    *, draw_id: int, values: Sequence[str], witnesses: str, by: User, now: datetime
) -> TypedResult:
    """Results of the lottery in their order, or numbers as they came out of the barrel.

    They count as soon as a second person has typed the same; whoever mistyped types again. Raises
    ResultsRefused with the values that cannot be.
    """
    values = [value.strip() for value in values if value.strip()]
    with transaction.atomic():
        draw = locked_draw(draw_id)
        _require_awaited(draw, now)
        values = _read(draw, values)
        if draw.method != Draw.Method.LOTTERY and not witnesses.strip():
            raise WitnessesMissing(draw.code)
        typed = TypedResult.objects.create(
            draw=draw, values=values, witnesses=witnesses.strip(), at=now, by=by
        )
        _note(typed, _accept(typed), now)
        return typed


def _require_awaited(draw: Draw, now: datetime) -> None:
    if draw.status != Draw.Status.CLOSED or not draw.is_typed or draw.typed is not None:
        raise DrawMoveNotAllowed(draw.code, draw.status)
    if draw.base is not None and now < draw.base:
        raise DrawNotDue(draw.code, draw.base)


def _read(draw: Draw, values: list[str]) -> list[str]:
    """Digits only; of a lottery as many as its results, of a barrel sold numbers, none twice."""
    odd = [
        value for value in values if not (value.isascii() and value.isdigit()) or len(value) > LONGEST_RESULT
    ]
    if odd or not values:
        raise ResultsRefused(draw.code, "digits", tuple(odd))
    return _read_lottery(draw, values) if draw.method == Draw.Method.LOTTERY else _read_barrel(draw, values)


def _read_lottery(draw: Draw, values: list[str]) -> list[str]:
    if len(values) != draw.lottery_results:
        raise ResultsRefused(draw.code, "count", (str(len(values)),))
    short = [value for value in values if len(value) < draw.lottery_digits]
    if short:
        raise ResultsRefused(draw.code, "digits", tuple(short))
    return values


def _read_barrel(draw: Draw, values: list[str]) -> list[str]:
    """An unsold number that came out is put aside by the witnesses: only those that count are typed."""
    numbers = [int(value) for value in values]
    unsold = set(numbers) - set(frozen_numbers(draw))
    if unsold:
        raise ResultsRefused(draw.code, "unsold", tuple(str(number) for number in sorted(unsold)))
    if len(set(numbers)) != len(numbers):
        twice = sorted({str(number) for number in numbers if numbers.count(number) > 1})
        raise ResultsRefused(draw.code, "twice", tuple(twice))
    _require_enough(draw, numbers)
    return [str(number) for number in numbers]


def _require_enough(draw: Draw, numbers: list[int]) -> None:
    units = sum(draw.prizes.values_list("quantity", flat=True))
    needed = min(units + draw.reserves, draw.entry_count or 0)
    if len(numbers) != needed:
        raise ResultsRefused(draw.code, "count", (str(needed),))


def _accept(typed: TypedResult) -> bool:
    """The newest word of everybody counts, and two people must say the same."""
    newest = newest_words(typed.draw)
    others = [each for by, each in newest.items() if by != typed.by_id and each.values == typed.values]
    if others:
        draw = typed.draw
        draw.typed, draw.witnesses = typed.values, typed.witnesses or others[0].witnesses
        draw.save(update_fields=["typed", "witnesses"])
    return bool(others)


def _note(typed: TypedResult, is_agreed: bool, now: datetime) -> None:
    """Of one person's word not what it is: whoever types it too must have seen it, not read it in the log."""
    record(
        Deed.RESULT_TYPED,
        subject=typed.draw,
        label=typed.draw.code,
        user=typed.by,
        after={"results": typed.values, "witnesses": typed.witnesses} if is_agreed else {},
        now=now,
    )
