"""What goes wrong with a send: before Meta takes the message, and after."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from . import broken_answers, fault_plan, faults
from .codes import http_status_of
from .refusals import GraphRefusal
from .shapes import Json


def subject_of(body: Json) -> str:
    """The same for every try of one message, where the business marks its messages."""
    return str(body.get("biz_opaque_callback_data") or body.get("to") or body.get("recipient") or "")


def before(request: HttpRequest, body: Json, now: datetime) -> HttpResponseBase | None:
    """An answer instead of taking the message, or None. Raises what Meta would answer with a code."""
    if fault_plan.current().account_state == "billing":
        raise GraphRefusal(131042, "Message failed to send because of a problem with the payment method.")
    for name, answer in INSTEAD.items():
        detail = faults.strike(name, subject_of(body), now)
        if detail is not None:
            return answer(request, detail)
    return None


def after(request: HttpRequest, body: Json, now: datetime) -> HttpResponseBase | None:
    """The message was taken; whether its answer gets lost."""
    lost = faults.strike("answer_lost", subject_of(body), now)
    return None if lost is None else _hang_up(request, lost)


def _hang_up(request: HttpRequest, detail: Json) -> HttpResponseBase:
    return broken_answers.hang_up(request, after_seconds=detail.get("seconds", 0))


def _too_many(_request: HttpRequest, detail: Json) -> HttpResponseBase:
    if not (code := detail.get("code", faults.PLAIN_429)):
        return HttpResponse(status=429)
    raise _with_code(code)


def _server_error(_request: HttpRequest, _detail: Json) -> HttpResponseBase:
    raise _with_code(131000)


def _proxy_page(_request: HttpRequest, _detail: Json) -> HttpResponseBase:
    return broken_answers.proxy_page()


def _refuse(_request: HttpRequest, detail: Json) -> HttpResponseBase:
    raise _with_code(detail.get("code", 1))


def _with_code(code: int) -> GraphRefusal:
    return GraphRefusal(code, "Arranged by hand or by seed.", http_status=http_status_of(code))


INSTEAD: dict[str, Callable[[HttpRequest, Json], HttpResponseBase]] = {
    "connection_reset": _hang_up,
    "http_429": _too_many,
    "http_500": _server_error,
    "http_503": _proxy_page,
    "error_answer": _refuse,
}
