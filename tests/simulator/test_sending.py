from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.simulator.conftest import NOW, PHONE_ID, Json, Receiver
from whatsapp.simulator import phones
from whatsapp.simulator.models import JournalEntry, Phone

Call = Callable[..., Any]
TEXT = {"type": "text", "text": {"body": "Hello"}}
pytestmark = pytest.mark.django_db


def code_of(answer: Any) -> int:
    code: int = answer.json()["error"]["code"]
    return code


def test_an_accepted_message_is_answered_as_meta_answers(send: Call, ana: Phone) -> None:
    answer = send(**TEXT)

    assert answer.status_code == 200
    body = answer.json()
    assert body["messaging_product"] == "whatsapp"
    assert body["contacts"] == [{"input": "+595981000001", "wa_id": "595981000001"}]
    assert [list(message) for message in body["messages"]] == [["id"]]
    assert body["messages"][0]["id"].startswith("wamid.")
    assert [message.wamid for message in phones.inbox_of(ana)] == [body["messages"][0]["id"]]


def test_a_player_without_number_is_reached_by_recipient_only(send: Call, luz: Phone) -> None:
    answer = send(recipient=luz.bsuid, **TEXT)

    assert answer.json()["contacts"] == [{"input": luz.bsuid, "user_id": luz.bsuid}]
    assert len(phones.inbox_of(luz)) == 1


def test_a_user_id_in_to_is_refused(send: Call, luz: Phone) -> None:
    answer = send(to=luz.bsuid, **TEXT)

    assert answer.status_code == 400
    assert code_of(answer) == 131009


def test_to_wins_over_recipient(send: Call, ana: Phone, luz: Phone) -> None:
    send(to="+595981000001", recipient=luz.bsuid, **TEXT)

    assert len(phones.inbox_of(ana)) == 1
    assert phones.inbox_of(luz) == []


def test_a_message_to_nobody_is_refused(send: Call) -> None:
    assert code_of(send(to="", **TEXT)) == 100


def test_a_message_to_the_number_itself_is_refused(send: Call) -> None:
    assert code_of(send(to="+595210000000", **TEXT)) == 131021


@pytest.mark.parametrize("address", [{"to": "+595999999999"}, {"recipient": "PY.1"}])
def test_an_unknown_recipient_is_accepted_and_fails_later(
    send: Call, receiver: Receiver, db: None, address: Json
) -> None:
    answer = send(**address, biz_opaque_callback_data="outbox:7", **TEXT)
    posts = receiver.collect()

    assert answer.status_code == 200
    (status,) = posts[0].value["statuses"]
    assert status["status"] == "failed"
    assert status["id"] == answer.json()["messages"][0]["id"]
    assert status["errors"][0]["code"] == 131026
    assert status["biz_opaque_callback_data"] == "outbox:7"
    assert "contacts" not in posts[0].value
    assert ("recipient_user_id" in status) == ("recipient" in address)


def test_free_form_needs_a_word_of_the_player_within_24_hours(
    send: Call, ana: Phone, time_machine: Any
) -> None:
    time_machine.move_to(NOW + timedelta(hours=24) - timedelta(seconds=1), tick=False)
    assert send(**TEXT).status_code == 200

    time_machine.move_to(NOW + timedelta(hours=24), tick=False)
    refused = send(**TEXT)
    assert refused.status_code == 400
    error = refused.json()["error"]
    assert error["code"] == 131047
    assert error["message"] == "(#131047) Re-engagement message"
    assert error["type"] == "OAuthException"
    assert error["error_data"]["messaging_product"] == "whatsapp"
    assert "24 hours" in error["error_data"]["details"]
    assert error["fbtrace_id"]


def test_a_reaction_does_not_open_the_window(send: Call, db: None) -> None:
    phone = phones.create_phone(profile_name="Ana", wa_id="595981000001", now=NOW)
    phones.react(phone, "wamid.A", "👍", now=NOW)

    assert code_of(send(**TEXT)) == 131047


def test_a_wrong_token_is_an_oauth_error(post: Call, db: None) -> None:
    answer = post(f"{PHONE_ID}/messages", {"messaging_product": "whatsapp", **TEXT}, token="stolen")

    assert answer.status_code == 401
    assert code_of(answer) == 190
    assert answer.json()["error"]["type"] == "OAuthException"


def test_an_unknown_number_id_is_said_not_to_exist(post: Call) -> None:
    answer = post("999/messages", {"messaging_product": "whatsapp", **TEXT})

    assert answer.status_code == 400
    assert code_of(answer) == 33


@pytest.mark.parametrize("version", ["v1.0", "25.0", "v99.0"])
def test_an_unknown_version_is_an_unknown_path(post: Call, version: str) -> None:
    assert code_of(post(f"{PHONE_ID}/messages", TEXT, version=version)) == 2500


