"""Draws checked by the script of the public pages, in chromium and under the policy of those pages."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from raffles.draws import fairness, merkle, verify_draw
from raffles.draws.beacon import DEMO, QUICKNET
from tests.browser.conftest import Shop
from tests.browser.every_page import NARROW, site_of
from tests.browser.test_accessibility import findings
from tests.browser.test_public_pages import visiting
from tests.draws import documents, tamperings
from tests.draws.allowed import CAUTIONS, HARMLESS, by_quicknet, unchanged
from tests.draws.documents import Document
from tests.draws.test_drbg_vectors import BORDER
from tests.draws.test_drbg_vectors import CHOICES as CHOSEN
from tests.draws.unreadable import FOREIGN, HOSTILE

pytestmark = pytest.mark.browser

CASES, SEED = 1000, 20261128
MUTANTS, JUDGED = 400, 600
MANY, LONGEST_SECONDS, LONGEST_SILENCE = 100_000, 20, 3
SIGNED_ROUND = 1000
SIGNATURE = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"
CHECKS_OF_A_BEACON = (
    "format status rule-digests rule rule-changes entries root secret round beacon times seed sequence "
    "prizes reserves"
)
# What each must be noticed by, where more than the sum of all is worth knowing.
NOTICED = {
    "number of a ticket": "root",
    "order of entries": "entries",
    "entry dropped, root mended": "seed",
    "excluded though sold": "entries",
    "text of the rule": "rule-digests",
    "a space in the rule": "rule",
    "a key twice in the rule": "rule",
    "no reason for a change": "rule-changes",
    "draw brought forward": "rule-changes",
    "frozen before sales closed": "times",
    "secret": "secret",
    "secret shown early": "secret",
    "round and its signature": "round",
    "hours of a fallback": "round",
    "beacon left out": "times",
    "signature of another round": "beacon",
    "signature at infinity": "beacon",
    "another's key under a known name": "beacon",
    "key of the rule": "beacon",
    "chain of the rule": "beacon",
    "results in another order": "sequence",
    "a result left out": "lottery",
    "number twice from the barrel": "barrel",
    "a seed beside a lottery": "seed",
    "sequence": "sequence",
    "number of a prize": "prizes",
    "reserve gone": "reserves",
    "frozen after the lottery was drawn": "times",
    "a lottery put off with other prizes": "rule-changes",
    "a lottery put off before it was drawn": "rule-changes",
    "a barrel for a lost secret without waiting": "times",
    "a beacon that is missing without waiting": "times",
    "a reason for the first version": "rule-changes",
    "a reason that nobody can see": "rule-changes",
    "sales close after the draw": "rule",
    "sales close after the draw in an earlier version": "rule",
    "no prizes in an earlier version": "rule",
    "expected round of an earlier version": "rule",
    "who takes part": "rule",
    "what is unsold may win": "rule",
    "a prize without a name": "rule",
    "more digits than a number has": "rule",
    "a result left out before the draw": "lottery",
    "unsold number from the barrel before the draw": "barrel",
    "called off before the freezing": "called-off",
    "a result of endless digits": "format",
    "a year that never was": "format",
    "randomness gone": "format",
    "status back to closed": "status",
    "half a letter": "format",
}
# Rows that nobody else sees, for they are taken back: the worker must not find them.
REAL = """
import itertools, json
from datetime import timedelta
from django.db import transaction
from raffles.draws.actions import call_off_draw, type_result
from raffles.draws.entries import receipt_of
from raffles.draws.published import proof_of, receipt_document
from tests import factories
from tests.draws import staging
factories._serial = itertools.count(13001)
LOTTERY = {"method": "LOTTERY", "lottery_name": "Quiniela", "lottery_drawing": "Evening"}
LOTTERY["lottery_results"] = 4
PRIZES = [("Una moto", 1), ("Gs. 500.000", 2)]

