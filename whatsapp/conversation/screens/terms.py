"""What a number costs and when it is drawn: of the raffle in hand, or of all that may be meant."""

from __future__ import annotations

from raffles.numbers.models import Raffle
from raffles.numbers.queries import paid_numbers_of, raffle_by_code, raffles_on_sale
from raffles.sales.inventory import inventory_of
from raffles.sales.queries import order_of_player
from whatsapp.conversation.screens.basic import menu
from whatsapp.conversation.screens.offers import offered_again
from whatsapp.conversation.screens.places import here
from whatsapp.conversation.screens.raffles import raffle
from whatsapp.conversation.states import State
from whatsapp.conversation.turn import Step, Turn
from whatsapp.texts import sale

RAFFLES_TOLD = 5


def terms(turn: Turn) -> Step:
    if turn.state == State.NUMBERS:
        found = raffle_by_code(str(turn.memory.get("raffle", "")))
        again = offered_again(turn, intro=_of(found)) if found else None
        return again or raffle(turn, found)
    if (found := _raffle_in_hand(turn)) is not None:
        return here(turn, _of(found))
    if turn.state in (State.WHICH_ORDER, State.SHOWN_AS):
        return here(turn, _all(turn))
    return menu(turn, _all(turn))


def _of(found: Raffle) -> str:
    return sale.terms(
        price_minor=found.price_minor, currency=found.currency, draw_at=found.draw_at, zone=found.time_zone
    )


def _raffle_in_hand(turn: Turn) -> Raffle | None:
    if turn.state not in (State.CONFIRM, State.PAYMENT, State.CANCEL):
        return None
    order = order_of_player(turn.player_id, str(turn.memory.get("order", "")))
    return raffle_by_code(inventory_of(order).offering(order).code) if order is not None else None


def _all(turn: Turn) -> str:
    """The player's own first, then what can be bought."""
    own = [each.raffle for each in paid_numbers_of(turn.player_id) if each.raffle.draw_at > turn.now]
    on_sale = [each for each in raffles_on_sale(turn.now) if each.free]
    found = list(dict.fromkeys([*reversed(own), *on_sale]))
    if not found:
        return sale.no_raffles()
    lines = [
        sale.terms_line(
            title=each.title,
            price_minor=each.price_minor,
            currency=each.currency,
            draw_at=each.draw_at,
            zone=each.time_zone,
        )
        for each in found[:RAFFLES_TOLD]
    ]
    hidden = len(found) - RAFFLES_TOLD
    return "\n".join([*lines, sale.more_terms(hidden)] if hidden > 0 else lines)
