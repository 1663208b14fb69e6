"""Many webhooks in one POST, mixed as Meta mixes them: several entries, changes, messages and statuses."""

import json
from collections.abc import Iterable, Iterator, Sequence

from .envelopes import serialise
from .models import WebhookDelivery
from .shapes import Json

MOST_UPDATES = 1000
MOST_BYTES = 3_000_000
# A change is merged into the one before it, but now and then a change or an entry begins anew.
NEW_CHANGE_EVERY, NEW_ENTRY_EVERY = 7, 31


def bundled(rows: Iterable[WebhookDelivery]) -> Iterator[list[WebhookDelivery]]:
    """Groups that fit into one POST each."""
    group: list[WebhookDelivery] = []
    size = 0
    for row in rows:
        if group and (len(group) == MOST_UPDATES or size + len(row.payload) > MOST_BYTES):
            yield group
            group, size = [], 0
        group.append(row)
        size += len(row.payload)
    if group:
        yield group


def merged(payloads: Sequence[str]) -> str:
    first, *others = (json.loads(payload) for payload in payloads)
    entries: list[Json] = first["entry"]
    for place, payload in enumerate(others, start=1):
        for entry in payload["entry"]:
            _add(entries, entry, place)
    return serialise({**first, "entry": entries})


def _add(entries: list[Json], entry: Json, place: int) -> None:
    last = entries[-1]
    if place % NEW_ENTRY_EVERY == 0 or last["id"] != entry["id"] or ("time" in last) != ("time" in entry):
        entries.append(entry)
        return
    for change in entry["changes"]:
        into = last["changes"][-1]
        if place % NEW_CHANGE_EVERY and change["field"] == into["field"] == "messages":
            _merge(into["value"], change["value"])
        else:
            last["changes"].append(change)


def _merge(into: Json, value: Json) -> None:
    for part in ("messages", "statuses", "errors"):
        if part in value:
            into.setdefault(part, []).extend(value[part])
    for card in value.get("contacts", []):
        if card not in into.setdefault("contacts", []):
            into["contacts"].append(card)
