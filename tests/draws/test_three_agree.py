"""Product, script for everybody and a third computation of the tests come to the same, draw by draw."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from raffles.draws import fairness, merkle, verify_draw
from raffles.draws.beacon import DEMO, randomness_of
from tests.draws.documents import KINDS, Document, cases, units_of

CASES, SEED = 1_000, 20261128


@pytest.fixture(autouse=True)
def _each_signature_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_draw, "verify_round", _verified_once)


@cache
def _verified_once(public_key: str, round_number: int, signature: str) -> bool:
    return _verify(public_key, round_number, signature)


_verify = verify_draw.verify_round


def by_the_product(document: Document, rule: Document) -> Document:
    """Root and result, by what holds the draws of the product."""
    told, entries = document["randomness"], document["closing"]["entries"]
    numbers = [number for number, _mark in entries]
    root = merkle.root_of([merkle.leaf(f"{number}:{mark}") for number, mark in entries]).hex()
    seed = seed_by_the_product(document, root)
    length = units_of(rule) + rule["reserves"]
    if seed:
        sequence = [numbers[place] for place in fairness.sequence(seed, len(numbers), length)]
    else:
        sequence = typed(told, rule, numbers)[:length]
    return {"root": root, "seed": seed, "sequence": sequence}


def seed_by_the_product(document: Document, root: str) -> str | None:
    told = document["randomness"]
    if not told["secret"] and not told["beacon"]:
        return None
    randomness = randomness_of(told["beacon"]["signature"]) if told["beacon"] else None
    rule = document["rules"][-1]["digest"]
    return fairness.seed_of(rule=rule, root=root, secret=told["secret"], randomness=randomness)


def typed(told: Document, rule: Document, numbers: list[int]) -> list[int]:
    if told["barrel"]:
        return list(told["barrel"]["numbers"])
    lottery, bounds = rule["lottery"], rule["numbers"]
    return fairness.chosen_by_digits(
        told["lottery"],
        digits=lottery["digits"],
        first=bounds["first"],
        last=bounds["last"],
        mapping=lottery["mapping"],
        entries=set(numbers),
    )


def by_the_script(document: Document, rule: Document) -> Document:
    draw = verify_draw.Draw(document, rule, frozenset({DEMO.hash}))
    leaves = [verify_draw.leaf(number, mark) for number, mark in document["closing"]["entries"]]
    told = document["randomness"]
    seed = verify_draw.seed_of(draw) if told["secret"] or told["beacon"] else None
    return {"root": verify_draw.root_of(leaves).hex(), "seed": seed, "sequence": followed(draw)}


def followed(draw: verify_draw.Draw) -> list[int]:
    steps = verify_draw._sequence(draw)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: list[int] = end.value
            return found


def published(document: Document) -> Document:
    result = document["result"]
    return {"root": document["closing"]["root"], "seed": result["seed"], "sequence": result["sequence"]}


def test_a_thousand_random_draws_have_one_result() -> None:
    for document in cases(CASES, SEED):
        rule = json.loads(document["rules"][-1]["text"])
        assert by_the_product(document, rule) == by_the_script(document, rule) == published(document)
        assert wrong(document) == []
        assert numbers_of_prizes(document) == document["result"]["sequence"]


def wrong(document: Document) -> list[str]:
    return [each.text for each in verify_draw.check(document, {DEMO.hash}) if each.kind == verify_draw.WRONG]


def numbers_of_prizes(document: Document) -> list[int]:
    """What was awarded, and then the reserves."""
    result: Document = document["result"]
    won: list[int] = [prize["number"] for prize in result["prizes"] if prize["number"] is not None]
    return [*won, *result["reserves"]]


def test_the_random_draws_are_of_every_method_and_the_same_each_time() -> None:
    found = cases(200, SEED)
    assert found == cases(200, SEED) != cases(200, SEED + 1)
    assert json.loads(json.dumps(found)) == found
    manners = {manner_of(document) for document in found}
    drawn = [plan for plan in KINDS.values() if plan.status == "DRAWN"]
    assert manners == {(plan.method, plan.fallback) for plan in drawn}


def manner_of(document: Document) -> tuple[Any, Any]:
    return json.loads(document["rules"][-1]["text"])["method"], document["randomness"]["fallback"]
