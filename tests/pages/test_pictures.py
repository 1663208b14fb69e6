from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image
from pytest_django import Settings

from raffles.draws.models import Prize
from raffles.numbers.models import Raffle
from raffles.pages.previews import SIZE, Preview, drawn
from tests.draws.staging import committed_raffle, draw_of, sold
from tests.factories import make_raffle, picture_bytes
from tests.pages.looking import Place, get


@pytest.fixture(autouse=True)
def _folder(settings: Settings, tmp_path: Path) -> None:
    cache.clear()
    settings.MEDIA_ROOT = str(tmp_path)


def with_picture(content: bytes, name: str = "photo.jpg") -> Raffle:
    raffle = make_raffle(code="SEEN")
    raffle.image.save(name, ContentFile(content))
    return raffle


def photo(size: tuple[int, int] = (3000, 2000)) -> bytes:
    """As a phone takes it: with the place where it stood."""
    picture, written = Image.new("RGB", size, "#336699"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "behind the house of Wilhelmina"
    exif.get_ifd(0x8825)[2] = (25.0, 16.0, 1.0)
    picture.save(written, "JPEG", exif=exif)
    return written.getvalue()


@pytest.mark.django_db
def test_a_picture_is_small_and_tells_nothing_but_itself(client: Client) -> None:
    with_picture(photo())
    answer = get(client, "/r/SEEN/picture.jpg")
    found = Image.open(io.BytesIO(answer.content))
    assert (answer["Content-Type"], found.format, max(found.size)) == ("image/jpeg", "JPEG", 960)
    assert not found.getexif()
    assert b"Wilhelmina" not in answer.content
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "max-age" in answer["Cache-Control"]
    assert get(client, "/r/SEEN/picture.jpg", if_none_match=answer["ETag"]).status_code == 304
    assert "/r/SEEN/picture.jpg" in get(client, "/").content.decode()


@pytest.mark.django_db
def test_another_picture_has_another_etag(client: Client) -> None:
    raffle = with_picture(photo())
    before = get(client, "/r/SEEN/picture.jpg")["ETag"]
    raffle.image.save("other.png", ContentFile(picture_bytes("PNG")))
    after = get(client, "/r/SEEN/picture.jpg", if_none_match=before)
    assert after.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content", [b"", b"<script>alert(1)</script>", b"\xff\xd8\xff broken", b"%PDF-1.4", photo()[:4000]]
)
def test_what_is_no_picture_is_not_there(client: Client, content: bytes) -> None:
    with_picture(content)
    assert get(client, "/r/SEEN/picture.jpg").status_code == 404


@pytest.mark.django_db
def test_a_picture_that_is_lost_or_a_draft_is_not_there(client: Client) -> None:
    raffle = with_picture(photo((20, 20)))
    raffle.image.storage.delete(raffle.image.name or "")
    assert get(client, "/r/SEEN/picture.jpg").status_code == 404
    raffle.image.save("again.png", ContentFile(picture_bytes("PNG")))
    assert get(client, "/r/SEEN/picture.jpg").status_code == 200
    Raffle.objects.filter(pk=raffle.pk).update(status=Raffle.Status.DRAFT)
    assert get(client, "/r/SEEN/picture.jpg").status_code == 404


@pytest.mark.django_db
def test_a_prize_has_its_picture(client: Client) -> None:
    raffle = committed_raffle(code="SEEN")
    prize: Prize = draw_of(raffle).prizes.get(rank=1)
    prize.picture.save("prize.webp", ContentFile(picture_bytes("WEBP", (400, 300))))
    assert get(client, "/draws/SEEN/prizes/1.jpg")["Content-Type"] == "image/jpeg"
    assert get(client, "/draws/SEEN/prizes/2.jpg").status_code == 404
    assert get(client, f"/draws/SEEN/prizes/{'9' * 30}.jpg").status_code == 404
    for page in ("/r/SEEN/", "/draws/SEEN/"):
        assert "/draws/SEEN/prizes/1.jpg" in get(client, page).content.decode()


def test_a_link_that_is_sent_on_shows_what_it_is(place: Place, client: Client) -> None:
    page = f"/r/{place.open.code}/"
    body = get(client, page, accept_language="en").content.decode()
    image = f"http://127.0.0.1:8000{page}preview.png?lang=en"
    assert f'<meta property="og:image" content="{image}">' in body
    assert '<meta property="og:title" content="A motorbike">' in body
    first = get(client, f"{page}preview.png?lang=en")
    assert Image.open(io.BytesIO(first.content)).size == SIZE
    assert first["Content-Type"] == "image/png"
    assert len(first.content) < 60_000
    assert get(client, f"{page}preview.png?lang=en", if_none_match=first["ETag"]).status_code == 304
    sold(place.open, 50)
    assert get(client, f"{page}preview.png?lang=en")["ETag"] != first["ETag"]
    assert get(client, f"{page}preview.png?lang=es")["ETag"] != first["ETag"]


@pytest.mark.parametrize(
    "title", ["", "A", "Ñandutí de ponta à ponta, ₲", "🎉 Moto 🎉", "word " * 60, "Unbreakable" * 20, "中文"]
)
def test_a_preview_is_drawn_of_any_title(title: str) -> None:
    found = Image.open(io.BytesIO(drawn(Preview("MOTO", title, "PYG 50,000", "none taken", "Draw", 0))))
    assert found.size == SIZE
