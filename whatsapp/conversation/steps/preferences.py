"""Language, and whether we may write on our own."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import override

from raffles.sales.actions import change_language, resume_news, stop_news
from whatsapp.conversation import screens
from whatsapp.conversation.states import State
from whatsapp.conversation.turn import Act, Decision, Step, Turn, leads_to, read_tap
from whatsapp.payloads import Tapped
from whatsapp.texts import chat


@leads_to(*screens.HERE_EDGES)
def ask_language(turn: Turn) -> Decision:
    return screens.languages(turn)


@leads_to(State.MENU)
def choose_language(turn: Turn) -> Decision:
    """Named by word or by button; the answer is already in the new language."""
    chosen = read_tap(turn.message.reply_id).subject if isinstance(turn.message, Tapped) else str(turn.word)
    if chosen not in dict(settings.LANGUAGES):
        return screens.menu(turn)

    def done(_: object) -> Step:
        with override(chosen):
            return screens.menu(turn, chat.language_changed())

    return Act(
        run=lambda: change_language(player_id=turn.player_id, language=chosen),
        done=done,
        refused=lambda _: screens.menu(turn),
    )


@leads_to(State.MENU)
def stop(turn: Turn) -> Decision:
    return Act(
        run=lambda: stop_news(player_id=turn.player_id, now=turn.now),
        done=lambda _: screens.menu(turn, chat.news_stopped()),
        refused=lambda _: screens.menu(turn),
    )


@leads_to(State.MENU)
def start(turn: Turn) -> Decision:
    return Act(
        run=lambda: resume_news(player_id=turn.player_id),
        done=lambda _: screens.menu(turn, chat.news_resumed()),
        refused=lambda _: screens.menu(turn),
    )
