"""What a chat room of staff is given, and where nothing may be posted."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from django.utils.translation import override
from pytest_django import Settings

from raffles.desk.alerts import Group, NotDelivered, Summary
from raffles.desk.alerts.addresses import BadAddress, require_allowed
from raffles.desk.alerts.webhook import body_of, post
from raffles.desk.models import Destination
from raffles.outside.addresses import is_public
from raffles.sales.models import Order
from tests.desk.alerting import Kind, after, look, make_destination, notify
from tests.desk.room import Room, open_room
from tests.factories import NOW, make_order, make_player
from tests.project.environment import PRODUCTION, read_settings

__all__ = ["open_room"]  # the fixture `room`

SOME = Summary((Group(Kind.PROOF_RECEIVED, 2, ("AB12CD", "EF34GH")), Group(Kind.SENDING_PAUSED, 1, ())))


@pytest.fixture
def strict(settings: Settings) -> None:
    settings.STAFF_WEBHOOKS_LOCAL, settings.STAFF_WEBHOOKS_LIVE = False, True


def leads_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: found)


def test_the_body_has_a_text_and_blocks_with_a_link_to_the_admin() -> None:
    with override("en"):
        body = body_of(SOME)
    link = "http://127.0.0.1:8000/admin/desk/staffnotification/?seen=no"
    said = "Proof received (2): AB12CD, EF34GH\nSending paused"
    assert body["text"] == f"3 things wait on the desk\n{said}\n{link}"
    header, section, actions = body["blocks"]
    assert header["text"] == {"type": "plain_text", "text": "3 things wait on the desk"}
    assert section["text"] == {"type": "mrkdwn", "text": said}
    assert actions["elements"][0]["url"] == link


def test_signs_that_a_chat_room_would_read_as_its_own_are_escaped() -> None:
    body = body_of(Summary((Group(Kind.PROOF_RECEIVED, 1, ("<!channel>&",)),)), prefix="[<b>] ")
    assert "&lt;!channel&gt;&amp;" in body["text"]
    assert "<" not in body["text"] + body["blocks"][1]["text"]["text"]


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_person_leaves_the_house(room: Room, settings: Settings) -> None:
    settings.RAFFLES_LISTENERS = ["raffles.desk.listeners.hear"]
    make_destination(f"{room.url}/desk", *Kind.values)
    player = make_player(name="Ana Núñez", phone="+595981222333", city="Luque", email="ana@example.com")
    order = make_order(player=player, status=Order.Status.UNDER_REVIEW)
    notify(Kind.EVENT_FAILED)
    look(after(31))
    sent = str(room.heard)
    assert order.code in sent
    for personal in ("Ana", "Núñez", "595981", "222333", "Luque", "example.com"):
        assert personal not in sent


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),  # noqa: S104
        *("::1", "fe80::1", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::"),
        *("224.0.0.1", "ff02::1", "255.255.255.255", "240.0.0.1", "2001:0:a00:1::", "", "not an address"),
    ],
)
def test_an_address_behind_our_own_door_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://hooks.example/x", "insecure"),
        ("ftp://hooks.example/x", "insecure"),
        ("https:///x", "unreadable"),
        ("https://ana:secret@hooks.example/x", "unreadable"),
        ("https://hooks.example:99999/x", "unreadable"),
        ("https://hooks.example/a b", "unreadable"),
        ("https://[::1/x", "unreadable"),
        ("https://127.0.0.1/x", "private"),
        ("https://2130706433/x", "private"),
        ("https://[::1]/x", "private"),
        ("https://[::ffff:169.254.169.254]/latest", "private"),
        ("https://localhost/x", "private"),
    ],
)
def test_in_production_such_an_address_is_refused(url: str, why: str) -> None:
    with pytest.raises(BadAddress) as refused:
        require_allowed(url)
    assert refused.value.why == why


@pytest.mark.usefixtures("strict")
def test_a_name_is_refused_when_one_of_its_addresses_is_private(monkeypatch: pytest.MonkeyPatch) -> None:
    leads_to(monkeypatch, "8.8.8.8")
    require_allowed("https://hooks.example/x")
    leads_to(monkeypatch, "8.8.8.8", "10.0.0.1")
    with pytest.raises(BadAddress):
        require_allowed("https://hooks.example/x")


@pytest.mark.usefixtures("strict")
def test_a_name_that_leads_nowhere_now_may_lead_somewhere_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_args: object, **_options: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    require_allowed("https://hooks.example/x")


def test_a_name_that_leads_elsewhere_when_it_is_connected_hears_nothing(
    room: Room, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    destination = Destination(name="x", url=f"{room.url}/desk")
    post(destination, SOME, "1", NOW)
    assert len(room.heard) == 1
    settings.STAFF_WEBHOOKS_LOCAL = False
    monkeypatch.setattr("raffles.outside.lines.require_shape", lambda _url, _reach: None)
    with pytest.raises(NotDelivered) as refused:
        post(destination, SOME, "1", NOW)
    assert (refused.value.why, refused.value.is_permanent) == ("address not allowed", True)
    assert len(room.heard) == 1


def test_an_address_that_became_forbidden_is_given_up_without_a_connection(
    room: Room, settings: Settings
) -> None:
    settings.STAFF_WEBHOOKS_LOCAL = False
    with pytest.raises(NotDelivered) as refused:
        post(Destination(name="x", url=f"{room.url}/desk"), SOME, "1", NOW)
    assert refused.value.is_permanent
    assert room.heard == []


def test_a_proxy_or_a_password_of_the_machine_is_not_used(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    post(Destination(name="x", url=f"{room.url}/desk"), SOME, "1", NOW)
    assert len(room.heard) == 1


def test_a_room_that_takes_too_long_is_not_waited_for(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("raffles.desk.alerts.webhook.READ_SECONDS", 0.05)
    listener: Any = socket.create_server(("127.0.0.1", 0))  # takes the line and never answers
    with listener, pytest.raises(NotDelivered) as failed:
        post(Destination(name="x", url=f"http://127.0.0.1:{listener.getsockname()[1]}"), SOME, "1", NOW)
    assert (failed.value.why, failed.value.is_permanent) == ("ReadTimeout", False)


def test_webhooks_are_live_and_strict_in_production_only(monkeypatch: pytest.MonkeyPatch) -> None:
    live = read_settings(monkeypatch, PRODUCTION)
    assert (live["STAFF_WEBHOOKS_LIVE"], live["STAFF_WEBHOOKS_LOCAL"]) == (True, False)
    copy = read_settings(monkeypatch, {"DEBUG": "1"})
    assert (copy["STAFF_WEBHOOKS_LIVE"], copy["STAFF_WEBHOOKS_LOCAL"]) == (False, True)
    assert copy["STAFF_TEST_WEBHOOK_URL"] == ""
