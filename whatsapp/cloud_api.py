"""The one file that opens a socket to Meta.

Every failure is one class with one bit: permanent or not. A time-out or a broken connection after the request
left is neither: the outcome is unknown and must be settled before anything is sent again.
"""

from __future__ import annotations

import hashlib
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings
from urllib3.exceptions import HTTPError

from whatsapp.reactions import META_FAILED, NO_CODE, Then, reaction_to

CONNECT_SECONDS = 5
# For the bytes of a file together: a byte now and then keeps a line open for ever.
FILE_SECONDS = 60
CHUNK = 64 * 1024
MAX_REDIRECTS = 3
USER_AGENT = "raffle-back-office/1"
MEDIA_HOSTS = (".fbsbx.com", ".facebook.com", ".whatsapp.net")
TOO_LARGE = "too large"
TEMPLATE_FIELDS = "id,name,language,status,category,components,parameter_format,rejected_reason,quality_score"
# An account holds 6,000 templates at most; cursors that lead in a circle come to an end.
MAX_PAGES = 100

_threads = threading.local()


class CloudApiError(Exception):
    """Meta's refusal: `code` 0 or more as Meta gives it, -1 where no answer came."""

    def __init__(self, code: int, text: str, *, http_status: int = 400) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text[:255]
        self.reaction = reaction_to(code, http_status)

    @property
    def is_permanent(self) -> bool:
        return self.reaction.then in (Then.DROP, Then.WAIT)


class OutcomeUnknown(Exception):
    """The request may have been carried out: no answer came back."""


class MediaRefused(Exception):
    """The file is not what was announced, too large, or offered from a host we do not give our token to."""


@dataclass(frozen=True)
class MediaInfo:
    url: str
    sha256: str
    size: int


def read_seconds() -> int:
    """How long an answer may take."""
    return int(settings.WHATSAPP_READ_SECONDS)


def send(content: dict[str, Any], *, recipient: dict[str, str], callback: str) -> str:
    """Send one message; returns Meta's id (wamid). Raises CloudApiError or OutcomeUnknown."""
    payload = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **recipient,
        **content,
        "biz_opaque_callback_data": callback,
    }
    answer = _post_message(payload)
    try:
        return str(answer["messages"][0]["id"])
    except (KeyError, IndexError, TypeError):
        raise OutcomeUnknown("an answer without a message id") from None


def mark_read(wamid: str) -> None:
    """Blue ticks, and no "typing": behind the reply it would stay on the screen for 25 seconds."""
    _post_message({"messaging_product": "whatsapp", "status": "read", "message_id": wamid})


def _post_message(payload: dict[str, Any]) -> dict[str, Any]:
    return _post(f"{settings.WHATSAPP_PHONE_NUMBER_ID}/messages", payload)


def _post(path: str, payload: dict[str, Any]) -> dict[str, Any]:
    try:
        response = _session().post(
            _graph(path), json=payload, timeout=(CONNECT_SECONDS, read_seconds()), allow_redirects=False
        )
    except requests.exceptions.ConnectTimeout as error:
        raise CloudApiError(NO_CODE, type(error).__name__) from None
    except requests.exceptions.ConnectionError as error:
        raise _connection_failure(error) from None
    except requests.RequestException as error:
        raise OutcomeUnknown(type(error).__name__) from None
    return _answer(response)


def _connection_failure(error: requests.exceptions.ConnectionError) -> Exception:
    """Refused before anything was written: surely not sent. Broken later: unknown."""
    if "NewConnectionError" in repr(error) or "NameResolutionError" in repr(error):
        return CloudApiError(NO_CODE, "no connection")
    return OutcomeUnknown(type(error).__name__)