def late():
    raffle = staging.committed_raffle(prizes=PRIZES)
    for number in (3, 5, 12, 40, 77):
        staging.sold(raffle, number)
    at = raffle.draw_at + timedelta(hours=1, milliseconds=700)
    draw = staging.close_entries(draw_id=staging.draw_of(raffle).pk, actor=staging.STAFF, now=at)
    at += timedelta(minutes=2)
    staging.with_beacon(draw, now=at)
    return staging.hold_draw(draw_id=draw.pk, actor=staging.STAFF, now=at)

def lottery():
    draw = staging.closed_draw(draw=LOTTERY, prizes=PRIZES)
    at, values = staging.at_draw(draw.raffle), ["4012", "0077", "1240", "3312"]
    for name in ("one", "other"):
        by = factories.make_staff(name)
        type_result(draw_id=draw.pk, values=values, witnesses="", by=by, now=at)
    return staging.hold_draw(draw_id=draw.pk, actor=staging.STAFF, now=at)

def called_off():
    draw = staging.closed_draw(numbers=(7,))
    at = staging.after_sales(draw.raffle)
    return call_off_draw(draw_id=draw.pk, by=factories.make_staff("caller"), reason="No permit came", now=at)

with transaction.atomic():
    held = staging.held_draw(prizes=PRIZES)
    draws = {
        "held": held,
        "late": late(),
        "secret": staging.held_draw(draw={"method": "SECRET"}, numbers=(3, 5)),
        "lottery": lottery(),
        "waiting": staging.with_beacon(staging.closed_draw(numbers=(3, 5))),
        "closed": staging.closed_draw(numbers=(7,)),
        "committed": staging.draw_of(staging.committed_raffle()),
        "planned": staging.draw_of(staging.planned_raffle()),
        "called off": called_off(),
    }
    codes = dict(held.raffle.tickets.filter(order__isnull=False).values_list("number", "order__code"))
    receipts = [receipt_document(receipt_of(held, number), code) for number, code in codes.items()]
    print(json.dumps({"draws": {name: proof_of(draw) for name, draw in draws.items()}, "receipts": receipts}))
    transaction.set_rollback(True)
