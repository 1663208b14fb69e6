"""Who is slow has a share of the threads, and others are told meanwhile."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from pytest_django import Settings

from raffles.hooks import sending
from raffles.hooks.sending import SLOTS_FOR_KIN, SLOTS_FOR_ONE
from raffles.hooks.settling import settle
from tests.factories import NOW
from tests.hooks.receiving import Partner, look, make_delivery, make_owner, make_webhook
from tests.outside.rooms import Names

# A webhook is told outside every transaction, so these are real ones.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nobody_else_listens(settings: Settings) -> None:
    settings.RAFFLES_LISTENERS = ["raffles.hooks.listeners.hear"]


def test_a_receiver_that_hangs_holds_some_threads_and_the_others_are_told(partner: Partner) -> None:
    gate = partner.hold["/slow"] = threading.Event()
    slow, quick = make_webhook(f"{partner.url}/slow"), make_webhook(f"{partner.url}/quick")
    for number in range(20):
        make_delivery(slow, subject=f"order:{number}")
    for number in range(20):
        make_delivery(quick, subject=f"order:{number}")

    arrived: list[bool] = []

    def open_the_gate_at_the_end(*args: Any) -> bool:
        is_done = settle(*args)
        arrived.append(is_done)
        if len(partner.ids("/quick")) == 20 and not gate.is_set():
            assert len(partner.ids("/slow")) == SLOTS_FOR_ONE
            gate.set()
        return is_done

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sending, "settle", open_the_gate_at_the_end)
        assert look(NOW) == 40
    assert len(arrived) == 40


@pytest.mark.parametrize("shared", ["owner", "host"])
def test_who_has_many_webhooks_that_hang_does_not_hold_up_others(
    partner: Partner, monkeypatch: pytest.MonkeyPatch, shared: str
) -> None:
    """Six of one owner at six hosts, or of six owners at one: each has its own share and all together one."""
    gate, owner, names = threading.Event(), make_owner(), Names(monkeypatch)
    for place in range(6):
        host = f"slow{place if shared == 'owner' else ''}.example"
        names.lead(host, ["127.0.0.1"])
        partner.hold[f"/slow{place}"] = gate
        slow = make_webhook(
            f"http://{host}:{partner.port}/slow{place}", owner=owner if shared == "owner" else make_owner()
        )
        for number in range(20):
            make_delivery(slow, subject=f"order:{number}")
    names.lead("quick.example", ["127.0.0.1"])
    quick = make_webhook(f"http://quick.example:{partner.port}/quick")
    for number in range(20):
        make_delivery(quick, subject=f"order:{number}")
    slow_before: list[int] = []

    def open_the_gate_at_the_end(*args: Any) -> bool:
        if len(partner.ids("/quick")) == 20 and not gate.is_set():
            slow_before.append(sum(len(partner.ids(f"/slow{place}")) for place in range(6)))
            gate.set()
        return settle(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sending, "settle", open_the_gate_at_the_end)
        assert look(NOW) == 140
    assert slow_before == [SLOTS_FOR_KIN]