def _answer(response: requests.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        body = None
    if response.ok and isinstance(body, dict):
        return body
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        if response.status_code >= 500 or response.status_code < 300:
            raise OutcomeUnknown(f"HTTP {response.status_code}")
        raise CloudApiError(NO_CODE, f"HTTP {response.status_code}")
    raise error_from(error, response.status_code)


def error_from(error: dict[str, Any], http_status: int = 400) -> CloudApiError:
    """Meta's error object, of an answer or of a `failed` status. Only the code decides; wording changes."""
    code = error.get("code")
    number = code if isinstance(code, int) and not isinstance(code, bool) else NO_CODE
    details = error.get("error_data")
    text = details.get("details") if isinstance(details, dict) else None
    words = str(text or error.get("message") or error.get("title") or "")
    return CloudApiError(number, words, http_status=http_status)


def failure_from(error: dict[str, Any]) -> CloudApiError:
    """Of a `failed` status. One without a code is no silence: Meta took that try, and tries are counted."""
    found = error_from(error)
    if found.code == NO_CODE:
        found.reaction = META_FAILED
    return found


def media_info(media_id: str) -> MediaInfo:
    """Where a received file lies for the next five minutes."""
    if not media_id.isalnum():
        raise MediaRefused("an id that is none of Meta's")
    body = _get_json(_graph(media_id), {"phone_number_id": settings.WHATSAPP_PHONE_NUMBER_ID})
    size = str(body.get("file_size"))
    return MediaInfo(
        url=str(body.get("url", "")),
        sha256=str(body.get("sha256", "")),
        size=int(size) if size.isdigit() else 0,
    )


def download(url: str, *, limit: int) -> bytes:
    """The bytes behind a media link, at most `limit`; the token goes to Meta's hosts only, on each hop."""
    for _ in range(MAX_REDIRECTS + 1):
        _refuse_foreign(url)
        with _get(url, stream=True) as response:
            if response.is_redirect:
                url = urljoin(url, response.headers.get("Location", ""))
                continue
            if not response.ok:
                raise CloudApiError(NO_CODE, f"HTTP {response.status_code}")
            return _read_at_most(response, limit)
    raise MediaRefused("too many redirects")


def _read_at_most(response: requests.Response, limit: int) -> bytes:
    content, until = bytearray(), time.monotonic() + FILE_SECONDS
    try:
        while piece := response.raw.read1(CHUNK, decode_content=True):  # what is there, never waiting for all
            content += piece
            if len(content) > limit:
                raise MediaRefused(TOO_LARGE)
            if time.monotonic() > until:
                raise CloudApiError(NO_CODE, "too slow")
    except HTTPError as error:
        raise CloudApiError(NO_CODE, type(error).__name__) from None
    return bytes(content)


def is_same_hash(content: bytes, announced: str) -> bool:
    """Webhooks announce base64, the media endpoint hex; either may be meant."""
    digest = hashlib.sha256(content).digest()
    if announced.lower() == digest.hex():
        return True
    try:
        return b64decode(announced, validate=True) == digest
    except ValueError:
        return False


def _refuse_foreign(url: str) -> None:
    parts, graph = urlsplit(url), urlsplit(settings.WHATSAPP_GRAPH_URL)
    ours = (parts.scheme, parts.netloc) == (graph.scheme, graph.netloc)
    metas = parts.scheme == "https" and f".{parts.hostname or ''}".endswith(MEDIA_HOSTS)
    if not (ours or metas):
        raise MediaRefused("a link to a foreign host")


def _get_json(url: str, params: dict[str, str]) -> dict[str, Any]:
    """Reading changes nothing: an outcome that is not known is simply one to ask for again."""
    with _get(url, params=params) as response:
        try:
            return _answer(response)
        except OutcomeUnknown as error:
            raise CloudApiError(NO_CODE, str(error)) from None


def _get(url: str, *, params: dict[str, str] | None = None, stream: bool = False) -> requests.Response:
    timeout = (CONNECT_SECONDS, read_seconds())
    try:
        return _session().get(url, params=params, timeout=timeout, allow_redirects=False, stream=stream)
    except requests.RequestException as error:
        raise CloudApiError(NO_CODE, type(error).__name__) from None


def _graph(path: str) -> str:
    return f"{settings.WHATSAPP_GRAPH_URL}/{settings.WHATSAPP_GRAPH_VERSION}/{path}"


def _session() -> requests.Session:
    """One per thread: a Session is not safe to share."""
    session: requests.Session | None = getattr(_threads, "session", None)
    if session is None:
        session = requests.Session()
        session.trust_env = False  # a .netrc on the machine would replace our Authorization header
        session.headers["User-Agent"] = USER_AGENT
        _threads.session = session
    session.headers["Authorization"] = f"Bearer {settings.WHATSAPP_ACCESS_TOKEN}"
    return session


def templates() -> Iterator[dict[str, Any]]:
    """Every message template of the account, page after page."""
    params = {"fields": TEMPLATE_FIELDS, "limit": "100"}
    for _ in range(MAX_PAGES):
        body = _get_json(_graph(f"{settings.WHATSAPP_BUSINESS_ACCOUNT_ID}/message_templates"), params)
        found = body.get("data")
        yield from (each for each in found if isinstance(each, dict)) if isinstance(found, list) else ()
        after = _next_page(body.get("paging"))
        if not after:
            return
        params["after"] = after


def _next_page(paging: object) -> str:
    """The link to the next page holds a token, so only the cursor is taken from the answer."""
    if not isinstance(paging, dict) or not paging.get("next"):
        return ""
    cursors = paging.get("cursors")
    return str(cursors.get("after") or "") if isinstance(cursors, dict) else ""


def create_template(definition: dict[str, Any]) -> dict[str, Any]:
    """Submit a template for review; Meta's id, status and category of it."""
    return _post(f"{settings.WHATSAPP_BUSINESS_ACCOUNT_ID}/message_templates", definition)
