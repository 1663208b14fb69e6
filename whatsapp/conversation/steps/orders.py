"""Confirming, changing, cancelling and looking at orders."""

from __future__ import annotations

from raffles.numbers.queries import raffle_by_code
from raffles.sales.actions import cancel_order, confirm_order, request_cancel
from raffles.sales.errors import HoldRanOut, MoveNotAllowed, OrderMoved, Refusal
from raffles.sales.inventory import inventory_of
from raffles.sales.models import OVER, Actor, Order
from raffles.sales.queries import late_candidates, open_orders, order_of_player
from whatsapp.conversation import screens
from whatsapp.conversation.states import State
from whatsapp.conversation.turn import Act, Decision, Step, Turn, leads_to, read_tap
from whatsapp.conversation.words import is_yes
from whatsapp.messages import Buttons
from whatsapp.payloads import Said, Tapped
from whatsapp.texts import chat, ending, orders, paying

ORDER_SCREENS = (State.CONFIRM, State.PAYMENT, State.MENU)
Status = Order.Status
UNPAID = (Status.DRAFT, Status.PENDING_PAYMENT)
# Something is asked here that only its own answer may end.
ASKED = (State.WHICH_ORDER, State.SHOWN_AS)


def _order_in_hand(turn: Turn) -> Order | None:
    """The order a button names, or the one the chat is about; always the player's own."""
    code = read_tap(turn.message.reply_id).subject if isinstance(turn.message, Tapped) else ""
    if not code and turn.state in (State.CONFIRM, State.PAYMENT, State.CANCEL):
        code = str(turn.memory.get("order", ""))
    return order_of_player(turn.player_id, code) if code else None


@leads_to(State.ORDERS, State.MENU)
def show_orders(turn: Turn) -> Decision:
    return screens.order_list(turn)


@leads_to(*ORDER_SCREENS, State.ORDERS)
def open_order(turn: Turn) -> Decision:
    found = _order_in_hand(turn)
    return screens.order(turn, found) if found else screens.order_list(turn)


@leads_to(*screens.NAMED_EDGES, State.ORDERS)
def choose_order(turn: Turn) -> Decision:
    text = turn.message.text if isinstance(turn.message, Said) else ""
    codes = list(turn.memory.get("orders", []))
    if (row := screens.chosen_row(text, len(codes))) is not None:
        text = codes[row]
    return screens.named(turn, text) or screens.here(turn, chat.pardon())


@leads_to(*screens.NAMED_EDGES, State.CANCEL, State.ORDERS)
def answer_cancel(turn: Turn) -> Decision:
    return cancel.step(turn) if _says_yes(turn) else remind.step(turn)


@leads_to(*screens.NAMED_EDGES, State.CANCEL, State.ORDERS)
def answer_held(turn: Turn) -> Decision:
    return confirm.step(turn) if _says_yes(turn) else remind.step(turn)


def _says_yes(turn: Turn) -> bool:
    return isinstance(turn.message, Said) and is_yes(turn.message.text)


@leads_to(*screens.NAMED_EDGES)
def remind(turn: Turn) -> Decision:
    """Any other words while an order is open: say where it stands. Once it is over, words are just words."""
    text = turn.message.text if isinstance(turn.message, Said) else ""
    found = _order_in_hand(turn)
    if (step := screens.named(turn, text)) is not None:
        return step
    if found is None or found.status in OVER:
        return screens.menu(turn, chat.not_understood())
    return screens.order(turn, found, is_reminder=True)


@leads_to(*ORDER_SCREENS, State.CANCEL, State.ORDERS)
def confirm(turn: Turn) -> Decision:
    """The word alone means the order in hand, or the only one held; asked "cancel it?", it means that."""
    if turn.state == State.CANCEL:
        return cancel.step(turn)
    found = _order_in_hand(turn) or _only(turn, Status.DRAFT)
    if found is None:
        held = [order for order in open_orders(turn.player_id) if order.status == Status.DRAFT]
        return screens.order_list(turn) if held else screens.menu(turn, ending.nothing_to_confirm())
    if found.status != Status.DRAFT:
        return screens.order(turn, found, is_reminder=True)
    order = found
    return Act(
        run=lambda: confirm_order(order_id=order.pk, now=turn.now),
        done=lambda confirmed: screens.order(turn, confirmed),
        refused=lambda refusal: _moved(turn, order, refusal),
    )


def _only(turn: Turn, *statuses: str) -> Order | None:
    found = [order for order in open_orders(turn.player_id) if order.status in statuses]
    return found[0] if len(found) == 1 else None


def _moved(turn: Turn, order: Order, refusal: Refusal) -> Step:
    """Someone or the clock was faster. Of a hold that ran out the expiry notice itself tells."""
    if isinstance(refusal, HoldRanOut):
        return Step(State.MENU, None)
    if not isinstance(refusal, OrderMoved | MoveNotAllowed):
        raise refusal
    order.refresh_from_db()
    return screens.order(turn, order, is_reminder=True)


