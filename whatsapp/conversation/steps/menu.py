"""Menu, help, and what the bot cannot read."""

from __future__ import annotations

from raffles.sales.models import HELD
from raffles.sales.queries import order_of_player
from whatsapp.conversation import screens
from whatsapp.conversation.states import State
from whatsapp.conversation.turn import Decision, Step, Turn, leads_to, read_tap
from whatsapp.conversation.words import spoken
from whatsapp.payloads import FileSent, Said, Tapped, Unsupported
from whatsapp.texts import chat

LONG_TEXT = 1000


@leads_to(State.MENU)
def show_menu(turn: Turn) -> Decision:
    return screens.menu(turn)


@leads_to(State.MENU)
def show_help(turn: Turn) -> Decision:
    return screens.menu(turn, chat.how_it_works())


@leads_to(*screens.NAMED_EDGES)
def read_words(turn: Turn) -> Decision:
    """Outside a sale the only free text with a meaning is a code, as links and orders carry it."""
    text = turn.message.text if isinstance(turn.message, Said) else ""
    return screens.named(turn, text) or screens.menu(turn, "" if turn.is_first else complaint(text))


def complaint(text: str) -> str:
    if not spoken(text):
        return chat.no_words()
    return chat.too_long() if len(text) > LONG_TEXT else chat.not_understood()


@leads_to(*screens.HERE_EDGES)
def cannot_read(turn: Turn) -> Decision:
    kind = turn.message.kind if isinstance(turn.message, Unsupported | FileSent) else "unknown"
    return screens.here(turn, chat.cannot_read(kind))


@leads_to(*screens.HERE_EDGES)
def thank(turn: Turn) -> Decision:
    return screens.here(turn, chat.you_are_welcome())


@leads_to(*screens.HERE_EDGES)
def explain_old_button(turn: Turn) -> Decision:
    """It changes nothing; an order it names that is still open is shown as it stands, with fresh buttons."""
    if turn.state == State.AGENT:
        return Step(State.AGENT, None, turn.memory)
    named = read_tap(turn.message.reply_id).subject if isinstance(turn.message, Tapped) else ""
    found = order_of_player(turn.player_id, named) if named else None
    if found is not None and found.status in HELD:
        return screens.order(turn, found, intro=chat.old_button(), is_reminder=True)
    return screens.here(turn, chat.old_button())
