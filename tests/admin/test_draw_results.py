"""What people bring to a draw: a round of the beacon that was pasted, results that two typed."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from config import demo_beacon
from raffles.audit.models import AuditEntry, Deed
from raffles.draws.models import Draw, TypedResult
from tests.admin.conftest import ClientOf
from tests.admin.drawing import at, base_of, press, refused
from tests.admin.pages import page_of, text, told
from tests.draws.staging import closed_draw

pytestmark = pytest.mark.django_db

LOTTERY = {
    "method": "LOTTERY",
    "lottery_name": "Quiniela",
    "lottery_drawing": "28 November",
    "lottery_results": 3,
}


def test_a_round_is_pasted_as_drand_says_it_or_as_its_signature(desk: Client) -> None:
    draw = closed_draw(numbers=(3,))
    assert draw.beacon_round is not None
    signature = demo_beacon.signature_of(draw.beacon_round)
    for text_typed, words in (
        ("hello", "neither drand"),
        ("{", "neither drand"),
        ('{"round": "1", "signature": 5}', "neither drand"),
        (json.dumps({"round": draw.beacon_round + 1, "signature": signature}), "another round"),
        (demo_beacon.signature_of(draw.beacon_round + 1), "not the chain"),
    ):
        answer = press(desk, draw, "beacon", text=text_typed)
        assert words in refused(answer), text_typed
        assert answer.context["form"]["text"].value() == text_typed
    spaced = f" {signature[:20]}\n{signature[20:].upper()} "
    assert "is true" in told(press(desk, draw, "beacon", text=spaced))
    draw.refresh_from_db()
    assert draw.beacon_signature == signature
    assert "Is here, and true" in text(desk.get(page_of(draw)))
    assert AuditEntry.objects.get(action=Deed.BEACON_RECORDED).actor == "staff:boss"


def test_drands_whole_answer_is_taken(desk: Client) -> None:
    draw = closed_draw(numbers=(3,))
    assert draw.beacon_round is not None
    page = text(desk.get(page_of(draw)))
    assert f"/public/{draw.beacon_round}" in page
    assert "Is awaited" in page
    said = {
        "round": draw.beacon_round,
        "randomness": "00",
        "signature": demo_beacon.signature_of(draw.beacon_round),
    }
    assert "is true" in told(press(desk, draw, "beacon", text=json.dumps(said)))


def type_in(client: Client, draw: Draw, *results: str, **more: str) -> Any:
    typed = {f"result_{place}": result for place, result in enumerate(results, 1)}
    return press(client, draw, "type", **typed, **more)


def test_a_lottery_is_typed_by_two_people_and_neither_sees_the_others_word(
    desk: Client, client_of: ClientOf
) -> None:
    other = client_of("draws.view_draw", "draws.type_result", username="eva")
    draw = closed_draw(numbers=(3, 71), draw=LOTTERY)
    assert "someone did this already" in told(type_in(desk, draw, "4071", "0203", "1111"))
    with at(base_of(draw)):
        assert len(desk.get(page_of(draw, "type")).context["form"].visible_fields()) == 3
        assert "result_2" in type_in(desk, draw, "4071", "", "12").context["form"].errors
        odd = type_in(desk, draw, "4071", "7", "12x")
        assert "these are not digits, too few or too many: 12x" in refused(odd)
        assert odd.context["form"]["result_1"].value() == "4071"
        assert "somebody else must type the same" in told(type_in(desk, draw, "4071", "0203", "1111"))
        asked = text(other.get(page_of(draw, "type")))
        assert "boss has typed" in asked
        for page in (asked, text(other.get(page_of(draw))), text(desk.get(page_of(draw)))):
            assert not re.search(r"(?<![\w/])4071(?![\w/])", page)  # a digest or a link may hold it
        assert "You have typed already" in text(desk.get(page_of(draw, "type")))
        assert "typed something else" in told(type_in(other, draw, "4071", "0203", "1112"))
        assert Draw.objects.get(pk=draw.pk).typed is None
        assert "the results count" in told(type_in(other, draw, "4071", "0203", "1111"))
        assert "4071, 0203, 1111" in text(other.get(page_of(draw)))
        assert "someone did this already" in told(type_in(other, draw, "4071", "0203", "1111"))
        assert "was held" in told(press(desk, draw, "hold"))
    draw.refresh_from_db()
    assert draw.sequence == [71, 3]
    assert TypedResult.objects.count() == 3


def test_a_barrel_needs_sold_numbers_in_their_order_and_witnesses(desk: Client, client_of: ClientOf) -> None:
    other = client_of("draws.view_draw", "draws.type_result", username="eva")
    draw = closed_draw(numbers=(3, 5, 12, 40), draw={"method": "BARREL"})
    with at(base_of(draw)):
        assert "first 3 sold numbers" in text(desk.get(page_of(draw, "type")))
        seen = {"witnesses": "The notary"}
        for numbers, words in (
            ("12\n5\n4", "nobody has these numbers, put them aside and type the next: 4"),
            ("12, 12, 5", "stand there twice: 12"),
            ("12\n5", "the count is wrong"),
            (" , ", "type what came out"),
        ):
            answer = press(desk, draw, "type", numbers=numbers, **seen)
            assert words in refused(answer), numbers
            assert answer.context["form"]["witnesses"].value() == "The notary"
        assert "witnesses" in press(desk, draw, "type", numbers="12\n5\n3").context["form"].errors
        press(desk, draw, "type", numbers="12\n05 3", **seen)
        press(other, draw, "type", numbers="12,5,3", **seen)
        press(desk, draw, "hold")
    draw.refresh_from_db()
    assert (draw.sequence, draw.witnesses) == ([12, 5, 3], "The notary")
    assert "The notary" in text(desk.get(page_of(draw)))
