"""The loop around the players, on the simulator's own rows."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from whatsapp.simulator.crowd import Crowd, perform
from whatsapp.simulator.crowd_player import Say, ShowReceipt, Tap, Temper
from whatsapp.simulator.crowd_reading import read
from whatsapp.simulator.crowd_receipts import receipt_picture
from whatsapp.simulator.models import ChatMessage, JournalEntry, Media, Phone

pytestmark = pytest.mark.django_db
BUTTONS = {
    "type": "button",
    "body": {"text": "Held"},
    "action": {"buttons": [{"type": "reply", "reply": {"id": "confirm:ABC234:2", "title": "Confirm"}}]},
}


@pytest.fixture
def crowd() -> Crowd:
    made = Crowd(players=3, seed=5, temper=Temper())
    made.arrive()
    return made


def shown(phone: Phone, kind: str = "interactive", payload: object = BUTTONS) -> ChatMessage:
    return ChatMessage.objects.create(
        phone=phone, direction="out", wamid="wamid.out", type=kind, payload=payload, at=phone.created_at
    )


def test_every_player_has_a_phone_of_the_own_number_and_language(crowd: Crowd) -> None:
    phones = Phone.objects.order_by("pk")
    assert [phone.wa_id for phone in phones] == [player.number for player in crowd.players]
    assert [phone.profile_name for phone in phones] == [player.name for player in crowd.players]


def test_a_bubble_is_read_as_words_and_choices(crowd: Crowd) -> None:
    heard = read(shown(Phone.objects.all()[0]))
    assert heard.text == "Held"
    assert [(choice.verb, choice.title) for choice in heard.choices] == [("confirm", "Confirm")]


def test_what_a_player_does_goes_out_as_a_message_of_the_phone(crowd: Crowd) -> None:
    phone = Phone.objects.all()[0]
    shown(phone)
    for act in (Say("hola"), Tap("wamid.out", "confirm:ABC234:2"), ShowReceipt("ABC234")):
        perform(phone, act)
    sent = ChatMessage.objects.filter(phone=phone, direction="in").order_by("pk")
    assert [message.type for message in sent] == ["text", "interactive", "image"]
    assert JournalEntry.objects.filter(kind="said").count() == 3


def test_receipts_are_pictures_and_no_two_are_the_same_file(crowd: Crowd) -> None:
    phone = Phone.objects.all()[0]
    perform(phone, ShowReceipt("ABC234"))
    perform(phone, ShowReceipt("ABC234"))
    kept = list(Media.objects.all())
    assert len({media.sha256 for media in kept}) == 2
    assert all(media.mime == "image/jpeg" for media in kept)


def test_a_receipt_can_be_opened_as_a_jpeg() -> None:

    with Image.open(io.BytesIO(receipt_picture("ABC234", "Ana"))) as picture:
        picture.load()
        assert (picture.format, picture.size) == ("JPEG", (360, 620))


def test_the_standing_counts_acts_and_gathers_troubles(crowd: Crowd) -> None:
    crowd.players[1].troubles.append("player 1 is not answered")
    standing = crowd.standing()
    assert standing["acts"] == 0
    assert standing["busy"] == 3
    assert standing["troubles"] == ["player 1 is not answered"]
