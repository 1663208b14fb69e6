"""Runs one turn: find the step, let it decide, run its one action, write the new state and the bubble.

Everything happens in the caller's transaction, together with the mark that the event is done.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import override

from raffles.desk.actions import report_stray_receipt
from raffles.sales.actions import change_language
from raffles.sales.errors import Refusal
from whatsapp import media, outbox
from whatsapp.conversation.flow import TAKING_RECEIPTS, route_of
from whatsapp.conversation.states import State, Word
from whatsapp.conversation.turn import Act, Decision, Route, Step, Turn, read_tap
from whatsapp.conversation.words import meaning_of
from whatsapp.models import Contact, Conversation, InboundEvent
from whatsapp.payloads import FileSent, Inbound, Said, Silent, Tapped

# A reply that could not leave for a day answers a question nobody asks any more.
REPLY_LIFE = timedelta(hours=23)
# Words a chat begins with tell the language; a foreign "ok" or "confirm" in the middle of a sale does not.
TELLING_WORDS = (Word.HELLO, Word.MENU, Word.HELP, Word.RAFFLES, Word.ORDERS)
LANGUAGE_WORDS = (Word.SPANISH, Word.PORTUGUESE, Word.ENGLISH)


class UndeclaredEdge(RuntimeError):
    """A step led where its declaration does not say: a defect."""


def take_turn(
    *, contact: Contact, conversation: Conversation, event: InboundEvent, message: Inbound, now: datetime
) -> None:
    if isinstance(message, Silent):
        return
    meaning = meaning_of(message.text) if isinstance(message, Said) else None
    word, languages = meaning or (None, ())
    language = _language(contact, languages if word in TELLING_WORDS else ())
    turn = _turn(contact, conversation, event, now=now, message=message, word=word, language=language)
    with override(language):
        route = route_of(turn)
        step = decide(route, turn)
    _report_stray_receipt(turn, route, step)
    _remember_choice(contact, turn)
    _write(conversation, step, contact, event, now)


def _report_stray_receipt(turn: Turn, route: Route, step: Step) -> None:
    """Money may be behind a receipt that was never given an order: staff must hear of it."""
    if turn.state == State.WHICH_ORDER != step.to and route not in TAKING_RECEIPTS:
        report_stray_receipt(player_id=turn.player_id, now=turn.now)


def decide(route: Route, turn: Turn) -> Step:
    """The step's decision carried out: at most one action, worded by the step itself."""
    step = _carry_out(route.step(turn))
    if step.to not in route.edges:
        raise UndeclaredEdge(f"{route.name}: {turn.state} -> {step.to}")
    return step


def take_receipt(
    *, contact: Contact, conversation: Conversation, event: InboundEvent, message: FileSent, now: datetime
) -> bool:
    """Without a word to the player, to the one order it can be for. False: a person must find its order."""
    language = _language(contact, ())
    turn = _turn(contact, conversation, event, now=now, message=message, word=None, language=language)
    with override(language):
        decision = route_of(turn).step(turn)
        if isinstance(decision, Step):
            return False
        try:
            step = decision.done(decision.run())
        except Refusal:
            return False
    _stand(conversation, step, now)
    return True


def _carry_out(decision: Decision) -> Step:
    if isinstance(decision, Step):
        return decision
    act: Act[Any] = decision
    try:
        outcome = act.run()
    except Refusal as refusal:
        return act.refused(refusal)
    return act.done(outcome)


def _language(contact: Contact, languages: tuple[str, ...]) -> str:
    """A word that the player's language does not have gives away another one, until one has been chosen."""
    known = contact.player.language
    current = known if known in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    if not languages or current in languages or contact.has_chosen_language:
        return current
    change_language(player_id=contact.player_id, language=languages[0])
    return languages[0]


def _turn(
    contact: Contact,
    conversation: Conversation,
    event: InboundEvent,
    *,
    message: Inbound,
    word: Word | None,
    language: str,
    now: datetime,
) -> Turn:
    known = conversation.state in State.__members__
    return Turn(
        message=message,
        word=word,
        player_id=contact.player_id,
        name=contact.profile_name,
        language=language,
        is_first=conversation.turn == 0,
        # A state of an earlier version of the product leads to the menu.
        state=State(conversation.state) if known else State.MENU,
        memory=conversation.data if known else {},
        number=conversation.turn + 1,
        here_since=conversation.here_since,
        now=now,
        key=event.event_key,
        read_file=media.read,
    )


def _remember_choice(contact: Contact, turn: Turn) -> None:
    tapped = isinstance(turn.message, Tapped) and read_tap(turn.message.reply_id).verb == "language"
    if tapped or turn.word in LANGUAGE_WORDS:
        contact.has_chosen_language = True
        contact.save(update_fields=["has_chosen_language"])


def _write(
    conversation: Conversation, step: Step, contact: Contact, event: InboundEvent, now: datetime
) -> None:
    """Where the chat stands is saved by whoever locked it.

    A silent turn leaves the number as it is: the buttons on the screen are still the last ones.
    """
    _stand(conversation, step, now)
    if step.bubble is not None:
        outbox.queue(
            contact,
            step.bubble,
            dedupe_key=_reply_key(event, conversation),
            now=now,
            not_after=event.happened_at + REPLY_LIFE,
            answers=event,
        )


def _reply_key(event: InboundEvent, conversation: Conversation) -> str:
    """What staff replay has been answered once: then it could not be had, and now it is another answer."""
    return f"reply:{event.pk}:{conversation.turn}" if event.state_after else f"reply:{event.pk}"


def _stand(conversation: Conversation, step: Step, now: datetime) -> None:
    is_elsewhere = (conversation.state, conversation.data) != (step.to, dict(step.memory))
    conversation.state, conversation.data, conversation.changed_at = step.to, dict(step.memory), now
    conversation.turn += step.bubble is not None
    if is_elsewhere:
        conversation.here_since = conversation.turn
