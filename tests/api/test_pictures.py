"""Pictures of raffles and prizes: put on, replaced and taken off by a program, and seen by everybody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from raffles.audit.models import AuditEntry, Deed
from raffles.numbers.models import Raffle
from tests.api.conftest import allowed, calling, token_for
from tests.api.test_errors import judged
from tests.draws.staging import committed_raffle, draw_of
from tests.factories import make_raffle, make_staff, picture_bytes, png_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def sent(content: bytes = b"", name: str = "car.png") -> dict[str, SimpleUploadedFile]:
    return {"picture": SimpleUploadedFile(name, content or png_bytes(), "image/png")}


def put(caller: APIClient, path: str, files: dict[str, Any], **headers: Any) -> Any:
    return caller.put(f"/api/v1/{path}/picture/", files, format="multipart", **headers)


def public(address: str) -> int:
    return Client().get(address.removeprefix("http://testserver")).status_code


def address_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.data
    found: str = answer.data["picture"]
    return found[found.index("/r/") :]


def test_the_picture_of_a_raffle_is_set_replaced_and_removed(staff: APIClient) -> None:
    raffle = make_raffle()
    at = f"raffles/{raffle.pk}"
    assert staff.get(f"/api/v1/{at}/").data["picture"] is None
    first, second = address_of(put(staff, at, sent())), address_of(put(staff, at, sent(name="other.png")))
    assert first.partition("?")[0] == second.partition("?")[0] == f"/r/{raffle.code}/picture.jpg"
    assert first != second, "browsers keep the one they have"
    assert public(first) == 200
    assert second in Client().get(f"/r/{raffle.code}/").content.decode()
    assert staff.delete(f"/api/v1/{at}/picture/").status_code == 204
    assert staff.get(f"/api/v1/{at}/").data["picture"] is None
    assert public(second) == 404
    told = AuditEntry.objects.filter(action=Deed.RAFFLE_CHANGED).order_by("pk")
    assert [bool(line.after["image"]) for line in told] == [True, True, False]
    assert told[2].before["image"] == told[1].after["image"]


def test_a_prize_gets_a_picture_once_its_rule_is_public_and_the_rule_stays(staff: APIClient) -> None:
    draw = draw_of(committed_raffle(prizes=[("A television", 1), ("A hat", 1)]))
    rule, at = draw.rules.get().text, f"draws/{draw.code}/prizes/2"
    shown = put(staff, at, sent()).data["prizes"]
    assert shown[0]["picture"] is None
    assert f"/draws/{draw.code}/prizes/2.jpg?v=" in shown[1]["picture"]
    assert public(shown[1]["picture"][shown[1]["picture"].index("/draws/") :]) == 200
    assert staff.delete(f"/api/v1/{at}/picture/").status_code == 204
    assert staff.get(f"/api/v1/draws/{draw.code}/").data["prizes"][1]["picture"] is None
    assert draw.rules.get().text == rule
    assert judged(put(staff, f"draws/{draw.code}/prizes/3", sent())) == (404, "not_found")


@pytest.mark.parametrize(
    "content",
    [
        b"no picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'></svg>",
        picture_bytes("GIF"),
        picture_bytes("TIFF"),
        png_bytes()[:40],
        b"%PDF-1.4\n",
    ],
)
def test_what_the_public_pages_could_not_draw_is_refused(staff: APIClient, content: bytes) -> None:
    raffle = make_raffle()
    answer = put(staff, f"raffles/{raffle.pk}", sent(content))
    assert judged(answer) == (400, "invalid")
    assert list(answer.json()["errors"]) == ["picture"]
    assert Raffle.objects.get().image.name == ""


def test_none_two_or_another_part_is_refused(staff: APIClient) -> None:
    at = f"raffles/{make_raffle().pk}"
    assert judged(put(staff, at, {})) == (400, "invalid")
    assert judged(put(staff, at, {**sent(), "file": sent()["picture"]})) == (400, "unknown_field")
    json = staff.put(f"/api/v1/{at}/picture/", {"picture": "car.png"}, format="json")
    assert judged(json) == (400, "invalid")


def test_more_than_ten_megabytes_are_too_large(staff: APIClient) -> None:
    at = f"raffles/{make_raffle().pk}"
    just, far = png_bytes() + bytes(10 * 1024**2), png_bytes() + bytes(11 * 1024**2)
    assert judged(put(staff, at, sent(just))) == (400, "invalid")
    assert judged(put(staff, at, sent(far))) == (413, "body_too_large")


def test_the_same_call_made_again_sets_one_picture(staff: APIClient) -> None:
    at = f"raffles/{make_raffle().pk}"
    first, again = (put(staff, at, sent(), headers={"Idempotency-Key": "one"}) for _ in range(2))
    assert address_of(first) == address_of(again)
    assert again["Idempotent-Replayed"] == "true"
    other = put(staff, at, sent(picture_bytes("JPEG")), headers={"Idempotency-Key": "one"})
    assert judged(other) == (422, "idempotency_key_reused")


def test_a_shop_sees_pictures_and_sets_none(consumer: APIClient) -> None:
    raffle = committed_raffle()
    raffle.image.save("car.png", sent()["picture"])
    at = f"/r/{raffle.code}/picture.jpg?v="
    assert at in consumer.get(f"/api/v1/raffles/{raffle.pk}/").data["picture"]
    assert at in consumer.get("/api/v1/raffles/").data["results"][0]["picture"]
    assert judged(put(consumer, f"raffles/{raffle.pk}", sent())) == (403, "scope_missing")


def test_an_organiser_sets_those_of_their_own_raffles(db: None) -> None:
    ana = allowed(make_staff("ana"), "raffles.view_raffle", "raffles.change_raffle", "draws.change_draw")
    caller = calling(token_for(ana, "staff:raffles", "staff:draws")[1])
    mine, theirs = committed_raffle(), committed_raffle()
    mine.organisers.add(ana)
    for path, other in (("raffles/{0.pk}", 404), ("draws/{0.code}/prizes/1", 404)):
        assert put(caller, path.format(theirs), sent()).status_code == other
        assert put(caller, path.format(mine), sent()).status_code == 200
