"""The script that anybody can run: what is right verifies, and whatever was changed is named."""

from __future__ import annotations

import hashlib
import json
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import demo_beacon
from raffles.draws import verify_draw
from raffles.draws.actions import (
    call_off_draw,
    close_entries,
    exclude_order,
    fall_back,
    hold_draw,
    type_result,
)
from raffles.draws.beacon import DEMO, QUICKNET
from raffles.draws.curve import curve, hash_to_G1
from raffles.draws.entries import receipt_of
from raffles.draws.models import Draw, DrawSecret
from raffles.draws.published import proof_of, receipt_document
from raffles.draws.signatures import DOMAIN
from raffles.numbers.actions import RuleChange, change_rule
from raffles.sales.models import Order
from tests.draws import documents
from tests.draws.allowed import CAUTIONS, HARMLESS, Caution, by_quicknet, unchanged
from tests.draws.documents import KINDS, Document, Made, beacon_from, canonical, chained, of_kind, written
from tests.draws.staging import (
    STAFF,
    after_sales,
    at_draw,
    closed_draw,
    committed_raffle,
    draw_of,
    held_draw,
    planned_raffle,
    sold,
    with_beacon,
)
from tests.draws.tamperings import TAMPERINGS, Tampering
from tests.draws.unreadable import HOSTILE
from tests.factories import NOW, make_order, make_staff

SCRIPT = Path(verify_draw.__file__)
TRUSTED = {DEMO.hash}
TRUST = ("--trust-chain", DEMO.hash)
PRIZES = [("A car", 1), ("A bicycle", 2)]
# True rounds of drand's quicknet, as it published them.
ROUNDS = {
    1000: "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39",
    1001: "b33bf3667cbd5a82de3a24b4e0e9fe5513cc1a0e840368c6e31f5fcfa79bea03f73896b25883abf2853d10337fb8fa41",
    1002: "ab066f9c12dd6de1336fca0f925192fb0c72a771c3e4c82ede1fd362c1a770f9eb05843c6308ce2530b53a99c0281a6e",
}


