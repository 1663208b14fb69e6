"""What Meta tells about messages that left: in any order, more than once, about strangers' too."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from tests.whatsapp.chat import contact_of, make_contact, make_sent
from tests.whatsapp.meta import ANA, NOW, Json, receive, said, status, statuses, words
from whatsapp import inbox
from whatsapp.inbox.statuses import PARK_STATUS
from whatsapp.models import InboundEvent, OutboundMessage

pytestmark = pytest.mark.django_db

PRICE = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "service"}
TOO_LATE = {
    "errors": [{"code": 131047, "title": "Re-engagement message", "error_data": {"details": "24 hours"}}]
}
GONE = {"errors": [{"code": 131026, "title": "Message undeliverable"}]}


def told(*names: str, row: OutboundMessage | None = None) -> str:
    """The status in which a message ends when these are told of it, in this order."""
    row = row or make_sent(status="SENDING", sent_at=None, lease_until=NOW, wamid=None)
    for name in names:
        more: Json = GONE if name == "failed" else {}
        receive(statuses(status(f"wamid.T{row.pk}", name, callback=f"outbox:{row.pk}", **more)))
    return OutboundMessage.objects.get(pk=row.pk).status


@pytest.mark.parametrize("order", list(permutations(["sent", "delivered", "read"])))
def test_a_status_never_goes_backwards(order: tuple[str, ...]) -> None:
    assert told(*order) == "READ"


@pytest.mark.parametrize(
    ("names", "ends"),
    [
        (["sent"], "SENT"),
        (["delivered"], "DELIVERED"),
        (["read", "delivered"], "READ"),
        (["played"], "READ"),
        (["sent", "failed"], "FAILED"),
        (["failed", "sent"], "FAILED"),
        (["failed", "delivered"], "DELIVERED"),
        (["delivered", "failed"], "DELIVERED"),
        (["failed", "read", "delivered"], "READ"),
        (["sent", "warning"], "SENT"),
        (["evaporated"], "SENDING"),
    ],
)
def test_an_arrival_outdoes_a_failure_and_nothing_else_does(names: list[str], ends: str) -> None:
    assert told(*names) == ends


def test_each_instant_is_noted() -> None:
    row = make_sent(status="SENDING", sent_at=None, lease_until=NOW)
    for second, name in enumerate(("sent", "delivered", "read")):
        at = NOW + timedelta(seconds=second)
        receive(statuses(status("wamid.X", name, callback=f"outbox:{row.pk}", at=at)))
    row.refresh_from_db()
    assert [row.sent_at, row.delivered_at, row.read_at] == [NOW + timedelta(seconds=n) for n in range(3)]
    assert row.lease_until is None


def test_read_at_once_counts_as_delivered_too() -> None:
    row = make_sent()
    told("read", row=row)
    row.refresh_from_db()
    assert row.delivered_at is not None


def test_the_price_of_a_message_counts_once() -> None:
    row = make_sent()
    for name, category in (("sent", "service"), ("delivered", "utility"), ("read", "utility")):
        price = PRICE | {"category": category}
        receive(statuses(status("wamid.X", name, callback=f"outbox:{row.pk}", pricing=price)))
    row.refresh_from_db()
    assert (row.price_category, row.price_type) == ("service", "regular")


def test_a_failure_outside_the_window_waits_for_the_player_whatever_is_told_around_it() -> None:
    for names in (["failed"], ["sent", "failed"], ["failed", "sent"]):
        row = make_sent()
        for name in names:
            more: Json = TOO_LATE if name == "failed" else {}
            receive(statuses(status(str(row.wamid), name, callback=f"outbox:{row.pk}", **more)))
        row.refresh_from_db()
        assert (row.status, row.error_code, row.error) == ("WAITING", 131047, "24 hours"), names


def test_what_waits_goes_out_when_the_player_writes() -> None:
    make_contact(ANA)
    row = make_sent(contact=contact_of(ANA), status="WAITING")
    receive(said(ANA, words("menu")))
    row.refresh_from_db()
    assert row.status == "QUEUED"


@pytest.mark.parametrize(
    "callback", ["", "outbox:999999999", "outbox:", "outbox:1e9", "somebody:1", "outbox:-1"]
)
def test_a_status_of_a_stranger_s_message_is_parked_and_then_passed_over(callback: str) -> None:
    receive(statuses(status("wamid.STRANGER", "delivered", callback=callback)))
    event = InboundEvent.objects.get()
    assert (event.status, event.attempts) == ("NEW", 0)
    inbox.drain(now=NOW + PARK_STATUS - timedelta(seconds=1))
    assert InboundEvent.objects.get().status == "NEW"
    inbox.drain(now=NOW + PARK_STATUS + timedelta(seconds=5))
    assert InboundEvent.objects.get().status == "IGNORED"


def test_a_parked_status_finds_its_message_when_the_answer_is_stored() -> None:
    receive(statuses(status("wamid.EARLY", "delivered")))
    row = make_sent(wamid="wamid.EARLY")
    inbox.drain(now=NOW + timedelta(seconds=5))
    row.refresh_from_db()
    assert row.status == "DELIVERED"


def test_one_odd_status_does_not_hold_up_the_others() -> None:
    row = make_sent()
    odd = status("wamid.ODD", "failed", callback=f"outbox:{row.pk}", errors="none", pricing=["?"])
    other = make_sent()
    receive(statuses(odd, status("wamid.Y", "read", callback=f"outbox:{other.pk}")))
    other.refresh_from_db()
    assert other.status == "READ"
    assert not InboundEvent.objects.exclude(status="DONE").exists()


def test_a_code_too_large_for_the_column_fails_alone() -> None:
    row, other = make_sent(), make_sent()
    odd = status("wamid.ODD", "failed", callback=f"outbox:{row.pk}", errors=[{"code": 10**30}])
    receive(statuses(odd, status("wamid.Y", "read", callback=f"outbox:{other.pk}")))
    other.refresh_from_db()
    assert other.status == "READ"
