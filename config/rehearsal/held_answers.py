"""Holds the answer to a send back until told otherwise, so that a worker can be killed in the midst of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

WISH, HELD = "hold-next-answer", "answer-is-held"
LOOK_EVERY = 0.02
LONGEST = 5.0


class HeldAnswers:
    """A file asks for it: Meta runs in a process of its own. The message is accepted and kept by then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._wish = Path(settings.FOLDER) / WISH
        self._held = Path(settings.FOLDER) / HELD

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if self._is_send(request, response) and self._take_wish():
            self._held.touch()
            until = time.monotonic() + LONGEST
            while self._held.exists() and time.monotonic() < until:
                time.sleep(LOOK_EVERY)
        return response

    def _is_send(self, request: HttpRequest, response: HttpResponse) -> bool:
        sends = request.method == "POST" and request.path.endswith("/messages")
        return sends and response.status_code == 200 and b"wamid" in response.content

    def _take_wish(self) -> bool:
        try:
            self._wish.unlink()
        except FileNotFoundError:
            return False
        return True
