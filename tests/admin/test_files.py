from __future__ import annotations

import io

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from raffles.audit.models import AuditEntry, Deed
from raffles.evidence.actions import copy_proof
from raffles.evidence.copies import drop
from raffles.sales.models import Order, PaymentProof
from tests.admin.chats import make_contact, photographed
from tests.admin.conftest import ClientOf
from tests.admin.pages import fetch, page_of, text
from tests.evidence.hostile import pdf_of
from tests.factories import NOW, make_order, make_proof, make_raffle, pdf_bytes, picture_bytes, png_bytes


@pytest.fixture
def proof(db: None) -> PaymentProof:
    return make_order(status="UNDER_REVIEW").proofs.get()


def test_staff_see_a_proof_in_place_and_nothing_keeps_or_guesses_it(
    desk: Client, proof: PaymentProof
) -> None:
    response = fetch(desk, page_of(proof, "file"))
    assert response.status_code == 200
    assert response.body.startswith(png_bytes())
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"] == f'inline; filename="proof-{proof.pk}.png"'
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_for_everybody_else_there_is_no_such_address(client_of: ClientOf, proof: PaymentProof) -> None:
    event = photographed(make_contact())
    for address in (page_of(proof, "file"), page_of(event, "file")):
        assert fetch(Client(), address).status_code == 404
    player = client_of("sales.view_paymentproof", "whatsapp.view_inboundevent", is_staff=False)
    for address in (page_of(proof, "file"), page_of(event, "file")):
        assert fetch(player, address).status_code == 404


def test_staff_need_the_permission_to_see_proofs(client_of: ClientOf, proof: PaymentProof) -> None:
    assert fetch(client_of("sales.view_order"), page_of(proof, "file")).status_code == 403
    may = client_of("sales.view_paymentproof", username="eva")
    assert fetch(may, page_of(proof, "file")).status_code == 200


@pytest.mark.parametrize(
    ("sent", "content_type", "extension"),
    [
        (picture_bytes("JPEG"), "image/jpeg", "jpg"),
        (picture_bytes("WEBP"), "image/webp", "webp"),
        (pdf_bytes(), "application/pdf", "pdf"),
    ],
)
def test_a_file_is_shown_as_what_its_bytes_are(
    desk: Client, sent: bytes, content_type: str, extension: str
) -> None:
    proof = make_proof(make_order(), content=sent)
    response = fetch(desk, page_of(proof, "file"))
    assert (response.body, response["Content-Type"]) == (sent, content_type)
    assert response["Content-Disposition"].endswith(f'{extension}"')


def test_a_page_that_calls_itself_a_picture_is_only_a_download(desk: Client) -> None:
    event = photographed(make_contact(), b"<html><script>alert(1)</script>")
    response = fetch(desk, page_of(event, "file"))
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")


def test_a_file_or_row_that_is_gone_is_not_found(desk: Client, proof: PaymentProof) -> None:
    proof.file.storage.delete(str(proof.file.name))
    assert fetch(desk, page_of(proof, "file")).status_code == 404
    assert desk.get(page_of(PaymentProof(pk=999), "file")).status_code == 404
    raffle = make_raffle()
    assert fetch(desk, page_of(raffle, "image")).status_code == 404
    raffle.image.save("prize.png", ContentFile(png_bytes()))
    assert fetch(desk, page_of(raffle, "image"))["Content-Type"] == "image/png"
    assert fetch(Client(), page_of(raffle, "image")).status_code == 404


def test_a_file_that_came_twice_is_flagged_in_words_with_the_other_order(desk: Client) -> None:
    raffle = make_raffle()
    first = make_order(raffle=raffle, numbers=(1,))
    second = make_order(raffle=raffle, numbers=(2,))
    for order in (first, second):
        make_proof(order, content=png_bytes())
    other = make_order(raffle=raffle, numbers=(3,))
    make_proof(other, content=picture_bytes("PNG", (9, 9)))
    page = text(desk.get(page_of(first)))
    assert "The same file came for another order:" in page
    assert second.code in page
    assert first.proofs.get().sha256 in page
    assert "The same file" not in text(desk.get(page_of(other)))
    listed = desk.get("/admin/sales/paymentproof/?same=yes")
    assert {row.order for row in listed.context["cl"].result_list} == {first, second}
    assert "Same file as" in text(listed)


def looks() -> int:
    return AuditEntry.objects.filter(action=Deed.FILE_SEEN).count()


@pytest.mark.parametrize("content", [picture_bytes("PNG", (600, 900)), pdf_of(2)], ids=["picture", "pdf"])
def test_pages_show_a_copy_and_link_the_file_itself(desk: Client, content: bytes) -> None:
    proof = make_proof(make_order(), content=content)
    copy = reverse("evidence_receipt", args=(proof.pk, 1))
    for address in (page_of(proof.order), page_of(proof)):
        page = text(desk.get(address))
        assert f'src="{copy}"' in page
        assert f'href="{page_of(proof, "file")}"' in page
        assert f'src="{page_of(proof, "file")}"' not in page
    assert looks() == 0
    assert fetch(desk, copy)["Content-Type"] == "image/jpeg"
    assert looks() == 1


def test_a_list_of_proofs_shows_pictures_that_nobody_can_read_and_notes_no_look(
    desk: Client, client_of: ClientOf
) -> None:
    proof = make_proof(make_order(), content=picture_bytes("PNG", (600, 900)))
    small = reverse("evidence_thumbnail", args=(proof.pk,))
    page = text(desk.get("/admin/sales/paymentproof/"))
    assert f'src="{small}"' in page
    assert f'src="{page_of(proof, "file")}"' not in page
    assert fetch(desk, small)["Content-Type"] == "image/svg+xml", "a list makes no copy"
    copy_proof(proof=proof, now=NOW)
    shown = fetch(desk, small)
    with Image.open(io.BytesIO(shown.body)) as picture:
        assert (picture.format, max(picture.size)) == ("JPEG", 128)
    assert shown["Cache-Control"] == "private, no-store"
    assert looks() == 0
    assert fetch(client_of("sales.view_order", username="eva"), small).status_code == 403
    assert fetch(Client(), small).status_code == 404


def test_a_copy_that_is_gone_is_an_empty_sheet(desk: Client, proof: PaymentProof) -> None:
    drop(copy_proof(proof=proof, now=NOW).pages)
    assert fetch(desk, reverse("evidence_thumbnail", args=(proof.pk,)))["Content-Type"] == "image/svg+xml"


def test_a_proof_is_never_linked_by_its_place_on_disk(desk: Client, boss: User, proof: PaymentProof) -> None:
    name = str(proof.file.name)
    for address in (page_of(proof), page_of(proof.order), "/admin/sales/paymentproof/"):
        assert name not in text(desk.get(address))
    assert Order.objects.get() == proof.order