"""
LOAD = """async () => {
  const at = (name) => new URL(`/static/pages/${name}`, location.href).href;
  window.checking = {};
  for (const name of ["verify_draw.js", "proof_maths.js", "proof_text.js"])
    Object.assign(window.checking, await import(at(name)));
}"""
CHOICES = """(choices) => choices.map(([seed, limit, count]) => {
  const source = window.checking.words(seed);
  return Array.from({length: count}, () => String(window.checking.below(source, BigInt(limit))));
})"""
GIVEN = """(words) => words.map((word) => {
  const source = [word, "7"].map(BigInt).values();
  return String(window.checking.below(source, 2n ** 63n + 1n));
})"""
PARSED = """async (digits) => {
  const bytes = Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  try {
    return [true, await window.checking.parsed(bytes.buffer)];
  } catch (problem) {
    return [false, problem.name];
  }
}"""
PROOFS = """async ([documents, trustedChains]) => {
  const found = [];
  for (const one of documents) found.push(await window.checking.verifyProof(one, {trustedChains}));
  return found;
}"""
RECEIPTS = """async (pairs) => {
  const found = [];
  for (const pair of pairs) found.push(await window.checking.verifyReceipt(...pair));
  return found;
}"""
WHILE_LOOKED_AT = """async ([one, trustedChains]) => {
  let turns = 0, silence = 0, before = performance.now(), isOver = false;
  const tick = () => {
    silence = Math.max(silence, performance.now() - before);
    before = performance.now();
    turns += 1;
    if (!isOver) setTimeout(tick, 5);
  };
  tick();
  const begun = performance.now();
  const {ok} = await window.checking.verifyProof(one, {trustedChains});
  isOver = true;
  return {ok, turns, silence: silence / 1000, seconds: (performance.now() - begun) / 1000};
}"""


@pytest.fixture(scope="module")
def checker(browser: Browser, shop: Shop) -> Iterator[Page]:
    """A public page with its policy, without the hashes that a browser has for certified sites alone.

    Whatever the browser complains of fails.
    """
    page, complaints = browser.new_page(), []
    page.add_init_script("Object.defineProperty(window, 'crypto', {value: undefined})")
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    answer = page.goto(f"{site_of(shop)}/draws/")
    assert answer is not None
    assert "script-src 'self'" in (answer.header_value("content-security-policy") or "")
    assert page.evaluate("window.crypto === undefined")
    page.evaluate(LOAD)
    yield page
    page.close()
    assert complaints == []


def verified(
    page: Page, *given: Document, trusted: tuple[Any, ...] = (DEMO.hash,), at_once: int = 100
) -> list[Document]:
    found: list[Document] = []
    for start in range(0, len(given), at_once):
        found += page.evaluate(PROOFS, [list(given[start : start + at_once]), list(trusted)])
    return found


def wrong_in(outcome: Document) -> list[str]:
    return [each["check"] for each in outcome["checks"] if not each["ok"]]


def whats_in(outcome: Document) -> list[str]:
    return [each["detail"]["what"] for each in outcome["checks"] if not each["ok"]]


def cautions_in(outcome: Document) -> list[str]:
    """Without that about the chain, which only the tests know."""
    return [each["caution"] for each in outcome["cautions"] if each["caution"] != "demo"]


def found_by(outcome: Document, check: str) -> Document:
    found: Document = next(each for each in outcome["checks"] if each["check"] == check)
    return found


def test_it_agrees_with_the_server_on_a_thousand_draws(checker: Page) -> None:
    cases = documents.cases(CASES, SEED)
    assert [case["code"] for case in cases if not _is_the_servers(case)] == []
    outcomes = verified(checker, *cases)
    assert [outcome for outcome in outcomes if not outcome["ok"]] == []
    assert not any(outcome["pending"] for outcome in outcomes)
    assert len(outcomes) == CASES


def _is_the_servers(case: Document) -> bool:
    """The same root, and where there is a seed the same sequence, by the code that holds draws."""
    entries, result = case["closing"]["entries"], case["result"]
    leaves = [merkle.leaf(f"{number}:{mark}") for number, mark in entries]
    if merkle.root_of(leaves).hex() != case["closing"]["root"]:
        return False
    if result["seed"] is None:
        return True
    drawn: list[int] = result["sequence"]
    places = fairness.sequence(result["seed"], len(entries), len(drawn))
    return [entries[place][0] for place in places] == drawn


def test_it_answers_each_question_in_its_place(checker: Page) -> None:
    (outcome,) = verified(checker, documents.of_kind("beacon"))
    assert [each["check"] for each in outcome["checks"]] == CHECKS_OF_A_BEACON.split()
    for name in documents.KINDS:
        (found,) = verified(checker, documents.of_kind(name))
        assert found["ok"], (name, found)
        assert found["pending"] == (name in ("planned", "committed", "closed")), name


def test_it_notices_every_tampering(checker: Page) -> None:
    given = []
    for each in tamperings.TAMPERINGS:
        document = documents.of_kind(each.kind)
        each.mutate(document)
        given.append(document)
    outcomes = verified(checker, *given)
    names = [each.name for each in tamperings.TAMPERINGS]
    found = dict(zip(names, outcomes, strict=True))
    assert [name for name, outcome in found.items() if outcome["ok"]] == []
    assert [name for name, outcome in found.items() if "broken" in whats_in(outcome)] == []
    assert {name: check for name, check in NOTICED.items() if check not in wrong_in(found[name])} == {}


def test_what_is_just_allowed_is_right_here_too(checker: Page) -> None:
    given = [documents.of_kind(kind) for _name, kind, _mutate in HARMLESS]
    for document, (_name, _kind, mutate) in zip(given, HARMLESS, strict=True):
        mutate(document)
    outcomes = dict(zip([each[0] for each in HARMLESS], verified(checker, *given), strict=True))
    assert {name: wrong_in(outcome) for name, outcome in outcomes.items() if not outcome["ok"]} == {}


def test_it_cautions_where_the_program_for_everybody_does(checker: Page) -> None:
    given = [documents.of_kind(caution.kind) for caution in CAUTIONS]
    for document, caution in zip(given, CAUTIONS, strict=True):
        caution.mutate(document)
    outcomes = verified(checker, *given)
    for outcome, caution in zip(outcomes, CAUTIONS, strict=True):
        assert (outcome["ok"], cautions_in(outcome)) == (True, [caution.name]), (str(caution), outcome)
    missing = {
        outcome["cautions"][0]["address"] for outcome in outcomes if "beacon-missing" in cautions_in(outcome)
    }
    rule = tamperings.newest(given[[caution.mutate for caution in CAUTIONS].index(by_quicknet)])
    number = rule["beacon"]["round"]
    assert missing == {"", f"https://api.drand.sh/{QUICKNET.hash}/public/{number}"}
    planned = documents.KINDS.keys() - {caution.kind for caution in CAUTIONS if caution.mutate is unchanged}
    assert not any(map(cautions_in, verified(checker, *map(documents.of_kind, planned))))


def test_whatever_is_mangled_is_judged_as_the_program_for_everybody_does(
    checker: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify_draw, "verify_round", cache(verify_draw.verify_round))
    chance = random.Random(SEED)
    given: list[Document] = []
    while len(given) < JUDGED:
        kind = chance.choice(sorted(documents.KINDS))
        document = _mended(_twisted(documents.of_kind(kind), chance), chance)
        given.append(json.loads(json.dumps(document)))
    told = [_wrong_by_program(document) for document in given]
    pairs = zip(told, map(wrong_in, verified(checker, *given)), strict=True)
    assert [(by_program, here) for by_program, here in pairs if bool(by_program) != bool(here)] == []
    assert 20 < told.count([]) < JUDGED - 20


def _wrong_by_program(document: Document) -> list[str]:
    found = verify_draw.check(document, {DEMO.hash})
    return [each.text for each in found if each.kind == verify_draw.WRONG]


def _twisted(document: Document, chance: random.Random) -> Document:
    """A value somewhere is one that may stand there, or stands elsewhere."""
    rule = tamperings.newest(document) if document["rules"] else {}
    instants = [rule[name] for name in ("closes_at", "draws_at") if rule]
    seconds = documents.instant_of(chance.choice(instants)) if instants else documents.CLOSES_AT
    near = documents.written(seconds + timedelta(seconds=chance.choice((-61, -60, -1, 0, 1, 60))))
    value: Any = chance.choice(
        (near, near, near, 0, 1, 2, 20, "", " ", "SECRET_LOST", "BEACON", None, [], "07")
    )
    place = chance.choice((0, -1)) if document["rules"] else None
    if place is None or chance.random() < 0.5:
        _put(document, value, chance)
        return document
    rule = json.loads(document["rules"][place]["text"])
    _put(rule, value, chance)
    document["rules"][place]["text"] = documents.canonical(rule)
    return document


def _mended(document: Document, chance: random.Random) -> Document:
    """What follows from it is made again, as far as there is a draw in it."""
    mended = copy.deepcopy(document)
    try:
        documents.chained(mended["rules"])
        if mended["result"] and chance.random() < 0.8:
            tamperings.drawn_again(mended)
        return mended
    except (AssertionError, AttributeError, KeyError, TypeError, ValueError, IndexError, StopIteration):
        return document


@pytest.mark.parametrize(
    ("kind", "is_careful", "says"),
    [
        ("late", True, "too late for the draw as it was promised (2026-11-28T23:"),
        ("secret lost", True, "The secret is said to be lost."),
        ("beacon missing", True, "of the beacon is there:"),
        ("secret", False, "Only the organiser's secret decided"),
        ("lottery", False, "Compare with the official results of Quiniela, 28 November: "),
        ("barrel", False, "what came out: The notary, and two of the players"),
    ],
)
def test_the_page_says_what_to_be_careful_of(
    browser: Browser, shop: Shop, kind: str, is_careful: bool, says: str
) -> None:
    """Whatever the document of the page: it is the reader's browser that looks at it."""
    document = documents.of_kind(kind)
    with visiting(browser, NARROW) as page:
        page.route("**/proof.json", lambda route: route.fulfill(json=document))
        page.goto(f"{site_of(shop)}/draws/BICI/")
        page.locator("[data-verify]").tap()
        verdict = page.locator("#verify [data-verdict]")
        expect(verdict).to_contain_text("Everything fits", timeout=60_000)
        of_chain = bool(tamperings.newest(document)["beacon"])
        assert ("Read what is said below" in verdict.inner_text()) == (is_careful or of_chain)
        told = page.locator("#verify .checks .care" if is_careful else "#verify .checks .small")
        expect(told.filter(has_text=says)).to_have_count(1)
        assert findings(page) == set()


