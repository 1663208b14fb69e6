import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

import whatsapp.simulator
from tests.simulator.conftest import NOW, Json
from whatsapp.simulator import phones, samples
from whatsapp.simulator.acceptance import accept
from whatsapp.simulator.models import Phone

pytestmark = pytest.mark.django_db
ROOM = Path(whatsapp.simulator.__file__).parent
SHIPPED = sorted([*(ROOM / "static").rglob("*.*"), *(ROOM / "templates").rglob("*.html")])
NAMES_OF_XML = ("http://www.w3.org/2000/svg",)


def act(client: Client, name: str, phone: Phone, **wish: Any) -> Any:
    address = reverse(f"simulator:{name}", args=[phone.pk])
    return client.post(address, wish, content_type="application/json")


def screen(client: Client, phone: Phone | None = None) -> Json:
    answer: Json = client.get(reverse("simulator:state"), {"player": phone.pk if phone else ""}).json()
    return answer


def receipt(client: Client, phone: Phone, **wish: str) -> Any:
    return client.get(reverse("simulator:receipt", args=[phone.pk]), wish)


def test_the_first_look_finds_players_with_and_without_a_number(client: Client) -> None:
    assert client.get(reverse("simulator:page")).status_code == 200
    assert client.get(reverse("simulator:page")).status_code == 200

    players = screen(client)["players"]
    assert [player["number"] for player in players] == ["595981000001", "5511960000002", "447700900003", ""]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_nothing_is_loaded_from_elsewhere(path: Path) -> None:
    addresses = re.findall(
        r"""https?://[a-z0-9.-]+\.[a-z]{2,}[^\s"'`)]*|["'(]//[a-z0-9.-]+\.[a-z]""",
        path.read_text(),
        re.IGNORECASE,
    )

    assert [address for address in addresses if address not in NAMES_OF_XML] == []


