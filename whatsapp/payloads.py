"""Meta's JSON to our dataclasses. Nothing here trusts a shape: what cannot be read becomes `Unsupported`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

MAX_KEY = 255


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One event of a POST: `kind` is MESSAGE, STATUS or OTHER; events of one `sender` run in order."""

    key: str
    kind: str
    field: str
    sender: str
    phone_number_id: str
    account_id: str = ""  # of a notice: all accounts of an app share its webhook
    happened_at: datetime | None
    payload: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Who wrote; every attribute may be missing except that one of `bsuid` and `wa_id` is there."""

    bsuid: str | None
    wa_id: str
    username: str
    profile_name: str


@dataclass(frozen=True)
class Said:
    """Words typed by the player, at most 4,096 characters."""

    text: str


@dataclass(frozen=True)
class Tapped:
    """A press on a button or list row of ours; `reply_id` is what we sent with it."""

    reply_id: str
    title: str


@dataclass(frozen=True)
class FileSent:
    """A picture or document; `ref` names our own copy once there is one, None if it could not be had."""

    kind: str
    media_id: str
    mime_type: str
    sha256: str
    caption: str = ""
    is_forwarded: bool = False
    ref: int | None = None
    problem: str = ""


@dataclass(frozen=True)
class Unsupported:
    """A kind of message that the bot answers with what it can do instead (voice, sticker, location ...)."""

    kind: str


@dataclass(frozen=True)
class Silent:
    """A kind of message that gets no answer: reactions, deletions, groups."""

    kind: str


@dataclass(frozen=True, kw_only=True)
class IdentityChange:
    """Meta gave a player a new id; either side may be missing."""

    previous: str | None
    current: str | None
    wa_id: str
    old_wa_id: str = ""


Inbound = Said | Tapped | FileSent | Unsupported | Silent


def split(body: object) -> Iterator[Envelope]:
    """Every event of a webhook body, in its order. Parts of a wrong type are kept as OTHER, never dropped."""
    for entry in _items(_mapping(body), "entry") or [body]:
        for change in _items(_mapping(entry), "changes") or [entry]:
            yield from _split_change(_mapping(change) or {"malformed": change}, _mapping(entry))


def _split_change(change: Mapping[str, Any], entry: Mapping[str, Any]) -> Iterator[Envelope]:
    field = _text(change.get("field"))[:64]
    value = change.get("value")
    found = False
    if field == "messages" and isinstance(value, Mapping):
        number = _text(_mapping(value.get("metadata")).get("phone_number_id"))
        for message in _items(value, "messages"):
            found = True
            yield _message_envelope(message, value, number)
        for status in _items(value, "statuses"):
            found = True
            yield _status_envelope(status, number)
    if not found:
        number = _text(_mapping(_mapping(value).get("metadata")).get("phone_number_id"))
        account = "" if field == "messages" else _text(entry.get("id"))
        yield _other_envelope(field, number, dict(change), account=account, told_at=entry.get("time"))


def _message_envelope(message: object, value: Mapping[str, Any], number: str) -> Envelope:
    if not isinstance(message, Mapping) or not _text(message.get("id")):
        return _other_envelope("messages", number, {"malformed": message})
    contact = _contact_of(message, _items(value, "contacts"))
    sender = _text(message.get("from_user_id")) or _text(contact.get("user_id")) or _text(message.get("from"))
    return Envelope(
        key=_key("m", _text(message["id"])),
        kind="MESSAGE",
        field="messages",
        sender=sender[:MAX_KEY],
        phone_number_id=number,
        happened_at=instant(message.get("timestamp")),
        payload={"message": dict(message), "contact": contact, "errors": value.get("errors")},
    )


def _status_envelope(status: object, number: str) -> Envelope:
    if not isinstance(status, Mapping) or not _text(status.get("id")):
        return _other_envelope("messages", number, {"malformed": status})
    parts = (status["id"], status.get("status"), status.get("recipient_participant_id"))
    return Envelope(
        key=_key("s", "|".join(_text(part) for part in parts)),
        kind="STATUS",
        field="messages",
        sender="",
        phone_number_id=number,
        happened_at=instant(status.get("timestamp")),
        payload=dict(status),
    )


def _other_envelope(
    field: str, number: str, payload: dict[str, Any], *, account: str = "", told_at: object = None
) -> Envelope:
    """The same words at another time are another notice: a template is approved anew after each pause."""
    canonical, at = json.dumps(payload, sort_keys=True, default=str), instant(told_at)
    return Envelope(
        key=_key("o", f"{field}|{account}|{at}|{canonical}"),
        kind="OTHER",
        field=field,
        sender="",
        phone_number_id=number,
        account_id=account,
        happened_at=at,
        payload=payload,
    )


def _key(prefix: str, text: str) -> str:
    """Hashed: the key outlives the person when their messages are erased, and ids have no fixed length."""
    return f"{prefix}:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _contact_of(message: Mapping[str, Any], contacts: list[object]) -> dict[str, Any]:
    """The contact is matched by id, not by place: the two lists may differ in length."""
    found = [dict(contact) for contact in contacts if isinstance(contact, Mapping)]
    user, phone = _text(message.get("from_user_id")), _text(message.get("from"))
    for contact in found:
        if user and contact.get("user_id") == user:
            return contact
    for contact in found:
        if phone and contact.get("wa_id") == phone and not (user and contact.get("user_id")):
            return contact
    return found[0] if len(found) == 1 and not user and not phone else {}


def sender_of(payload: Mapping[str, Any]) -> Sender | None:
    """None when the event names nobody, as some system messages do."""
    message, contact = _mapping(payload.get("message")), _mapping(payload.get("contact"))
    bsuid = _text(message.get("from_user_id")) or _text(contact.get("user_id"))
    wa_id = _text(message.get("from")) or _text(contact.get("wa_id"))
    if not bsuid and not wa_id:
        return None
    profile = _mapping(contact.get("profile"))
    return Sender(
        bsuid=bsuid[:MAX_KEY] or None,
        wa_id=wa_id.lstrip("+")[:32],
        username=_text(profile.get("username"))[:255],
        profile_name=_text(profile.get("name"))[:255],
    )


def read_message(payload: Mapping[str, Any]) -> Inbound:
    """What a stored MESSAGE event says."""
    message = _mapping(payload.get("message"))
    kind = _text(message.get("type")) or "unknown"
    if _text(message.get("group_id")):
        return Silent("group")
    part = _mapping(message.get(kind))
    if kind in {"reaction", "revoke", "system"}:
        return Silent(kind)
    if kind == "text" and isinstance(part.get("body"), str):
        return Said(part["body"][:4096])
    if kind == "request_welcome":
        return Said("menu")
    if kind in {"image", "document"} and _text(part.get("id")):
        return _file(kind, part, _mapping(message.get("context")))
    # An ordinary number hears of an edit only in this way.
    edited = kind == "unsupported" and part.get("type") == "edit"
    return _tap(kind, part) or Unsupported("edit" if edited else kind[:32])


def _file(kind: str, part: Mapping[str, Any], context: Mapping[str, Any]) -> FileSent:
    return FileSent(
        kind=kind,
        media_id=_text(part.get("id")),
        mime_type=_text(part.get("mime_type")),
        sha256=_text(part.get("sha256")),
        caption=_text(part.get("caption"))[:1024],
        is_forwarded=bool(context.get("forwarded") or context.get("frequently_forwarded")),
    )


def _tap(kind: str, part: Mapping[str, Any]) -> Tapped | None:
    if kind == "button":
        return Tapped(_text(part.get("payload"))[:256], _text(part.get("text"))[:100])
    way = _text(part.get("type")) if kind == "interactive" else ""
    reply = _mapping(part.get(way))
    if way in {"button_reply", "list_reply"} and _text(reply.get("id")):
        return Tapped(_text(reply["id"])[:256], _text(reply.get("title"))[:100])
    return None


def identity_changes(field: str, payload: Mapping[str, Any]) -> list[IdentityChange]:
    """The changes a `user_id_update` notice states, oldest first."""
    if field != "user_id_update":
        return []
    return [
        IdentityChange(
            previous=_text(_mapping(item.get("user_id")).get("previous")) or None,
            current=_text(_mapping(item.get("user_id")).get("current")) or None,
            wa_id=_text(item.get("wa_id")).lstrip("+")[:32],
        )
        for item in _dicts(_mapping(payload.get("value")), "user_id_update")
    ]


def system_change(payload: Mapping[str, Any]) -> IdentityChange | None:
    """The same change as a `system` message tells it: from the sender to the ids it names."""
    message = _mapping(payload.get("message"))
    system = _mapping(message.get("system"))
    if message.get("type") != "system" or "changed" not in _text(system.get("type")):
        return None
    return IdentityChange(
        previous=_text(message.get("from_user_id")) or None,
        current=_text(system.get("user_id")) or None,
        wa_id=_text(system.get("wa_id")).lstrip("+")[:32],
        old_wa_id=_text(message.get("from")).lstrip("+")[:32],
    )


def instant(seconds: object) -> datetime | None:
    """Meta's Unix seconds, as text or number; None for anything that is no instant of this age."""
    try:
        number = int(str(seconds))
    except ValueError:
        return None
    if not 1_000_000_000 <= number <= 4_000_000_000:
        return None
    return datetime.fromtimestamp(number, tz=UTC)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _items(value: Mapping[str, Any], name: str) -> list[object]:
    """One thing where a list belongs is a list of one: whoever reads it finds out that it is odd."""
    found = value.get(name)
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def _dicts(value: object, name: str) -> list[Mapping[str, Any]]:
    return [item for item in _items(_mapping(value), name) if isinstance(item, Mapping)]