def test_it_chooses_as_the_others_do_where_words_are_passed_over(checker: Page) -> None:
    asked = [[each.seed, str(each.limit), len(each.chosen)] for each in CHOSEN]
    expected = [[str(number) for number in each.chosen] for each in CHOSEN]
    assert checker.evaluate(CHOICES, asked) == expected
    found = checker.evaluate(GIVEN, [str(word) for word, _is_taken in BORDER])
    assert found == [str(word % (2**63 + 1) if is_taken else 7) for word, is_taken in BORDER]


@pytest.mark.parametrize("name", sorted(HOSTILE.keys() - FOREIGN))
def test_a_file_that_cannot_be_read_there_is_not_read_here(checker: Page, name: str) -> None:
    is_read, _found = checker.evaluate(PARSED, HOSTILE[name].hex())
    assert not is_read


@pytest.mark.parametrize("kind", documents.KINDS)
def test_a_file_is_read_as_it_was_written(checker: Page, kind: str) -> None:
    document = documents.of_kind(kind)
    for indent in (None, 1):
        text = json.dumps(document, ensure_ascii=bool(indent), indent=indent).encode()
        assert checker.evaluate(PARSED, text.hex()) == [True, document]


def test_nothing_that_is_mangled_breaks_it(checker: Page) -> None:
    chance = random.Random(SEED)
    kinds = [documents.of_kind(name) for name in documents.KINDS]
    given = [_mangled(copy.deepcopy(chance.choice(kinds)), chance) for _turn in range(MUTANTS)]
    for outcome in verified(checker, *given):
        assert "broken" not in whats_in(outcome), outcome
        assert not any("error" in each["detail"] for each in outcome["checks"]), outcome
    junk: list[Any] = [None, 5, "x", [], {}, True, [{}], {"format": "raffle-draw/1"}]
    for outcome in verified(checker, *junk):
        assert (outcome["ok"], wrong_in(outcome)) == (False, ["format"])
    for outcome in checker.evaluate(RECEIPTS, [[each, None] for each in junk]):
        assert (outcome["ok"], wrong_in(outcome)) == (False, ["format"])


