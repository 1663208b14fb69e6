from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from raffles.draws.actions import call_off_draw, close_entries, exclude_order, hold_draw, show_winner
from raffles.draws.entries import frozen_numbers
from raffles.draws.models import Award, Draw
from raffles.draws.published import proof_of
from raffles.numbers.actions import RuleChange, change_rule, publish_rule
from raffles.numbers.models import Raffle
from raffles.pages import draw_facts
from raffles.sales.models import Actor, Order
from tests.draws.staging import (
    STAFF,
    after_sales,
    at_draw,
    closed_draw,
    committed_raffle,
    draw_of,
    held_draw,
    sold,
    with_beacon,
)
from tests.factories import NOW, make_order, make_player, make_raffle, make_staff
from tests.pages.looking import Place, get


def page_of(client: Client, path: str, language: str = "en") -> str:
    return str(get(client, path, accept_language=language).content.decode())


def put_off(raffle: Raffle, reason: str) -> None:
    change = RuleChange(draw_at=raffle.draw_at + timedelta(days=1))
    change_rule(raffle_id=raffle.pk, change=change, reason=reason, actor=STAFF, now=NOW)


def steps(client: Client, draw: Draw) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(get(client, f"/draws/{draw.code}/steps.json").content)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "is_for_trying"), [("BEACON", True), ("SECRET", False)])
def test_the_command_of_the_page_checks_the_draw(
    client: Client, tmp_path: Path, method: str, is_for_trying: bool
) -> None:
    """Typed as it stands there, beside the two files that the page offers."""
    draw = held_draw(draw={"method": method})
    body = page_of(client, f"/draws/{draw.code}/")
    assert ('<p class="note">This beacon is one for trying' in body) == is_for_trying
    found = re.search(r"<code>python (verify_draw\.py [^<]+)</code>", body)
    assert found is not None
    assert ("--trust-chain" in found[1]) == is_for_trying
    for path, name in (
        ("/draws/verify_draw.py", "verify_draw.py"),
        (f"/draws/{draw.code}/proof.json", f"{draw.code}-proof.json"),
    ):
        (tmp_path / name).write_bytes(get(client, path).getvalue())
    done = subprocess.run(
        [sys.executable, "-I", "-S", *found[1].split()],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.splitlines()[-1][:8]) == (0, "VERIFIED"), done.stdout


@pytest.mark.django_db
@pytest.mark.parametrize("sold_first", [True, False])
def test_a_rule_that_came_after_the_first_sale_says_so(client: Client, sold_first: bool) -> None:
    raffle, later = make_raffle(code="OLD"), NOW + timedelta(hours=1)
    if sold_first:
        sold(raffle, 5)
    publish_rule(raffle_id=raffle.pk, actor=STAFF, now=later)
    raffle.refresh_from_db()
    sold(raffle, 7, now=later)
    body = page_of(client, "/draws/OLD/")
    assert ("The rule was published after sales had begun" in body) == sold_first
    assert "published before the first number" not in body
    assert (f'taken on <time datetime="{NOW:%Y-%m-%dT%H:%M:%SZ}"' in body) == sold_first


@pytest.mark.django_db
def test_a_draw_shows_its_whole_life(client: Client) -> None:
    raffle = committed_raffle(code="LIFE", prizes=[("A bicycle", 1), ("A helmet", 2)])
    draw, path = draw_of(raffle), "/draws/LIFE/"
    body = page_of(client, path)
    assert "The rule is published." in body
    assert draw.rule_digest in body
    assert draw.secret_hash in body
    assert "2 × A helmet" in body
    assert f'data-left="{raffle.draw_at:%Y-%m-%dT%H:%M:%SZ}"' in body
    for number in (3, 5, 12, 40, 77):
        sold(raffle, number)
    draw = close_entries(draw_id=draw.pk, actor=STAFF, now=after_sales(raffle))
    body = page_of(client, path)
    assert "The entries are frozen." in body
    assert draw.root in body
    assert str(draw.beacon_round) in body
    draw = with_beacon(draw)
    assert draw.beacon_signature in page_of(client, path)
    draw = hold_draw(draw_id=draw.pk, actor=STAFF, now=at_draw(raffle))
    body = page_of(client, path)
    assert "The result is final." in body
    assert draw.seed in body
    assert draw.secret in body
    for number in (draw.sequence or [])[:3]:
        assert f"The owner of number {raffle.label(number)}" in body


