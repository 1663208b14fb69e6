from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a chat stands, and what it remembers there."""

    MENU = "MENU"  # nothing
    RAFFLES = "RAFFLES"  # codes: the raffles of the list shown last; page
    NUMBERS = "NUMBERS"  # raffle: its code; asked, free, near: numbers offered; yes: how many
    CONFIRM = "CONFIRM"  # order: code of a draft that holds numbers
    PAYMENT = "PAYMENT"  # order: code of an order that waits for money or for staff
    ORDERS = "ORDERS"  # orders: codes of the list shown last
    WHICH_ORDER = "WHICH_ORDER"  # orders: codes; file: our copy of the receipt; key: the message it came with
    CANCEL = "CANCEL"  # order: code, asked whether it really is to be cancelled
    SHOWN_AS = "SHOWN_AS"  # draw: its code; shown: ALIAS or CITY, asked what to show of a winner
    AGENT = "AGENT"  # until: ISO instant; a person answers, the bot is silent


class Word(StrEnum):
    """What can be said anywhere."""

    HELLO = "hello"
    MENU = "menu"
    HELP = "help"
    RAFFLES = "raffles"
    ORDERS = "orders"
    TERMS = "terms"
    PAY = "pay"
    PAID = "paid"
    THANKS = "thanks"
    JOIN = "join"
    VERIFY = "verify"
    RESULTS = "results"
    PRIZE = "prize"
    HIDE = "hide"
    CONFIRM = "confirm"
    CHANGE = "change"
    CANCEL = "cancel"
    SKIP = "skip"
    LANGUAGE = "language"
    SPANISH = "es"
    PORTUGUESE = "pt-br"
    ENGLISH = "en"
    STOP = "stop"
    START = "start"
    AGENT = "agent"


class Kind(StrEnum):
    """What a message is to a state that it reaches."""

    TEXT = "text"
    TAP = "tap"
    FILE = "file"
    OTHER = "other"
