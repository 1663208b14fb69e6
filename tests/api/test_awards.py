"""Who won, through the API: asked for by a scope of its own, allowed by a right, and written down."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from raffles.audit.models import AuditEntry, Deed
from raffles.draws.models import Award, Draw
from tests.api.conftest import allowed, calling, token_for
from tests.draws.staging import at_draw, held_draw
from tests.factories import NOW, make_player, make_staff, png_bytes
from whatsapp.models import Contact

pytestmark = pytest.mark.django_db

AT = "/api/v1/awards/"
RIGHTS = (
    *("draws.view_award", "draws.hand_over_award", "draws.lose_award"),
    *("sales.view_player", "raffles.see_every_raffle"),
)


@pytest.fixture
def draw(clock: time_machine.Traveller) -> Draw:
    held = held_draw(prizes=[("A car", 1), ("A bicycle", 2)])
    clock.move_to(at_draw(held.raffle))
    return held


@pytest.fixture
def officer(db: None) -> APIClient:
    user = allowed(make_staff("officer"), *RIGHTS)
    return calling(token_for(user, "awards:read", "awards:write")[1])


def first(draw: Draw) -> Award:
    return draw.awards.order_by("place")[0]


def post(caller: APIClient, path: str, expected: int = 200, **body: Any) -> Any:
    answer = caller.post(f"{AT}{path}/", body, format="json")
    assert answer.status_code == expected, answer.data
    return answer.data


def looks() -> list[tuple[str, str]]:
    seen = AuditEntry.objects.filter(action=Deed.AWARD_SEEN).order_by("pk")
    return list(seen.values_list("subject_label", "actor"))


def test_a_list_is_written_down_by_one_statement(officer: APIClient, draw: Draw) -> None:
    prizes = Award.objects.count()
    with CaptureQueriesContext(connection) as asked:
        assert len(officer.get(AT).data["results"]) == prizes
    written = [one["sql"] for one in asked if one["sql"].startswith('INSERT INTO "audit_')]
    assert (prizes > 1, len(written), len(looks())) == (True, 1, prizes)


def test_a_list_names_prizes_and_no_winner(officer: APIClient, draw: Draw) -> None:
    rows = officer.get(AT, {"draw": draw.code.lower(), "status": "OPEN"}).data["results"]
    assert {row["number"] for row in rows} == set((draw.sequence or [])[:3])
    assert not {"player", "order", "order_code"} & rows[0].keys()
    assert officer.get(AT, {"draw": "OTHER"}).data["results"] == []
    assert officer.get(AT, {"player": "1"}).data["code"] == "unknown_field"


def found(caller: APIClient, **asked: Any) -> list[tuple[int, int]]:
    """(rank, unit) of each, by the list."""
    answer = caller.get(AT, {"ordering": "id", **asked})
    assert answer.status_code == 200, answer.data
    return [(row["rank"], row["unit"]) for row in answer.data["results"]]


def test_awards_are_narrowed_by_rank_amount_and_claim(officer: APIClient, draw: Draw) -> None:
    draw.prizes.filter(rank=2).update(amount_minor=50_000, currency="PYG")
    assert found(officer, rank=1) == [(1, 1)]
    assert found(officer, rank=3) == []
    assert found(officer, currency="pyg") == [(2, 1), (2, 2)]
    assert found(officer, currency="PYG", amount_min="50000", amount_max="50000") == [(2, 1), (2, 2)]
    assert found(officer, currency="PYG", amount_min="50001") == []
    post(officer, f"{first(draw).pk}/claim")
    assert found(officer, unclaimed="true") == [(2, 1), (2, 2)]
    assert found(officer, unclaimed="false") == [(1, 1)]
    assert len(found(officer)) == 3


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"rank": "0"}, "rank"),
        ({"rank": "1.5"}, "rank"),
        ({"rank": "x"}, "rank"),
        ({"unclaimed": "maybe"}, "unclaimed"),
        ({"amount_min": "5"}, "currency"),
        ({"amount_max": "x", "currency": "PYG"}, "amount_max"),
        ({"contact": "x"}, "contact"),
    ],
)
def test_what_awards_are_narrowed_by_wrongly_is_named(
    officer: APIClient, asked: dict[str, str], field: str
) -> None:
    answer = officer.get(AT, asked)
    assert (answer.status_code, list(answer.data["errors"])) == (400, [field])


def test_awards_of_a_contact_are_for_who_may_see_players(officer: APIClient, draw: Draw) -> None:
    award = first(draw)
    contact = Contact.objects.create(player=award.player, wa_id="595971222333", created_at=NOW)
    other = Contact.objects.create(player=make_player(), wa_id="595971222444", created_at=NOW)
    assert found(officer, contact=contact.pk) == [(1, 1)]
    assert found(officer, contact=other.pk) == []
    user = allowed(make_staff(), "draws.view_award", "raffles.see_every_raffle")
    caller = calling(token_for(user, "awards:read")[1])
    answer = caller.get(AT, {"contact": contact.pk})
    assert (answer.status_code, answer.data["code"]) == (403, "permission_denied")
    assert len(found(caller)) == 3


def test_each_look_is_written_down(officer: APIClient, draw: Draw) -> None:
    award = first(draw)
    shown = officer.get(f"{AT}{award.pk}/").data
    assert (shown["order_code"], shown["player"]) == (award.order.code, award.player_id)
    assert looks() == [(f"{draw.code} {award.number}", "staff:officer")]
    officer.get(AT)
    assert len(looks()) == 4


def test_who_may_not_see_players_is_told_the_order_only(draw: Draw) -> None:
    user = allowed(make_staff(), "draws.view_award", "raffles.see_every_raffle")
    shown = calling(token_for(user, "awards:read")[1]).get(f"{AT}{first(draw).pk}/").data
    assert (shown["player"], shown["order_code"]) == (None, first(draw).order.code)


def test_everything_that_staff_may_do_is_not_what_concerns_winners(staff: APIClient, draw: Draw) -> None:
    refused = staff.get(AT)
    assert (refused.status_code, refused.data["params"]) == (403, {"scope": "awards:read"})
    assert looks() == []


def test_a_token_gives_no_scope_for_winners_that_it_has_not(staff: APIClient) -> None:
    wish = {"client": "officer", "scopes": ["awards:read"]}
    assert staff.post("/api/v1/tokens/", wish, format="json").status_code == 403


def test_of_others_raffles_there_are_no_prizes(draw: Draw) -> None:
    user = allowed(make_staff(), "draws.view_award")
    caller = calling(token_for(user, "awards:read")[1])
    assert caller.get(AT).data["results"] == []
    assert caller.get(f"{AT}{first(draw).pk}/").status_code == 404
    draw.raffle.organisers.add(user)
    assert len(caller.get(AT).data["results"]) == 3


def test_a_prize_is_claimed_shown_and_handed_over_once(officer: APIClient, draw: Draw) -> None:
    at = str(first(draw).pk)
    assert post(officer, f"{at}/claim")["claimed_at"] is not None
    assert post(officer, f"{at}/show", shown="ALIAS", text="La abuela")["shown_text"] == "La abuela"
    assert post(officer, f"{at}/show", 400, shown="ALIAS", text="+595981222333")["code"] == "name_missing"
    assert post(officer, f"{at}/show", shown="NOTHING")["shown_text"] == ""
    picture = SimpleUploadedFile("x.png", png_bytes(), "image/png")
    form = {"note": "to herself, with her card", "proof": picture}
    answer = officer.post(f"{AT}{at}/hand-over/", form, format="multipart")
    assert (answer.status_code, answer.data["status"]) == (200, "HANDED_OVER")
    assert answer.data["handed_over_by"] == "officer"
    assert post(officer, f"{at}/hand-over", 409, note="again")["code"] == "award_decided"
    file = officer.get(f"{AT}{at}/file/")
    assert file.getvalue() == png_bytes()
    assert AuditEntry.objects.filter(action=Deed.FILE_SEEN, actor="staff:officer").count() == 1


def test_a_lost_prize_goes_to_the_next_reserve(officer: APIClient, draw: Draw) -> None:
    at = str(first(draw).pk)
    assert post(officer, f"{at}/lose", 400, why="LAZY", note="x")["errors"].keys() == {"why"}
    lost = post(officer, f"{at}/lose", why="GIVEN_UP", note="told us by phone")
    assert (lost["status"], lost["lost_why"]) == ("LOST", "GIVEN_UP")
    following = draw.awards.get(place=3)
    assert officer.get(f"{AT}{following.pk}/").data["prize"] == "A car"
    assert post(officer, f"{at}/claim", 409)["code"] == "nothing_won"


def test_a_winner_is_forgotten_by_who_has_that_right(officer: APIClient, draw: Draw) -> None:
    award = first(draw)
    at = str(award.pk)
    post(officer, f"{at}/show", shown="CITY", text="Luque")
    post(officer, f"{at}/hand-over", note="to Wilhelmina herself")
    assert post(officer, f"{at}/forget", 403)["code"] == "permission_denied"
    user = allowed(make_staff(), *RIGHTS, "draws.forget_winner")
    keeper = calling(token_for(user, "awards:read", "awards:write")[1])
    for _twice in range(2):
        forgotten = post(keeper, f"{at}/forget")
        assert (forgotten["shown_text"], forgotten["hand_over_note"]) == ("", "")
        assert (forgotten["status"], forgotten["number"]) == ("HANDED_OVER", award.number)
    assert AuditEntry.objects.filter(action=Deed.WINNER_FORGOTTEN).count() == 1


def test_who_reads_does_not_decide(draw: Draw) -> None:
    user = allowed(make_staff(), *RIGHTS)
    reader = calling(token_for(user, "awards:read")[1])
    assert post(reader, f"{first(draw).pk}/claim", 403)["code"] == "scope_missing"
    limited = allowed(make_staff(), "draws.view_award", "raffles.see_every_raffle")
    writer = calling(token_for(limited, "awards:write")[1])
    assert (
        post(writer, f"{first(draw).pk}/lose", 403, why="GIVEN_UP", note="x")["code"] == "permission_denied"
    )
