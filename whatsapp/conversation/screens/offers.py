"""What is offered and held only when the player has said yes."""

from __future__ import annotations

from collections.abc import Sequence

from raffles.numbers.models import Raffle
from raffles.numbers.queries import raffle_by_code
from raffles.sales.models import Order
from raffles.sales.queries import open_orders
from whatsapp.conversation.screens.basic import joined
from whatsapp.conversation.states import State
from whatsapp.conversation.turn import Step, Turn
from whatsapp.messages import Button, Buttons
from whatsapp.texts import sale


def count_or_number(turn: Turn, found: Raffle, number: int, *, intro: str = "") -> Step:
    label = found.label(number)
    buttons = (
        Button(turn.button_id("rest"), sale.the_number_button(label)),
        Button(turn.button_id("random", f"{found.code}-{number}"), sale.random_button(number)),
        _others(turn, found),
    )
    body = joined(intro, sale.count_or_number(label, number))
    return _asked(found, Buttons(body, buttons), (number,))


def shall_i_hold(turn: Turn, found: Raffle, numbers: Sequence[int], *, intro: str = "") -> Step:
    offer = sale.shall_i_hold(
        title=found.title,
        labels=found.labels(numbers),
        total_minor=found.price_minor * len(numbers),
        currency=found.currency,
    )
    buttons = (Button(turn.button_id("rest"), sale.hold_button()), _others(turn, found))
    return _asked(found, Buttons(joined(intro, offer), buttons), numbers, yes=len(numbers))


def at_random(turn: Turn, found: Raffle, count: int, *, intro: str = "") -> Step:
    take = Button(turn.button_id("random", f"{found.code}-{count}"), sale.random_button(count))
    body = joined(intro, sale.how_many_random(title=found.title, count=count))
    return _asked(found, Buttons(body, (take, _others(turn, found))), (), yes=count)


def instead_of_taken(
    turn: Turn, found: Raffle, asked: Sequence[int], free: list[int], near: list[int], *, intro: str = ""
) -> Step:
    """Say which of `asked` are taken and offer those that are `free`, and those `near` the taken ones."""
    labels = found.labels([number for number in asked if number not in free])
    body = joined(
        intro,
        sale.taken(labels, found.labels(near)),
        sale.offer_rest(found.labels(free)) if free else "",
    )
    buttons = []
    if rest(found, free):
        buttons.append(Button(turn.button_id("rest"), sale.take_rest_button(len(free))))
    if nearby(free, near, len(asked)):
        buttons.append(Button(turn.button_id("near"), sale.take_near_button()))
    buttons.append(_others(turn, found))
    memory = {"raffle": found.code, "free": free, "near": near, "asked": list(asked)}
    return Step(State.NUMBERS, Buttons(body, tuple(buttons)), memory)


def is_made(turn: Turn) -> bool:
    """Whether the question that stands is an offer, to which "yes" is an answer."""
    free, near, asked = (remembered(turn, name) for name in ("free", "near", "asked"))
    is_any = free or nearby(free, near, len(asked)) or turn.memory.get("yes")
    return turn.state == State.NUMBERS and bool(is_any)


def waits_for_confirm(turn: Turn) -> bool:
    """Whether "confirm" may mean the offer. Once its sale is over, the word is left to a held order."""
    return is_made(turn) and (_on_sale(turn) is not None or not is_order_held(turn))


def is_order_held(turn: Turn) -> bool:
    return any(order.status == Order.Status.DRAFT for order in open_orders(turn.player_id))


def offered_again(turn: Turn, *, intro: str) -> Step | None:
    """The offer that stands, when something else was said in between; None where there is none any more.

    As it was made: what somebody else took meanwhile is told when the player says yes.
    """
    if (found := _on_sale(turn)) is None:
        return None
    free, near, asked = (remembered(turn, name) for name in ("free", "near", "asked"))
    yes = int(turn.memory.get("yes", 0))
    if asked:
        return instead_of_taken(turn, found, asked, free, near, intro=intro)
    if yes:
        again = shall_i_hold(turn, found, free, intro=intro) if free else None
        return again or at_random(turn, found, yes, intro=intro)
    return count_or_number(turn, found, free[0], intro=intro) if free else None


def _on_sale(turn: Turn) -> Raffle | None:
    found = raffle_by_code(str(turn.memory.get("raffle", "")))
    return found if found is not None and found.is_on_sale(turn.now) else None


def remembered(turn: Turn, name: str) -> list[int]:
    return [int(number) for number in turn.memory.get(name, [])]


def rest(found: Raffle, free: list[int]) -> list[int]:
    return free if len(free) >= found.min_per_order else []


def nearby(free: list[int], near: list[int], asked: int) -> list[int]:
    """As many as were asked for, or none."""
    return free + near if near and len(free) + len(near) == asked else []


def _others(turn: Turn, found: Raffle) -> Button:
    return Button(turn.button_id("open", found.code), sale.other_numbers_button())


def _asked(found: Raffle, bubble: Buttons, numbers: Sequence[int], *, yes: int = 0) -> Step:
    """`yes`: how many numbers a plain "yes" means; 0 where the question has two answers."""
    memory = {"raffle": found.code, "free": list(numbers), "near": [], "yes": yes}
    return Step(State.NUMBERS, bubble, memory)
