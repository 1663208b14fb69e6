"""Where the player is, shown again; and what a code opens wherever it is written."""

from __future__ import annotations

from raffles.numbers.picks import CountOrNumber, ExactPick, NumbersShape, parse_pick
from raffles.numbers.queries import raffle_by_code
from raffles.sales.queries import order_of_player
from whatsapp.conversation.screens.basic import menu
from whatsapp.conversation.screens.offers import offered_again
from whatsapp.conversation.screens.orders import order, order_list, really_cancel, which_order
from whatsapp.conversation.screens.prizes import ask_shown
from whatsapp.conversation.screens.raffles import raffle, raffle_list
from whatsapp.conversation.screens.wishes import wanted
from whatsapp.conversation.states import State
from whatsapp.conversation.turn import Step, Turn

LONGEST_CODE = 12
HERE_EDGES = tuple(State)
NAMED_EDGES = (State.CONFIRM, State.PAYMENT, State.NUMBERS, State.RAFFLES, State.MENU)


def named(turn: Turn, text: str) -> Step | None:
    """What a code opens, or the name of a raffle with numbers beside it, wherever it is written."""
    return by_code(turn, text) or wanted(turn, text)


def chosen_row(text: str, count: int) -> int | None:
    """The place in a list that "2", "2.", "la 2" or "el dos" means."""
    pick = parse_pick(text.strip(" .)"), NumbersShape(first=1, last=count, width=0, max_count=1))
    match pick:
        case ExactPick((number,)) | CountOrNumber(number):
            return number - 1
    return None


def by_code(turn: Turn, text: str) -> Step | None:
    """A raffle's or an own order's; links carry "join CODE"."""
    words = text.split()
    code = words[-1].upper() if 1 <= len(words) <= 2 and len(words[-1]) <= LONGEST_CODE else ""
    if code.isdigit() or not code.isalnum():
        return None
    if (mine := order_of_player(turn.player_id, code)) is not None:
        return order(turn, mine)
    found = raffle_by_code(code)
    return raffle(turn, found) if found is not None else None


def here(turn: Turn, intro: str) -> Step:
    """The same place again, with something said first: nothing changes but the buttons, which are fresh."""
    remembered = order_of_player(turn.player_id, str(turn.memory.get("order", "")))
    match turn.state:
        case State.RAFFLES:
            return raffle_list(turn, page=int(turn.memory.get("page", 0)), intro=intro)
        case State.NUMBERS:
            found = raffle_by_code(str(turn.memory.get("raffle", "")))
            return offered_again(turn, intro=intro) or raffle(turn, found, intro=intro, tell="hint")
        case State.CONFIRM | State.PAYMENT if remembered:
            return order(turn, remembered, intro=intro, is_reminder=True)
        case State.CANCEL if remembered:
            return really_cancel(turn, remembered, intro=intro)
        case State.ORDERS:
            return order_list(turn, intro=intro)
        case State.WHICH_ORDER | State.SHOWN_AS:
            return _asked_again(turn, intro)
        case State.AGENT:
            return Step(State.AGENT, None, turn.memory)
        case _:
            return menu(turn, intro)


def _asked_again(turn: Turn, intro: str) -> Step:
    if turn.state == State.SHOWN_AS:
        return ask_shown(turn, str(turn.memory["draw"]), str(turn.memory["shown"]), intro=intro)
    found = [order_of_player(turn.player_id, str(code)) for code in turn.memory.get("orders", [])]
    files = list(turn.memory.get("files", []))
    return which_order(turn, [each for each in found if each], files, intro=intro)
