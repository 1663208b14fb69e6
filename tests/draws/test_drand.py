"""Rounds from relays, a file or a hand; whoever has none is passed by."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from config import demo_beacon
from raffles.draws.beacon import DEMO, QUICKNET
from raffles.draws.drand import MOST_TRIED, RoundUnreadable, found_signatures, read_round
from raffles.outside.addresses import Reach
from raffles.outside.fetching import fetch
from raffles.outside.lines import NoAnswer, Times
from tests.outside.rooms import machine

SIGNATURE = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"


def answering(status: str, body: bytes) -> Callable[[socket.socket], object]:
    def answer(line: socket.socket) -> None:
        received = b""
        while not received.endswith(b"\r\n\r\n"):
            received += line.recv(4096)
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        line.sendall(head.encode() + body)

    return answer


def drand(number: int, signature: str = SIGNATURE) -> bytes:
    return json.dumps({"round": number, "randomness": "00", "signature": signature}).encode()


def found(round_number: int, *urls: str, path: str = "") -> list[str]:
    return list(found_signatures(QUICKNET, round_number, urls, path))


def test_the_first_relay_that_has_the_round_is_believed_no_further_than_its_word() -> None:
    with (
        machine(answering("404 Not Found", b"")) as none,
        machine(answering("200 OK", drand(999))) as other,
        machine(answering("200 OK", drand(1000))) as right,
    ):
        urls = [f"http://127.0.0.1:{port}" for port in (none, other, right)]
        assert found(1000, *urls) == [SIGNATURE]


@pytest.mark.parametrize(
    "body",
    [b"", b"not json", b"[]", b'{"round": "1000"}', b'{"round": true, "signature": "00"}', b"{" * 9999],
)
def test_a_relay_that_talks_nonsense_has_nothing(body: bytes) -> None:
    with machine(answering("200 OK", body)) as port:
        assert found(1000, f"http://127.0.0.1:{port}") == []


def test_nobody_there_is_no_round() -> None:
    assert found(1000, "http://127.0.0.1:1", path="/no/such/file") == []


def test_an_answer_without_end_is_left() -> None:
    times = Times(connect=2, read=2, whole=10)
    with machine(answering("200 OK", b"x" * 70_000)) as port, pytest.raises(NoAnswer, match="TooLong"):
        fetch(f"http://127.0.0.1:{port}/", reach=Reach.THIS_MACHINE, times=times, most=64 * 1024)


def test_a_private_address_is_no_relay_where_it_counts(settings: Any) -> None:
    settings.SIMULATOR = False
    with machine(answering("200 OK", drand(1000))) as port:
        assert found(1000, f"http://127.0.0.1:{port}") == []


def test_a_recorded_file_serves_where_there_is_no_way_out(tmp_path: Path) -> None:
    recorded = tmp_path / "rounds.jsonl"
    recorded.write_bytes(drand(999, "aa") + b"\n\nodd line\n" + drand(1000) + b"\n")
    assert found(1000, path=str(recorded)) == [SIGNATURE]
    assert found(1001, path=str(recorded)) == []


def test_what_each_source_says_is_looked_at_once_and_not_without_end(tmp_path: Path) -> None:
    recorded = tmp_path / "rounds.jsonl"
    recorded.write_bytes(b"\n".join([drand(1000, "aa"), drand(1000), drand(1000, "aa")]))
    assert found(1000, path=str(recorded)) == ["aa", SIGNATURE]
    recorded.write_bytes(b"\n".join(drand(1000, f"{number:04x}") for number in range(500)))
    assert len(found(1000, path=str(recorded))) == MOST_TRIED


def test_what_staff_paste_is_an_answer_or_a_signature() -> None:
    assert read_round(drand(1000).decode()) == (1000, SIGNATURE)
    assert read_round(f"  {SIGNATURE.upper()}\n") == (None, SIGNATURE)
    for nonsense in ("", "hello", "{}", "{", "zz", "ab" * 300):
        with pytest.raises(RoundUnreadable):
            read_round(nonsense)


def test_the_beacon_of_the_demo_answers_as_relays_do_and_not_before_its_time() -> None:
    with time_machine.travel(datetime.fromtimestamp(DEMO.genesis, UTC) + timedelta(days=1), tick=False):
        client, number = Client(), 24 * 3600 // 3
        path = f"/simulator/drand/{DEMO.hash}/public"
        found = client.get(f"{path}/{number}").json()
        assert (found["round"], found["signature"]) == (number, demo_beacon.signature_of(number))
        assert client.get(f"{path}/{number + 5}").status_code == 404
        assert client.get(f"{path}/0").status_code == 404
        assert client.get(f"{path}/{2**64}").status_code == 404
        assert client.get(f"{path}/latest").json()["round"] in {number, number + 1}
        assert client.get(f"/simulator/drand/{QUICKNET.hash}/public/1").status_code == 404
