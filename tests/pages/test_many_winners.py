"""A thousand winners: every page stays light, shows the first, and leads to the others."""

from __future__ import annotations

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from raffles.draws.models import Draw
from raffles.draws.published import proof_of
from raffles.pages import previews
from raffles.pages.previews import ROOM, Preview, drawn
from raffles.pages.views import files
from tests.draws.staging import committed_raffle, held_draw, sold
from tests.factories import make_player
from tests.pages.looking import LANGUAGES, get
from tests.pages.test_every_page import LARGEST

WINNERS = 1_000


@pytest.fixture
def crowded(db: None) -> Draw:
    raffle = committed_raffle(
        code="CROWD",
        prizes=[("A bicycle", WINNERS)],
        last_number=9_999,
        max_per_order=50,
        max_per_player=2 * WINNERS,
    )
    player = make_player()
    for first in range(1_000, 1_000 + WINNERS, 50):
        sold(raffle, *range(first, first + 50), player=player)
    return held_draw(raffle)


def numbers_on(client: Client, path: str) -> list[str]:
    return re.findall(r'<b class="won">(\d+)</b>', get(client, path).content.decode())


def test_the_pages_of_a_thousand_winners_are_light_and_have_them_all(crowded: Draw, client: Client) -> None:
    first = (crowded.sequence or [])[0]
    for path in ("/results/", "/draws/CROWD/", "/draws/CROWD/?page=10", f"/draws/CROWD/?number={first}"):
        assert len(get(client, path).content) < LARGEST, path
    shown = [number for page in range(1, 11) for number in numbers_on(client, f"/draws/CROWD/?page={page}")]
    assert shown == [str(number) for number in (crowded.sequence or [])[:WINNERS]]
    assert get(client, "/draws/CROWD/?page=11").status_code == 404
    proof = json.loads(get(client, "/draws/CROWD/proof.json").content)
    assert proof == proof_of(crowded)
    assert len(proof["result"]["sequence"]) == WINNERS


def test_every_winner_can_still_check_their_number(crowded: Draw, client: Client) -> None:
    last = (crowded.sequence or [])[WINNERS - 1]
    body = get(client, f"/draws/CROWD/?number={last}", accept_language="en").content.decode()
    assert "It won: A bicycle." in body
    assert "1,000 winners in all." in body


def test_results_lead_on_to_the_page_of_the_draw(crowded: Draw, client: Client) -> None:
    body = get(client, "/results/", accept_language="en").content.decode()
    assert body.count('class="won"') == 20
    assert '<a href="/draws/CROWD/#winners">and 980 more winners</a>' in body
    with CaptureQueriesContext(connection) as asked:
        get(client, "/results/")
    assert len(asked) <= 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_preview_names_the_first_and_counts_the_others(
    crowded: Draw, client: Client, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Preview] = []

    def noted(preview: Preview) -> bytes:
        made.append(preview)
        return drawn(preview)

    monkeypatch.setattr(files, "drawn", noted)
    get(client, f"/draws/CROWD/preview.png?lang={language}")
    (main,) = [preview.main for preview in made]
    named = re.findall(r"\b[12]\d{3}\b", main)
    assert named
    assert named == [str(number) for number in (crowded.sequence or [])[: len(named)]]
    assert str(WINNERS - len(named)) in main
    assert previews.fits_main(main)


def test_a_preview_measures_little_however_many_won(
    crowded: Draw, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters: list[int] = []
    measured = previews._width

    def counted(text: str, size: int) -> float:
        letters.append(len(text))
        return measured(text, size)

    monkeypatch.setattr(previews, "_width", counted)
    drawn.cache_clear()
    get(client, "/draws/CROWD/preview.png")
    assert 0 < len(letters) <= 30
    assert max(letters) <= 120


@pytest.mark.parametrize("text", ["i" * 3_000, "W" * 3_000, "word " * 600, "a … b … " * 90, "…" * 200])
def test_what_is_too_wide_is_cut_where_it_fits_in_few_measurements(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    widths: list[float] = []
    measured = previews._width

    def counted(piece: str, size: int) -> float:
        widths.append(measured(piece, size))
        return widths[-1]

    monkeypatch.setattr(previews, "_width", counted)
    cut = previews._fitted(text, previews.MAIN)
    assert len(widths) <= 12
    assert measured(cut, previews.MAIN) <= ROOM
    assert cut.endswith("…")
    longer = f"{text[: len(cut)]}…"
    assert (
        measured(longer, previews.MAIN) > ROOM
        or not cut.strip("…")
        or longer.rstrip("… ") == cut.rstrip("… ")
    )
