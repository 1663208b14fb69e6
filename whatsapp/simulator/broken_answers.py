"""Answers that never arrive whole, made so that any WSGI server breaks the line."""

import time
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

PROMISED_BYTES = 4096
PROXY_PAGE = (
    "<html><head><title>503 Service Temporarily Unavailable</title></head><body><center>"
    "<h1>503 Service Temporarily Unavailable</h1></center><hr></body></html>"
)


def hang_up(request: HttpRequest, *, after_seconds: float = 0) -> HttpResponseBase:
    """More is promised than is said, then the line breaks."""
    answer = StreamingHttpResponse(_broken_off(b"{", after_seconds), content_type="application/json")
    return _promising(answer, request, PROMISED_BYTES)


def cut_short(request: HttpRequest, content: bytes, mime: str) -> HttpResponseBase:
    answer = StreamingHttpResponse(_broken_off(content[: len(content) // 2], 0), content_type=mime)
    return _promising(answer, request, len(content))


def trickle(content: bytes, mime: str, *, seconds: float) -> HttpResponseBase:
    answer = StreamingHttpResponse(_trickled(content, seconds), content_type=mime)
    answer["Content-Length"] = str(len(content))
    return answer


def proxy_page() -> HttpResponse:
    return HttpResponse(PROXY_PAGE, status=503)


def _promising(answer: StreamingHttpResponse, request: HttpRequest, size: int) -> StreamingHttpResponse:
    # The development server would keep the line open and the client waiting; without a length it closes.
    if not request.META.get("SERVER_SOFTWARE", "").startswith("WSGIServer"):
        answer["Content-Length"] = str(size)
    return answer


def _broken_off(content: bytes, after_seconds: float) -> Iterator[bytes]:
    time.sleep(after_seconds)
    yield content
    raise ConnectionResetError("the simulator hangs up here, as arranged")


def _trickled(content: bytes, seconds: float) -> Iterator[bytes]:
    pieces = 10
    step = max(1, -(-len(content) // pieces))
    for start in range(0, len(content), step):
        time.sleep(seconds / pieces)
        yield content[start : start + step]
