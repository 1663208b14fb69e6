"""What staff are shown of a file of a chat: a copy drawn anew, however it came to be."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image
from pytest_django import Settings

from raffles.audit.models import AuditEntry, Deed
from raffles.evidence.actions import copy_file
from raffles.evidence.reader import Reader, ReaderFailed
from raffles.sales.models import PaymentProof
from tests.admin.chats import make_contact, photographed
from tests.admin.conftest import ClientOf
from tests.admin.pages import fetch, page_of, text
from tests.evidence.hostile import endless_pdf, pdf_of, png_bomb, with_place_of_photo
from tests.factories import NOW, make_order, make_proof, png_bytes
from whatsapp import file_copies
from whatsapp.models import InboundEvent, InboundMedia
from whatsapp.tasks import sweep_file_copies


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def photo() -> bytes:
    """As a phone takes it: with the place where it was taken."""
    return with_place_of_photo(Image.new("RGB", (30, 20), "red"))


def media_of(event: InboundEvent) -> InboundMedia:
    return InboundMedia.objects.get(event=event)


def chat_of(event: InboundEvent) -> str:
    assert event.contact is not None
    return page_of(event.contact)


def kept_copies() -> list[str]:
    root = Path(default_storage.path("evidence"))
    return sorted(path.name for path in root.rglob("*.jpg"))


def is_drawn_anew(content: bytes) -> bool:
    with Image.open(io.BytesIO(content)) as picture:
        return picture.format == "JPEG" and not picture.getexif()


def test_a_chat_and_a_message_embed_the_copy_and_link_the_file(desk: Client) -> None:
    event = photographed(make_contact(), photo())
    for page in (chat_of(event), page_of(event)):
        shown = text(desk.get(page))
        assert f'src="{page_of(event, "copy")}"' in shown
        assert f'src="{page_of(event, "file")}"' not in shown
        assert f'href="{page_of(event, "file")}"' in shown


def test_whoever_looks_before_the_worker_gets_a_copy_with_nothing_but_the_picture(desk: Client) -> None:
    event = photographed(make_contact(), photo())
    answer = fetch(desk, page_of(event, "copy"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert is_drawn_anew(answer.body)
    assert answer["Cache-Control"] == "private, no-store"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert media_of(event).showing == "COPIED"
    assert fetch(desk, page_of(event, "copy")).body == answer.body
    assert len(kept_copies()) == 1


def test_each_look_at_a_copy_leaves_a_line(desk: Client) -> None:
    event = photographed(make_contact())
    fetch(desk, page_of(event, "copy"))
    line = AuditEntry.objects.get(action=Deed.FILE_SEEN)
    assert (line.subject_type, line.subject_label) == ("whatsapp.InboundMedia", f"#{media_of(event).pk}")


def test_the_worker_copies_what_is_no_proof_and_leaves_the_others_to_their_proof(desk: Client) -> None:
    contact = make_contact()
    plain, sent = photographed(contact, photo()), photographed(contact, photo())
    proof = make_proof(make_order(status="PENDING_PAYMENT"), content=photo(), source_key=sent.event_key)
    sweep_file_copies.call_local()
    assert [media_of(event).showing for event in (plain, sent)] == ["COPIED", "PROOF"]
    assert len(kept_copies()) == 1
    assert is_drawn_anew(fetch(desk, page_of(sent, "copy")).body)
    assert PaymentProof.objects.get(pk=proof.pk).evidence.pages
    assert file_copies.make_waiting(now=NOW) == 0


def test_a_file_that_the_bot_has_not_taken_yet_waits(db: None) -> None:
    event = photographed(make_contact(), status="NEW")
    assert file_copies.make_waiting(now=NOW) == 0
    assert media_of(event).showing == "WAITING"


def test_the_first_page_of_a_document_is_shown(desk: Client) -> None:
    event = photographed(make_contact(), pdf_of(3))
    InboundMedia.objects.filter(event=event).update(content_type="application/pdf")
    assert f'src="{page_of(event, "copy")}"' in text(desk.get(chat_of(event)))
    assert is_drawn_anew(fetch(desk, page_of(event, "copy")).body)
    assert len(kept_copies()) == 1


HOSTILE = [b"<script>alert(1)</script>", png_bomb(), png_bytes()[:40]]


@pytest.mark.parametrize("content", HOSTILE, ids=["script", "bomb", "half"])
def test_what_cannot_be_drawn_is_a_link_once_that_is_known(desk: Client, content: bytes) -> None:
    event = photographed(make_contact(), content)
    assert fetch(desk, page_of(event, "copy")).status_code == 404
    file_copies.make_waiting(now=NOW)
    assert media_of(event).showing == "UNREADABLE"
    assert fetch(desk, page_of(event, "copy")).status_code == 404
    shown = text(desk.get(chat_of(event)))
    assert f'src="{page_of(event, "copy")}"' not in shown
    assert f'href="{page_of(event, "file")}"' in shown


def test_what_takes_long_is_left_to_the_worker(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_copies, "PATIENT_SECONDS", 0.2)
    event = photographed(make_contact(), endless_pdf())
    answer = fetch(desk, page_of(event, "copy"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "3")
    assert media_of(event).showing == "WAITING"


def test_a_file_that_is_gone_from_the_disk_is_unreadable(desk: Client) -> None:
    event = photographed(make_contact())
    media_of(event).file.delete(save=False)
    assert fetch(desk, page_of(event, "copy")).status_code == 404
    file_copies.make_waiting(now=NOW)
    assert media_of(event).showing == "UNREADABLE"


@pytest.mark.parametrize(("age", "showing"), [(0, "WAITING"), (2, "UNREADABLE")])
def test_a_reader_that_was_ended_may_try_again_for_an_hour(
    monkeypatch: pytest.MonkeyPatch, age: int, showing: str, db: None
) -> None:
    def lost(*_: object, **__: object) -> None:
        raise ReaderFailed("lost")

    monkeypatch.setattr(Reader, "ask", lost)
    event = photographed(make_contact(), received_at=NOW - timedelta(hours=age))
    file_copies.make_waiting(now=NOW)
    assert media_of(event).showing == showing


def test_of_two_copies_made_at_once_the_first_stands(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    event = photographed(make_contact(), photo())

    def while_another_does(**given: Any) -> str:
        monkeypatch.setattr(file_copies, "copy_file", copy_file)
        file_copies.make_waiting(now=NOW)
        return copy_file(**given)

    ours = media_of(event)
    monkeypatch.setattr(file_copies, "copy_file", while_another_does)
    name = file_copies.name_of(ours, now=NOW)
    assert name == media_of(event).copy
    assert len(kept_copies()) == 1


def test_who_may_not_see_the_file_sees_no_copy(client_of: ClientOf) -> None:
    event = photographed(make_contact())
    assert fetch(Client(), page_of(event, "copy")).status_code == 404
    assert fetch(client_of("sales.view_order"), page_of(event, "copy")).status_code == 403
    assert not kept_copies()
