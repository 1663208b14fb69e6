import json
from datetime import timedelta

import pytest

from tests.simulator.conftest import ACCOUNT_ID, NOW, PHONE_ID, Json, Receiver
from whatsapp.simulator import phones
from whatsapp.simulator.acceptance import accept
from whatsapp.simulator.courier import deliver_due
from whatsapp.simulator.envelopes import serialise
from whatsapp.simulator.models import Phone, WebhookDelivery

pytestmark = pytest.mark.django_db
BUTTONS: Json = {
    "type": "button",
    "body": {"text": "Which?"},
    "action": {"buttons": [{"type": "reply", "reply": {"id": "menu:raffles", "title": "Raffles"}}]},
}
LIST: Json = {
    "type": "list",
    "body": {"text": "Which?"},
    "action": {
        "button": "Choose",
        "sections": [{"rows": [{"id": "raffle:1", "title": "Bike", "description": "Gs. 10.000"}]}],
    },
}


def offer(phone: Phone, interactive: Json) -> str:
    body = {"messaging_product": "whatsapp", "recipient": phone.bsuid, "type": "interactive"}
    wamid: str = accept({**body, "interactive": interactive}, NOW)["messages"][0]["id"]
    return wamid


def only_message(receiver: Receiver) -> Json:
    (message,) = receiver.messages()
    return message


@pytest.fixture
def heard(receiver: Receiver, ana: Phone, luz: Phone) -> Receiver:
    receiver.collect()
    return receiver


def test_a_text_arrives_in_metas_envelope(receiver: Receiver) -> None:
    phone = phones.create_phone(profile_name="Ana", wa_id="595981000001", bsuid="PY.8392", now=NOW)

    wamid = phones.say(phone, "quiero 5, 12", now=NOW)

    (post,) = receiver.collect()
    assert post.path == "/whatsapp/webhook/"
    assert post.headers["content-type"] == "application/json"
    assert post.body == {
        "object": "whatsapp_business_account",
        "entry": [
            {
                "id": ACCOUNT_ID,
                "changes": [
                    {
                        "field": "messages",
                        "value": {
                            "messaging_product": "whatsapp",
                            "metadata": {
                                "display_phone_number": "595210000000",
                                "phone_number_id": PHONE_ID,
                            },
                            "contacts": [
                                {"profile": {"name": "Ana"}, "wa_id": "595981000001", "user_id": "PY.8392"}
                            ],
                            "messages": [
                                {
                                    "from": "595981000001",
                                    "from_user_id": "PY.8392",
                                    "id": wamid,
                                    "timestamp": str(int(NOW.timestamp())),
                                    "type": "text",
                                    "text": {"body": "quiero 5, 12"},
                                }
                            ],
                        },
                    }
                ],
            }
        ],
    }


def test_phone_keys_of_a_player_without_number_are_left_out(heard: Receiver, luz: Phone) -> None:
    phones.say(luz, "hi", now=NOW)

    (post,) = heard.collect()

    assert post.value["contacts"] == [
        {"profile": {"name": "Luz", "username": "luz.py"}, "user_id": luz.bsuid}
    ]
    assert "from" not in post.value["messages"][0]
    assert post.value["messages"][0]["from_user_id"] == luz.bsuid


def test_the_bytes_are_escaped_as_meta_escapes_and_signed_as_they_are(heard: Receiver, ana: Phone) -> None:
    phones.say(ana, "é 🎉 a/b", now=NOW)

    (post,) = heard.collect()

    assert rb'"body":"\u00e9 \ud83c\udf89 a\/b"' in post.raw
    assert post.raw.isascii()
    assert post.is_signed
    assert post.value["messages"][0]["text"]["body"] == "é 🎉 a/b"
    assert post.raw != json.dumps(post.body).encode()


def test_serialising_changes_nothing_that_a_parser_sees() -> None:
    payload = {"a": ["\\/", "/", "\u2028", '"', "ñ", 1, None, True]}

    assert json.loads(serialise(payload)) == payload


def test_a_tapped_button_comes_as_a_button_reply_in_context(heard: Receiver, ana: Phone) -> None:
    wamid = offer(ana, BUTTONS)

    phones.tap(ana, wamid, "menu:raffles", now=NOW)

    message = only_message(heard)
    assert message["type"] == "interactive"
    assert message["interactive"] == {
        "type": "button_reply",
        "button_reply": {"id": "menu:raffles", "title": "Raffles"},
    }
    assert message["context"] == {"from": "595210000000", "id": wamid}


def test_a_chosen_row_comes_as_a_list_reply(heard: Receiver, luz: Phone) -> None:
    offer(luz, LIST)

    phones.tap(luz, None, "raffle:1", now=NOW)

    assert only_message(heard)["interactive"] == {
        "type": "list_reply",
        "list_reply": {"id": "raffle:1", "title": "Bike", "description": "Gs. 10.000"},
    }


def test_a_button_that_was_never_offered_cannot_be_tapped(ana: Phone, luz: Phone) -> None:
    offer(luz, BUTTONS)

    with pytest.raises(LookupError):
        phones.tap(ana, None, "menu:raffles", now=NOW)