@pytest.mark.django_db
def test_the_secret_is_on_no_page_before_the_draw(client: Client) -> None:
    from raffles.draws.holding import opened_secret

    draw = with_beacon(closed_draw(code="HUSH"))
    secret = opened_secret(draw)
    for path in ("/draws/HUSH/", "/draws/HUSH/proof.json", "/draws/HUSH/steps.json", "/draws/HUSH/ceremony/"):
        assert secret not in page_of(client, path)


@pytest.mark.django_db
def test_a_winner_is_named_as_they_wished_and_no_other(client: Client) -> None:
    draw = held_draw(code="NAMED", prizes=[("A bicycle", 1), ("A helmet", 1)])
    first = draw.awards.order_by("place")[0]
    show_winner(
        draw_id=draw.pk,
        player_id=first.player_id,
        shown=Award.Shown.ALIAS,
        text="Lucky Lu",
        actor=Actor.player(),
        now=at_draw(draw.raffle),
    )
    for path in ("/draws/NAMED/", "/results/"):
        body = page_of(client, path)
        assert "Lucky Lu" in body
        assert body.count("The owner of number") == 1
        assert "Player " not in body


@pytest.mark.django_db
def test_every_version_of_a_rule_is_public_with_its_reason(client: Client) -> None:
    raffle = committed_raffle(code="LATER")
    put_off(raffle, "The hall is closed that day.")
    body = page_of(client, "/draws/LATER/")
    assert "Version 1, to the letter" in body
    assert "Version 2, to the letter" in body
    assert "The hall is closed that day." in body
    for version in draw_of(raffle).rules.all():
        assert version.digest in body


@pytest.mark.django_db
def test_an_excluded_order_is_named_with_its_reason(client: Client) -> None:
    raffle = committed_raffle(code="LATE")
    sold(raffle, 5)
    order = make_order(raffle=raffle, numbers=(7,), status=Order.Status.UNDER_REVIEW)
    exclude_order(
        draw_id=draw_of(raffle).pk,
        order_id=order.pk,
        by=make_staff(),
        reason="no money came",
        now=after_sales(raffle),
    )
    close_entries(draw_id=draw_of(raffle).pk, actor=STAFF, now=after_sales(raffle))
    body = page_of(client, "/draws/LATE/?number=7")
    assert order.code in body
    assert body.count("no money came") == 2
    assert "its order was excluded" in body


@pytest.mark.django_db
def test_of_very_many_excluded_orders_the_page_names_the_first(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draw_facts, "MOST_EXCLUDED", 2)
    raffle = committed_raffle(code="MANY")
    sold(raffle, 5)
    orders = [make_order(raffle=raffle, numbers=(n,), status=Order.Status.UNDER_REVIEW) for n in (7, 8, 9)]
    for order in orders:
        exclude_order(
            draw_id=draw_of(raffle).pk,
            order_id=order.pk,
            by=make_staff(),
            reason=f"no money for {order.code}",
            now=after_sales(raffle),
        )
    close_entries(draw_id=draw_of(raffle).pk, actor=STAFF, now=after_sales(raffle))
    body = page_of(client, "/draws/MANY/?number=9")
    assert [order.code in body for order in orders[:2]] == [True, True]
    assert "and 1 more order: the document names it." in body
    assert body.count(f"no money for {orders[2].code}") == 1, "the last is told to who asks for its number"


def test_a_number_is_told_what_became_of_it(place: Place, client: Client) -> None:
    draw = draw_of(place.drawn)
    sequence = draw.sequence or []
    path = f"/draws/{draw.code}/?number="
    loser = next(number for number in frozen_numbers(draw) if number not in sequence)
    assert "It won: " in page_of(client, f"{path}{sequence[0]}")
    assert "It was drawn as a reserve." in page_of(client, f"{path}{sequence[1]}")
    assert "It did not win." in page_of(client, f"{path}{loser}")
    body = page_of(client, f"{path}99")
    assert "Number 99 does not take part: it was not paid" in body
    assert "Its mark" not in body
    for number, mark in proof_of(draw)["closing"]["entries"]:
        assert mark in page_of(client, f"{path}{number}")
    waiting = page_of(client, f"/draws/{place.open.code}/?number=9")
    assert "The entries are not frozen yet." in waiting


@pytest.mark.django_db
def test_a_draw_that_was_called_off_says_why(client: Client) -> None:
    raffle = committed_raffle(code="OFF")
    call_off_draw(draw_id=draw_of(raffle).pk, by=make_staff(), reason="The prize was stolen.", now=NOW)
    body = page_of(client, "/draws/OFF/")
    assert "This draw was called off." in body
    assert "The prize was stolen." in body
    assert "The prize was stolen." in page_of(client, "/draws/OFF/proof.json")
    gone = get(client, "/draws/OFF/ceremony/", accept_language="en")
    assert gone.status_code == 410
    assert "This is no more" in gone.content.decode()


