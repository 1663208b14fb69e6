"""What stands around numbers without changing them: "hola, quiero el 5 y el 12, por favor"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

Phrases: TypeAlias = tuple[tuple[str, ...], ...]


def _phrases(*lines: str) -> Phrases:
    """The longest first, so that "quiero comprar" is not read as "quiero"."""
    found = [tuple(phrase.split()) for line in lines for phrase in line.split("|")]
    return tuple(sorted(found, key=len, reverse=True))


_GREETINGS = _phrases(
    "hola|buenas|buen dia|buenos dias|buenas tardes|buenas noches",
    "oi|ola|bom dia|boa tarde|boa noite",
    "hi|hello|hey|good morning|good afternoon|good evening",
    "perdon|perdona|perdone|disculpa|disculpe|una consulta|una pregunta|consulta|oye|che|bueno",
    "desculpa|desculpe|uma pergunta|uma duvida|com licenca|escuta",
    "sorry|excuse me|one question",
)
_PLEASE = _phrases(
    "por favor|porfavor|porfa|gracias|muchas gracias|para mi|nomas",
    "por gentileza|obrigado|obrigada|muito obrigado|muito obrigada|para mim",
    "please|pls|thanks|thank you|for me",
)
_WISHES = _phrases(
    "quiero|quisiera|queria|me gustaria|quiero comprar|quisiera comprar|me gustaria comprar|dame|deme|me das",
    "reservame|anotame|elijo|escojo|agarro|tomo|voy con|aipota",
    "quero|quero comprar|gostaria|gostaria de comprar|me da|me ve|escolho|fico com|vou de",
    "i want|i want to buy|i would like|i d like|i ' d like|i \u2019 d like|give me|i take|i choose",
)
_COURTESY = (*_GREETINGS, *_PLEASE)
_OPENINGS = (*_WISHES, *_COURTESY)
_COMMAS = frozenset({",", ";", "\n"})
_LABELS = frozenset(
    {"el", "la", "los", "las", "the", "o", "os"} | {"numero", "numeros", "number", "numbers", "nro"}
)
PLURALS = frozenset({"los", "las", "os", "numeros", "numbers"})
_BEFORE_LABELS = frozenset(
    {"y", "e", "and", "&", "del", "de", "desde", "from", "-", "a", "al", "to", "ate", "hasta"}
)
_RANGES = frozenset({"-", "a", "al", "to", "ate", "hasta"})
_FEMININE = frozenset({"a"})  # in Portuguese, at the beginning; "10 a 12" is a range
# In Spanish "5 o 12" means one of them; only where Portuguese alone says it is it an article.
_OR = frozenset({"o", "os"})
_BEFORE_OR = frozenset({"e", "ate", "de"})


def without_manners(tokens: Sequence[str]) -> tuple[list[str], bool]:
    """What is left of it, and whether a wish was spoken."""
    start, has_wish = _opening(tokens)
    end = len(tokens)
    while (length := _ending(tokens, start, end)) > 0:
        end -= length
    return list(tokens[start:end]), has_wish


def without_courtesy(words: Sequence[str]) -> list[str]:
    """Without a greeting before and thanks or "please" around; the last one stays where nothing else is."""
    start, end = between_courtesies(words)
    return list(words[start:end])


def between_courtesies(words: Sequence[str]) -> tuple[int, int]:
    """Where what is meant begins, and where it ends."""
    start, end = 0, len(words)
    while 0 < (length := _courtesy_at(words, start)) < end - start:
        start += length
    while 0 < (length := _ending(words, start, end)) < end - start:
        end -= length
    return start, end


def _courtesy_at(words: Sequence[str], start: int) -> int:
    return next((len(each) for each in _COURTESY if tuple(words[start : start + len(each)]) == each), 0)


def _opening(tokens: Sequence[str]) -> tuple[int, bool]:
    start, has_wish = 0, False
    while start < len(tokens):
        phrase = next((each for each in _OPENINGS if tuple(tokens[start : start + len(each)]) == each), None)
        if phrase is None and (not start or tokens[start] not in _COMMAS):
            break
        start += len(phrase) if phrase else 1
        has_wish = has_wish or phrase in _WISHES
    return start, has_wish


def _ending(tokens: Sequence[str], start: int, end: int) -> int:
    for phrase in _PLEASE:
        length = len(phrase)
        if end - length >= start and tuple(tokens[end - length : end]) == phrase:
            return length
    return 1 if end > start and tokens[end - 1] in _COMMAS else 0


def without_labels(tokens: Sequence[str]) -> tuple[list[str], bool] | None:
    """ "el 5 y el número 12": the numbers alone, and whether the first one was pointed at.

    None where a label stands elsewhere: "dos números, 5 y 6" names two numbers and not three, and so does
    "quiero 2, el 5 y el 12".
    """
    kept: list[str] = []
    is_pointed, before = False, ""
    for place, token in enumerate(tokens):
        if token not in _LABELS and (place or token not in _FEMININE):
            kept.append(token)
            before = token
        elif not _may_stand(tokens, place, before):
            return None
        elif not kept:
            is_pointed = token not in PLURALS
        elif not is_pointed and before not in _RANGES and kept[0] not in _BEFORE_LABELS:
            return None
    return kept, is_pointed


def _may_stand(tokens: Sequence[str], place: int, before: str) -> bool:
    """Before a number, a range or one more label, and behind nothing, a comma or an "and"."""
    if tokens[place] in _OR and (before or place) and before not in _BEFORE_OR:
        return False
    following = tokens[place + 1] if place + 1 < len(tokens) else ""
    is_before = following in _LABELS or following in _BEFORE_LABELS or following[-1:].isdigit()
    return is_before and (not before or before in _COMMAS or before in _BEFORE_LABELS)
