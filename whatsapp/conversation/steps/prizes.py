"""A winner comes forward, and says what of them may be shown in public."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from raffles.draws.actions import answer_award, claim_award, show_winner
from raffles.draws.errors import NameMissing
from raffles.draws.models import Award, Draw
from raffles.draws.queries import open_awards_of
from raffles.sales.errors import Refusal
from raffles.sales.models import Actor
from whatsapp.conversation import screens
from whatsapp.conversation.states import State
from whatsapp.conversation.turn import Act, Decision, Step, Turn, leads_to, read_tap
from whatsapp.conversation.words import code_in, spoken
from whatsapp.payloads import Said, Tapped
from whatsapp.texts import prizes

Shown = Award.Shown
Awards = list[Award]
NOTHING = frozenset({"nada", "nothing", "ninguno", "nenhum", "none", "no", "nao"})
# Who asks something is not telling a name.
ASKING = frozenset("?¿")


@leads_to(State.MENU, State.AGENT)
def claim(turn: Turn) -> Decision:
    """Whoever writes has come forward for all that they won, in every draw."""
    awards = open_awards_of(turn.player_id)
    code = code_in(turn.message.text) if isinstance(turn.message, Said) else ""
    if awards:
        return Act(
            run=lambda: claim_all(player_id=turn.player_id, now=turn.now),
            done=lambda _: screens.prize(turn, open_awards_of(turn.player_id), code),
            refused=lambda _: screens.no_prize(turn),
        )
    if code and turn.state == State.AGENT:  # said to the person who answers
        return Step(State.AGENT, None, turn.memory)
    return screens.no_prize(turn)


@leads_to(State.MENU)
def show_nothing(turn: Turn) -> Decision:
    """By its button, or typed in place of a name; the prize is claimed with it."""
    draw = _named_draw(turn)
    if draw is None:
        return screens.no_prize(turn)
    told = _once(turn, draw)
    return Act(
        run=lambda: _answered(turn, draw, Shown.NOTHING, ""),
        done=lambda mine: screens.menu(turn, screens.joined(told(mine), prizes.shown_nothing())),
        refused=lambda _: screens.no_prize(turn),
    )


@leads_to(State.SHOWN_AS, State.MENU)
def ask_name(turn: Turn) -> Decision:
    return _ask(turn, Shown.ALIAS)


@leads_to(State.SHOWN_AS, State.MENU)
def ask_city(turn: Turn) -> Decision:
    return _ask(turn, Shown.CITY)


@leads_to(State.SHOWN_AS, State.MENU)
def take_text(turn: Turn) -> Decision:
    text, shown = (turn.message.text if isinstance(turn.message, Said) else ""), turn.memory.get("shown", "")
    draw = _named_draw(turn)
    if draw is None or shown not in (Shown.ALIAS, Shown.CITY):
        return screens.no_prize(turn)
    if spoken(text) in NOTHING:
        return show_nothing.step(turn)
    if not spoken(text) or ASKING & set(text):
        return screens.ask_shown(turn, draw.code, shown, intro=prizes.cannot_show())
    return Act(
        run=lambda: _answered(turn, draw, shown, text),
        done=lambda mine: screens.menu(turn, prizes.shown_as(mine[0].shown_text)),
        refused=lambda refusal: _not_shown(turn, draw, shown, refusal),
    )


@leads_to(State.MENU)
def hide(turn: Turn) -> Decision:
    """In every draw at once, wherever the chat stands."""
    return Act(
        run=lambda: hide_all(player_id=turn.player_id, now=turn.now),
        done=lambda some: screens.menu(turn, prizes.hidden() if some else prizes.nothing_to_hide()),
        refused=lambda _: screens.menu(turn, prizes.nothing_to_hide()),
    )


def claim_all(*, player_id: int, now: datetime) -> None:
    for draw in _draws(open_awards_of(player_id)):
        claim_award(draw_id=draw.pk, player_id=player_id, actor=Actor.player(), now=now)


def hide_all(*, player_id: int, now: datetime) -> bool:
    """False where nothing was shown."""
    shown = _draws([award for award in open_awards_of(player_id) if award.shown_text])
    for draw in shown:
        show_winner(draw_id=draw.pk, player_id=player_id, shown=Shown.NOTHING, actor=Actor.player(), now=now)
    return bool(shown)


def _ask(turn: Turn, shown: str) -> Decision:
    """The prize is safe before the name is typed, and also where none ever is."""
    draw = _named_draw(turn)
    if draw is None:
        return screens.no_prize(turn)
    told = _once(turn, draw)
    return Act(
        run=lambda: claim_award(
            draw_id=draw.pk, player_id=turn.player_id, actor=Actor.player(), now=turn.now
        ),
        done=lambda mine: screens.ask_shown(turn, draw.code, shown, intro=told(mine)),
        refused=lambda _: screens.no_prize(turn),
    )


def _once(turn: Turn, draw: Draw) -> Callable[[Awards], str]:
    """How to get a prize is said when it is claimed, not again with every button."""
    mine = [award for award in open_awards_of(turn.player_id) if award.draw == draw]
    is_claimed = all(award.claimed_at is not None for award in mine)
    return (lambda _: "") if is_claimed else screens.standing


def _named_draw(turn: Turn) -> Draw | None:
    """Of a draw that the player has won something in, whoever forged the button."""
    code = str(turn.memory.get("draw", ""))
    if isinstance(turn.message, Tapped):
        code = read_tap(turn.message.reply_id).subject
    return next((draw for draw in _draws(open_awards_of(turn.player_id)) if draw.code == code), None)


def _draws(awards: Sequence[Award]) -> list[Draw]:
    return list(dict.fromkeys(award.draw for award in awards))


def _not_shown(turn: Turn, draw: Draw, shown: str, refusal: Refusal) -> Step:
    if isinstance(refusal, NameMissing):
        return screens.ask_shown(turn, draw.code, shown, intro=prizes.cannot_show())
    return screens.no_prize(turn)


def _answered(turn: Turn, draw: Draw, shown: str, text: str) -> Awards:
    return answer_award(
        draw_id=draw.pk, player_id=turn.player_id, shown=shown, text=text, actor=Actor.player(), now=turn.now
    )