def test_what_is_not_json_is_refused(client: Any) -> None:
    answer = client.post(
        f"/simulator/graph/v25.0/{PHONE_ID}/messages",
        "{",
        content_type="application/json",
        headers={"Authorization": "Bearer test-access-token"},
    )

    assert code_of(answer) == 100


def test_statuses_follow_an_accepted_message(send: Call, ana: Phone, receiver: Receiver) -> None:
    wamid = send(**TEXT, biz_opaque_callback_data="outbox:91").json()["messages"][0]["id"]

    posts = [post for post in receiver.collect() if "statuses" in post.value]

    statuses = [post.value["statuses"][0] for post in posts]
    assert [status["status"] for status in statuses] == ["sent", "delivered"]
    assert statuses[0] == {
        "id": wamid,
        "status": "sent",
        "timestamp": str(int(NOW.timestamp())),
        "recipient_id": "595981000001",
        "recipient_user_id": ana.bsuid,
        "biz_opaque_callback_data": "outbox:91",
        "pricing": {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "service"},
    }
    assert all("conversation" not in status for status in statuses)


def test_a_username_is_told_with_delivered_but_not_with_sent(
    send: Call, luz: Phone, receiver: Receiver
) -> None:
    send(recipient=luz.bsuid, **TEXT)

    sent, delivered = [post.value for post in receiver.collect() if "statuses" in post.value]

    assert sent["contacts"] == [{"profile": {"name": "Luz"}, "user_id": luz.bsuid}]
    assert delivered["contacts"][0]["profile"]["username"] == "luz.py"
    assert "recipient_id" not in delivered["statuses"][0]
    assert delivered["statuses"][0]["recipient_user_id"] == luz.bsuid


@pytest.mark.parametrize(("receipts_on", "expected"), [(True, ["read"]), (False, [])])
def test_read_is_told_only_with_receipts_on(
    send: Call, ana: Phone, receiver: Receiver, receipts_on: bool, expected: list[str]
) -> None:
    ana.receipts_on = receipts_on
    send(**TEXT)
    receiver.collect()

    phones.read_all(ana, now=NOW)
    statuses = receiver.statuses()

    assert [status["status"] for status in statuses] == expected
    assert all("pricing" not in status for status in statuses)


def test_a_reaction_makes_only_sent(send: Call, ana: Phone, receiver: Receiver) -> None:
    wamid = phones.say(ana, "thanks", now=NOW)
    send(type="reaction", reaction={"message_id": wamid, "emoji": "✅"})

    assert [status["status"] for status in receiver.statuses()] == ["sent"]


def test_a_reaction_to_nothing_fails_later(send: Call, ana: Phone, receiver: Receiver) -> None:
    assert send(type="reaction", reaction={"message_id": "wamid.X", "emoji": "✅"}).status_code == 200

    (status,) = receiver.statuses()
    assert status["errors"][0]["code"] == 131009


def test_marking_read_marks_what_came_before_too(post: Call, ana: Phone) -> None:
    second = phones.say(ana, "menu", now=NOW)
    phones.say(ana, "later", now=NOW)

    answer = post(
        f"{PHONE_ID}/messages",
        {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": second,
            "typing_indicator": {"type": "text"},
        },
    )

    assert answer.json() == {"success": True}
    assert list(ana.messages.values_list("status", flat=True)) == ["read", "read", "sent"]
    ana.refresh_from_db()
    assert ana.typing_until == NOW + timedelta(seconds=25)


def test_typing_ends_with_the_answer(send: Call, ana: Phone) -> None:
    ana.typing_until = NOW + timedelta(seconds=25)
    ana.save()

    send(**TEXT)

    ana.refresh_from_db()
    assert ana.typing_until is None


def test_marking_an_unknown_message_read_is_refused(post: Call) -> None:
    body = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.X"}

    assert code_of(post(f"{PHONE_ID}/messages", body)) == 131009


def test_a_quote_of_an_unknown_message_is_sent_without_it(send: Call, ana: Phone) -> None:
    wamid = phones.say(ana, "menu", now=NOW)

    send(**TEXT, context={"message_id": wamid})
    send(**TEXT, context={"message_id": "wamid.GONE"})

    assert [message.context_wamid for message in phones.inbox_of(ana)] == [wamid, ""]


def test_the_journal_keeps_what_was_accepted_and_cannot_be_rewritten(send: Call, ana: Phone) -> None:
    send(**TEXT, biz_opaque_callback_data="outbox:5")

    entry = JournalEntry.objects.get(kind="accepted", callback_data="outbox:5")
    assert entry.detail["text"] == {"body": "Hello"}
    with pytest.raises(ValueError, match="only ever added"):
        entry.save()
