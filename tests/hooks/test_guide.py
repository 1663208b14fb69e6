"""docs/webhooks.md says what the code does, and its example works as it stands."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import override

from config.env import ROOT
from raffles.hooks.calls import TIMES
from raffles.hooks.catalogue import EventKind
from raffles.hooks.schedule import MOST_TRIES, PAUSES
from raffles.hooks.signing import new_secret, signed_headers

GUIDE = (ROOT / "docs" / "webhooks.md").read_text()


def test_the_guide_lists_every_event_with_its_words() -> None:
    rows = re.findall(r"^\| `([a-z_.]+)` \| (.+) \|$", GUIDE, flags=re.MULTILINE)
    assert dict(rows) == {kind.value: _english(kind) for kind in EventKind}


def _english(kind: EventKind) -> str:
    with override("en"):
        return str(kind.label)


def test_the_guide_names_every_pause() -> None:
    said = " ".join(GUIDE.split())
    assert "after 5 seconds, 5 and 30 minutes, 2, 5, 10, 14, 18 and 22 hours" in said
    minutes = [timedelta(minutes=count) for count in (5, 30)]
    hours = [timedelta(hours=count) for count in (2, 5, 10, 14, 18, 22)]
    assert (timedelta(seconds=5), *minutes, *hours) == PAUSES
    assert (MOST_TRIES, TIMES.whole) == (10, 15)
    assert "ten tries within three days" in said


@pytest.fixture
def example() -> Any:
    code = re.search(r"```python\n(.*?)```", GUIDE, flags=re.DOTALL)
    assert code
    names: dict[str, Any] = {}
    exec(code[1], names)  # noqa: S102 - our own guide, as a reader would paste it
    return names["is_genuine"]


def test_the_example_takes_what_we_sign_and_nothing_else(example: Any) -> None:
    secret, old, now, body = new_secret(), new_secret(), int(time.time()), b'{"id":"evt_1"}'
    headers = signed_headers([secret, old], event_id="evt_1", at=now, body=body)
    assert example(secret, headers, body)
    assert example(old, headers, body)
    assert not example(new_secret(), headers, body)
    assert not example(secret, headers, body + b" ")
    assert not example(secret, headers | {"webhook-id": "evt_2"}, body)
    before = signed_headers([secret], event_id="evt_1", at=now - 400, body=body)
    assert not example(secret, before, body)
