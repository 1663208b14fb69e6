"""Every dialogue file beside this one, played and compared word for word.

UPDATE_DIALOGUES=1 writes the answers into the files instead; read them aloud before you keep them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from raffles.desk.models import StaffNotification
from raffles.numbers import invariants as numbers
from raffles.sales import invariants as sales
from tests.dialogues import script
from tests.dialogues.stage import START, Stage
from whatsapp import invariants as messages

FILES = sorted(Path(__file__).parent.glob("*/*.txt"))
UPDATING = bool(os.environ.get("UPDATE_DIALOGUES"))


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}-{path.stem}" for path in FILES])
@pytest.mark.django_db(transaction=True)
def test_the_bot_answers_word_for_word(path: Path, live_server: LiveServer, settings: Settings) -> None:
    settings.SITE_URL = live_server.url
    settings.WHATSAPP_GRAPH_URL = f"{live_server.url}/simulator/graph"
    dialogue = script.read(path)
    assert dialogue.acts, f"{path} has no acts"
    with time_machine.travel(START, tick=False) as clock:
        stage = Stage(live_server.url, clock)
        stage.set_up(dialogue.head)
        try:
            for act in dialogue.acts:
                _play(stage, act, path)
        finally:
            if UPDATING:
                script.write(path, dialogue)
        now = timezone.now()
        assert [*sales.violations(now), *numbers.violations(now), *messages.violations(now)] == []


def _play(stage: Stage, act: script.Act, path: Path) -> None:
    if act.line.startswith("= "):
        found = f"= {stage.order_line(act.line[2:])}"
        act.line = found if UPDATING else act.line
        assert act.line == found
        return
    if act.line.startswith("! "):
        assert act.line == f"! {StaffNotification.objects.latest('pk').kind}"
        return
    heard = stage.play(act)
    if UPDATING and not script.matches(act.bubbles, heard):
        act.bubbles = heard
    told = f"{path.name}, after {act.line!r}:\nexpected {act.bubbles}\nheard    {heard}"
    assert script.matches(act.bubbles, heard), told
