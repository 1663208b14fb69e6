"""The map of the bot: which step hears what, and where it may lead. docs/conversation.md is made from it."""

from __future__ import annotations

from whatsapp.conversation.screens import offers
from whatsapp.conversation.states import Kind, State, Word
from whatsapp.conversation.steps import (
    agent,
    draws,
    menu,
    numbers,
    orders,
    preferences,
    prizes,
    raffles,
    receipts,
)
from whatsapp.conversation.turn import Route, Tap, Turn, read_tap
from whatsapp.payloads import FileSent, Said, Tapped

WORDS: dict[Word, Route] = {
    Word.HELLO: menu.show_menu,
    Word.MENU: menu.show_menu,
    Word.HELP: menu.show_help,
    Word.RAFFLES: raffles.show_raffles,
    Word.ORDERS: orders.show_orders,
    Word.TERMS: raffles.tell_terms,
    Word.PAY: orders.how_to_pay,
    Word.PAID: orders.hear_of_payment,
    Word.THANKS: menu.thank,
    Word.JOIN: raffles.join,
    Word.VERIFY: draws.verify,
    Word.RESULTS: draws.show_results,
    Word.PRIZE: prizes.claim,
    Word.HIDE: prizes.hide,
    Word.CONFIRM: orders.confirm,
    Word.CHANGE: orders.change,
    Word.CANCEL: orders.cancel,
    Word.SKIP: orders.pay_later,
    Word.LANGUAGE: preferences.ask_language,
    Word.SPANISH: preferences.choose_language,
    Word.PORTUGUESE: preferences.choose_language,
    Word.ENGLISH: preferences.choose_language,
    Word.STOP: preferences.stop,
    Word.START: preferences.start,
    Word.AGENT: agent.call,
}

# What a word means instead, while an offer waits for its yes.
OFFERED: dict[Word, Route] = {Word.CONFIRM: numbers.confirm_offer}

# To a person one says "hello", "later" or "others" without meaning the bot.
CALLING_BACK = frozenset(
    {Word.MENU, Word.HELP, Word.ORDERS, Word.CANCEL, Word.AGENT, Word.STOP, Word.START}
    | {Word.VERIFY, Word.RESULTS, Word.PRIZE, Word.HIDE}
    | {Word.LANGUAGE, Word.SPANISH, Word.PORTUGUESE, Word.ENGLISH}
)

# Buttons that only show something: right whenever they are pressed.
SHOWING: dict[str, Route] = {
    "menu": menu.show_menu,
    "help": menu.show_help,
    "raffles": raffles.show_raffles,
    "open": raffles.open_raffle,
    "orders": orders.show_orders,
    "order": orders.open_order,
    "language": preferences.choose_language,
    "person": agent.call,
}

# Buttons to a winner. They change something and yet are right whenever they are pressed: a prize is claimed
# once, and what is shown of its winner can be said anew at any time.
LASTING: dict[str, Route] = {
    "show_nothing": prizes.show_nothing,
    "show_name": prizes.ask_name,
    "show_city": prizes.ask_city,
}

# Buttons that change something, or mean a place in a list: right as long as the chat stands where they were
# shown. Not only in the bubble shown last: on a slow day the next is on its way while this one is pressed,
# and its explanation would make the next one old, for ever.
CHANGING: dict[str, Route] = {
    "row": raffles.open_raffle,
    "random": numbers.take_random,
    "rest": numbers.take_rest,
    "near": numbers.take_near,
    "confirm": orders.confirm,
    "change": orders.change,
    "cancel": orders.cancel,
    "cancel_yes": orders.cancel,
    "receipt": receipts.choose_order,
}

ALWAYS = SHOWING | LASTING

TEXT: dict[State, Route] = {
    State.MENU: menu.read_words,
    State.RAFFLES: raffles.choose_raffle,
    State.NUMBERS: numbers.choose_numbers,
    State.CONFIRM: orders.answer_held,
    State.PAYMENT: orders.remind,
    State.ORDERS: orders.choose_order,
    State.WHICH_ORDER: receipts.choose_order,
    State.CANCEL: orders.answer_cancel,
    State.SHOWN_AS: prizes.take_text,
    State.AGENT: agent.stay_silent,
}

ROUTES: dict[State, dict[Kind, Route]] = {
    state: {
        Kind.TEXT: TEXT[state],
        Kind.TAP: menu.explain_old_button,
        Kind.FILE: receipts.receive,
        Kind.OTHER: agent.stay_silent if state == State.AGENT else menu.cannot_read,
    }
    for state in State
}


# Steps that take a receipt further; any other step forgets the one that waits for an order.
TAKING_RECEIPTS = frozenset({receipts.receive, receipts.choose_order})


def kind_of(turn: Turn) -> Kind:
    if isinstance(turn.message, Said):
        return Kind.TEXT
    if isinstance(turn.message, Tapped):
        return Kind.TAP
    return Kind.FILE if isinstance(turn.message, FileSent) else Kind.OTHER


def route_of(turn: Turn) -> Route:
    """What answers an offer, words that work anywhere, buttons of ours; then what the state makes of it."""
    if turn.word is not None and turn.word in OFFERED and offers.waits_for_confirm(turn):
        return OFFERED[turn.word]
    if turn.word is not None and (turn.state != State.AGENT or turn.word in CALLING_BACK):
        return WORDS[turn.word]
    if isinstance(turn.message, Tapped):
        tap = read_tap(turn.message.reply_id)
        if tap.verb in ALWAYS:
            return ALWAYS[tap.verb]
        if tap.verb in CHANGING and _was_shown_here(tap, turn):
            return CHANGING[tap.verb]
    return ROUTES[turn.state][kind_of(turn)]


def _was_shown_here(tap: Tap, turn: Turn) -> bool:
    """At the menu nothing is shown that changes something: there such a button is old, or forged."""
    return turn.state != State.MENU and turn.here_since <= tap.turn < turn.number