@pytest.mark.django_db
def test_a_draw_that_was_called_off_is_listed_with_its_reason(client: Client) -> None:
    raffle = committed_raffle(code="OFF", title="A stolen bicycle")
    assert "A stolen bicycle" not in page_of(client, "/results/")
    call_off_draw(draw_id=draw_of(raffle).pk, by=make_staff(), reason="The prize was stolen.", now=NOW)
    held_draw(code="HELD", title="A red bicycle")
    for path in ("/results/", "/results/?q=stolen", f"/results/?month={NOW:%Y-%m}", "/draws/"):
        body = page_of(client, path)
        assert "A stolen bicycle" in body, path
        assert "The prize was stolen." in body, path
        assert '<a href="/draws/OFF/">' in body, path
    assert "The prize was stolen." not in page_of(client, "/results/?q=red")
    late = get(client, "/draws/", at=raffle.draw_at, accept_language="en").content.decode()
    assert "A stolen bicycle" not in late


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["BEACON", "SECRET", "LOTTERY", "BARREL"])
def test_each_method_is_said_in_words(client: Client, method: str) -> None:
    fields = {
        "method": method,
        "lottery_name": "Quiniela",
        "lottery_drawing": "28 November",
        "lottery_digits": 2,
        "redraw": "STAYS",
        "reserves": 0,
    }
    committed_raffle(code="METHOD", draw=fields)
    body = page_of(client, "/draws/METHOD/")
    words = {
        "BEACON": "a public beacon (drand)",
        "SECRET": "Chance comes from a secret",
        "LOTTERY": "The official results of “Quiniela” (28 November) decide.",
        "BARREL": "drawn by hand before witnesses",
    }
    assert words[method] in body
    assert "stays with the organiser" in body
    assert "No reserves are drawn." in body


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Only numbers that are paid when the entries are frozen take part."),
        ("es", "Participan solo los números pagados cuando se congela la lista."),
        ("pt-br", "Participam só os números pagos quando a lista é congelada."),
    ],
)
def test_who_takes_part_is_said_as_the_rule_says_it(
    place: Place, client: Client, language: str, words: str
) -> None:
    rule = draw_of(place.open).rules.get().text
    assert '"entries":"paid when the entries are frozen"' in rule.replace('": "', '":"')
    for path in (f"/r/{place.open.code}/", f"/draws/{place.open.code}/"):
        assert words in page_of(client, path, language), path


@pytest.mark.django_db
def test_the_hall_sees_each_step_once_it_is_there_and_no_name(client: Client) -> None:
    raffle = committed_raffle(code="HALL", prizes=[("A bicycle", 1), ("A helmet", 1)])
    player = make_player(name="Wilhelmina")
    sold(raffle, 3, 5, player=player)
    draw = draw_of(raffle)
    assert steps(client, draw)["closed"] is None
    assert steps(client, draw)["root"] is None
    draw = close_entries(draw_id=draw.pk, actor=STAFF, now=after_sales(raffle))
    found = steps(client, draw)
    assert (found["count"], found["root"], found["randomness"]) == (2, draw.root, None)
    with_beacon(draw)
    found = steps(client, draw)
    assert found["randomness"]
    assert (found["seed"], found["winners"]) == (None, [])
    hold_draw(draw_id=draw.pk, actor=STAFF, now=at_draw(raffle))
    show_winner(
        draw_id=draw.pk,
        player_id=player.pk,
        shown=Award.Shown.ALIAS,
        text="Lucky Lu",
        actor=Actor.player(),
        now=at_draw(raffle),
    )
    found = steps(client, draw)
    assert [each["prize"] for each in found["winners"]] == ["A bicycle", "A helmet"]
    assert {each["number"] for each in found["winners"]} == {"03", "05"}
    assert "Lu" not in json.dumps(found)