def _mangled(document: Document, chance: random.Random) -> Document:
    """One value somewhere is another; of the newest rule as often as of the rest."""
    value: Any = chance.choice(
        (None, True, -1, 0, 2**53, 1e300, 0.5, "", "x", "\x00", "f" * 64, [], {}, [[1, 2]])
    )
    if document["rules"] and chance.random() < 0.5:
        rule = tamperings.newest(document)
        _put(rule, value, chance)
        document["rules"][-1]["text"] = documents.canonical(rule)
        documents.chained(document["rules"])
    else:
        _put(document, value, chance)
    return document


def _put(inside: Any, value: Any, chance: random.Random) -> None:
    keys = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
    key = chance.choice(keys)
    if inside[key] and isinstance(inside[key], dict | list) and chance.random() < 0.8:
        _put(inside[key], value, chance)
    else:
        inside[key] = value


@cache
def real(shop: Shop) -> Document:
    found: Document = json.loads(shop.run(REAL))
    return found


def test_it_verifies_what_the_product_publishes(checker: Page, shop: Shop) -> None:
    draws = real(shop)["draws"]
    outcomes = dict(zip(draws, verified(checker, *draws.values()), strict=True))
    assert {name: outcome for name, outcome in outcomes.items() if not outcome["ok"]} == {}
    assert {name for name, outcome in outcomes.items() if outcome["pending"]} == {
        "waiting",
        "closed",
        "committed",
        "planned",
    }
    assert {name: found for name in outcomes if (found := cautions_in(outcomes[name]))} == {"late": ["late"]}
    assert found_by(outcomes["called off"], "called-off")["detail"]["reason"] == "No permit came"


