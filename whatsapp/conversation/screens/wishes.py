"""A raffle by its name, and numbers of it in the same message."""

from __future__ import annotations

from collections.abc import Sequence

from raffles.numbers.manners import between_courtesies
from raffles.numbers.models import Raffle
from raffles.numbers.picks import BadPick, BadPickReason, CountOrNumber, ExactPick, RandomPick, parse_pick
from raffles.numbers.queries import raffles_on_sale
from whatsapp.conversation.screens import offers
from whatsapp.conversation.screens.raffles import raffle, refused_pick, shape_of
from whatsapp.conversation.turn import Step, Turn
from whatsapp.conversation.words import spoken
from whatsapp.texts import sale

MOST_WORDS = 30
SHORTEST_NAME, SHORTEST_CUT = 3, 4
# What may stand around the name of a raffle: "el 5 y el 12 de la rifa del auto".
_AROUND = frozenset(
    {"de", "del", "la", "el", "las", "los", "rifa", "sorteo", "en", "para", "un", "una", "comprar", "ver"}
    | {"quiero", "quisiera", "participar", "da", "do", "na", "a", "o", "sorteio", "em", "uma", "um", "quero"}
    | {"the", "of", "for", "from", "in", "raffle", "i", "want", "to", "buy", "join"}
)


def wanted(turn: Turn, text: str) -> Step | None:
    """None unless both are certain."""
    words = text.split()
    if not 1 <= len(words) <= MOST_WORDS:
        return None
    start, end = between_courtesies([spoken(word) for word in words])
    words = words[start:end]
    on_sale = [each for each in raffles_on_sale(turn.now) if each.free]
    for before, name in _parted(words):
        found = _named(name, on_sale)
        if found is not None:
            return _wish(turn, found, before)
    return None


def _parted(words: Sequence[str]) -> list[tuple[str, str]]:
    """What was wished and the name, which stands behind it or before it; the longest name first."""
    behind = [(" ".join(words[:place]), " ".join(words[place:])) for place in range(len(words))]
    before = [(" ".join(words[place:]), " ".join(words[:place])) for place in range(len(words) - 1, 0, -1)]
    return [*behind, *before]


def _named(name: str, on_sale: Sequence[Raffle]) -> Raffle | None:
    """The only one with this code, or with all these words in its title, of which a long one may be cut."""
    said = set(spoken(name).split()) - _AROUND
    if not said or any(word.isdigit() for word in said):
        return None
    found = [each for each in on_sale if said == {each.code.lower()} or _is_in_title(said, each)]
    return found[0] if len(found) == 1 else None


def _is_in_title(said: set[str], found: Raffle) -> bool:
    """ "la tele" is the television."""
    title = _title_words(found)
    return all(
        word in title or (len(word) >= SHORTEST_CUT and any(each.startswith(word) for each in title))
        for word in said
    )


def _title_words(found: Raffle) -> set[str]:
    return {word for word in spoken(found.title).split() if len(word) >= SHORTEST_NAME}


def _wish(turn: Turn, found: Raffle, text: str) -> Step | None:
    if not set(spoken(text).split()) - _AROUND:
        return raffle(turn, found)
    match parse_pick(text.strip(" ,:;.-"), shape_of(found)):
        case ExactPick(numbers) if len(numbers) >= found.min_per_order:
            return offers.shall_i_hold(turn, found, numbers)
        case RandomPick(count) if count >= found.min_per_order:
            return offers.at_random(turn, found, count)
        case CountOrNumber(number) if found.min_per_order == 1:
            return offers.count_or_number(turn, found, number)
        case CountOrNumber(count) if count >= found.min_per_order:
            return offers.at_random(turn, found, count)
        case BadPick(BadPickReason.NOT_UNDERSTOOD):
            return None
        case BadPick() as pick:
            return refused_pick(turn, found, pick)
    return raffle(turn, found, intro=sale.too_few(found.min_per_order), tell="hint")
