"""Raffles to choose from, and one raffle to choose numbers of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from raffles.numbers.models import Raffle
from raffles.numbers.queries import availability, raffles_on_sale
from whatsapp.conversation.screens.basic import joined, menu
from whatsapp.conversation.states import State
from whatsapp.conversation.turn import Step, Turn
from whatsapp.messages import Button, Buttons, Choices, Row
from whatsapp.texts import sale

LIST_ROWS = 10
RANDOM_OFFERS = (1, 5)


def raffle_list(turn: Turn, *, page: int = 0, intro: str = "") -> Step:
    """Ten raffles fit; of more, nine and a row that turns the page."""
    found = raffles_on_sale(turn.now)
    if not found:
        return menu(turn, joined(intro, sale.no_raffles()))
    size = LIST_ROWS if len(found) <= LIST_ROWS else LIST_ROWS - 1
    page = page if page * size < len(found) else 0
    shown = found[page * size : (page + 1) * size]
    rows = [_raffle_row(turn, raffle) for raffle in shown]
    if (page + 1) * size < len(found):
        rows.append(Row(turn.button_id("raffles", str(page + 1)), sale.more_row()))
    elif page:
        rows.append(Row(turn.button_id("raffles", "0"), sale.more_row()))
    body = joined(intro, _raffle_lines(shown), sale.list_hint())
    memory = {"codes": [raffle.code for raffle in shown], "page": page}
    return Step(State.RAFFLES, Choices(body, sale.list_button(), tuple(rows)), memory)


def _raffle_row(turn: Turn, raffle: Raffle) -> Row:
    description = sale.row_description(raffle.price_minor, raffle.currency, raffle.free)
    return Row(turn.button_id("row", raffle.code), raffle.title, description)


def _raffle_lines(shown: Sequence[Raffle]) -> str:
    lines = [
        sale.list_line(index, raffle.title[:40], raffle.price_minor, raffle.currency, raffle.free)
        for index, raffle in enumerate(shown, start=1)
    ]
    return "\n".join([sale.list_heading(), *lines])


def raffle(
    turn: Turn, found: Raffle | None, *, intro: str = "", tell: Literal["all", "question", "hint"] = "all"
) -> Step:
    """Prize, price, draw date and how to choose; less where the player has just read it."""
    if found is None or not found.is_on_sale(turn.now):
        closed = sale.sales_closed(found.title) if found else ""
        return raffle_list(turn, intro=joined(intro, closed))
    free = availability(found).free
    if not free:
        return raffle_list(turn, intro=joined(intro, sale.sold_out()))
    details = sale.raffle_details(
        title=found.title,
        description=found.description[:300],
        price_minor=found.price_minor,
        currency=found.currency,
        free=free,
        draw_at=found.draw_at,
        zone=found.time_zone,
    )
    hint = sale.write_them(example_of(found), run_of(found)) if tell == "hint" else how_to_choose(found)
    body = joined(intro, details if tell == "all" else "", hint)
    return Step(State.NUMBERS, Buttons(body, _choosing_buttons(turn, found, free)), {"raffle": found.code})


def ask_numbers(found: Raffle) -> str:
    first, last = found.label(found.first_number), found.label(found.last_number)
    return sale.which_numbers(first, last, found.max_per_order)


def how_to_choose(found: Raffle) -> str:
    return f"{ask_numbers(found)}\n{sale.write_them(example_of(found), run_of(found))}"


def example_of(found: Raffle) -> Sequence[str]:
    """Numbers that exist in this raffle, spread over it."""
    picks = sorted({found.first_number + found.size * part // 100 for part in (5, 12, 98)})
    return found.labels(picks)


def run_of(found: Raffle) -> str:
    first = found.first_number + found.size // 10
    return f"{found.label(first)}-{found.label(min(first + 4, found.last_number))}"


def _choosing_buttons(turn: Turn, found: Raffle, free: int) -> tuple[Button, ...]:
    highest = min(found.max_per_order, free)
    counts = sorted({max(count, found.min_per_order) for count in RANDOM_OFFERS})
    offers = [
        Button(turn.button_id("random", f"{found.code}-{count}"), sale.random_button(count))
        for count in counts
        if count <= highest
    ]
    return (*offers, Button(turn.button_id("raffles", "0"), sale.other_raffles_button()))