def test_a_chain_for_trying_counts_only_where_it_is_trusted(checker: Page, shop: Shop) -> None:
    document = real(shop)["draws"]["held"]
    (stranger,) = verified(checker, document, trusted=())
    assert wrong_in(stranger) == ["beacon"]
    assert whats_in(stranger) == ["unknown-chain"]
    known = {"name": DEMO.name, "hash": DEMO.hash, "public_key": DEMO.public_key}
    for trusted in (DEMO.hash, known):
        (outcome,) = verified(checker, document, trusted=(trusted,))
        assert found_by(outcome, "beacon")["detail"]["trusted"] == "demo"
    (other,) = verified(checker, document, trusted=({**known, "public_key": QUICKNET.public_key},))
    assert whats_in(other) == ["chain-terms"]


def test_whoever_is_told_to_trust_quicknet_by_another_key_does_not(checker: Page) -> None:
    document = documents.of_kind("beacon")
    tamperings.ruled("beacon.chain", QUICKNET.hash)(document)
    document["randomness"]["beacon"]["chain"] = QUICKNET.hash
    lie = {"hash": QUICKNET.hash, "public_key": DEMO.public_key}
    (outcome,) = verified(checker, document, trusted=(lie, QUICKNET.hash))
    assert "chain-terms" in whats_in(outcome)


@pytest.mark.parametrize(
    ("key", "number", "signature", "is_signed"),
    [
        (QUICKNET.public_key, SIGNED_ROUND, SIGNATURE, True),
        (QUICKNET.public_key, SIGNED_ROUND + 1, SIGNATURE, False),
        (QUICKNET.public_key, SIGNED_ROUND, SIGNATURE[:-1] + "8", False),
        (QUICKNET.public_key, SIGNED_ROUND, "a" + SIGNATURE[1:], False),
        (QUICKNET.public_key, SIGNED_ROUND, "c0" + "0" * 94, False),
        (QUICKNET.public_key, SIGNED_ROUND, "", False),
        (DEMO.public_key, SIGNED_ROUND, SIGNATURE, False),
        ("c0" + "0" * 190, SIGNED_ROUND, "c0" + "0" * 94, False),
    ],
)
def test_a_round_of_drand(checker: Page, key: str, number: int, signature: str, *, is_signed: bool) -> None:
    said = checker.evaluate("(given) => window.checking.isSigned(...given)", [key, number, signature])
    assert said is is_signed


def test_a_draw_by_drands_own_beacon(checker: Page) -> None:
    """Its instant is that of a round long ago, whose signature everybody knows."""
    document = _by_quicknet()
    (outcome,) = verified(checker, document, trusted=())
    assert outcome["ok"], outcome
    detail = found_by(outcome, "beacon")["detail"]
    assert (detail["trusted"], detail["name"], detail["round"]) == ("pinned", "quicknet", SIGNED_ROUND)
    document["randomness"]["beacon"]["signature"] = SIGNATURE[:-1] + "8"
    document["result"]["seed"] = documents.seed_of(document)
    (changed,) = verified(checker, document, trusted=())
    assert "beacon" in wrong_in(changed)


