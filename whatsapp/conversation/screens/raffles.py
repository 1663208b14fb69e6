"""Raffles to choose from, and one raffle to choose numbers of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from raffles.draws.models import Draw
from raffles.numbers.models import Raffle
from raffles.numbers.picks import BadPick, BadPickReason, NumbersShape
from raffles.numbers.queries import availability, raffles_on_sale
from whatsapp.conversation.screens.basic import joined, menu
from whatsapp.conversation.states import State
from whatsapp.conversation.turn import Step, Turn
from whatsapp.messages import Button, Buttons, Choices, Row
from whatsapp.texts import draws, links, sale

LIST_ROWS = 10
RANDOM_OFFERS = (1, 5)
EXAMPLES, RUN = 3, 5
PRIZES_SHOWN = 3


def raffle_list(turn: Turn, *, page: int = 0, intro: str = "") -> Step:
    """Ten raffles fit; of more, nine and a row that turns the page."""
    found = [each for each in raffles_on_sale(turn.now) if each.free]
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
    question = "" if tell == "hint" else ask_numbers(found)
    hint = "\n".join(part for part in (question, write_them(found)) if part)
    body = joined(intro, *((details, _prizes(found)) if tell == "all" else ()), hint)
    return Step(State.NUMBERS, Buttons(body, _choosing_buttons(turn, found, free)), {"raffle": found.code})


def _prizes(found: Raffle) -> str:
    """What the title does not say already, once it is promised in public."""
    draw = found.draw
    if draw is None or draw.status == Draw.Status.PLANNED:
        return ""
    prizes = list(draw.prizes.order_by("rank"))
    if [(each.label, each.quantity) for each in prizes] == [(found.title, 1)]:
        return ""
    lines = [draws.prize_line(each.rank, each.label, each.quantity) for each in prizes[:PRIZES_SHOWN]]
    more = [draws.more_prizes(hidden)] if (hidden := len(prizes) - PRIZES_SHOWN) > 0 else []
    see = draws.see_raffle(links.raffle_page(found.code))
    return "\n".join((draws.prizes_heading(), *lines, *more, see))


def shape_of(found: Raffle) -> NumbersShape:
    return NumbersShape(
        first=found.first_number,
        last=found.last_number,
        width=found.number_width,
        max_count=found.max_per_order,
    )


def refused_pick(turn: Turn, found: Raffle, pick: BadPick) -> Step:
    return raffle(turn, found, intro=_complaint(pick, found), tell="hint")


def _complaint(pick: BadPick, found: Raffle) -> str:
    first, last = found.label(found.first_number), found.label(found.last_number)
    match pick.reason:
        case BadPickReason.OUT_OF_RANGE:
            return sale.out_of_range(pick.labels, first, last)
        case BadPickReason.TOO_MANY:
            return sale.too_many(found.max_per_order)
        case _:
            return sale.pick_not_understood()


def most_of(found: Raffle) -> int:
    """What one order can hold at best; what the player has already is for the action to count."""
    return min(found.max_per_order, found.max_per_player or found.max_per_order, found.size)


def ask_numbers(found: Raffle) -> str:
    first, last = found.label(found.first_number), found.label(found.last_number)
    return sale.which_numbers(first, last, found.min_per_order, most_of(found))


def write_them(found: Raffle) -> str:
    """Examples that this raffle would accept."""
    count = max(found.min_per_order, min(EXAMPLES, most_of(found)))
    if most_of(found) == 1:
        return sale.write_one(_example(found, 1)[0])
    return sale.write_them(_example(found, count), _run(found), count)


def _example(found: Raffle, count: int) -> Sequence[str]:
    """Numbers that exist in this raffle, spread over it; of many only the first few are worth showing."""
    places = (5, 12, 98, 31, 64, 77)[: min(count, 6)]
    return found.labels(sorted({found.first_number + found.size * place // 100 for place in places}))


def _run(found: Raffle) -> str:
    first = found.first_number + found.size // 10
    last = first + max(found.min_per_order, min(RUN, most_of(found))) - 1
    return f"{found.label(first)}-{found.label(min(last, found.last_number))}"


def _choosing_buttons(turn: Turn, found: Raffle, free: int) -> tuple[Button, ...]:
    highest = min(most_of(found), free)
    counts = sorted({max(count, found.min_per_order) for count in RANDOM_OFFERS})
    offers = [
        Button(turn.button_id("random", f"{found.code}-{count}"), sale.random_button(count))
        for count in counts
        if count <= highest
    ]
    return (*offers, Button(turn.button_id("raffles", "0"), sale.other_raffles_button()))
