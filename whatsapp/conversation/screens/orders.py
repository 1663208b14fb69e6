"""An order as it stands, a list of orders, and the questions about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from raffles.sales.inventory import inventory_of
from raffles.sales.models import HELD, Order
from raffles.sales.queries import credits_of, missing_of, recent_orders
from whatsapp.conversation.screens.basic import joined, menu, menu_buttons
from whatsapp.conversation.states import State
from whatsapp.conversation.turn import Step, Turn
from whatsapp.messages import Button, Buttons, Choices, Row, Text
from whatsapp.texts import chat, ending, orders, paying, sale

ORDERS_SHOWN = 9


def order(turn: Turn, found: Order, *, intro: str = "", is_reminder: bool = False) -> Step:
    """The order as it stands; a deadline that has passed counts, whether or not the sweep has run."""
    if found.status in HELD and found.expires_at is not None and found.expires_at <= turn.now:
        return menu(turn, joined(intro, ending.hold_ran_out(found.code)))
    if found.status == Order.Status.DRAFT:
        return _held(turn, found, intro)
    if found.status == Order.Status.PENDING_PAYMENT:
        memory = {"order": found.code}
        if not is_reminder:
            return Step(State.PAYMENT, Text(joined(intro, _how_to_pay(turn, found))), memory)
        body = joined(intro, _reminder(turn, found))
        return Step(State.PAYMENT, Buttons(body, _paying_buttons(turn, found)), memory)
    if found.status == Order.Status.UNDER_REVIEW:
        body = joined(intro, _details(found))
        return Step(State.PAYMENT, Buttons(body, menu_buttons(turn)), {"order": found.code})
    return menu(turn, joined(intro, _details(found)))


def _paying_buttons(turn: Turn, found: Order) -> tuple[Button, ...]:
    """Whoever has lost sight of where to pay must not have to search for it."""
    return (
        Button(turn.button_id("order", found.code), paying.how_to_pay_button()),
        Button(turn.button_id("person"), chat.person_button()),
    )


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
    return paying.how_to_pay(
        total_minor=missing_of(found),
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
    return paying.waiting_for_receipt(
        code=found.code,
        amount_minor=missing_of(found),
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
    credit = "\n".join(orders.credit_line(*each) for each in credits_of(turn.player_id))
    if not found:
        return menu(turn, joined(intro, orders.none_yet(), credit))
    lines = [
        orders.line(
            index, each.code, each.status, inventory_of(each).offering(each).title[:40], labels_of(each)
        )
        for index, each in enumerate(found, start=1)
    ]
    body = joined(intro, "\n".join([orders.heading(len(found)), *lines]), credit)
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
        Button(turn.button_id("cancel_yes", found.code), ending.yes_cancel_button()),
        Button(turn.button_id("order", found.code), ending.keep_button()),
    )
    body = joined(intro, ending.really_cancel(found.code, labels_of(found)))
    return Step(State.CANCEL, Buttons(body, buttons), {"order": found.code})
