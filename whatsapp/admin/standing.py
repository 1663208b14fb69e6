"""Where a chat stands, in words for whoever runs the raffle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from whatsapp.conversation.states import State
from whatsapp.models import InboundEvent

Silence = InboundEvent.Silence

PLACES: dict[str, Promise] = {
    State.MENU: _("At the menu"),
    State.RAFFLES: _("Choosing a raffle"),
    State.NUMBERS: _("Choosing numbers"),
    State.CONFIRM: _("Numbers held, to be confirmed"),
    State.PAYMENT: _("To pay, or the payment is being checked"),
    State.ORDERS: _("Looking at orders"),
    State.WHICH_ORDER: _("Asked which order a receipt is for"),
    State.CANCEL: _("Asked whether to cancel an order"),
    State.SHOWN_AS: _("Won; asked what may be shown"),
    State.AGENT: _("Asked for a person; the bot is silent"),
}
SILENCES: dict[str, Promise] = {
    Silence.PERSON: _("A person answers; the bot is silent"),
    Silence.MUTED: _("The bot is muted"),
    Silence.BLOCKED: _("Blocked; the bot is silent"),
    Silence.RUSH: _("Too many messages; the bot is silent for an hour"),
    Silence.LATE: _("Written a day before it came; the bot did not answer"),
}


def place(state: str) -> str:
    return str(PLACES.get(state, _("Where an earlier version left it")))


@dataclass(frozen=True)
class Standing:
    """What changed before a message came, and by it; empty where nothing did."""

    before: str = ""
    after: str = ""


UNCHANGED = Standing()


def standings(newest_first: Iterable[InboundEvent]) -> dict[int, Standing]:
    """Of each message by its key. The oldest is compared with what it found itself."""
    return dict(_changes(reversed(list(newest_first))))


def _changes(events: Iterable[InboundEvent]) -> Iterator[tuple[int, Standing]]:
    known, silence = "", ""
    for event in events:
        if not event.state_after:  # not worked through yet, or nothing of a chat
            continue
        was_moved = known not in ("", event.state_before)  # by staff, between two messages
        stands = event.silence or event.state_after
        is_news = stands != (silence or event.state_before)
        yield (
            event.pk,
            Standing(
                before=place(event.state_before) if was_moved and not (silence or event.silence) else "",
                after=_words(event) if is_news else "",
            ),
        )
        known, silence = event.state_after, event.silence


def _words(event: InboundEvent) -> str:
    return str(SILENCES[event.silence]) if event.silence else place(event.state_after)
