"""Draws to look at: whether one's numbers take part, and who has won lately."""

from __future__ import annotations

from raffles.numbers.models import Raffle
from raffles.numbers.queries import paid_numbers_of, raffle_by_code
from raffles.sales.inventory import inventory_of
from raffles.sales.queries import order_of_player
from whatsapp.conversation import screens
from whatsapp.conversation.states import State
from whatsapp.conversation.turn import Decision, Step, Turn, leads_to
from whatsapp.conversation.words import code_in
from whatsapp.payloads import Said
from whatsapp.texts import draws


@leads_to(State.MENU, State.AGENT)
def verify(turn: Turn) -> Decision:
    """One raffle: that of the code, or of the player's own the one whose list was closed last."""
    code = code_in(turn.message.text) if isinstance(turn.message, Said) else ""
    own = paid_numbers_of(turn.player_id)
    if not code:
        return screens.own_draw(turn, own) if own else screens.menu(turn, draws.nothing_paid())
    found = raffle_by_code(code) or _raffle_of_order(turn, code)
    if found is not None:
        return screens.draw(turn, found, own)
    if turn.state == State.AGENT:  # "verify the payment" is said to the person who answers
        return Step(State.AGENT, None, turn.memory)
    return screens.menu(turn, f"{draws.unknown_raffle(code)} {draws.verify_alone()}")


def _raffle_of_order(turn: Turn, code: str) -> Raffle | None:
    order = order_of_player(turn.player_id, code)
    return raffle_by_code(inventory_of(order).offering(order).code) if order is not None else None


@leads_to(State.MENU)
def show_results(turn: Turn) -> Decision:
    return screens.results(turn)
