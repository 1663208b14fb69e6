"""The picture of a prize is no term of the rule: staff set and clear it at any time."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from raffles.audit.models import AuditEntry, Deed
from raffles.draws.models import Draw, RuleVersion
from tests.admin.conftest import ClientOf
from tests.admin.drawing import press, refused
from tests.admin.pages import page_of, text, told
from tests.draws.staging import committed_raffle, draw_of, held_draw, planned_raffle
from tests.factories import picture_bytes, png_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def png(name: str = "tv.png", content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or png_bytes(), content_type="image/png")


def picture_of(draw: Draw, rank: int) -> str:
    return draw.prizes.get(rank=rank).picture.name or ""


def test_a_published_prize_gets_a_picture_and_loses_it_and_the_rule_stays(desk: Client) -> None:
    draw = draw_of(committed_raffle(prizes=[("A television", 1), ("A hat", 1)]))
    rule = draw.rules.get().text
    assert page_of(draw, "picture") in text(desk.get(page_of(draw)))
    assert "Shown like this" in told(press(desk, draw, "picture", prize=2, picture=png()))
    first = picture_of(draw, 2)
    assert (picture_of(draw, 1), "tv" in first) == ("", True)
    address = f"/draws/{draw.code}/prizes/2.jpg?v="
    before = text(Client().get(f"/draws/{draw.code}/"))
    assert address in before
    press(desk, draw, "picture", prize=2, picture=png("other.png"))
    after = text(Client().get(f"/draws/{draw.code}/"))
    assert before[before.index(address) :][:50] != after[after.index(address) :][:50]
    press(desk, draw, "picture", prize=2, none="on")
    assert picture_of(draw, 2) == ""
    assert address not in text(Client().get(f"/draws/{draw.code}/"))
    assert (RuleVersion.objects.count(), draw.rules.get().text) == (1, rule)
    lines = AuditEntry.objects.filter(action=Deed.PRIZE_PICTURE_CHANGED).order_by("pk")
    assert [line.before["picture"] for line in lines][:2] == ["", first]
    assert lines[2].after == {"rank": 2, "picture": ""}


def test_also_once_it_was_drawn_but_a_plan_has_its_own_form(desk: Client) -> None:
    draw = held_draw(draw={"method": "SECRET"})
    press(desk, draw, "picture", prize=1, picture=png())
    assert picture_of(draw, 1)
    plan = draw_of(planned_raffle())
    assert "nothing to do" in told(press(desk, plan, "picture", prize=1, picture=png()))


def test_what_is_no_picture_or_says_two_things_is_asked_again(desk: Client) -> None:
    draw = draw_of(committed_raffle())
    for content in (b"no picture", picture_bytes("GIF"), png_bytes()[:40]):
        assert "JPEG, PNG or WEBP" in refused(
            press(desk, draw, "picture", prize=1, picture=png(content=content))
        )
    assert "Choose a picture" in refused(press(desk, draw, "picture", prize=1))
    assert "Choose a picture" in refused(press(desk, draw, "picture", prize=1, picture=png(), none="on"))
    assert "valid choice" in refused(press(desk, draw, "picture", prize=9, picture=png()))
    assert picture_of(draw, 1) == ""


def test_only_who_may_change_draws_and_of_their_own_raffles_alone(client_of: ClientOf) -> None:
    mine, theirs = draw_of(committed_raffle()), draw_of(committed_raffle())
    reader = client_of("draws.view_draw", username="eva")
    assert page_of(mine, "picture") not in text(reader.get(page_of(mine)))
    assert press(reader, mine, "picture", prize=1, picture=png()).status_code == 403
    client = client_of("draws.view_draw", "draws.change_draw")
    ana = User.objects.get(username="ana")
    ana.user_permissions.remove(Permission.objects.get(codename="see_every_raffle"))
    mine.raffle.organisers.add(ana)
    assert press(client, theirs, "picture", prize=1, picture=png()).status_code == 404
    assert press(client, mine, "picture", prize=1, picture=png()).status_code == 200
    assert picture_of(mine, 1)