@leads_to(State.NUMBERS, State.RAFFLES, *ORDER_SCREENS)
def change(turn: Turn) -> Decision:
    """Other numbers: the held ones are given back first, so that they count towards no limit."""
    found = _order_in_hand(turn)
    if turn.state == State.NUMBERS and found is None:
        return screens.raffle(turn, raffle_by_code(str(turn.memory.get("raffle", ""))), tell="question")
    if found is None or found.status != Status.DRAFT:
        return screens.order(turn, found, is_reminder=True) if found else screens.raffle_list(turn)
    order, code = found, inventory_of(found).offering(found).code
    return Act(
        run=lambda: cancel_order(order_id=order.pk, actor=Actor.player(), reason="", now=turn.now),
        done=lambda _: screens.raffle(
            turn, raffle_by_code(code), intro=ending.cancelled(order.code), tell="question"
        ),
        refused=lambda refusal: _moved(turn, order, refusal),
    )


@leads_to(*ORDER_SCREENS, State.CANCEL, State.ORDERS)
def cancel(turn: Turn) -> Decision:
    """In hand and unpaid: at once. Not in hand: ask first. With a receipt: a person must look."""
    found = _order_in_hand(turn)
    if found is not None and found.status in (Status.DRAFT, Status.PENDING_PAYMENT):
        return _cancel(turn, found)
    if found is not None and found.status == Status.UNDER_REVIEW:
        return _ask_staff(turn, found)
    open_ones = open_orders(turn.player_id) if found is None else []
    if len(open_ones) > 1:
        return screens.order_list(turn, intro=ending.which_to_cancel())
    if open_ones:
        return _ask(turn, open_ones[0])
    return screens.menu(
        turn, "" if turn.state in (State.NUMBERS, State.RAFFLES) else ending.nothing_to_cancel()
    )


def _ask(turn: Turn, found: Order) -> Decision:
    if found.status == Status.UNDER_REVIEW:
        return _ask_staff(turn, found)
    return screens.really_cancel(turn, found)


def _cancel(turn: Turn, order: Order) -> Act[Order]:
    return Act(
        run=lambda: cancel_order(order_id=order.pk, actor=Actor.player(), reason="", now=turn.now),
        done=lambda _: screens.menu(turn, ending.cancelled(order.code)),
        refused=lambda refusal: _moved(turn, order, refusal),
    )


def _ask_staff(turn: Turn, order: Order) -> Act[object]:
    return Act(
        run=lambda: request_cancel(order_id=order.pk, now=turn.now),
        done=lambda _: screens.menu(turn, ending.cancel_needs_person(order.code)),
        refused=lambda refusal: _moved(turn, order, refusal),
    )


@leads_to(*screens.HERE_EDGES)
def how_to_pay(turn: Turn) -> Decision:
    """All that is needed for the transfer, of the order in hand or the only one that may be meant."""
    if turn.state in ASKED:
        return screens.here(turn, chat.pardon())
    found = _order_in_hand(turn) or _only(turn, *UNPAID)
    if found is not None and found.status in UNPAID:
        intro = paying.confirm_first() if found.status == Status.DRAFT else ""
        return screens.order(turn, found, intro=intro)
    is_unsure = any(order.status in UNPAID for order in open_orders(turn.player_id))
    return screens.order_list(turn) if is_unsure else screens.menu(turn, chat.how_it_works())


@leads_to(*screens.HERE_EDGES)
def hear_of_payment(turn: Turn) -> Decision:
    """ "I have paid": where that order stands, and that the receipt is what counts."""
    if turn.state in ASKED:
        return screens.here(turn, chat.pardon())
    found = _order_in_hand(turn) or _only(turn, *UNPAID) or _only(turn, Status.UNDER_REVIEW)
    if found is not None and found.status not in OVER:
        intro = orders.send_receipt() if found.status == Status.DRAFT else ""
        return screens.order(turn, found, intro=intro, is_reminder=True)
    if open_orders(turn.player_id):
        return screens.order_list(turn, intro=orders.send_receipt())
    is_late = bool(late_candidates(turn.player_id, turn.now))
    body = orders.send_receipt() if is_late else orders.no_order_for_receipt()
    return Step(State.MENU, Buttons(body, screens.buttons_with_person(turn)))


@leads_to(*screens.NAMED_EDGES)
def pay_later(turn: Turn) -> Decision:
    """Puts nothing off: the deadline stays what it was."""
    found = _order_in_hand(turn)
    if found is None or found.status != Status.PENDING_PAYMENT or found.expires_at is None:
        return remind.step(turn)
    zone = inventory_of(found).offering(found).time_zone
    return screens.menu(turn, paying.pay_later(found.code, found.expires_at, zone, turn.now))
