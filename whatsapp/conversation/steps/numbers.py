"""Choosing numbers and holding them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from raffles.numbers.actions import reserve_numbers, reserve_random_numbers
from raffles.numbers.errors import (
    NotEnoughNumbers,
    NumbersTaken,
    OutsideRange,
    SalesClosed,
    TooFewPerOrder,
    TooManyPerOrder,
    TooManyPerPlayer,
)
from raffles.numbers.models import Raffle
from raffles.numbers.picks import BadPick, BadPickReason, CountOrNumber, ExactPick, RandomPick, parse_pick
from raffles.numbers.queries import free_numbers_near, raffle_by_code
from raffles.sales.errors import Refusal
from raffles.sales.models import Order
from whatsapp.conversation import screens
from whatsapp.conversation.screens import offers
from whatsapp.conversation.states import State
from whatsapp.conversation.turn import Act, Decision, Step, Turn, leads_to, read_tap
from whatsapp.conversation.words import is_no, is_yes
from whatsapp.payloads import Said, Tapped
from whatsapp.texts import sale

HOLDING = (State.CONFIRM, State.PAYMENT, State.NUMBERS, State.RAFFLES, State.MENU)


def _raffle(turn: Turn) -> Raffle | None:
    return raffle_by_code(str(turn.memory.get("raffle", "")))


@leads_to(*HOLDING)
def choose_numbers(turn: Turn) -> Decision:
    found = _raffle(turn)
    if found is None or not isinstance(turn.message, Said):
        return screens.raffle(turn, found)
    text = turn.message.text
    if is_yes(text) and offers.is_made(turn):
        return _agreed(turn, found)
    if is_no(text):
        return screens.raffle(turn, found, tell="question")
    return _picked(turn, found, text)


@leads_to(*HOLDING)
def confirm_offer(turn: Turn) -> Decision:
    """ "Confirm" means yes; where an order is held it may mean that one, and it is asked again.

    A second "confirm", sent before the first was answered, confirms what that one held: no money has moved,
    and the chat says what it is.
    """
    found = _raffle(turn)
    if found is None:
        return screens.raffle(turn, found)
    again = offers.offered_again(turn, intro="") if offers.is_order_held(turn) else None
    return again or _agreed(turn, found)


def _agreed(turn: Turn, found: Raffle) -> Decision:
    """A plain "yes" to what was offered; to two offers it is no answer, and they are made again."""
    if not found.is_on_sale(turn.now):
        return _sales_closed(turn, found)
    free, near, asked = (offers.remembered(turn, name) for name in ("free", "near", "asked"))
    if asked:
        ways = [each for each in (offers.rest(found, free), offers.nearby(free, near, len(asked))) if each]
        return hold(turn, found, ways[0] if len(ways) == 1 else asked)
    if yes := int(turn.memory.get("yes", 0)):
        return hold(turn, found, free) if free else hold_random(turn, found, yes)
    return offers.count_or_number(turn, found, free[0])


def _picked(turn: Turn, found: Raffle, text: str) -> Decision:
    pick = parse_pick(text, screens.shape_of(found))
    match pick:
        case ExactPick(numbers):
            return hold(turn, found, numbers)
        case RandomPick(count):
            return hold_random(turn, found, count)
        case CountOrNumber(number):
            return screens.by_code(turn, text) or _count_or_number(turn, found, number)
        case BadPick(BadPickReason.NOT_UNDERSTOOD):
            return screens.named(turn, text) or screens.refused_pick(turn, found, pick)
        case BadPick():
            return screens.refused_pick(turn, found, pick)
        case _:
            assert_never(pick)


def _count_or_number(turn: Turn, found: Raffle, number: int) -> Decision:
    """One number alone is no question where an order needs more."""
    if found.min_per_order > 1:
        return hold_random(turn, found, number)
    return offers.count_or_number(turn, found, number)


def hold(turn: Turn, found: Raffle, numbers: Sequence[int]) -> Act[Order]:
    return Act(
        run=lambda: reserve_numbers(
            raffle_id=found.pk, player_id=turn.player_id, numbers=numbers, now=turn.now
        ),
        done=lambda order: screens.order(turn, order),
        refused=lambda refusal: _refused(turn, found, refusal, numbers),
    )


def hold_random(turn: Turn, found: Raffle, count: int) -> Act[Order]:
    return Act(
        run=lambda: reserve_random_numbers(
            raffle_id=found.pk, player_id=turn.player_id, count=count, now=turn.now
        ),
        done=lambda order: screens.order(turn, order),
        refused=lambda refusal: _refused(turn, found, refusal, ()),
    )


@leads_to(*HOLDING)
def take_random(turn: Turn) -> Decision:
    subject = read_tap(turn.message.reply_id).subject if isinstance(turn.message, Tapped) else ""
    code, _, count = subject.partition("-")
    found = raffle_by_code(code)
    if found is None or not count.isdecimal():
        return screens.raffle(turn, found)
    return hold_random(turn, found, int(count))


@leads_to(*HOLDING)
def take_rest(turn: Turn) -> Decision:
    """Only what was asked for and is free: the player has said yes to exactly that."""
    found, numbers = _raffle(turn), offers.remembered(turn, "free")
    return hold(turn, found, numbers) if found and numbers else screens.raffle(turn, found)


@leads_to(*HOLDING)
def take_near(turn: Turn) -> Decision:
    found = _raffle(turn)
    numbers = offers.remembered(turn, "free") + offers.remembered(turn, "near")
    return hold(turn, found, numbers) if found and numbers else screens.raffle(turn, found)


def _refused(turn: Turn, found: Raffle, refusal: Refusal, asked: Sequence[int]) -> Step:
    match refusal:
        case NumbersTaken(numbers):
            return _offer_others(turn, found, asked, set(numbers))
        case SalesClosed():
            return _sales_closed(turn, found)
        case NotEnoughNumbers(left):
            intro = sale.only_left(left)
        case OutsideRange(labels):
            first, last = found.label(found.first_number), found.label(found.last_number)
            intro = sale.out_of_range(labels, first, last)
        case TooManyPerOrder(limit):
            intro = sale.too_many(limit)
        case TooFewPerOrder(limit):
            intro = sale.too_few(limit)
        case TooManyPerPlayer(limit, has):
            intro = sale.player_limit(limit, has)
        case _:
            raise refusal
    return screens.raffle(turn, found, intro=intro, tell="hint")


def _sales_closed(turn: Turn, found: Raffle) -> Step:
    return screens.raffle_list(turn, intro=sale.sales_closed(found.title))


def _offer_others(turn: Turn, found: Raffle, asked: Sequence[int], gone: set[int]) -> Step:
    """Say which are taken and offer; hold nothing before the player chooses."""
    free = [number for number in asked if number not in gone]
    near = [n for n in free_numbers_near(found, sorted(gone), len(gone) + len(free)) if n not in free][
        : len(gone)
    ]
    return offers.instead_of_taken(turn, found, asked, free, near)
