"""A message that ends the worker that takes it: counted before its turn, and given up like any other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from raffles.desk.models import StaffNotification
from tests.whatsapp.chat import heard
from tests.whatsapp.meta import ANA, NOW, Person, receive, said, words
from whatsapp import inbox
from whatsapp.inbox import answering, trouble, turns
from whatsapp.inbox.trouble import MAX_ATTEMPTS
from whatsapp.models import InboundEvent

pytestmark = pytest.mark.django_db(transaction=True)
BETO = Person("Beto", "595981000002", "PY.2")
LATER = NOW + timedelta(minutes=1)


class Killed(BaseException):
    """As if the process were gone: no code of ours runs behind it."""


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> None:
    really = answering.answer

    def answer(conversation: Any, event: Any, message: Any, now: Any) -> str:
        if "poison" in str(event.payload):
            raise Killed
        return really(conversation, event, message, now)

    monkeypatch.setattr(turns, "answer", answer)
    monkeypatch.setattr(trouble, "_started", None)
    with pytest.raises(Killed):
        receive(said(ANA, words("poison")))


def start_again(minutes: int) -> bool:
    """Whether the worker lives to the end of its round."""
    at = LATER + timedelta(minutes=minutes)
    inbox.note_start(at)
    try:
        inbox.drain(now=at)
    except Killed:
        return False
    return True


def test_what_ends_every_worker_is_given_up_and_staff_hear_of_it(poison: None) -> None:
    lived = [start_again(number) for number in range(MAX_ATTEMPTS + 1)]
    assert lived == [False] * MAX_ATTEMPTS + [True]
    event = InboundEvent.objects.get()
    assert (event.status, event.attempts, event.error) == ("FAILED", MAX_ATTEMPTS, "WorkerEnded")
    assert StaffNotification.objects.get().kind == "EVENT_FAILED"


def test_behind_it_everybody_is_answered(poison: None) -> None:
    for number in range(MAX_ATTEMPTS + 1):
        start_again(number)
    receive(said(ANA, words("menu")), said(BETO, words("menu")), now=LATER)
    assert (len(heard()), len(heard(BETO))) == (1, 1)


def test_without_the_count_it_would_go_on_for_ever(poison: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "is_left_over", lambda _: False)
    assert not any(start_again(number) for number in range(MAX_ATTEMPTS + 5))
    assert InboundEvent.objects.get().attempts == 0


def test_replayed_it_has_all_its_tries_again(poison: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(MAX_ATTEMPTS + 1):
        start_again(number)
    monkeypatch.undo()
    event = InboundEvent.objects.get()
    inbox.replay([event.pk], now=LATER)
    inbox.drain(now=LATER)
    event.refresh_from_db()
    assert event.status == "DONE"


def test_another_worker_that_counts_first_has_it(poison: None) -> None:
    event = InboundEvent.objects.get()
    assert trouble.count_try(event, LATER) == trouble.Passed.MAY_BE_TRIED
    assert trouble.count_try(event, LATER) == trouble.Passed.ELSEWHERE
