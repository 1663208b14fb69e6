"""What is arranged to go wrong, as every thread and process that plays Meta sees it."""

import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from .models import FaultOnce, FaultPlan

SEEN_WITHIN_SECONDS = 0.5
THE_PLAN = 1


@dataclass(frozen=True)
class Plan:
    seed: int = 0
    rates: Mapping[str, float] = field(default_factory=dict)
    delay_seconds: tuple[float, float] = (0.5, 5.0)
    slow_seconds: float = 5.0
    codes: tuple[int, ...] = ()
    limits_on: bool = False
    account_state: str = ""
    version: int = 0
    next_times: frozenset[str] = frozenset()

    @property
    def is_quiet(self) -> bool:
        return not self.rates and not self.next_times


class _Seen:
    """Re-read twice a second at most; a change made in this process is seen at once."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.plan = Plan()
        self.until = 0.0

    def read(self) -> Plan:
        if time.monotonic() < self.until:
            return self.plan
        with self.lock:
            if time.monotonic() >= self.until:
                self.plan = _load()
                self.until = time.monotonic() + SEEN_WITHIN_SECONDS
            return self.plan

    def forget(self) -> None:
        self.until = 0.0


def _load() -> Plan:
    row = FaultPlan.objects.filter(pk=THE_PLAN).first() or FaultPlan()
    waiting = frozenset(FaultOnce.objects.values_list("name", flat=True))
    options: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in row.options.items()
    }
    return Plan(
        seed=row.seed,
        rates=row.rates,
        limits_on=row.limits_on,
        account_state=row.account_state,
        version=row.version,
        next_times=waiting,
        **options,
    )


_seen = _Seen()
current = _seen.read
forget = _seen.forget


def change(**fields: Any) -> None:
    FaultPlan.objects.get_or_create(pk=THE_PLAN)
    FaultPlan.objects.filter(pk=THE_PLAN).update(**fields)
    forget()
    transaction.on_commit(forget)


def new_version() -> int:
    """What was counted under another plan counts no more."""
    return secrets.randbelow(2**31)


def take_next_time(name: str) -> dict[str, Any] | None:
    """The oldest one waiting; deleting is claiming, so that two threads never share it."""
    if name not in current().next_times:
        return None
    for waiting in FaultOnce.objects.filter(name=name).order_by("pk"):
        if FaultOnce.objects.filter(pk=waiting.pk).delete()[0]:
            forget()
            detail: dict[str, Any] = waiting.detail
            return detail
    forget()
    return None
