"""Which codes one operation may answer with, told from the same tables that answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from raffles.api.errors import GENERAL, REFUSALS

Codes = dict[int, list[str]]

ALWAYS = ("not_acceptable", "throttled")
# Of every call that changes something: one that takes no body refuses what is in it.
CHANGES = (
    "invalid", "unknown_field", "parse_error", "unsupported_media_type", "body_too_large", "length_required",
)  # fmt: skip
KNOWN_CALLER = (
    "not_authenticated",
    "token_unknown",
    "token_refused",
    "token_not_valid",
    "permission_denied",
    "scope_missing",
)
ONCE = ("idempotency_key_in_use", "idempotency_key_reused")
STATUS_OF: dict[str, int] = {
    **{code: status for code, (status, _when) in GENERAL.items()},
    **{code: status for status, code in REFUSALS.values()},
}


class Call(NamedTuple):
    """One method of one address, as far as it decides what may go wrong."""

    view: Any
    action: str
    has_key: bool
    has_filters: bool
    changes: bool
    is_known: bool
    is_once: bool

    @classmethod
    def of(cls, view: Any, method: str, path: str, *, pages: bool) -> Call:
        action = str(getattr(view, "action", method.lower()))
        return cls(
            view=view,
            action=action,
            has_key="{" in path,
            has_filters=pages or (method == "GET" and bool(getattr(view, "needs", None))),
            changes=method != "GET",
            is_known=bool(view.get_authenticators()),
            is_once=bool(getattr(getattr(view, action, None), "is_once", False)),
        )


def codes_of(call: Call) -> Codes:
    sorted_out: Codes = {}
    for code in sorted(set(_of(call))):
        sorted_out.setdefault(STATUS_OF[code], []).append(code)
    return dict(sorted(sorted_out.items()))


def _of(call: Call) -> Iterable[str]:
    yield from ALWAYS
    if call.is_known:
        yield from KNOWN_CALLER
    if call.has_key or call.has_filters:
        yield "not_found"
    if call.has_filters:
        yield from ("invalid", "unknown_field")
    if call.changes:
        yield from CHANGES
    if call.is_once:
        yield from ONCE
    yield from _own(call)


def _own(call: Call) -> Iterable[str]:
    need = getattr(call.view, "needs", {}).get(call.action)
    if need is not None and need.decides:
        yield "second_factor_needed"
    yield from getattr(call.view, "answers", ())
    for refusal in getattr(call.view, "refuses", {}).get(call.action, ()):
        yield refusal if isinstance(refusal, str) else REFUSALS[refusal][1]
