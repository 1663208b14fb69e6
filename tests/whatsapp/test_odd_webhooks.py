"""Whatever JSON is in an envelope: 200, everything well-formed beside it is answered, nothing is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.whatsapp.chat import make_sent
from tests.whatsapp.meta import ANA, NOW, NUMBER_ID, Person, body, message, post, value, words
from whatsapp import inbox
from whatsapp.models import InboundEvent, OutboundMessage
from whatsapp.payloads import read_message, sender_of, split

LUZ = Person("Luz", "", "PY.77")
BUSY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
KEYS = [
    "id",
    "from",
    "from_user_id",
    "timestamp",
    "type",
    "text",
    "interactive",
    "image",
    "document",
    "button",
    "system",
    "context",
    "errors",
    "group_id",
    "reaction",
    "contacts",
    "body",
    "button_reply",
    "list_reply",
    "payload",
    "user_id",
    "wa_id",
    "profile",
    "name",
    "status",
    "pricing",
    "biz_opaque_callback_data",
    "recipient_participant_id",
    "code",
]
KINDS = [
    "text",
    "interactive",
    "image",
    "document",
    "button",
    "system",
    "reaction",
    "contacts",
    "sent",
    "failed",
    "delivered",
    "read",
]
almost = st.dictionaries(
    st.sampled_from(KEYS),
    anything
    | st.sampled_from(KINDS)
    | st.dictionaries(st.sampled_from(KEYS), anything | st.sampled_from(KINDS), max_size=3),
    max_size=6,
)


def encoded(posted: object) -> bytes:
    return json.dumps(posted).encode()


@pytest.mark.django_db
@BUSY
@given(
    odd=st.lists(anything | almost, max_size=3),
    odd_statuses=st.lists(anything | almost, max_size=3) | anything,
    odd_contacts=st.lists(anything | almost, max_size=2) | anything,
    around=st.tuples(anything, anything),
)
def test_an_odd_neighbour_costs_no_message_and_no_500(
    client: Client, odd: list[Any], odd_statuses: Any, odd_contacts: Any, around: tuple[Any, Any]
) -> None:
    well_formed = value(message(ANA, words("hola"), wamid="wamid.good"), contacts=[ANA.card])
    beside = value(
        *odd, message(LUZ, words("hola"), wamid="wamid.beside"), statuses=odd_statuses, contacts=odd_contacts
    )
    posted = body(beside, well_formed)
    posted["entry"][0]["changes"].insert(1, around[0])
    posted["entry"].insert(0, around[1])
    with transaction.atomic():
        assert post(client, encoded(posted)).status_code == 200
        inbox.drain(now=NOW)
        done = InboundEvent.objects.filter(payload__message__id__in=["wamid.good", "wamid.beside"])
        assert [event.status for event in done] == ["DONE", "DONE"]
        assert OutboundMessage.objects.filter(answers__in=done).count() == 2
        transaction.set_rollback(True)


@pytest.mark.django_db
@BUSY
@given(kind=st.sampled_from(KINDS), part=anything | almost, more=almost)
def test_a_message_with_any_content_is_done_or_passed_over(
    client: Client, kind: str, part: Any, more: dict[str, Any]
) -> None:
    content = {**more, "type": kind, kind: part, **ANA.sender, "id": "wamid.odd", "timestamp": "1795273200"}
    with transaction.atomic():
        assert post(client, encoded(body(value(content, contacts=[ANA.card])))).status_code == 200
        event = InboundEvent.objects.get()
        sender_of(event.payload)
        read_message(event.payload)
        transaction.set_rollback(True)


@pytest.mark.django_db
@BUSY
@given(more=almost)
def test_a_status_of_any_content_never_fails(client: Client, more: dict[str, Any]) -> None:
    with transaction.atomic():
        row = make_sent()
        told = {**more, "id": "wamid.X", "biz_opaque_callback_data": f"outbox:{row.pk}"}
        assert post(client, encoded(body(value(statuses=[told])))).status_code == 200
        inbox.drain(now=NOW)
        event = InboundEvent.objects.get()
        assert (event.status, event.error) == ("DONE", "")
        transaction.set_rollback(True)


@settings(max_examples=200, deadline=None)
@given(posted=anything | st.fixed_dictionaries({"entry": anything | st.lists(almost, max_size=3)}))
def test_splitting_any_json_gives_events_with_keys_of_their_own(posted: Any) -> None:
    found = list(split(posted))
    assert all(0 < len(event.key) <= 255 and event.kind in {"MESSAGE", "STATUS", "OTHER"} for event in found)


@settings(max_examples=100, deadline=None)
@given(odd=anything, number=st.just(NUMBER_ID) | anything)
def test_a_change_of_a_wrong_shape_is_kept_for_later_eyes(odd: Any, number: Any) -> None:
    change = {"field": "messages", "value": {"metadata": {"phone_number_id": number}, "messages": odd}}
    assert list(split({"entry": [{"changes": [change]}]}))


@pytest.mark.django_db
def test_parts_of_a_wrong_type_are_kept_beside_their_neighbours(client: Client) -> None:
    posted = body(value(message(ANA, words("hola")), statuses="none", contacts=[ANA.card]))
    posted["entry"] += ["an entry", {"id": "2", "changes": {"field": "flows", "value": 7}}]
    posted["entry"][0]["changes"].append("a change")
    post(client, posted)
    kept = InboundEvent.objects.filter(kind="OTHER").values_list("payload", flat=True)
    assert sorted(map(str, kept)) == [
        "{'field': 'flows', 'value': 7}",
        "{'malformed': 'a change'}",
        "{'malformed': 'an entry'}",
        "{'malformed': 'none'}",
    ]
