"""What a call to a machine of others may meet: names that move, answers that never end."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from raffles.outside.addresses import BadAddress, Reach
from raffles.outside.posting import NoAnswer, Times, post
from tests.hooks.receiving import Partner, open_partner
from tests.outside.rooms import Names, machine, read_request
from tests.outside.tls import certificate_of, secure_machine, trust

__all__ = ["open_partner"]  # the fixture `partner`

PATIENT = Times(connect=20, read=20, whole=60)
QUICK = Times(connect=2, read=2, whole=0.5)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    return Names(monkeypatch)


def call(url: str, reach: Reach = Reach.THIS_MACHINE, *, times: Times = PATIENT) -> int:
    return post(url, body=b'{"a":1}', headers={"X-One": "1"}, reach=reach, times=times).status


def test_the_bytes_and_headers_arrive_as_they_are_and_the_status_comes_back(partner: Partner) -> None:
    partner.answers.extend([204, 503])
    assert [call(f"{partner.url}/a"), call(f"{partner.url}/a")] == [204, 503]
    assert partner.heard[0].body == b'{"a":1}'
    assert partner.heard[0].headers["x-one"] == "1"


def test_a_redirect_is_told_and_not_followed(partner: Partner) -> None:
    partner.answers.append(307)
    assert call(f"{partner.url}/a") == 307
    assert [one.path for one in partner.heard] == ["/a"]


@pytest.mark.parametrize("first", [b"200 OK", b"302 Found\r\nLocation: http://127.0.0.1:1/"])
def test_an_answer_without_end_is_not_read(first: bytes) -> None:
    poured: list[int] = []

    def answer(line: socket.socket) -> None:
        read_request(line)
        line.sendall(b"HTTP/1.1 " + first + b"\r\nContent-Length: 99999999999\r\n\r\n")
        with suppress(OSError):
            for _ in range(2000):
                line.sendall(b"x" * 65536)
                poured.append(65536)

    with machine(answer) as port:
        assert call(f"http://127.0.0.1:{port}/", times=Times(2, 2, 60)) in {200, 302}
    assert sum(poured) < 2000 * 65536


def test_headers_that_come_a_byte_at_a_time_are_cut_off_when_the_time_is_over() -> None:
    def drip(line: socket.socket) -> None:
        read_request(line)
        line.sendall(b"HTTP/1.1 200 OK\r\n")
        line.settimeout(0.01)
        for _ in range(6000):  # never silent long enough for a read to time out
            line.sendall(b"X")
            with suppress(TimeoutError):
                line.recv(1)

    with machine(drip) as port:
        begun = time.monotonic()
        with pytest.raises(NoAnswer) as failed:
            call(f"http://127.0.0.1:{port}/", times=QUICK)
        assert time.monotonic() - begun < 30
    assert failed.value.kind == "Timeout"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_who_takes_the_line_and_says_nothing_is_not_waited_for(scheme: str) -> None:
    def listen(line: socket.socket) -> None:
        while line.recv(65536):
            continue

    with machine(listen) as port:
        begun = time.monotonic()
        with pytest.raises(NoAnswer) as failed:
            call(f"{scheme}://127.0.0.1:{port}/", times=Times(connect=60, read=60, whole=0.5))
        assert time.monotonic() - begun < 30
    assert failed.value.kind == "Timeout"


def test_a_machine_that_is_not_there_is_a_connection_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NoAnswer) as failed:
        call(f"http://127.0.0.1:{port}/")
    assert failed.value.kind == "ConnectionError"


@pytest.mark.parametrize("later", ["8.8.8.8", "10.0.0.1"])
def test_a_name_is_looked_up_once_and_the_line_goes_to_the_place_that_was_looked_at(
    partner: Partner, names: Names, later: str
) -> None:
    """Rebinding: wherever it leads a moment later, nobody asks for it again."""
    names.lead("partner.example", ["127.0.0.1"], [later])
    assert call(f"http://partner.example:{partner.port}/") == 204
    assert names.asked == ["partner.example"]
    assert partner.heard[0].headers["host"] == f"partner.example:{partner.port}"


def test_a_name_that_leads_here_is_not_connected_from_the_internet(partner: Partner, names: Names) -> None:
    names.lead("partner.example", ["127.0.0.1"])
    with pytest.raises(BadAddress) as refused:
        call(f"https://partner.example:{partner.port}/", Reach.INTERNET)
    assert (refused.value.why, partner.heard) == ("private", [])


def test_without_the_look_at_its_places_such_a_name_would_be_heard_here(
    partner: Partner, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same name, the guard off."""
    names.lead("partner.example", ["127.0.0.1"])
    for module in ("lines", "addresses"):
        monkeypatch.setattr(f"raffles.outside.{module}.is_within", lambda _found, _reach: True)
    assert call(f"http://partner.example:{partner.port}/", Reach.ANYWHERE) == 204
    assert len(partner.heard) == 1


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """No name is found before the test is over."""
    over, real = threading.Event(), socket.getaddrinfo

    def wait(*args: Any, **options: Any) -> Any:
        over.wait(timeout=60)
        return real(*args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", wait)
    yield over
    over.set()


def test_the_time_of_a_call_counts_from_before_its_name_is_found(
    partner: Partner, hanging: threading.Event
) -> None:
    begun = time.monotonic()
    with pytest.raises(NoAnswer) as failed:
        call(partner.url, times=QUICK)
    assert failed.value.kind == "Timeout"
    assert QUICK.whole <= time.monotonic() - begun < 30
    assert partner.heard == []


def looking_up() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == "look-up"}