def test_the_proof_is_the_published_document_and_is_made_once(
    place: Place, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/draws/{place.drawn.code}/proof.json"
    first = get(client, path)
    assert json.loads(first.content) == proof_of(draw_of(place.drawn))
    assert first["Content-Type"] == "application/json"
    assert "max-age=3600" in first["Cache-Control"]
    monkeypatch.setattr("raffles.pages.views.files.pieces_of", None)
    again = get(client, path, if_none_match=first["ETag"])
    assert again.status_code == 304
    assert again["ETag"] == first["ETag"]


def test_a_large_proof_leaves_page_by_page(
    place: Place, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/draws/{place.drawn.code}/proof.json"
    whole = get(client, path)
    monkeypatch.setattr("raffles.pages.views.files.MOST_AT_ONCE", 1)
    large = get(client, path)
    assert large.streaming
    assert large.getvalue() == whole.content
    assert (large["ETag"], large["Cache-Control"]) == (whole["ETag"], whole["Cache-Control"])
    assert get(client, path, if_none_match=large["ETag"]).status_code == 304


@pytest.mark.django_db
def test_the_pages_of_a_proof_hang_together(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("raffles.draws.entries.PAGE_SIZE", 2)
    draw = closed_draw(code="PAGED", numbers=(3, 5, 12, 40, 77))
    assert draw.pages.count() == 3
    assert json.loads(get(client, "/draws/PAGED/proof.json").content) == proof_of(draw)


@pytest.mark.django_db
def test_each_step_of_a_draw_changes_the_etag_of_its_proof(client: Client) -> None:
    raffle = committed_raffle(code="TAGS")
    sold(raffle, 5)
    draw, seen = draw_of(raffle), []

    def look() -> None:
        seen.append(tuple(get(client, f"/draws/TAGS/{name}")["ETag"] for name in ("", "proof.json")))

    look()
    put_off(raffle, "later")
    look()
    draw = close_entries(draw_id=draw.pk, actor=STAFF, now=after_sales(raffle))
    look()
    raffle.refresh_from_db()
    draw = with_beacon(draw, now=at_draw(raffle))
    look()
    hold_draw(draw_id=draw.pk, actor=STAFF, now=at_draw(raffle))
    look()
    assert len(set(seen)) == len(seen) == 5
    assert all(len({each[part] for each in seen}) == 5 for part in (0, 1))


def test_the_program_that_checks_is_a_download(place: Place, client: Client) -> None:
    answer = get(client, "/draws/verify_draw.py")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/x-python")
    assert answer["Content-Disposition"] == 'attachment; filename="verify_draw.py"'
    assert b"def main" in answer.content


def test_a_draw_page_asks_the_database_little(place: Place, client: Client) -> None:
    budget = {"": 9, "?number=5": 14, "steps.json": 4, "proof.json": 10, "ceremony/": 4}
    for name, most in budget.items():
        with CaptureQueriesContext(connection) as asked:
            assert get(client, f"/draws/{place.drawn.code}/{name}").status_code == 200
        assert len(asked) <= most, (name, [query["sql"] for query in asked])


@pytest.mark.django_db
def test_results_are_found_by_word_and_month_and_come_in_pages(client: Client) -> None:
    first = held_draw(code="FIRST", title="A red bicycle")
    later = NOW + timedelta(days=40)
    ends = later + timedelta(days=1)
    held_draw(code="SECOND", title="A blue bicycle", sales_close_at=later, draw_at=ends)
    assert page_of(client, "/results/").index("A blue bicycle") < page_of(client, "/results/").index("A red")
    assert "A blue bicycle" not in page_of(client, "/results/?q=RED")
    assert "A red bicycle" in page_of(client, "/results/?q=first")
    assert "No draw fits." in page_of(client, "/results/?q=zeppelin%00")
    body = page_of(client, "/results/?month=2026-11")
    assert "A red bicycle" in body
    assert "A blue bicycle" not in body
    assert re.findall(r'<option value="(\d{4}-\d\d)"', body) == ["2027-01", "2026-11"]
    assert Raffle.objects.filter(draw=first).exists()


@pytest.mark.django_db
def test_results_ask_the_database_little_however_many_there_are(client: Client) -> None:
    for serial in range(12):
        held_draw(code=f"MANY{serial}", draw={"method": "SECRET"}, numbers=(3, 5))
    with CaptureQueriesContext(connection) as asked:
        body = page_of(client, "/results/")
    assert len(asked) <= 14
    assert "1 / 2" in body
    assert body.count('class="panel result"') == 10
    assert page_of(client, "/results/?page=2").count('class="panel result"') == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("page=2", 404),
        ("page=0", 404),
        ("page=999999", 404),
        ("page=-1", 400),
        ("page=x", 400),
        ("page=" + "9" * 5000, 400),
        ("month=2026-13", 400),
        ("month=november", 400),
        ("month=2026-11%00", 400),
        ("q=%25", 200),
        ("q=" + "x" * 3000, 200),
    ],
)
def test_odd_questions_about_results_are_answered_clearly(client: Client, asked: str, status: int) -> None:
    assert get(client, f"/results/?{asked}").status_code == status