@pytest.mark.parametrize(
    "path", [path for path in SHIPPED if path.suffix in (".js", ".html")], ids=lambda path: path.name
)
def test_no_script_turns_text_into_markup(path: Path) -> None:
    risky = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|\son\w+=[\"']"

    assert re.findall(risky, path.read_text()) == []


def test_the_page_forbids_what_it_does_not_need(client: Client) -> None:
    policy = client.get(reverse("simulator:page"))["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


def test_the_pages_doors_want_a_token(ana: Phone) -> None:
    stranger = Client(enforce_csrf_checks=True)

    assert act(stranger, "say", ana, text="hi").status_code == 403


def test_an_unchanged_screen_is_not_sent_again(client: Client, ana: Phone) -> None:
    address = reverse("simulator:state") + f"?player={ana.pk}"
    tag = client.get(address)["ETag"]

    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    phones.say(ana, "again", now=NOW)
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_what_is_typed_is_said(client: Client, ana: Phone) -> None:
    assert act(client, "say", ana, text="5, 12, 99").status_code == 200

    last = screen(client, ana)["chat"]["messages"][-1]
    assert (last["mine"], last["type"], last["payload"]) == (True, "text", {"body": "5, 12, 99"})


@pytest.mark.parametrize("text", ["", "   ", "x" * 4097])
def test_what_no_phone_would_send_is_not_said(client: Client, ana: Phone, text: str) -> None:
    assert act(client, "say", ana, text=text).status_code == 400


def test_a_business_message_is_unread_until_the_player_looks(client: Client, ana: Phone) -> None:
    accept({"messaging_product": "whatsapp", "to": ana.wa_id, "text": {"body": "Hello"}}, NOW)
    assert screen(client)["players"][0]["unread"] == 1

    act(client, "look", ana)

    assert screen(client)["players"][0]["unread"] == 0
    assert phones.inbox_of(ana)[0].status == "read"


def test_a_button_is_tapped_once_offered_and_otherwise_refused(client: Client, ana: Phone) -> None:
    buttons = [{"type": "reply", "reply": {"id": "menu", "title": "Menu"}}]
    interactive = {"type": "button", "body": {"text": "?"}, "action": {"buttons": buttons}}
    body = {
        "messaging_product": "whatsapp",
        "to": ana.wa_id,
        "type": "interactive",
        "interactive": interactive,
    }
    wamid = accept(body, NOW)["messages"][0]["id"]

    assert act(client, "tap", ana, wamid=wamid, reply_id="menu").status_code == 200
    assert act(client, "tap", ana, wamid=wamid, reply_id="other").status_code == 400
    assert screen(client, ana)["chat"]["messages"][-1]["payload"]["button_reply"]["id"] == "menu"


def test_a_file_from_disk_is_sent_and_shown(client: Client, ana: Phone) -> None:
    file = SimpleUploadedFile("proof.pdf", b"%PDF-1.7", content_type="application/pdf")
    form = {"file": file, "caption": "paid"}

    assert client.post(reverse("simulator:send-file", args=[ana.pk]), form).status_code == 200

    sent = screen(client, ana)["chat"]["messages"][-1]["payload"]
    assert (sent["filename"], sent["caption"]) == ("proof.pdf", "paid")
    shown = client.get(reverse("simulator:file", args=[sent["id"]]))
    assert (shown.content, shown["Content-Type"]) == (b"%PDF-1.7", "application/pdf")
    assert shown["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_could_run_is_only_offered_for_saving(client: Client, ana: Phone) -> None:
    phones.send_media(ana, b"<script>1</script>", "text/html", filename="a.html", now=NOW)
    media_id = ana.messages.get(type="document").payload["id"]

    shown = client.get(reverse("simulator:file", args=[media_id]))

    assert shown["Content-Type"] == "application/octet-stream"
    assert shown["Content-Disposition"] == "attachment"


@pytest.mark.parametrize(
    ("sample", "kind"),
    [
        ("voice", "audio"),
        ("sticker", "sticker"),
        ("location", "location"),
        ("poll", "unsupported"),
        ("own_number", "contacts"),
    ],
)
def test_samples_are_sent_by_name(client: Client, ana: Phone, sample: str, kind: str) -> None:
    assert act(client, "send-sample", ana, kind=sample).status_code == 200

    assert screen(client, ana)["chat"]["messages"][-1]["type"] == kind


def test_an_unknown_sample_is_refused(client: Client, ana: Phone) -> None:
    assert act(client, "send-sample", ana, kind="elephant").status_code == 400


def test_the_samples_are_what_they_claim() -> None:
    note = samples.voice_note(seconds=2)

    assert note.startswith(b"OggS")
    assert note.count(b"OggS") == 4
    picture = Image.open(io.BytesIO(samples.sticker()))
    assert (picture.format, picture.size) == ("WEBP", (512, 512))


def test_a_receipt_is_drawn_as_picture_or_pdf(client: Client, ana: Phone) -> None:
    wish = {"amount": "Gs. 30.000", "reference": "K7M2QX", "bank": "Banco Itapúa", "payer": "João Núñez"}

    picture = receipt(client, ana, **wish)
    document = receipt(client, ana, **wish, format="pdf")

    assert Image.open(io.BytesIO(picture.content)).format == "PNG"
    assert document["Content-Type"] == "application/pdf"
    assert document.content.startswith(b"%PDF")


def test_receipts_differ_with_what_they_say(client: Client, ana: Phone) -> None:
    made_at = "2026-11-21T09:00"
    first, same, other = (
        receipt(client, ana, amount=amount, made_at=made_at).content for amount in ("1", "1", "2")
    )

    assert first == same != other


@pytest.mark.parametrize("odd", ["x" * 500, "🎉", "\x00", "٣٠", ""])
def test_a_receipt_is_drawn_from_any_text(client: Client, ana: Phone, odd: str) -> None:
    assert (
        receipt(client, ana, amount=odd, reference=odd, bank=odd, payer=odd, made_at=odd).status_code == 200
    )


def test_a_new_player_may_lack_a_number(client: Client) -> None:
    address = reverse("simulator:new-player")
    made = client.post(address, {"name": "Sol", "username": "@sol"}, content_type="application/json")

    phone = Phone.objects.get(pk=made.json()["id"])
    assert (phone.wa_id, phone.username) == ("", "sol")


@pytest.mark.parametrize(
    "wish", [{"name": ""}, {"name": "A", "number": "12"}, {"name": "A", "number": "595981000001"}]
)
def test_a_player_that_cannot_be_is_refused(client: Client, ana: Phone, wish: Json) -> None:
    answer = client.post(reverse("simulator:new-player"), wish, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json()["problem"]


def test_receipts_are_switched_and_numbers_changed_on_the_phone(client: Client, ana: Phone) -> None:
    before = ana.bsuid

    act(client, "change", ana, receipts_on=False)
    act(client, "change", ana, number="+595 981 777777")

    ana.refresh_from_db()
    assert (ana.receipts_on, ana.wa_id) == (False, "595981777777")
    assert ana.bsuid != before


def test_a_reaction_is_sent_from_the_page(client: Client, ana: Phone) -> None:
    assert act(client, "react", ana, wamid="wamid.A", emoji="👍").status_code == 200

    assert screen(client, ana)["chat"]["messages"][-1]["payload"] == {"message_id": "wamid.A", "emoji": "👍"}


def test_an_edited_and_a_deleted_message_show_in_their_old_places(client: Client, ana: Phone) -> None:
    phones.edit(ana, "chau", now=NOW)
    phones.say(ana, "oops", now=NOW)
    phones.revoke(ana, now=NOW)

    edited, deleted = [message["payload"] for message in screen(client, ana)["chat"]["messages"]]

    assert edited == {"body": "chau", "edited": True}
    assert deleted["revoked"] is True
