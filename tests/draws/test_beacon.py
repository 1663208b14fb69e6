"""Rounds of a beacon: when they come, and that nobody else can sign them."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config import demo_beacon
from config.env import ROOT
from raffles.draws.beacon import (
    DEMO,
    QUICKNET,
    UnknownChain,
    chain_by_hash,
    chain_named,
    is_signed,
    randomness_of,
    round_at,
    time_of,
)

# drand's quicknet, as its relays give it for ever.
ROUND = 1000
SIGNATURE = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"
RANDOMNESS = "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd"
INFINITY = "c0" + "00" * 47


def test_a_round_of_drand_is_drand_s() -> None:
    assert is_signed(QUICKNET, ROUND, SIGNATURE)
    assert randomness_of(SIGNATURE) == RANDOMNESS


@pytest.mark.parametrize(
    "signature",
    [
        SIGNATURE[:-2] + "38",
        SIGNATURE[:-2],
        SIGNATURE + "00",
        INFINITY,
        "ff" * 48,
        "00" * 48,
        "",
        "not hex",
        "a" + SIGNATURE[1:],
    ],
)
def test_no_other_bytes_are(signature: str) -> None:
    assert not is_signed(QUICKNET, ROUND, signature)


@pytest.mark.parametrize("number", [ROUND + 1, 1, 0, -5])
def test_nor_is_it_another_round(number: int) -> None:
    assert not is_signed(QUICKNET, number, SIGNATURE)


def test_a_chain_signs_for_itself_alone() -> None:
    assert is_signed(DEMO, 7, demo_beacon.signature_of(7))
    assert not is_signed(QUICKNET, 7, demo_beacon.signature_of(7))


@pytest.mark.parametrize("chain", [QUICKNET, DEMO])
def test_the_first_round_at_or_after_an_instant(chain: Any) -> None:
    genesis = datetime.fromtimestamp(chain.genesis, UTC)
    assert round_at(chain, genesis - timedelta(days=1)) == 1
    assert round_at(chain, genesis) == 1
    assert round_at(chain, genesis + timedelta(microseconds=1)) == 2
    assert round_at(chain, genesis + timedelta(seconds=3)) == 2
    for number in (1, 2, 1000, 10**9):
        assert round_at(chain, time_of(chain, number)) == number


def test_the_beacon_of_the_demo_is_known_in_the_demo_only(settings: Any) -> None:
    assert chain_named("demo") == chain_by_hash(DEMO.hash) == DEMO
    settings.SIMULATOR = False
    with pytest.raises(UnknownChain):
        chain_named("demo")
    with pytest.raises(UnknownChain):
        chain_by_hash(DEMO.hash)
    assert chain_named("quicknet") == QUICKNET


def test_the_library_of_the_curve_does_not_let_a_nested_body_end_the_process() -> None:
    """Importing it raises the limit to where the parser of JSON overflows the stack; a new process shows."""
    script = (
        "import sys, json; before = sys.getrecursionlimit()\n"
        "from raffles.draws import curve\n"
        "assert sys.getrecursionlimit() == before, sys.getrecursionlimit()\n"
        "try: json.loads('[' * 200_000)\n"
        "except RecursionError: print('refused')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.stdout == "refused\n", ended.stderr
