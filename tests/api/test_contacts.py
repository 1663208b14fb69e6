from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from raffles.audit.models import AuditEntry, Deed
from raffles.sales.models import Player
from tests.admin.chats import make_contact as make_chat_contact
from tests.admin.chats import said, sent
from tests.api.conftest import calling, token_for
from tests.factories import NOW, make_player, make_raffle, make_staff
from whatsapp.models import Contact, OutboundMessage

pytestmark = pytest.mark.django_db

AT = "/api/v1/contacts/"
PHONE = {"phone": "+595 981 123456", "name": "Ana"}


def test_a_phone_is_one_contact_however_often_it_is_named(consumer: APIClient) -> None:
    first = consumer.post(AT, PHONE, format="json")
    again = consumer.post(AT, {"phone": "+595981123456"}, format="json")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.data == again.data
    assert (Contact.objects.count(), Player.objects.get().name) == (1, "Ana")


def test_the_scope_is_needed() -> None:
    _token, secret = token_for(make_staff(), "raffles:read")
    answer = calling(secret).post(AT, PHONE, format="json")
    assert (answer.status_code, answer.data["params"]) == (403, {"scope": "contacts:write"})
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    "phone", ["", "123", "0981123456", "+1", "+59598112345678901234", "drop table", "\x00"]
)
def test_what_is_no_phone_is_refused(consumer: APIClient, phone: str) -> None:
    answer = consumer.post(AT, {"phone": phone}, format="json")
    assert (answer.status_code, list(answer.data["errors"])) == (400, ["phone"])


def test_who_was_there_before_may_be_bought_for_and_stays_unread(consumer: APIClient) -> None:
    player = make_player(name="Private person", phone="+595981123456")
    Contact.objects.create(player=player, wa_id="595981123456", profile_name="Private", created_at=NOW)
    answer = consumer.post(AT, PHONE, format="json")
    assert answer.status_code == 200
    assert set(answer.data) == {"id", "player", "phone"}
    assert consumer.get(f"/api/v1/players/{player.pk}/").status_code == 404
    assert Player.objects.get().name == "Private person"
    body = {"player": player.pk, "numbers": [1]}
    raffle = make_raffle()
    assert consumer.post(f"/api/v1/raffles/{raffle.pk}/reserve/", body, format="json").status_code == 201


def test_messages_are_for_staff(consumer: APIClient, staff: APIClient) -> None:
    contact = Contact.objects.create(player=make_player(), wa_id="595981", created_at=NOW)
    OutboundMessage.objects.create(contact=contact, dedupe_key="k", content={"text": "Hello"}, created_at=NOW)
    for path in ("messages/sent", "messages/received", "templates", "contacts"):
        assert consumer.get(f"/api/v1/{path}/").status_code == 403
        assert staff.get(f"/api/v1/{path}/").status_code == 200
    assert staff.get("/api/v1/messages/sent/", {"contact": contact.pk}).data["results"][0]["content"] == {
        "text": "Hello"
    }


def test_staff_who_read_what_a_player_said_have_looked_at_their_chat(staff: APIClient) -> None:
    contact = make_chat_contact()
    event, message = said(contact, "hola"), sent(contact, "menu")
    rows = {"messages/received": event, "messages/sent": message}
    for name, row in rows.items():
        assert staff.get(f"/api/v1/{name}/{row.pk}/").status_code == 200
        assert staff.get(f"/api/v1/{name}/?contact={contact.pk}").status_code == 200
        assert staff.get(f"/api/v1/{name}/").status_code == 200
    seen = AuditEntry.objects.filter(action=Deed.CHAT_SEEN)
    assert {(line.subject_label, line.after["by"]) for line in seen} == {(f"#{contact.pk}", "api")}
    assert seen.count() == 2 * len(rows)
