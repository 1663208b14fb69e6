"""What the player sees in each state. Steps choose a screen; `intro` is said first, in the same bubble."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from django.conf import settings

from raffles.numbers.models import Raffle
from raffles.numbers.queries import availability, raffle_by_code, raffles_on_sale
from raffles.sales.inventory import inventory_of
from raffles.sales.models import Order
from raffles.sales.queries import order_of_player, recent_orders
from whatsapp.conversation.states import State
from whatsapp.conversation.turn import Step, Turn
from whatsapp.messages import Button, Buttons, Choices, Row, Text
from whatsapp.texts import chat, orders, sale

LIST_ROWS = 10
ORDERS_SHOWN = 9
RANDOM_OFFERS = (1, 5)
LONGEST_CODE = 12
NAMED_EDGES = (State.CONFIRM, State.PAYMENT, State.NUMBERS, State.RAFFLES, State.MENU)
OPEN = (Order.Status.DRAFT, Order.Status.PENDING_PAYMENT)


def joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def menu_buttons(turn: Turn) -> tuple[Button, ...]:
    return (
        Button(turn.button_id("raffles", "0"), chat.raffles_button()),
        Button(turn.button_id("orders"), chat.orders_button()),
        Button(turn.button_id("help"), chat.help_button()),
    )


def menu(turn: Turn, intro: str = "") -> Step:
    greeting = chat.welcome(turn.name) if turn.is_first else chat.menu(turn.name)
    return Step(State.MENU, Buttons(intro or greeting, menu_buttons(turn)))


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


def named(turn: Turn, text: str) -> Step | None:
    """What a raffle's or an own order's code opens, wherever it is written; links carry "join CODE"."""
    words = text.split()
    code = words[-1].upper() if 1 <= len(words) <= 2 and len(words[-1]) <= LONGEST_CODE else ""
    if code.isdigit() or not code.isalnum():
        return None
    if (mine := order_of_player(turn.player_id, code)) is not None:
        return order(turn, mine)
    found = raffle_by_code(code)
    return raffle(turn, found) if found is not None else None


def order(turn: Turn, found: Order, *, intro: str = "", is_reminder: bool = False) -> Step:
    """The order as it stands; a deadline that has passed counts, whether or not the sweep has run."""
    if found.status in OPEN and found.expires_at is not None and found.expires_at <= turn.now:
        return menu(turn, joined(intro, sale.hold_ran_out(found.code)))
    if found.status == Order.Status.DRAFT:
        return _held(turn, found, intro)
    if found.status == Order.Status.PENDING_PAYMENT:
        body = _reminder(turn, found) if is_reminder else _how_to_pay(turn, found)
        return Step(State.PAYMENT, Text(joined(intro, body)), {"order": found.code})
    if found.status == Order.Status.UNDER_REVIEW:
        body = joined(intro, _details(found))
        return Step(State.PAYMENT, Buttons(body, menu_buttons(turn)), {"order": found.code})
    return menu(turn, joined(intro, _details(found)))


def labels_of(found: Order) -> tuple[str, ...]:
    return tuple(line.label for line in inventory_of(found).lines(found))


def _held(turn: Turn, found: Order, intro: str) -> Step:
    offering = inventory_of(found).offering(found)
    assert found.expires_at is not None  # noqa: S101 - a database constraint says so for drafts
    body = sale.held(
        title=offering.title,
        code=found.code,
        labels=labels_of(found),
        total_minor=found.total_minor,
        currency=found.currency,
        until=found.expires_at,
        zone=offering.time_zone,
        now=turn.now,
    )
    buttons = (
        Button(turn.button_id("confirm", found.code), sale.confirm_button()),
        Button(turn.button_id("change", found.code), sale.change_button()),
        Button(turn.button_id("cancel", found.code), sale.cancel_button()),
    )
    return Step(State.CONFIRM, Buttons(joined(intro, body), buttons), {"order": found.code})


def _how_to_pay(turn: Turn, found: Order) -> str:
    offering = inventory_of(found).offering(found)
    assert found.expires_at is not None  # noqa: S101 - as above
    return sale.how_to_pay(
        total_minor=found.total_minor,
        currency=found.currency,
        instructions=offering.payment_instructions,
        code=found.code,
        until=found.expires_at,
        zone=offering.time_zone,
        now=turn.now,
    )


def _reminder(turn: Turn, found: Order) -> str:
    zone = inventory_of(found).offering(found).time_zone
    assert found.expires_at is not None  # noqa: S101 - as above
    return sale.waiting_for_receipt(
        code=found.code,
        amount_minor=found.total_minor,
        currency=found.currency,
        until=found.expires_at,
        zone=zone,
        now=turn.now,
    )


def _details(found: Order) -> str:
    offering = inventory_of(found).offering(found)
    details = orders.details(
        code=found.code,
        status=found.status,
        title=offering.title,
        labels=labels_of(found),
        total_minor=found.total_minor,
        currency=found.currency,
    )
    is_alive = found.status in (Order.Status.UNDER_REVIEW, Order.Status.PAID)
    return f"{details}\n{orders.draw_line(offering.draw_at, offering.time_zone)}" if is_alive else details


def order_list(turn: Turn, *, intro: str = "") -> Step:
    found = recent_orders(turn.player_id, ORDERS_SHOWN)
    if not found:
        return menu(turn, joined(intro, orders.none_yet()))
    lines = [
        orders.line(
            index, each.code, each.status, inventory_of(each).offering(each).title[:40], labels_of(each)
        )
        for index, each in enumerate(found, start=1)
    ]
    body = joined(intro, "\n".join([orders.heading(len(found)), *lines]))
    rows = tuple(_order_row(turn, each, "order") for each in found)
    return Step(
        State.ORDERS, Choices(body, orders.list_button(), rows), {"orders": [each.code for each in found]}
    )


def _order_row(turn: Turn, found: Order, verb: str) -> Row:
    title = orders.row_title(found.code, found.status)
    description = orders.row_description(inventory_of(found).offering(found).title[:30], labels_of(found))
    return Row(turn.button_id(verb, found.code), title, description)


def which_order(turn: Turn, candidates: Sequence[Order], files: list[list[Any]], *, intro: str = "") -> Step:
    """The receipt is kept in memory until the player has said what it is for."""
    rows = tuple(_order_row(turn, each, "receipt") for each in candidates[:ORDERS_SHOWN])
    lines = [
        orders.line(
            index, each.code, each.status, inventory_of(each).offering(each).title[:40], labels_of(each)
        )
        for index, each in enumerate(candidates[:ORDERS_SHOWN], start=1)
    ]
    body = joined(intro, orders.which_order(), "\n".join(lines))
    memory = {"orders": [each.code for each in candidates[:ORDERS_SHOWN]], "files": files}
    return Step(State.WHICH_ORDER, Choices(body, orders.list_button(), rows), memory)


def really_cancel(turn: Turn, found: Order, *, intro: str = "") -> Step:
    buttons = (
        Button(turn.button_id("cancel_yes", found.code), sale.yes_cancel_button()),
        Button(turn.button_id("order", found.code), sale.keep_button()),
    )
    body = joined(intro, sale.really_cancel(found.code, labels_of(found)))
    return Step(State.CANCEL, Buttons(body, buttons), {"order": found.code})


def languages(turn: Turn) -> Step:
    buttons = tuple(Button(turn.button_id("language", code), name) for code, name in settings.LANGUAGES)
    return Step(turn.state, Buttons(chat.which_language(), buttons), turn.memory)


def here(turn: Turn, intro: str) -> Step:
    """The same place again, with something said first: nothing changes but the buttons, which are fresh."""
    remembered = order_of_player(turn.player_id, str(turn.memory.get("order", "")))
    match turn.state:
        case State.RAFFLES:
            return raffle_list(turn, page=int(turn.memory.get("page", 0)), intro=intro)
        case State.NUMBERS:
            return raffle(turn, raffle_by_code(str(turn.memory.get("raffle", ""))), intro=intro, tell="hint")
        case State.CONFIRM | State.PAYMENT if remembered:
            return order(turn, remembered, intro=intro, is_reminder=True)
        case State.CANCEL if remembered:
            return really_cancel(turn, remembered, intro=intro)
        case State.ORDERS:
            return order_list(turn, intro=intro)
        case State.WHICH_ORDER:
            found = [order_of_player(turn.player_id, str(code)) for code in turn.memory.get("orders", [])]
            return which_order(
                turn, [each for each in found if each], list(turn.memory.get("files", [])), intro=intro
            )
        case State.AGENT:
            return Step(State.AGENT, None, turn.memory)
        case _:
            return menu(turn, intro)


HERE_EDGES = tuple(State)