def test_names_that_hang_are_looked_up_so_many_at_once_and_no_more(
    partner: Partner, hanging: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("raffles.outside.addresses._places", threading.BoundedSemaphore(2))
    before = looking_up()
    for _ in range(4):
        with pytest.raises(NoAnswer):
            call(partner.url, times=Times(2, 2, 0.1))
    assert len(looking_up() - before) == 2
    hanging.set()
    assert call(partner.url) == 204


def test_a_name_with_one_place_out_of_reach_is_refused_whichever_comes_first(names: Names) -> None:
    for places in (["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"], ["::ffff:10.0.0.1"]):
        names.lead("partner.example", places)
        with pytest.raises(BadAddress):
            call("https://partner.example/", Reach.INTERNET)


def test_when_the_first_place_does_not_answer_the_next_one_is_tried(partner: Partner, names: Names) -> None:
    names.lead("partner.example", ["::1", "127.0.0.1"])
    assert call(f"http://partner.example:{partner.port}/") == 204


def test_a_name_that_leads_nowhere_is_a_connection_error(names: Names) -> None:
    names.lead("partner.example", [])
    with pytest.raises(NoAnswer) as failed:
        call("http://partner.example/")
    assert failed.value.kind == "ConnectionError"


@pytest.mark.parametrize("address", ["8.8.8.8", "10.0.0.1", "169.254.169.254"])
def test_a_copy_for_trying_calls_this_machine_only(names: Names, address: str) -> None:
    names.lead("partner.example", [address])
    with pytest.raises(BadAddress) as refused:
        call("https://partner.example/")
    assert refused.value.why == "elsewhere"


@pytest.mark.django_db
def test_nothing_leaves_inside_a_transaction(partner: Partner) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        call(partner.url)
    assert partner.heard == []


def test_a_proxy_of_the_machine_is_not_used(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert call(partner.url) == 204


def test_a_certificate_is_asked_for_the_name_and_not_for_its_place(
    names: Names, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    paper = certificate_of("partner.example", tmp_path)
    for name in ("partner.example", "other.example"):
        names.lead(name, ["127.0.0.1"])
    with secure_machine(paper) as port:
        with pytest.raises(NoAnswer) as failed:
            call(f"https://partner.example:{port}/")
        assert failed.value.kind == "SSLError"  # nobody whom this machine trusts has signed it
        trust(paper, monkeypatch)
        assert call(f"https://partner.example:{port}/") == 204
        with pytest.raises(NoAnswer) as failed:
            call(f"https://other.example:{port}/")
        assert failed.value.kind == "SSLError"
