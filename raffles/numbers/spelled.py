"""Numbers in words, from zero to ninety-nine in three languages: "cinco", "treinta y dos", "vinte e um".

What may be one number or two ("veinte cinco", "treinta y 5") is not guessed at.
"""

from __future__ import annotations

from collections.abc import Sequence

_FROM_ZERO = """
cero zero, uno um one, dos dois duas two, tres three, cuatro quatro four, cinco five, seis six,
siete sete seven, ocho oito eight, nueve nove nine, diez dez ten, once onze eleven, doce doze twelve,
trece treze thirteen, catorce quatorze fourteen, quince quinze fifteen, dieciseis dezesseis dezasseis sixteen,
diecisiete dezessete dezassete seventeen, dieciocho dezoito eighteen, diecinueve dezenove dezanove nineteen,
veinte vinte twenty, veintiuno, veintidos, veintitres, veinticuatro, veinticinco, veintiseis, veintisiete,
veintiocho, veintinueve
"""
_FROM_TWENTY = """
veinte vinte twenty, treinta trinta thirty, cuarenta quarenta forty, cincuenta cinquenta fifty,
sesenta sessenta sixty, setenta seventy, ochenta oitenta eighty, noventa ninety
"""


def _values(rows: str, first: int, step: int) -> dict[str, int]:
    return {word: first + place * step for place, row in enumerate(rows.split(",")) for word in row.split()}


_SMALL = _values(_FROM_ZERO, 0, 1)
_TENS = _values(_FROM_TWENTY, 20, 10)
_ENGLISH = frozenset({"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"})
_JOINED = frozenset({"y", "e"})
_TWO_READINGS = "veinte"  # "veinte y cinco": 25 is one word, and so it may be 20 and 5


def in_digits(tokens: Sequence[str]) -> list[str] | None:
    """The same tokens with digits for number words; None where two readings are possible."""
    found: list[str] = []
    place = 0
    while place < len(tokens):
        taken = _at(tokens, place)
        if taken is None:
            return None
        token, length = taken
        found.append(token)
        place += length
    return found


def _at(tokens: Sequence[str], place: int) -> tuple[str, int] | None:
    """The number that begins here, and how many tokens it takes."""
    said, joint, unit = [*tokens[place : place + 3], "", ""][:3]
    if said not in _TENS:
        return str(_SMALL.get(said, said)), 1
    if said in _ENGLISH and _is_unit(joint):
        return str(_TENS[said] + _SMALL[joint]), 2
    if _is_unit(unit) and (joint == "-" if said in _ENGLISH else joint in _JOINED):
        return None if said == _TWO_READINGS else (str(_TENS[said] + _SMALL[unit]), 3)
    return None if _is_unclear(joint, unit) else (str(_TENS[said]), 1)


def _is_unit(token: str) -> bool:
    return 1 <= _SMALL.get(token, 0) <= 9


def _is_unclear(joint: str, unit: str) -> bool:
    """A unit right behind the ten, or digits where its unit would stand."""
    return _is_unit(joint) or (joint in _JOINED and len(unit) == 1 and unit.isdigit())