def _by_quicknet() -> Document:
    document = documents.of_kind("beacon")
    rule = tamperings.newest(document)
    at = QUICKNET.genesis + (SIGNED_ROUND - 1) * QUICKNET.period
    told = {name: getattr(QUICKNET, name) for name in ("public_key", "genesis", "period", "scheme")}
    rule["beacon"] = {"chain": QUICKNET.hash, **told, "round": SIGNED_ROUND, "margin_seconds": 60}
    rule |= {"closes_at": _written(at - 900), "draws_at": _written(at)}
    published = {"published_at": _written(at - 1800), "reason": "", "version": 1}
    document["rules"] = documents.chained([{"text": documents.canonical(rule), "digest": "", **published}])
    document["closing"]["closed_at"] = _written(at - 600)
    beacon = {"chain": QUICKNET.hash, "round": SIGNED_ROUND, "signature": SIGNATURE}
    document["randomness"]["beacon"] = beacon
    document["result"] = documents.result_of(rule, document)
    return document


def _written(seconds: int) -> str:
    return documents.written(datetime.fromtimestamp(seconds, UTC))


def test_receipts(checker: Page, shop: Shop) -> None:
    held = real(shop)["draws"]["held"]
    pairs = [[receipt, held] for receipt in real(shop)["receipts"]]
    assert len(pairs) == 5
    for count in (1, 2, 3, 12, 64, 65):
        made = documents.made(documents.Plan("SECRET", entries=count), random.Random(count))
        pairs += [[documents.receipt_of(made, place), made.document] for place in range(count)]
    for outcome in checker.evaluate(RECEIPTS, pairs):
        assert (outcome["ok"], outcome["pending"]) == (True, False), outcome
    (alone,) = checker.evaluate(RECEIPTS, [[pairs[0][0], None]])
    assert (alone["ok"], alone["pending"]) == (True, True)


@pytest.mark.parametrize(
    ("path", "value", "check"),
    [
        ("salt", "ab" * 16, "mark"),
        ("order", "OTHER1", "mark"),
        ("number", tamperings.one_more, "mark"),
        ("mark", tamperings.flipped, "path"),
        ("path.0.hash", "ab" * 32, "path"),
        ("path.0.side", lambda side: "left" if side == "right" else "right", "path"),
        ("position", 11, "path"),
        ("position", 12, "path"),
        ("position", tamperings.one_more, "published"),
        ("count", 11, "published"),
        ("root", tamperings.flipped, "published"),
        ("code", "OTHER", "published"),
        ("more", 1, "format"),
        ("position", -1, "format"),
        ("salt", "", "format"),
        ("order", " ", "format"),
        ("code", " ", "format"),
    ],
)
def test_a_receipt_that_was_changed(checker: Page, path: str, value: Any, check: str) -> None:
    made = documents.made(documents.Plan("SECRET", entries=12), random.Random(SEED))
    receipt = documents.receipt_of(made, 3)
    if path == "more":
        receipt["more"] = None
    tamperings.put(path, value)(receipt)
    (outcome,) = checker.evaluate(RECEIPTS, [[receipt, made.document]])
    assert not outcome["ok"]
    assert check in wrong_in(outcome)


def test_a_receipt_of_another_draw(checker: Page) -> None:
    one, other = (
        documents.made(documents.Plan("SECRET", entries=12), random.Random(seed)) for seed in (1, 2)
    )
    (outcome,) = checker.evaluate(RECEIPTS, [[documents.receipt_of(one, 3), other.document]])
    assert wrong_in(outcome) == ["published"]


def test_a_hundred_thousand_numbers_in_time_while_the_page_answers(checker: Page) -> None:
    found = checker.evaluate(WHILE_LOOKED_AT, [_of_many(), [DEMO.hash]])
    assert found["ok"]
    assert found["seconds"] < LONGEST_SECONDS, found
    assert found["silence"] < LONGEST_SILENCE, found
    assert found["turns"] > 20, found


def _of_many() -> Document:
    chance = random.Random(SEED)
    document = documents.of_kind("beacon")
    rule = tamperings.newest(document) | {"numbers": {"first": 0, "last": MANY - 1, "width": 5}}
    document["rules"][-1]["text"] = documents.canonical(rule)
    documents.chained(document["rules"])
    entries = [[number, chance.randbytes(16).hex()] for number in range(MANY)]
    document["closing"] |= {"entries": entries, "excluded": []}
    tamperings.rerooted(document)
    document["result"] = documents.result_of(rule, document)
    return document
