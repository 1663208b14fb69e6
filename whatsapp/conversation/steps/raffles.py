"""From the list of raffles to one of them."""

from __future__ import annotations

from raffles.numbers.queries import raffle_by_code
from whatsapp.conversation import screens
from whatsapp.conversation.states import State
from whatsapp.conversation.turn import Decision, Turn, leads_to, read_tap
from whatsapp.conversation.words import code_in
from whatsapp.payloads import Said, Tapped
from whatsapp.texts import draws, sale


def _tapped(turn: Turn) -> str:
    return read_tap(turn.message.reply_id).subject if isinstance(turn.message, Tapped) else ""


@leads_to(State.RAFFLES, State.MENU)
def show_raffles(turn: Turn) -> Decision:
    page = _tapped(turn)
    return screens.raffle_list(turn, page=int(page) if page.isascii() and page.isdigit() else 0)


@leads_to(State.NUMBERS, State.RAFFLES, State.MENU)
def open_raffle(turn: Turn) -> Decision:
    return screens.raffle(turn, raffle_by_code(_tapped(turn)))


@leads_to(*screens.NAMED_EDGES)
def choose_raffle(turn: Turn) -> Decision:
    """A number means a place in the list shown last, which memory holds; a code means itself."""
    text = turn.message.text if isinstance(turn.message, Said) else ""
    codes = list(turn.memory.get("codes", []))
    if (coded := screens.by_code(turn, text)) is not None:
        return coded
    if (row := screens.chosen_row(text, len(codes))) is not None:
        return screens.raffle(turn, raffle_by_code(codes[row]))
    return screens.named(turn, text) or screens.here(turn, sale.no_such_row(len(codes)))


@leads_to(*screens.HERE_EDGES)
def tell_terms(turn: Turn) -> Decision:
    return screens.terms(turn)


@leads_to(*screens.NAMED_EDGES)
def join(turn: Turn) -> Decision:
    """As links on pages and posters say it: what the code alone would open."""
    code = code_in(turn.message.text) if isinstance(turn.message, Said) else ""
    if not code:
        return screens.raffle_list(turn)
    return screens.named(turn, code) or screens.raffle_list(turn, intro=draws.unknown_raffle(code))
