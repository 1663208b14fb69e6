"""What Meta lets one number send: 80 messages a second in and out together, and few to one player.

Counted in this process only: several processes playing Meta would each allow as much.
"""

import threading
from collections import deque
from datetime import datetime

from . import fault_plan
from .refusals import GraphRefusal

MESSAGES_A_SECOND = 80
PAIR_SECONDS = 6.0
PAIR_BURST = 45
REMEMBERED_PAIRS = 100_000


class _Pace:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = -1
        self._recent: deque[float] = deque()
        # Until when each pair has borrowed from its future.
        self._paid_until: dict[str, float] = {}

    def heard(self, version: int, now: float) -> None:
        with self._lock:
            self._start_anew_with(version)
            self._recent.append(now)

    def refusal(self, version: int, recipient: str, now: float) -> int | None:
        """The code that Meta answers; None when the message may pass, which then counts."""
        with self._lock:
            self._start_anew_with(version)
            while self._recent and self._recent[0] <= now - 1:
                self._recent.popleft()
            if len(self._recent) >= MESSAGES_A_SECOND:
                return 130429
            paid_until = max(self._paid_until.get(recipient, 0.0), now)
            if paid_until - now > (PAIR_BURST - 1) * PAIR_SECONDS:
                return 131056
            self._remember(recipient, paid_until + PAIR_SECONDS, now)
            return None

    def _remember(self, recipient: str, paid_until: float, now: float) -> None:
        self._recent.append(now)
        if len(self._paid_until) > REMEMBERED_PAIRS:
            self._paid_until = {who: until for who, until in self._paid_until.items() if until > now}
        self._paid_until[recipient] = paid_until

    def _start_anew_with(self, version: int) -> None:
        if version != self._version:
            self._version = version
            self._recent.clear()
            self._paid_until.clear()


_pace = _Pace()


def heard(now: datetime) -> None:
    plan = fault_plan.current()
    if plan.limits_on:
        _pace.heard(plan.version, now.timestamp())


def check(recipient: str, now: datetime) -> None:
    plan = fault_plan.current()
    code = _pace.refusal(plan.version, recipient, now.timestamp()) if plan.limits_on else None
    if code == 130429:
        raise GraphRefusal(code, "Cloud API message throughput has been reached.")
    if code is not None:
        raise GraphRefusal(code, "Too many messages sent to the same recipient in a short time.")
