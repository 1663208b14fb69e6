"""Turns for steps and screens that are asked without a chat around them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.whatsapp.meta import NOW
from whatsapp.conversation.states import State, Word
from whatsapp.conversation.turn import Turn
from whatsapp.payloads import Inbound, Said


def make_turn(
    message: Inbound | None = None,
    *,
    state: State = State.MENU,
    word: Word | None = None,
    player_id: int = 0,
    now: datetime = NOW,
    **memory: Any,
) -> Turn:
    return Turn(
        message=message or Said("x"),
        word=word,
        player_id=player_id,
        name="Ana",
        language="es",
        is_first=False,
        state=state,
        memory=memory,
        number=7,
        here_since=6,
        now=now,
        key="m:1",
        read_file=lambda ref: b"",
    )
