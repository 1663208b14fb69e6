import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.simulator.conftest import ACCOUNT_ID, NOW, PHONE_ID, TOKEN, Receiver
from whatsapp.simulator import phones
from whatsapp.simulator.models import Phone

pytestmark = pytest.mark.django_db
GRAPH = "/simulator/graph/v25.0"
AUTH = {"Authorization": f"Bearer {TOKEN}"}
READER = {**AUTH, "User-Agent": "raffles"}
PDF = b"%PDF-1.7 small"
PHOTO = b"\xff\xd8\xff photo"


def upload(client: Client, *, content: bytes = PDF, mime: str = "application/pdf", **form: str) -> Any:
    file = SimpleUploadedFile("ticket.pdf", content, content_type=mime)
    fields = {"messaging_product": "whatsapp", "type": mime, **form, "file": file}
    return client.post(f"{GRAPH}/{PHONE_ID}/media", fields, headers=AUTH)


def path_of(url: str) -> str:
    return urlsplit(url).path


@pytest.fixture
def photo_id(ana: Phone) -> str:
    phones.send_media(ana, PHOTO, "image/jpeg", now=NOW)
    media_id: str = ana.messages.get(type="image").payload["id"]
    return media_id


def test_a_players_photo_is_described_by_its_id(client: Client, photo_id: str) -> None:
    found = client.get(f"{GRAPH}/{photo_id}?phone_number_id={PHONE_ID}", headers=AUTH).json()

    assert found.pop("url").startswith("http://testserver/simulator/lookaside/")
    assert found == {
        "mime_type": "image/jpeg",
        "sha256": hashlib.sha256(PHOTO).hexdigest(),
        "file_size": len(PHOTO),
        "id": photo_id,
        "messaging_product": "whatsapp",
    }


def test_a_link_lives_five_minutes_and_wants_the_token(
    client: Client, photo_id: str, time_machine: Any
) -> None:
    link = path_of(client.get(f"{GRAPH}/{photo_id}", headers=AUTH).json()["url"])

    assert client.get(link, headers={"User-Agent": "raffles"}).status_code == 401
    time_machine.move_to(NOW + timedelta(minutes=5), tick=False)
    served = client.get(link, headers=READER)
    assert (served.status_code, served.content) == (200, PHOTO)
    assert served["Content-Type"] == "image/jpeg"
    time_machine.move_to(NOW + timedelta(minutes=5, seconds=1), tick=False)
    assert client.get(link, headers=READER).status_code == 404


def test_a_forged_link_leads_nowhere(client: Client) -> None:
    assert client.get("/simulator/lookaside/forged", headers=READER).status_code == 404


def test_the_link_inside_the_webhook_serves_the_same_file(
    client: Client, photo_id: str, receiver: Receiver
) -> None:
    message = receiver.messages()[-1]

    assert client.get(path_of(message["image"]["url"]), headers=READER).content == PHOTO


@pytest.mark.parametrize(("days", "status"), [(6.99, 200), (7, 400)])
def test_an_inbound_id_lives_seven_days(
    client: Client, photo_id: str, time_machine: Any, days: float, status: int
) -> None:
    time_machine.move_to(NOW + timedelta(days=days), tick=False)

    assert client.get(f"{GRAPH}/{photo_id}", headers=AUTH).status_code == status


@pytest.mark.parametrize(("days", "status"), [(29.99, 200), (30, 400)])
def test_an_upload_lives_thirty_days(client: Client, time_machine: Any, days: float, status: int) -> None:
    media_id = upload(client).json()["id"]
    time_machine.move_to(NOW + timedelta(days=days), tick=False)

    assert client.get(f"{GRAPH}/{media_id}", headers=AUTH).status_code == status


def test_a_deleted_file_is_gone(client: Client) -> None:
    media_id = upload(client).json()["id"]

    assert client.delete(f"{GRAPH}/{media_id}", headers=AUTH).json() == {"success": True}
    gone = client.get(f"{GRAPH}/{media_id}", headers=AUTH)
    assert gone.json()["error"]["code"] == 33


def test_a_file_is_not_shown_to_another_number(client: Client, photo_id: str) -> None:
    assert client.get(f"{GRAPH}/{photo_id}?phone_number_id=999", headers=AUTH).status_code == 400


def test_an_upload_can_be_sent(client: Client, send: Any, ana: Phone, receiver: Receiver) -> None:
    media_id = upload(client).json()["id"]

    answer = send(type="document", document={"id": media_id, "filename": "ticket.pdf", "caption": "Yours"})

    assert answer.status_code == 200
    assert [status["status"] for status in receiver.statuses()] == ["sent", "delivered"]
    assert phones.inbox_of(ana)[0].payload["filename"] == "ticket.pdf"


def test_a_file_of_another_kind_fails_later(
    client: Client, send: Any, ana: Phone, receiver: Receiver
) -> None:
    pdf = upload(client).json()["id"]
    liar = upload(client, content=b"MZ not an image", mime="image/png").json()["id"]

    for media_id in (pdf, liar):
        assert send(type="image", image={"id": media_id}).status_code == 200

    assert [status["errors"][0]["code"] for status in receiver.statuses()] == [131053, 131053]
    assert phones.inbox_of(ana) == []


def test_an_unknown_file_is_refused_at_once(send: Any, ana: Phone) -> None:
    assert send(type="image", image={"id": "1"}).status_code == 400


def test_a_header_image_must_exist(send: Any, ana: Phone) -> None:
    interactive = {
        "type": "button",
        "header": {"type": "image", "image": {"id": "1"}},
        "body": {"text": "Which?"},
        "action": {"buttons": [{"type": "reply", "reply": {"id": "a", "title": "A"}}]},
    }

    assert send(type="interactive", interactive=interactive).status_code == 400


@pytest.mark.parametrize(
    ("code", "given"),
    [
        (100, {"mime": "image/gif"}),
        (100, {"mime": "text/html"}),
        (100, {"content": b""}),
        (131053, {"content": b"x" * (5 * 1024 * 1024 + 1), "mime": "image/png"}),
        (100, {"messaging_product": "telegram"}),
    ],
)
def test_an_unfit_upload_is_refused(client: Client, code: int, given: Any) -> None:
    assert upload(client, **given).json()["error"]["code"] == code


def test_the_number_describes_itself(client: Client) -> None:
    fields = "quality_rating,throughput,health_status"

    answer = client.get(f"{GRAPH}/{PHONE_ID}?fields={fields}", headers=AUTH).json()

    assert answer["id"] == PHONE_ID
    assert answer["health_status"]["can_send_message"] == "AVAILABLE"
    assert client.get(f"{GRAPH}/{PHONE_ID}?fields=colour", headers=AUTH).status_code == 400


def test_the_app_is_subscribed_to_the_account(client: Client) -> None:
    path = f"{GRAPH}/{ACCOUNT_ID}/subscribed_apps"

    assert client.post(path, headers=AUTH).json() == {"success": True}
    assert client.get(path, headers=AUTH).json()["data"][0]["whatsapp_business_api_data"]["id"]


def test_a_token_can_be_examined(client: Client) -> None:
    good = client.get(f"{GRAPH}/debug_token?input_token={TOKEN}", headers=AUTH).json()["data"]
    bad = client.get(f"{GRAPH}/debug_token?input_token=x", headers=AUTH).json()["data"]

    assert (good["is_valid"], good["expires_at"], bad["is_valid"]) == (True, 0, False)
