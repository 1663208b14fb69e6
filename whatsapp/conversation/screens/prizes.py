"""What a winner sees: what was won and how to get it, and the question what may be shown of them."""

from __future__ import annotations

from collections.abc import Sequence

from raffles.draws.models import Award, Draw
from raffles.draws.subjects import subject_of
from raffles.draws.winners import winnings
from whatsapp.conversation.screens.basic import joined, menu
from whatsapp.conversation.states import State
from whatsapp.conversation.turn import Step, Turn
from whatsapp.messages import Button, Buttons
from whatsapp.texts import chat, prizes

OTHERS_NAMED = 3


def prize(turn: Turn, awards: Sequence[Award], code: str) -> Step:
    """Of the draw with this code, or of the newest; the player's other draws are named."""
    draws = list(dict.fromkeys(award.draw for award in awards))
    draw = next((each for each in draws if each.code == code), draws[0])
    mine = [award for award in awards if award.draw == draw]
    others = [prizes.also_won(_title(each), each.code) for each in draws if each != draw][:OTHERS_NAMED]
    body = joined(standing(mine), "\n".join(others), _question(mine))
    return Step(State.MENU, Buttons(body, _choices(turn, draw)))


def standing(mine: Sequence[Award]) -> str:
    """That it is safe, what it is, and what happens now."""
    is_over = all(award.status == Award.Status.HANDED_OVER for award in mine)
    heading = prizes.handed_over_before() if is_over else prizes.claimed(len(mine))
    lines = "\n".join((heading, *prizes.win_lines(winnings(mine))))
    return lines if is_over else joined(lines, prizes.how_to_get_it())


def _question(mine: Sequence[Award]) -> str:
    shown = next((award.shown_text for award in mine if award.shown_text), "")
    return prizes.shown_now(shown) if shown else prizes.what_to_show()


def _choices(turn: Turn, draw: Draw) -> tuple[Button, ...]:
    return (
        Button(turn.button_id("show_nothing", draw.code), prizes.nothing_button()),
        Button(turn.button_id("show_name", draw.code), prizes.name_button()),
        Button(turn.button_id("show_city", draw.code), prizes.city_button()),
    )


def ask_shown(turn: Turn, code: str, shown: str, *, intro: str = "") -> Step:
    buttons = (
        Button(turn.button_id("show_nothing", code), prizes.nothing_button()),
        Button(turn.button_id("menu"), chat.menu_button()),
    )
    body = joined(intro, prizes.ask_for(shown))
    return Step(State.SHOWN_AS, Buttons(body, buttons), {"draw": code, "shown": shown})


def no_prize(turn: Turn) -> Step:
    return menu(turn, prizes.no_prize())


def _title(draw: Draw) -> str:
    return subject_of(draw).terms(draw).title