@pytest.mark.parametrize(
    ("mime", "kind", "extras"),
    [
        ("image/jpeg", "image", {"caption": "paid"}),
        ("application/pdf", "document", {"caption": "paid", "filename": "a.pdf"}),
        ("video/mp4", "video", {"caption": "paid"}),
        ("audio/ogg; codecs=opus", "audio", {"voice": False}),
        ("image/webp", "sticker", {"animated": False}),
    ],
)
def test_media_comes_with_id_hash_and_a_short_lived_link(
    heard: Receiver, ana: Phone, mime: str, kind: str, extras: Json
) -> None:
    phones.send_media(ana, b"abc", mime, filename="a.pdf", caption="paid", now=NOW)

    message = only_message(heard)
    thing = message[kind]
    assert message["type"] == kind
    assert thing.pop("sha256") == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="
    assert thing.pop("id").isdigit()
    assert thing.pop("url").startswith("http://")
    assert thing == {"mime_type": mime, **extras}


def test_a_voice_note_says_so(heard: Receiver, ana: Phone) -> None:
    phones.send_media(ana, b"OggS", "audio/ogg; codecs=opus", voice=True, now=NOW)

    assert only_message(heard)["audio"]["voice"] is True


@pytest.mark.parametrize(
    "content",
    [
        {"type": "location", "location": {"latitude": -25.28, "longitude": -57.63}},
        {"type": "unsupported", "errors": [{"code": 131051}], "unsupported": {"type": "poll_creation"}},
        {"type": "from_the_future", "from_the_future": {"a": 1}},
        {"type": "interactive"},
        {"type": "contacts", "contacts": [{"name": {"formatted_name": "B"}}]},
        {"text": {"body": "without a type"}},
    ],
)
def test_anything_at_all_can_be_sent(heard: Receiver, ana: Phone, content: Json) -> None:
    wamid = phones.send_raw(ana, content, now=NOW)

    message = only_message(heard)
    assert message.pop("id") == wamid
    assert {key: message[key] for key in content} == content


def test_a_reaction_taken_back_has_no_emoji_key(heard: Receiver, ana: Phone) -> None:
    phones.react(ana, "wamid.A", "👍", now=NOW)
    phones.react(ana, "wamid.A", "", now=NOW)

    reactions = [message["reaction"] for message in heard.messages()]
    assert reactions == [{"message_id": "wamid.A", "emoji": "👍"}, {"message_id": "wamid.A"}]


def test_a_shared_own_number_is_marked_as_asked_for(heard: Receiver, ana: Phone) -> None:
    phones.share_own_number(ana, now=NOW)

    message = only_message(heard)
    assert message["origin"] == message["contacts"][0]["origin"] == "contact_request"
    assert message["contacts"][0]["phones"][0]["wa_id"] == "595981000001"


def test_who_has_no_number_cannot_share_it(luz: Phone) -> None:
    with pytest.raises(LookupError):
        phones.share_own_number(luz, now=NOW)


def test_a_changed_number_makes_a_new_user_id_and_tells_both(heard: Receiver, ana: Phone) -> None:
    before = ana.bsuid

    phones.change_number(ana, "+595 981 999999", now=NOW)

    system, update = [post.body["entry"][0]["changes"][0] for post in heard.collect()]
    assert "contacts" not in system["value"]
    assert system["value"]["messages"][0]["from"] == "595981000001"
    assert system["value"]["messages"][0]["system"] == {
        "type": "user_changed_user_id",
        "body": f"User Ana changed from {before} to {ana.bsuid}",
        "user_id": ana.bsuid,
        "wa_id": "595981999999",
    }
    assert update["field"] == "user_id_update"
    assert update["value"]["user_id_update"][0]["user_id"] == {"previous": before, "current": ana.bsuid}
    assert phones.phone_for("595981999999") == ana


def test_a_marketing_choice_is_told(heard: Receiver, luz: Phone) -> None:
    phones.prefer_marketing(luz, "stop", now=NOW)

    (post,) = heard.collect()
    (preference,) = post.value["user_preferences"]
    assert (preference["value"], preference["user_id"]) == ("stop", luz.bsuid)
    assert preference["timestamp"] == int(NOW.timestamp())
    assert "wa_id" not in preference


def test_webhooks_arrive_in_the_order_in_which_they_were_made(receiver: Receiver, ana: Phone) -> None:
    for word in "abc":
        phones.say(ana, word, now=NOW)

    assert [message["text"]["body"] for message in receiver.messages()] == ["hola", "a", "b", "c"]


@pytest.mark.parametrize("answer", [500, 302, 204, 404])
def test_a_webhook_is_repeated_with_growing_pauses_until_200(
    heard: Receiver, ana: Phone, answer: int
) -> None:
    phones.say(ana, "again", now=NOW)
    heard.answers = [answer, answer]

    first = heard.collect(NOW)[0].raw
    assert heard.collect(NOW) == []
    assert [post.raw for post in heard.collect(NOW + timedelta(seconds=1))] == [first]
    assert heard.collect(NOW + timedelta(seconds=2)) == []
    assert [post.raw for post in heard.collect(NOW + timedelta(seconds=3))] == [first]
    assert heard.collect(NOW + timedelta(days=1)) == []


def test_a_deaf_receiver_loses_nothing(ana: Phone, receiver: Receiver) -> None:
    assert deliver_due(NOW, base_url="http://127.0.0.1:9") == 0

    assert "ConnectionError" in WebhookDelivery.objects.get().last_answer
    assert len(receiver.messages(NOW + timedelta(seconds=1))) == 1


def test_a_players_message_shows_two_ticks_once_it_was_taken(ana: Phone, receiver: Receiver) -> None:
    receiver.answers = [500]
    receiver.collect()
    assert ana.messages.get().status == "sent"

    receiver.collect(NOW + timedelta(seconds=1))
    assert ana.messages.get().status == "delivered"
