"""What a player means by "5, 12 y 99", "10-15" or "random 3". Whatever is not certain is not understood."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import TypeAlias

from raffles.numbers import spelled
from raffles.numbers.manners import PLURALS, without_labels, without_manners

LONGEST_TEXT = 4096
LONGEST_NUMBER = 9
MOST_LABELS = 10


class BadPickReason(Enum):
    NOT_UNDERSTOOD = "NOT_UNDERSTOOD"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    TOO_MANY = "TOO_MANY"


@dataclass(frozen=True)
class NumbersShape:
    first: int
    last: int
    width: int
    max_count: int

    def label(self, number: int) -> str:
        return str(number).zfill(self.width)


@dataclass(frozen=True)
class ExactPick:
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class RandomPick:
    count: int


@dataclass(frozen=True)
class BadPick:
    reason: BadPickReason
    labels: tuple[str, ...] = ()
    limit: int = 0


@dataclass(frozen=True)
class CountOrNumber:
    """ "quiero 5" may mean the number 5 or five numbers: whoever wrote it must say."""

    number: int


Pick: TypeAlias = ExactPick | RandomPick | CountOrNumber | BadPick

NOT_UNDERSTOOD = BadPick(BadPickReason.NOT_UNDERSTOOD)

# Small letters without accents, as _plain leaves them.
_RANDOM = frozenset(
    {"random", "any", "surprise", "azar", "sorpresa", "acaso", "surpresa", "sorteado", "sorteados"}
    | {"aleatorio", "aleatorios", "aleatoria", "aleatorias"}
    | {"cualquiera", "cualquier", "cualesquiera", "qualquer", "quaisquer"}
)
_NUMBERS = frozenset(
    {"numero", "numeros", "numeritos", "boleto", "boletos", "rifa", "rifas", "ficha", "fichas"}
    | {"bilhete", "bilhetes", "number", "numbers", "ticket", "tickets"}
)
_BESIDE_RANDOM = _NUMBERS | {"al", "ao", "un", "una", "uma", "a"}
_AND = frozenset({"y", "e", "and", "&"})
_FROM = frozenset({"del", "de", "desde", "from"})
_TO = frozenset({"-", "a", "al", "to", "ate", "hasta"})
_COMMAS = frozenset({",", ";", "\n"})
_FOREIGN_COMMAS = frozenset("\u060c\u061b\u3001\u1363\u07f8")  # Arabic, ideographic, Ethiopic, N'Ko
# Faces, hearts, hands and clovers carry no number and refuse nothing.
_FRIENDLY = frozenset(
    map(chr, (*range(0x1F600, 0x1F650), *range(0x1F3FB, 0x1F400), *range(0x1F493, 0x1F4A0)))
) | frozenset("👌👍👏🤗🤝🤞🍀🎉🎊❤✨⭐🌟💪")
_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212")
_NEW_LINES = frozenset("\r\v\f\x85\u2028\u2029")
_NOTHING = "\0"

_TOKEN = re.compile(r"#?[0-9]+|[a-z]+|[,;\n&-]|[^\S\n]+|.", re.DOTALL)
# "N° 5", "nro. 5": without the sign it would be "no 5", which is the contrary.
_NUMERO = re.compile(r"\bn(?:ro|um)?s?[ \t]?[.º°]{1,2}[ \t]?(?=\d)", re.IGNORECASE)
# Letters that touch digits, a minus sign, a sign of format between digits: no word for it, no guess about it.
_DOUBTFUL = re.compile(r"[0-9]\0*[a-z#]|[a-z]\0*[0-9#]|[0-9]\0+[0-9]|(?:^|[\s,;&\0])-\0*[0-9]")


def parse_pick(text: str, shape: NumbersShape) -> Pick:
    said = _tokens(text) or []
    wanted, has_wish = without_manners(said)
    tokens = spelled.in_digits(wanted)
    if not tokens:
        return NOT_UNDERSTOOD
    if _RANDOM & set(tokens):
        return _random_pick(tokens, shape)
    is_unsure = has_wish or tokens != wanted or tokens[0] in PLURALS
    if len(tokens) == 2 and _is_number(tokens[0]) and tokens[1] in _NUMBERS:
        return _count_or_number(tokens[0], shape)
    return _chosen(tokens, shape, is_unsure=is_unsure)


def _chosen(tokens: list[str], shape: NumbersShape, *, is_unsure: bool) -> Pick:
    """Behind "quiero" or in words a lone number may be a count, and the first of several as well."""
    labelled = without_labels(tokens)
    spans = _spans(labelled[0]) if labelled else None
    if labelled is None or not spans:
        return NOT_UNDERSTOOD
    first = labelled[0][0]
    if is_unsure and not labelled[1] and first.isdigit() and not first.startswith("0"):
        if labelled[0] == [first]:
            return _count_or_number(first, shape)
        if _number(first) == len(spans) - 1 and labelled[0][1] not in _AND:
            return NOT_UNDERSTOOD
    return _exact_pick(spans, shape)


def _count_or_number(token: str, shape: NumbersShape) -> Pick:
    """Where only one of the two is possible, it is that."""
    number = _number(token)
    can_be_count = 1 <= number <= shape.max_count and not token.startswith(("#", "0"))
    if can_be_count:
        return CountOrNumber(number) if shape.first <= number <= shape.last else RandomPick(number)
    return _exact_pick([(number, number)], shape)


def _random_pick(tokens: list[str], shape: NumbersShape) -> Pick:
    counts = [token for token in tokens if token.isdigit()]
    words = [token for token in tokens if not token.isdigit()]
    if len(counts) > 1 or not set(words) <= _RANDOM | _BESIDE_RANDOM:
        return NOT_UNDERSTOOD
    count = _number(counts[0]) if counts else 1
    if count < 1:
        return NOT_UNDERSTOOD
    return RandomPick(count) if count <= shape.max_count else _too_many(shape)


def _exact_pick(spans: list[tuple[int, int]], shape: NumbersShape) -> Pick:
    ends = {end: None for span in spans for end in span}  # in the order they were written, each once
    outside = [end for end in ends if not shape.first <= end <= shape.last]
    if outside:
        labels = tuple(shape.label(end) for end in outside[:MOST_LABELS])
        return BadPick(BadPickReason.OUT_OF_RANGE, labels=labels)
    numbers: set[int] = set()
    for low, high in set(spans):
        numbers.update(islice(range(low, high + 1), shape.max_count + 1))
        if len(numbers) > shape.max_count:
            return _too_many(shape)
    return ExactPick(tuple(sorted(numbers)))


def _too_many(shape: NumbersShape) -> BadPick:
    return BadPick(BadPickReason.TOO_MANY, limit=shape.max_count)


def _spans(tokens: list[str]) -> list[tuple[int, int]] | None:
    """Numbers and ranges with something between them; None when a token has no place."""
    spans: list[tuple[int, int]] = []
    rest = _without_commas(tokens)
    while rest:
        if spans and rest[0] in _AND:
            rest = _without_commas(rest[1:])
        taken = _span_at(rest)
        if taken is None:
            return None
        span, length = taken
        spans.append(span)
        rest = _without_commas(rest[length:])
    return spans


def _span_at(tokens: list[str]) -> tuple[tuple[int, int], int] | None:
    start = 1 if tokens and tokens[0] in _FROM else 0
    low, to, high = [*tokens[start : start + 3], "", "", ""][:3]
    if not _is_number(low):
        return None
    if to in _TO and _is_number(high):
        one, other = _number(low), _number(high)
        return (min(one, other), max(one, other)), start + 3
    return None if start else ((_number(low), _number(low)), 1)


def _without_commas(tokens: list[str]) -> list[str]:
    for place, token in enumerate(tokens):
        if token not in _COMMAS:
            return tokens[place:]
    return []


def _is_number(token: str) -> bool:
    return token.removeprefix("#").isdigit()


def _number(token: str) -> int:
    """A number longer than any raffle's is cut: it stays out of range and its label stays short."""
    digits = token.removeprefix("#").lstrip("0") or "0"
    return int(digits[: LONGEST_NUMBER + 1])


def _tokens(text: str) -> list[str] | None:
    """None for a text too long, or with digits that would become others (5² is not 52)."""
    if len(text) > LONGEST_TEXT or any(each.isnumeric() and not each.isdecimal() for each in text):
        return None
    plain = _plain(_NUMERO.sub("#", text))
    if _DOUBTFUL.search(plain):
        return None
    tokens = _TOKEN.findall(plain.replace(_NOTHING, ""))
    return [token for token in tokens if token in _COMMAS or not token.isspace()]


def _plain(text: str) -> str:
    """Small letters without accents, ASCII digits whatever the script, no full stop at the end."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(_plain_character(each) for each in folded).strip().rstrip(".!").rstrip()


def _plain_character(each: str) -> str:
    category = unicodedata.category(each)
    if category == "Nd":
        return str(unicodedata.decimal(each))
    if category in {"Mn", "Me"}:
        return ""
    if category == "Cf":
        return _NOTHING
    if each in _DASHES:
        return "-"
    if each in _FRIENDLY:
        return " "
    if each in _FOREIGN_COMMAS:
        return ","
    return "\n" if each in _NEW_LINES else each
