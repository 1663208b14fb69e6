"""A person takes over: the bot calls one and is silent until the player wants it back, or time has passed."""

from __future__ import annotations

from datetime import datetime, timedelta

from raffles.desk.actions import call_person
from whatsapp.conversation import screens
from whatsapp.conversation.states import State
from whatsapp.conversation.turn import Act, Decision, Step, Turn, leads_to
from whatsapp.messages import Text
from whatsapp.texts import chat

SILENCE = timedelta(hours=12)


@leads_to(State.AGENT)
def call(turn: Turn) -> Decision:
    memory = {"until": (turn.now + SILENCE).isoformat()}
    return Act(
        run=lambda: call_person(player_id=turn.player_id, now=turn.now),
        done=lambda _: Step(State.AGENT, Text(chat.person_called()), memory),
        refused=lambda _: Step(State.AGENT, Text(chat.person_called()), memory),
    )


@leads_to(State.AGENT, State.MENU)
def stay_silent(turn: Turn) -> Decision:
    until = turn.memory.get("until")
    if until and turn.now < datetime.fromisoformat(until):
        return Step(State.AGENT, None, turn.memory)
    return screens.menu(turn)
