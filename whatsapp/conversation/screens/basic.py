"""The menu, and what every screen is put together from."""

from __future__ import annotations

from django.conf import settings

from whatsapp.conversation.states import State
from whatsapp.conversation.turn import Step, Turn
from whatsapp.messages import Button, Buttons
from whatsapp.texts import chat


def joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def menu_buttons(turn: Turn) -> tuple[Button, ...]:
    return (
        Button(turn.button_id("raffles", "0"), chat.raffles_button()),
        Button(turn.button_id("orders"), chat.orders_button()),
        Button(turn.button_id("help"), chat.help_button()),
    )


def buttons_with_person(turn: Turn) -> tuple[Button, ...]:
    """Where money may be behind it, a person is nearer than the help."""
    return (*menu_buttons(turn)[:2], Button(turn.button_id("person"), chat.person_button()))


def menu(turn: Turn, intro: str = "") -> Step:
    greeting = chat.welcome(turn.name) if turn.is_first else chat.menu(turn.name)
    return Step(State.MENU, Buttons(intro or greeting, menu_buttons(turn)))


def languages(turn: Turn) -> Step:
    buttons = tuple(Button(turn.button_id("language", code), name) for code, name in settings.LANGUAGES)
    return Step(turn.state, Buttons(chat.which_language(), buttons), turn.memory)
