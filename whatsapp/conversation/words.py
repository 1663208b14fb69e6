"""The words that work everywhere, in every language, and which language they give away."""

from __future__ import annotations

import re
import unicodedata

from raffles.numbers.manners import without_courtesy
from whatsapp.conversation import sayings
from whatsapp.conversation.states import Word

ES, PT, EN = "es", "pt-br", "en"
YES, NO = frozenset(sayings.YES.split("|")), frozenset(sayings.NO.split("|"))
LONGEST = 60
DRAWN_OUT = re.compile(r"([a-z])\1+\b")

# Spoken word -> (what it means, the languages it may belong to). A word of one language only tells the
# player's language; one of several tells nothing.
WORDS: dict[str, tuple[Word, tuple[str, ...]]] = {}
for _sayings in sayings.SAYINGS:
    for _language, _phrases in ((ES, _sayings.es), (PT, _sayings.pt), (EN, _sayings.en)):
        for _said in filter(None, [*_phrases.split("|"), *_sayings.everywhere.split("|")]):
            WORDS[_said] = (_sayings.meaning, (*WORDS.get(_said, (_sayings.meaning, ()))[1], _language))
# Behind these a code says which raffle is meant, and so many words may stand between:
# "participar en la rifa MOTO".
WITH_CODE = {Word.JOIN: 3, Word.VERIFY: 0, Word.PRIZE: 0}


def meaning_of(text: str) -> tuple[Word, tuple[str, ...]] | None:
    """What the whole text means as a word that works everywhere; None when it is anything else."""
    if len(text) > LONGEST:
        return None
    said = spoken(text)
    return WORDS.get(said) or WORDS.get(_plainly(said)) or _with_code(said)


def is_yes(text: str) -> bool:
    """To a question that was just asked; anywhere else it means nothing."""
    return _plainly(spoken(text)) in YES


def is_no(text: str) -> bool:
    return _plainly(spoken(text)) in NO


def _plainly(said: str) -> str:
    """Without courtesies, and without the last letter drawn out: "hola, menuuu por favor" is "menu"."""
    bare = " ".join(without_courtesy(said.split()))
    if bare in WORDS or bare in YES:
        return bare
    return " ".join(without_courtesy(DRAWN_OUT.sub(r"\1", said).split()))


def code_in(text: str) -> str:
    """The code behind a word that takes one; empty where the word stands alone."""
    said = spoken(text)
    return said.split()[-1].upper() if len(text) <= LONGEST and said not in WORDS and _with_code(said) else ""


def _with_code(said: str) -> tuple[Word, tuple[str, ...]] | None:
    """The words before the code: the longest that mean something, and what may stand between."""
    *words, _code = _without_greeting(said.split()) or [""]
    for length in range(len(words), 0, -1):
        known = WORDS.get(" ".join(words[:length]))
        if known and len(words) - length <= WITH_CODE.get(known[0], -1):
            return known
    return None


def _without_greeting(words: list[str]) -> list[str]:
    """Who opens the chat from a link often greets before the text that is ready there."""
    for length in (2, 1):
        meaning, _languages = WORDS.get(" ".join(words[:length]), (None, ()))
        if meaning == Word.HELLO:
            return words[length:]
    return words


def spoken(text: str) -> str:
    """Lower case, without accents, marks and emoji: « ¡Menú! 🙂 » is "menu". A lone "?" stays."""
    flat = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(
        character if character.isalnum() else " "
        for character in flat
        if not unicodedata.combining(character)
    )
    return " ".join(kept.split()) or ("?" if "?" in text else "")
