"""What was written of a winner is gone from rows and files, and the draw stays what it was."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection
from pytest_django import Settings

from raffles import draws
from raffles.audit.models import AuditEntry, Deed
from raffles.draws.actions import forget_winner, hand_over_award, lose_award, show_winner
from raffles.draws.beacon import DEMO
from raffles.draws.errors import AwardNotFound
from raffles.draws.models import Award, Draw
from raffles.draws.published import proof_of
from raffles.draws.queries import shown_winners
from tests.draws.staging import STAFF, at_draw, committed_raffle, held_draw, sold
from tests.factories import make_player, make_staff, pdf_bytes

pytestmark = pytest.mark.django_db

ALIAS, NOTE, LOST = "Wilhelmina Z.", "Wilhelmina Zuluaga, CI 4.242.424", "Zuluaga rang us"
INSIDE, WORDS = b"% Wilhelmina", (b"Wilhelmina", b"Zuluaga", b"4.242.424")
PROGRAM = Path(draws.__file__ or "").parent / "verify_draw.py"


@pytest.fixture(autouse=True)
def _folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


def handed_over() -> Draw:
    """One winner of all three prizes, two of them handed over or lost; of each something was written."""
    raffle = committed_raffle(prizes=[("A car", 1), ("A hat", 2)], draw={"reserves": 0})
    sold(raffle, 3, 5, 12, player=make_player())
    draw = held_draw(raffle)
    first, second, third = draw.awards.order_by("place")
    at, staff = at_draw(raffle), make_staff()
    show_winner(draw_id=draw.pk, player_id=first.player_id, shown="ALIAS", text=ALIAS, actor=STAFF, now=at)
    proof = pdf_bytes() + b"\n" + INSIDE
    hand_over_award(award_id=first.pk, by=staff, note=NOTE, proof=proof, now=at)
    lose_award(award_id=second.pk, by=staff, why="GIVEN_UP", note=LOST, now=at)
    assert third.player_id == first.player_id
    return draw


def rows_of_draws() -> bytes:
    """Every row of the room, and the audit log, as the database has it."""
    tables = [model._meta.db_table for model in apps.get_app_config("draws").get_models()]
    found: list[str] = []
    with connection.cursor() as cursor:
        for table in (*tables, AuditEntry._meta.db_table):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own tables
            found.extend(repr(row) for row in cursor.fetchall())
    return "\n".join(found).encode()


def files(settings: Settings) -> list[Path]:
    return [each for each in Path(settings.MEDIA_ROOT).rglob("*") if each.is_file()]


def of_hand_overs(settings: Settings) -> list[Path]:
    return [each for each in files(settings) if "awards" in each.parts]


def forget(draw: Draw) -> list[Award]:
    award = draw.awards.order_by("place")[0]
    return forget_winner(award_id=award.pk, by=make_staff(), now=at_draw(draw.raffle))


def test_no_row_and_no_file_has_a_word_of_the_winner_any_more(settings: Settings) -> None:
    draw = handed_over()
    before = rows_of_draws() + b"".join(each.read_bytes() for each in files(settings))
    assert all(word in before for word in WORDS)
    assert len(forget(draw)) == 3
    after = rows_of_draws() + b"".join(each.read_bytes() for each in files(settings))
    assert [word for word in WORDS if word in after] == []
    assert of_hand_overs(settings) == []


def test_numbers_prizes_and_the_proof_stay_and_verify(tmp_path: Path) -> None:
    draw = handed_over()
    kept = (
        "number",
        "place",
        "prize_id",
        "unit",
        "order_id",
        "player_id",
        "status",
        "handed_over_at",
        "lost_why",
    )
    before, proof = list(draw.awards.order_by("pk").values_list(*kept)), proof_of(draw)
    forget(draw)
    assert list(draw.awards.order_by("pk").values_list(*kept)) == before
    assert proof_of(draw) == proof
    assert {each.name for each in shown_winners(draw)} == {""}
    (tmp_path / "proof.json").write_text(json.dumps(proof_of(draw)))
    command = [sys.executable, "-I", "-S", str(PROGRAM), "--trust-chain", DEMO.hash, "proof.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1][:8]) == (0, "VERIFIED"), done.stdout


def test_it_is_written_down_once_and_the_second_time_nothing_happens() -> None:
    draw = handed_over()
    awards = forget(draw)
    assert forget(draw) == []
    line = AuditEntry.objects.get(action=Deed.WINNER_FORGOTTEN)
    assert line.after == {"awards": [award.pk for award in awards]}
    assert (line.before, line.reason, line.subject_label) == ({}, "", f"{draw.code} {awards[0].number}")


def test_a_file_that_cannot_be_deleted_is_still_named_and_one_asks_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = handed_over()

    def refuses(_name: str) -> None:
        raise PermissionError

    with monkeypatch.context() as broken:
        broken.setattr(default_storage, "delete", refuses)
        with pytest.raises(PermissionError):
            forget(draw)
    first = draw.awards.order_by("place")[0]
    assert (first.hand_over_note, bool(first.hand_over_proof)) == (NOTE, True)
    assert len(of_hand_overs(settings)) == 1
    assert not AuditEntry.objects.filter(action=Deed.WINNER_FORGOTTEN).exists()
    Path(settings.MEDIA_ROOT, first.hand_over_proof.name or "").unlink()
    assert len(forget(draw)) == 3


def test_other_winners_keep_what_they_allowed() -> None:
    draw = held_draw(prizes=[("A car", 1), ("A hat", 1)])
    first, second = draw.awards.order_by("place")[:2]
    at = at_draw(draw.raffle)
    for award, name in ((first, "One"), (second, "Two")):
        show_winner(draw_id=draw.pk, player_id=award.player_id, shown="ALIAS", text=name, actor=STAFF, now=at)
    forget_winner(award_id=first.pk, by=make_staff(), now=at)
    assert [each.name for each in shown_winners(draw)] == ["", "Two"]
    with pytest.raises(AwardNotFound):
        forget_winner(award_id=0, by=make_staff(), now=at)
