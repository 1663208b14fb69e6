"""Faults on demand. The same seed makes the same decisions, whatever the threads do.

A decision depends on the seed, the fault's name, its subject and how often that subject came up, not on who
asks first. Restarting the simulator starts the counting of subjects again.
"""

import hashlib
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from . import fault_plan
from .codes import CODES, RATE_LIMITS
from .journal import note
from .models import FaultOnce
from .shapes import Json

# Each fault with what a single one may be told.
DETAILS: dict[str, tuple[str, ...]] = {
    "duplicate": (),
    "duplicate_parallel": (),
    "reorder": (),
    "bundle": (),
    "delay": ("seconds",),
    "tampered_signature": (),
    "withhold_statuses": (),
    "status_before_answer": (),
    "answer_lost": ("seconds",),
    "connection_reset": ("seconds",),
    "http_429": ("code",),
    "http_500": (),
    "http_503": (),
    "error_answer": ("code",),
    "error_status": ("code",),
    "media_link_dead": (),
    "media_slow": ("seconds",),
    "media_cut": (),
    "edit": (),
    "revoke": (),
    "number_change": (),
    "recycled_number": (),
    "system_message": (),
}
NAMES: tuple[str, ...] = tuple(DETAILS)
ACCOUNT_STATES = ("", "token_expired", "billing")
PLAIN_429 = 0
LONGEST_SECONDS = 3600.0


def arrange(
    seed: int,
    *,
    limits_on: bool = False,
    delay_seconds: tuple[float, float] = (0.5, 5.0),
    slow_seconds: float = 5.0,
    codes: tuple[int, ...] = (),
    **rates: float,
) -> None:
    """From now on each fault strikes at its rate. `codes` are the ones to draw from; empty means all."""
    _check_rates(rates)
    _check_seconds("delay_seconds", *delay_seconds)
    _check_seconds("slow_seconds", slow_seconds)
    if delay_seconds[0] > delay_seconds[1]:
        raise ValueError("delay_seconds must be (shortest, longest)")
    for code in codes:
        _check_code(code)
    options = {"delay_seconds": list(delay_seconds), "slow_seconds": slow_seconds, "codes": list(codes)}
    fault_plan.change(
        seed=_checked_seed(seed),
        rates={name: rate for name, rate in rates.items() if rate},
        options=options,
        limits_on=limits_on,
        version=fault_plan.new_version(),
    )


def clear() -> None:
    FaultOnce.objects.all().delete()
    version = fault_plan.new_version()
    fault_plan.change(seed=0, rates={}, options={}, limits_on=False, account_state="", version=version)


@contextmanager
def arranged(seed: int, **options: Any) -> Iterator[None]:
    arrange(seed, **options)
    try:
        yield
    finally:
        clear()


def next_time(name: str, *, times: int = 1, **detail: Any) -> None:
    """Strikes at the next `times` occasions, whatever the rates say."""
    _check_names([name])
    for key, value in detail.items():
        if key not in DETAILS[name]:
            raise ValueError(
                f"{name} knows no {key!r}; it may be told: {', '.join(DETAILS[name]) or 'nothing'}"
            )
        _check_code(value) if key == "code" else _check_seconds(key, value)
    if not isinstance(times, int) or not 1 <= times <= 1000:
        raise ValueError("times must be a whole number from 1 to 1000")
    FaultOnce.objects.bulk_create([FaultOnce(name=name, detail=detail) for _ in range(times)])
    fault_plan.forget()


def account_is(state: str) -> None:
    """`token_expired`: every call answers 190. `billing`: every message 131042. Empty takes it back."""
    if state not in ACCOUNT_STATES:
        raise ValueError(f"unknown account state {state!r}; known: {', '.join(ACCOUNT_STATES[1:])}")
    fault_plan.change(account_state=state)


def limits(*, on: bool) -> None:
    fault_plan.change(limits_on=on)


def strike(name: str, subject: str, now: datetime, *, once_per_subject: bool = False) -> Json | None:
    """What to do wrong now, or None. What strikes is in the journal."""
    plan = fault_plan.current()
    if plan.is_quiet:
        return None
    detail = fault_plan.take_next_time(name)
    if detail is None:
        nth = 0 if once_per_subject or name not in plan.rates else _turns.next(plan.version, name, subject)
        if drawn(plan.seed, name, subject, nth) >= plan.rates.get(name, 0):
            return None
        detail = _drawn_detail(plan, name, f"{subject}/{nth}")
    note(kind="fault", at=now, detail={"name": name, "subject": subject, **detail})
    return detail


def drawn(seed: int, name: str, subject: str, nth: int = 0) -> float:
    """Evenly spread over 0..1."""
    digest = hashlib.blake2b(f"{seed}/{name}/{subject}/{nth}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def _drawn_detail(plan: fault_plan.Plan, name: str, subject: str) -> Json:
    share = drawn(plan.seed, f"{name}:detail", subject)
    if name == "delay":
        shortest, longest = plan.delay_seconds
        return {"seconds": round(shortest + (longest - shortest) * share, 3)}
    if name == "media_slow":
        return {"seconds": plan.slow_seconds}
    if name == "http_429":
        return {"code": (*RATE_LIMITS, PLAIN_429)[int(share * (len(RATE_LIMITS) + 1))]}
    if name in ("error_answer", "error_status"):
        choice = plan.codes or tuple(CODES)
        return {"code": choice[int(share * len(choice))]}
    return {}


class _Turns:
    """How often each subject came up under this plan, in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = -1
        self._counts: Counter[tuple[str, str]] = Counter()

    def next(self, version: int, name: str, subject: str) -> int:
        with self._lock:
            if version != self._version:
                self._version, self._counts = version, Counter()
            self._counts[name, subject] += 1
            return self._counts[name, subject]


_turns = _Turns()


def _check_names(names: Any) -> None:
    if unknown := sorted(str(name) for name in names if name not in DETAILS):
        raise ValueError(f"unknown fault: {', '.join(unknown)}; known: {', '.join(NAMES)}")


def _check_rates(rates: dict[str, float]) -> None:
    _check_names(rates)
    for name, rate in rates.items():
        if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate <= 1:
            raise ValueError(f"the rate of {name} must lie in 0..1, not {rate!r}")


def _check_code(code: Any) -> None:
    if isinstance(code, bool) or code not in CODES:
        raise ValueError(f"{code!r} is not one of Meta's error codes")


def _check_seconds(name: str, *values: Any) -> None:
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LONGEST_SECONDS:
            raise ValueError(f"{name} must lie in 0..{LONGEST_SECONDS:g} seconds, not {value!r}")


def _checked_seed(seed: Any) -> int:
    if isinstance(seed, bool) or not isinstance(seed, int) or not -(2**62) < seed < 2**62:
        raise ValueError(f"the seed must be a whole number, not {seed!r}")
    return seed