@pytest.fixture(autouse=True, scope="module")
def _each_signature_once() -> Iterator[None]:
    """Half a second each; what the signature is of takes part in the memory of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verify_draw, "verify_round", cache(verify_draw.verify_round))
        yield


def wrong(findings: list[verify_draw.Finding]) -> list[str]:
    return [each.text for each in findings if each.kind == verify_draw.WRONG]


def wrong_in(document: object) -> list[str]:
    return wrong(verify_draw.check(document, TRUSTED))


def saved(folder: Path, document: object, name: str = "proof.json") -> str:
    file = folder / name
    file.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    return str(file)


def run(*arguments: str) -> tuple[int, list[str]]:
    """As anybody would: without a library, and without anything of the project."""
    command = [sys.executable, "-I", "-S", str(SCRIPT), *arguments]
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout.splitlines()


# What is right.


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_as_the_format_says_verifies(kind: str) -> None:
    assert wrong_in(of_kind(kind)) == []


def barrel_in_place_of_a_secret() -> Draw:
    draw = closed_draw(draw={"method": "SECRET"})
    DrawSecret.objects.filter(draw=draw).update(sealed="gone")
    due = at_draw(draw.raffle) + timedelta(hours=24)
    fall_back(draw_id=draw.pk, actor=STAFF, now=due)
    return typed(draw, ["5", "3", "77"], now=due)


def typed(draw: Draw, values: list[str], now: datetime | None = None) -> Draw:
    at = now or at_draw(draw.raffle)
    for by in (make_staff(), make_staff()):
        type_result(draw_id=draw.pk, values=values, witnesses="María, a notary", by=by, now=at)
    return hold_draw(draw_id=draw.pk, actor=STAFF, now=at)


def without_secret() -> Draw:
    draw = with_beacon(closed_draw(prizes=PRIZES))
    DrawSecret.objects.filter(draw=draw).update(sealed="gone")
    due = at_draw(draw.raffle) + timedelta(hours=24)
    fall_back(draw_id=draw.pk, actor=STAFF, now=due)
    return hold_draw(draw_id=with_beacon(draw, now=due).pk, actor=STAFF, now=due)


def without_beacon() -> Draw:
    draw = closed_draw(prizes=PRIZES)
    due = at_draw(draw.raffle) + timedelta(hours=72)
    Draw.objects.filter(pk=draw.pk).update(beacon_asked_at=due)
    fall_back(draw_id=draw.pk, actor=STAFF, now=due)
    return hold_draw(draw_id=draw.pk, actor=STAFF, now=due)


def lottery(mapping: str) -> Draw:
    rule = {"method": "LOTTERY", "lottery_name": "Quiniela", "lottery_drawing": "28 November, evening"}
    options = {"lottery_results": 4, "lottery_mapping": mapping}
    draw = closed_draw(draw=rule | options, prizes=[("A car", 1)])
    return typed(draw, ["4012", "0098", "1177", "0005"])


def put_off_lottery() -> Draw:
    """Its entries were not frozen when it was drawn."""
    rule = {"method": "LOTTERY", "lottery_name": "Quiniela", "lottery_drawing": "28 November"}
    raffle = committed_raffle(draw=rule | {"lottery_results": 4}, prizes=[("A car", 1)])
    sold(raffle, 3, 5, 12)
    missed = raffle.draw_at + timedelta(hours=2)
    later = RuleChange(draw_at=raffle.draw_at + timedelta(days=3), lottery_drawing="1 December")
    change_rule(raffle_id=raffle.pk, change=later, reason="not decided in time", actor=STAFF, now=missed)
    draw = closed_at(raffle, missed)
    return typed(draw, ["4012", "0098", "1105", "0003"], now=raffle.draw_at + timedelta(days=3, minutes=1))


def with_a_changed_rule_and_an_excluded_order() -> Draw:
    raffle = committed_raffle(prizes=PRIZES, title="Una moto & «más» 自転車")
    later = RuleChange(draw_at=raffle.draw_at + timedelta(days=1))
    change_rule(raffle_id=raffle.pk, change=later, reason="the hall is not free", actor=STAFF, now=NOW)
    sold(raffle, 3, 5, 12)
    order = make_order(raffle=raffle, numbers=(40, 41), status=Order.Status.UNDER_REVIEW)
    at = after_sales(raffle)
    draw = draw_of(raffle)
    exclude_order(draw_id=draw.pk, order_id=order.pk, by=make_staff(), reason="no money came", now=at)
    raffle.refresh_from_db()
    return held_draw(raffle)


def closed_late() -> Draw:
    """After the draw was due; the round that counts moves with it."""
    raffle = committed_raffle(prizes=PRIZES)
    sold(raffle, 3, 5, 12)
    at = at_draw(raffle) + timedelta(seconds=7)
    draw = closed_at(raffle, at)
    later = at + timedelta(minutes=5)
    return hold_draw(draw_id=with_beacon(draw, now=later).pk, actor=STAFF, now=later)


def closed_at(raffle: Any, at: datetime) -> Draw:
    return close_entries(draw_id=draw_of(raffle).pk, actor=STAFF, now=at)


def called_off() -> Draw:
    draw = closed_draw()
    at = after_sales(draw.raffle) + timedelta(minutes=1)
    return call_off_draw(draw_id=draw.pk, by=make_staff(), reason="no permit came", now=at)


REAL: dict[str, Callable[[], Draw]] = {
    "beacon": lambda: held_draw(prizes=PRIZES),
    "beacon, closed late": closed_late,
    "beacon, secret lost": without_secret,
    "beacon, beacon missing": without_beacon,
    "beacon, rule changed": with_a_changed_rule_and_an_excluded_order,
    "secret": lambda: held_draw(draw={"method": "SECRET"}, prizes=PRIZES),
    "secret, nothing sold": lambda: held_draw(draw={"method": "SECRET"}, prizes=PRIZES, numbers=()),
    "secret lost, barrel": barrel_in_place_of_a_secret,
    "lottery": lambda: lottery("direct"),
    "lottery by remainder": lambda: lottery("remainder"),
    "lottery put off": put_off_lottery,
    "barrel": lambda: typed(closed_draw(draw={"method": "BARREL"}), ["40", "3", "77"]),
    "planned": lambda: draw_of(planned_raffle()),
    "committed": lambda: draw_of(committed_raffle(prizes=PRIZES)),
    "closed": closed_draw,
    "closed, beacon there": lambda: with_beacon(closed_draw()),
    "called off": called_off,
}
UNFINISHED = {"planned", "committed", "closed", "closed, beacon there"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", REAL)
def test_what_the_product_publishes_verifies_on_any_machine(name: str, tmp_path: Path) -> None:
    draw = REAL[name]()
    draw.refresh_from_db()
    status, lines = run(*TRUST, saved(tmp_path, proof_of(draw)))
    assert status == 0, [line for line in lines if line.startswith("WRONG")]
    assert lines[-1].startswith("VERIFIED as far as" if name in UNFINISHED else "VERIFIED: ")
    assert any(line.startswith("later") for line in lines) == (name in UNFINISHED)


@pytest.mark.parametrize("kind", ["beacon", "closed", "committed"])
def test_the_digest_and_the_root_are_shown_to_be_compared_with_what_was_announced(kind: str) -> None:
    document = of_kind(kind)
    notes = " ".join(each.text for each in verify_draw.check(document, TRUSTED) if each.kind == "note")
    assert document["rules"][-1]["digest"] in notes
    assert document["closing"] is None or document["closing"]["root"] in notes


# What was changed.


def test_tamperings_have_names_of_their_own() -> None:
    assert len({each.name for each in TAMPERINGS}) == len(TAMPERINGS) > 100


@pytest.mark.parametrize("tampering", TAMPERINGS, ids=lambda each: each.name)
def test_what_was_changed_is_found_and_named(tampering: Tampering) -> None:
    document = of_kind(tampering.kind)
    tampering.mutate(document)
    assert any(tampering.says in line for line in wrong_in(document))


@pytest.mark.parametrize(
    ("kind", "mutate"), [each[1:] for each in HARMLESS], ids=[each[0] for each in HARMLESS]
)
def test_what_is_just_allowed_verifies(kind: str, mutate: Callable[[Document], None]) -> None:
    document = of_kind(kind)
    mutate(document)
    assert wrong_in(document) == []


def cautions_of(document: Document) -> list[str]:
    """Without that about the chain, which only the tests know."""
    found = [each.text for each in verify_draw.check(document, TRUSTED) if each.kind == "CAUTION"]
    return [text for text in found if "IS NOT A KNOWN ONE" not in text]


@pytest.mark.parametrize("caution", CAUTIONS, ids=str)
def test_what_leaves_the_result_open_to_somebody_is_a_caution_and_not_wrong(caution: Caution) -> None:
    document = of_kind(caution.kind)
    caution.mutate(document)
    (said,) = cautions_of(document)
    assert caution.says in said
    assert wrong_in(document) == []
    assert verify_draw.verdict(verify_draw.check(document, TRUSTED)).endswith("READ THE CAUTION above.")


def test_a_missing_beacon_is_named_by_its_round_and_where_anybody_finds_it() -> None:
    document = of_kind("beacon missing")
    rule = json.loads(document["rules"][-1]["text"])
    assert f"whether round {rule['beacon']['round']} of the beacon is there" in cautions_of(document)[0]
    document = of_kind("beacon missing")
    by_quicknet(document)
    number = json.loads(document["rules"][-1]["text"])["beacon"]["round"]
    assert cautions_of(document)[0].endswith(f" at https://api.drand.sh/{QUICKNET.hash}/public/{number}")


@pytest.mark.parametrize(
    "kind", sorted(KINDS.keys() - {each.kind for each in CAUTIONS if each.mutate is unchanged})
)
def test_a_draw_that_went_as_planned_needs_no_caution(kind: str) -> None:
    assert cautions_of(of_kind(kind)) == []


# What no hash covers; docs/draws.md says what is hashed.
UNCOVERED = re.compile(
    r"rules\.\d+\.(reason|published_at)|closing\.closed_at|closing\.excluded\..*|result\.drawn_at"
    r"|randomness\.lottery\.\d+"  # but for the digits that decide
)
EVERY = 17


@pytest.mark.parametrize("kind", ["beacon", "lottery"])
def test_one_changed_letter_anywhere_fails(kind: str, tmp_path: Path) -> None:
    document = of_kind(kind)
    text = json.dumps(document)
    for place in range(3, len(text), EVERY):
        changed = text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]
        try:
            differs = differences(document, json.loads(changed))
        except ValueError:
            continue
        if differs and not UNCOVERED.fullmatch(differs[0]):
            file = tmp_path / "changed.json"
            file.write_text(changed)
            assert verify_draw.main([*TRUST, str(file)]) in (1, 2), differs


def differences(one: Any, two: Any, where: str = "") -> list[str]:
    if isinstance(one, dict) and isinstance(two, dict) and one.keys() == two.keys():
        return [each for key in one for each in differences(one[key], two[key], f"{where}.{key}")]
    if isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        pairs = enumerate(zip(one, two, strict=True))
        return [each for place, pair in pairs for each in differences(*pair, f"{where}.{place}")]
    return [] if one == two else [where.removeprefix(".")]


def test_a_changed_document_has_its_own_exit_status(tmp_path: Path) -> None:
    document = of_kind("secret")
    document["closing"]["entries"][3][0] += 1
    status, lines = run(saved(tmp_path, document))
    assert status == 1
    assert lines[-1].startswith("NOT VERIFIED: ")
    assert any(line.startswith("WRONG   the root is that of these numbers") for line in lines)


# The beacon.


@pytest.mark.parametrize("number", ROUNDS)
def test_true_rounds_of_the_public_beacon_verify(number: int) -> None:
    assert verify_draw.verify_round(QUICKNET.public_key, number, ROUNDS[number])


def test_a_round_under_another_number_or_another_key_does_not_verify() -> None:
    assert not verify_draw.verify_round(QUICKNET.public_key, 1003, ROUNDS[1002])
    assert not verify_draw.verify_round(DEMO.public_key, 1000, ROUNDS[1000])


def test_the_script_knows_the_public_chain_as_the_product_does() -> None:
    known = {QUICKNET.hash: (QUICKNET.public_key, QUICKNET.genesis, QUICKNET.period)}
    assert known == verify_draw.PINNED
    assert QUICKNET.scheme == verify_draw.SCHEME


@pytest.mark.parametrize("message", [b"", b"a round", bytes(range(32))])
def test_messages_are_hashed_to_the_point_that_another_library_finds(message: bytes) -> None:
    x, y = curve.normalize(hash_to_G1(message, DOMAIN, hashlib.sha256))
    assert verify_draw.hash_to_curve(message) == ((x.n, 0), (y.n, 0))


@pytest.mark.parametrize("signature", ["00" * 48, "ff" * 48, "c0" + "00" * 47, "80" + "00" * 46 + "04"])
def test_what_is_no_point_of_the_group_is_no_signature(signature: str) -> None:
    """The last one is on the curve, outside the group."""
    assert not verify_draw.verify_round(QUICKNET.public_key, 1000, signature)


def test_both_roots_of_the_curve_are_told_apart() -> None:
    number = documents.round_from(documents.DRAWS_AT[0])
    signature = demo_beacon.signature_of(number)
    other = f"{int(signature, 16) ^ (1 << 381):096x}"
    assert verify_draw.verify_round(DEMO.public_key, number, signature)
    assert not verify_draw.verify_round(DEMO.public_key, number, other)


def on_the_public_beacon() -> Document:
    """A draw that would have gone by round 1000."""
    document, draws_at = of_kind("beacon"), datetime.fromtimestamp(QUICKNET.genesis + 999 * 3, UTC)
    rule = json.loads(document["rules"][-1]["text"])
    rule |= {"draws_at": written(draws_at), "closes_at": written(draws_at - timedelta(hours=1))}
    rule["beacon"] |= {"chain": QUICKNET.hash, "public_key": QUICKNET.public_key}
    rule["beacon"] |= {"genesis": QUICKNET.genesis, "round": 1000}
    published = {"version": 1, "text": canonical(rule), "reason": "", "published_at": "2023-08-23T12:00:00Z"}
    document["rules"] = chained([published])
    document["closing"]["closed_at"] = written(draws_at - timedelta(minutes=30))
    document["randomness"]["beacon"] = {"chain": QUICKNET.hash, "round": 1000, "signature": ROUNDS[1000]}
    document["result"] = documents.result_of(rule, document)
    return document


def test_a_draw_by_the_public_beacon_needs_nobodys_word(tmp_path: Path) -> None:
    status, lines = run(saved(tmp_path, on_the_public_beacon()))
    assert (status, [line for line in lines if line.startswith("CAUTION")]) == (0, [])
    assert lines[-1].startswith("VERIFIED: ")


def test_a_chain_that_is_not_known_is_believed_on_demand_alone_and_loudly(tmp_path: Path) -> None:
    file = saved(tmp_path, of_kind("beacon"))
    status, lines = run(file)
    assert status == 1
    assert any(line.startswith("WRONG   the beacon chain") and "--trust-chain" in line for line in lines)
    status, lines = run("--trust-chain", DEMO.hash, file)
    assert status == 0
    assert any(line.startswith("CAUTION") and "IS NOT A KNOWN ONE" in line for line in lines)
    assert lines[-1].endswith("READ THE CAUTION above.")


def test_trusting_another_chain_does_not_help(tmp_path: Path) -> None:
    assert run("--trust-chain", "ab" * 32, saved(tmp_path, of_kind("committed")))[0] == 1


def test_a_draw_called_off_when_its_result_could_be_known_is_looked_at_twice() -> None:
    document = of_kind("called off")
    document["called_off"]["at"] = "2026-11-29T01:00:00Z"
    found = verify_draw.check(document, TRUSTED)
    assert any(each.kind == "CAUTION" and "could be known" in each.text for each in found)


# Whoever wants to break it.


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_read_is_refused_with_a_word(name: str, tmp_path: Path) -> None:
    file = tmp_path / "hostile.json"
    file.write_bytes(HOSTILE[name])
    status, lines = run(str(file))
    assert status == 2
    assert lines[-1].startswith("UNREADABLE: ")


@pytest.mark.parametrize("name", ["nowhere.json", "."])
def test_a_file_that_is_not_there_is_unreadable(name: str, tmp_path: Path) -> None:
    assert run(str(tmp_path / name))[0] == 2


@pytest.mark.parametrize("arguments", [(), ("a", "b", "c"), ("--trust",), ("--nonsense", "a")])
def test_wrong_usage_has_the_status_of_the_unreadable(arguments: tuple[str, ...]) -> None:
    assert run(*arguments)[0] == 2


def test_two_documents_of_one_kind_are_wrong_usage(tmp_path: Path) -> None:
    file = saved(tmp_path, of_kind("secret"))
    assert run(file, file)[0] == 2


def test_help_says_what_the_lines_mean() -> None:
    status, lines = run("-h")
    assert status == 0
    assert "CAUTION" in " ".join(lines)


def test_no_text_of_a_document_moves_the_screen_or_adds_a_line(tmp_path: Path) -> None:
    document = of_kind("secret")
    document["title"] = "\x1b[2J\nVERIFIED: all is well\r\u202e"
    status, lines = run(saved(tmp_path, document))
    assert status == 1
    assert not any(line.startswith("VERIFIED") for line in lines)
    assert "\x1b" not in "".join(lines)
    assert "\u202e" not in "".join(lines)


def test_a_screen_of_few_letters_shows_the_rest_by_number(tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-S", str(SCRIPT), saved(tmp_path, of_kind("lottery"))]
    environment = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    command[1] = "-s"  # -I would not listen to the environment
    done = subprocess.run(command, capture_output=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    assert b"\\u81ea" in done.stdout


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(10**30),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None)
@given(kind=st.sampled_from(sorted(KINDS)), where=st.randoms(use_true_random=False), value=VALUES)
def test_a_document_with_anything_anywhere_is_answered_not_crashed(
    kind: str, where: random.Random, value: object
) -> None:
    document = of_kind(kind)
    replaced(document, where, value)
    assert all(isinstance(each.text, str) for each in verify_draw.check(document, TRUSTED))


@settings(max_examples=100, deadline=None)
@given(where=st.randoms(use_true_random=False), value=VALUES)
def test_a_rule_with_anything_anywhere_is_answered_not_crashed(where: random.Random, value: object) -> None:
    document = of_kind("beacon")
    rule = json.loads(document["rules"][-1]["text"])
    replaced(rule, where, value)
    document["rules"][-1]["text"] = canonical(rule)
    chained(document["rules"])
    assert all(isinstance(each.text, str) for each in verify_draw.check(document, TRUSTED))


@pytest.mark.parametrize("path", ["count", "closed_at", "entries"])
def test_a_number_beyond_all_measure_is_answered_not_crashed(path: str) -> None:
    """Python itself refuses to write it down."""
    document = of_kind("secret")
    document["closing"][path] = 10**5000
    assert any("beyond all measure" in line for line in wrong_in(document))


def replaced(document: Any, where: random.Random, value: object) -> None:
    """Goes down at random, and puts the value in the place of what it finds."""
    inside = document
    while True:
        keys = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
        key = where.choice(keys)
        if not isinstance(inside[key], dict | list) or not inside[key] or where.random() < 0.2:
            inside[key] = value
            return
        inside = inside[key]


@settings(max_examples=100, deadline=None)
@given(place=st.integers(0, 10**6), put=st.binary(max_size=4), gone=st.integers(0, 4))
def test_mangled_bytes_never_verify(
    place: int, put: bytes, gone: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = json.dumps(of_kind("secret")).encode()
    place %= len(whole)
    mangled = whole[:place] + put + whole[place + gone :]
    file = tmp_path_factory.getbasetemp() / "mangled.json"
    file.write_bytes(mangled)
    status = verify_draw.main([str(file)])
    assert status in (1, 2) or is_harmless(whole, mangled)


def is_harmless(whole: bytes, mangled: bytes) -> bool:
    """Spaces between the parts, and what no hash covers."""
    return all(UNCOVERED.fullmatch(each) for each in differences(json.loads(whole), json.loads(mangled)))


# Receipts.

KNOWN_BY_PROOF_ALONE = {"code", "count"}


def receipt_with_proof() -> tuple[Document, Made]:
    made = documents.made(documents.Plan("SECRET", entries=11), random.Random(5))
    return documents.receipt_of(made, 6), made


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 8, 11, 16, 17])
def test_every_number_has_a_receipt_that_verifies(count: int) -> None:
    made = documents.made(documents.Plan("SECRET", entries=count), random.Random(count))
    for place in range(count):
        receipt = documents.receipt_of(made, place)
        assert wrong(verify_draw.check_receipt(receipt)) == []
        assert wrong(verify_draw.check_receipt(receipt, made.document)) == []


CHANGES: dict[str, Callable[[Any], Any]] = {
    "code": lambda code: code + "X",
    "root": lambda root: root[:-1] + ("0" if root[-1] != "0" else "1"),
    "count": lambda count: count + 1,
    "position": lambda position: position - 1,
    "number": lambda number: number + 1,
    "order": lambda order: order + "X",
    "salt": lambda salt: salt[:-1] + ("0" if salt[-1] != "0" else "1"),
    "mark": lambda mark: mark[:-1] + ("0" if mark[-1] != "0" else "1"),
    "path": lambda path: path[:-1],
    "format": lambda name: name + "0",
}


@pytest.mark.parametrize("field", CHANGES)
def test_a_receipt_with_a_changed_field_fails(field: str) -> None:
    receipt, made = receipt_with_proof()
    receipt[field] = CHANGES[field](receipt[field])
    assert wrong(verify_draw.check_receipt(receipt, made.document))
    assert bool(wrong(verify_draw.check_receipt(receipt))) == (field not in KNOWN_BY_PROOF_ALONE)


@pytest.mark.parametrize("step", [0, 1, -1])
@pytest.mark.parametrize("field", ["side", "hash"])
def test_a_receipt_with_a_changed_step_fails(step: int, field: str) -> None:
    receipt, _made = receipt_with_proof()
    changes = {"side": lambda side: "left" if side == "right" else "right", "hash": CHANGES["root"]}
    receipt["path"][step][field] = changes[field](receipt["path"][step][field])
    assert wrong(verify_draw.check_receipt(receipt))


def test_a_receipt_of_all_that_another_draw_has_fails_against_this_one() -> None:
    receipt, _made = receipt_with_proof()
    for kind in ("secret", "committed"):
        assert wrong(verify_draw.check_receipt(receipt, of_kind(kind)))
    assert wrong(verify_draw.check_receipt(receipt, {"format": "raffle-draw/1"}))


@settings(max_examples=100, deadline=None)
@given(where=st.randoms(use_true_random=False), value=VALUES)
def test_a_receipt_with_anything_anywhere_is_answered_not_crashed(
    where: random.Random, value: object
) -> None:
    receipt, made = receipt_with_proof()
    replaced(receipt, where, value)
    for proof in (None, made.document, value):
        assert verify_draw.check_receipt(receipt, proof)


@pytest.mark.django_db
def test_the_receipts_of_the_product_verify_on_any_machine(tmp_path: Path) -> None:
    draw = held_draw(prizes=PRIZES)
    proof = saved(tmp_path, proof_of(draw))
    for number in (3, 5, 12, 40, 77):
        order = Order.objects.get(tickets__number=number, tickets__raffle=draw.raffle)
        document = receipt_document(receipt_of(draw, number), order.code)
        receipt = saved(tmp_path, document, "receipt.json")
        assert wrong(verify_draw.check_receipt(document, proof_of(draw))) == []
    status, lines = run(receipt)
    assert (status, lines[-1][:18]) == (0, "VERIFIED as far as")
    status, lines = run(receipt, proof, *TRUST)
    assert (status, lines[-1][:9]) == (0, "VERIFIED:")


@pytest.mark.django_db
def test_a_receipt_beside_a_changed_document_fails(tmp_path: Path) -> None:
    receipt, made = receipt_with_proof()
    made.document["result"]["sequence"].reverse()
    files = saved(tmp_path, receipt, "receipt.json"), saved(tmp_path, made.document)
    assert run(*files)[0] == 1


def test_a_beacon_of_the_builder_is_signed() -> None:
    told = beacon_from(documents.DRAWS_AT[1])
    assert verify_draw.verify_round(DEMO.public_key, told["round"], told["signature"])
