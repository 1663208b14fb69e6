"""The plan of faults: what may be arranged, that it repeats by seed, and that it costs nothing when off."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.simulator.conftest import NOW, Receiver
from whatsapp.simulator import fault_plan, faults, journal, phones
from whatsapp.simulator.models import FaultOnce, JournalEntry, Phone

pytestmark = pytest.mark.django_db
Call = Callable[..., Any]
TEXT = {"type": "text", "text": {"body": "hi"}}


@pytest.fixture(autouse=True)
def _quiet(db: None) -> Iterator[None]:
    faults.clear()
    yield
    fault_plan.forget()


def struck() -> list[tuple[str, str]]:
    rows = JournalEntry.objects.filter(kind="fault").order_by("pk")
    return [(row.detail["name"], row.detail["subject"]) for row in rows]


def fates(seed: int, order: list[int]) -> list[tuple[str, str]]:
    """What happens to twenty messages that are tried twice each, in any order."""
    JournalEntry.objects.filter(kind="fault").delete()
    faults.arrange(seed, http_500=0.3, answer_lost=0.3, error_answer=0.2)
    for number in order:
        for name in ("http_500", "answer_lost", "error_answer"):
            faults.strike(name, f"outbox:{number}", NOW)
    return sorted(struck())


def test_the_same_seed_makes_the_same_faults_in_whatever_order_they_are_asked_for() -> None:
    tries = [*range(20), *range(20)]

    first = fates(7, tries)

    assert first
    assert fates(7, tries[::-1]) == first
    assert fates(8, tries) != first


def test_a_message_tried_again_meets_another_fate() -> None:
    faults.arrange(3, http_500=0.5)

    fate = [faults.strike("http_500", "outbox:1", NOW) is not None for _ in range(40)]

    assert {True, False} == set(fate)


def test_rates_are_kept_to() -> None:
    faults.arrange(1, duplicate=0.1)

    hits = sum(faults.strike("duplicate", str(n), NOW) is not None for n in range(2000))

    assert 150 < hits < 250


def test_codes_are_drawn_from_those_that_were_named() -> None:
    faults.arrange(5, error_answer=1, codes=(131000, 2))

    told = [faults.strike("error_answer", str(n), NOW) for n in range(30)]

    assert {detail["code"] for detail in told if detail} == {131000, 2}


def test_a_delay_lies_in_the_range_that_was_named() -> None:
    faults.arrange(5, delay=1, delay_seconds=(2, 3))

    told = [faults.strike("delay", str(n), NOW) for n in range(30)]

    assert all(detail and 2 <= detail["seconds"] <= 3 for detail in told)


@pytest.mark.parametrize(
    ("arrangement", "complaint"),
    [
        ({"seed": 1, "earthquake": 0.5}, "earthquake"),
        ({"seed": 1, "duplicate": 1.5}, r"duplicate.*0\.\.1"),
        ({"seed": 1, "duplicate": -0.1}, "duplicate"),
        ({"seed": 1, "duplicate": "often"}, "duplicate"),
        ({"seed": 1, "duplicate": True}, "duplicate"),
        ({"seed": 1, "duplicate": float("nan")}, "duplicate"),
        ({"seed": "seven"}, "seed"),
        ({"seed": 2**80}, "seed"),
        ({"seed": 1, "codes": (7,)}, "7"),
        ({"seed": 1, "delay_seconds": (5, 1)}, "delay_seconds"),
        ({"seed": 1, "delay_seconds": (-1, 1)}, "delay_seconds"),
        ({"seed": 1, "slow_seconds": 10**9}, "slow_seconds"),
    ],
)
def test_what_cannot_be_arranged_is_named(arrangement: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        faults.arrange(**arrangement)

    assert fault_plan.current().is_quiet


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("earthquake", {}),
        ("error_answer", {"code": 7}),
        ("error_answer", {"code": "131056"}),
        ("error_answer", {"seconds": 1}),
        ("delay", {"seconds": -1}),
        ("duplicate", {"times": 0}),
        ("duplicate", {"times": 10**6}),
        ("duplicate", {"times": "2"}),
    ],
)
def test_what_cannot_happen_next_time_is_refused(name: str, detail: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        faults.next_time(name, **detail)

    assert not FaultOnce.objects.exists()


def test_a_fault_by_hand_strikes_once() -> None:
    faults.next_time("error_answer", code=131056)

    assert faults.strike("error_answer", "outbox:1", NOW) == {"code": 131056}
    assert faults.strike("error_answer", "outbox:1", NOW) is None
    assert struck() == [("error_answer", "outbox:1")]


def test_clearing_takes_everything_back() -> None:
    faults.arrange(1, duplicate=1, limits_on=True)
    faults.next_time("delay")
    faults.account_is("billing")

    faults.clear()

    plan = fault_plan.current()
    assert (plan.is_quiet, plan.limits_on, plan.account_state) == (True, False, "")


def test_a_plan_made_elsewhere_is_seen_half_a_second_later(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(monotonic=lambda: 100.0)
    monkeypatch.setattr(fault_plan, "time", clock)
    fault_plan.forget()
    assert fault_plan.current().is_quiet

    FaultOnce.objects.create(name="duplicate")  # as another process would

    assert fault_plan.current().is_quiet
    clock.monotonic = lambda: 100.0 + fault_plan.SEEN_WITHIN_SECONDS
    assert fault_plan.current().next_times == {"duplicate"}


def test_a_quiet_plan_costs_no_query() -> None:
    fault_plan.current()

    with CaptureQueriesContext(
        connection,
    ) as asked:
        for name in faults.NAMES:
            faults.strike(name, "outbox:1", NOW)

    assert len(asked) == 0


def test_the_arrangement_ends_with_its_block() -> None:
    with faults.arranged(1, duplicate=1):
        assert fault_plan.current().rates == {"duplicate": 1}

    assert fault_plan.current().is_quiet


def test_every_fault_that_strikes_is_in_the_journal(send: Call, ana: Phone, receiver: Receiver) -> None:
    faults.arrange(1, status_before_answer=0, error_status=1, duplicate=1, codes=(131049,))

    send(**TEXT)
    receiver.collect()

    assert journal.faults() == {"error_status": 1, "duplicate": 1}
    assert journal.counts()["fault"] == 2


@pytest.mark.parametrize(
    ("name", "wish"),
    [
        ("faults", {"seed": 1, "rates": {"earthquake": 1}}),
        ("faults", {"seed": 1, "rates": []}),
        ("faults", {"seed": "x", "rates": {}}),
        ("faults", {"seed": 1, "rates": {"limits_on": 1}, "limits_on": True}),
        ("faults", {"seed": 1, "delay_seconds": 5}),
        ("fault-once", {"name": "earthquake"}),
        ("fault-once", {"name": "delay", "detail": []}),
        ("account", {"state": "asleep"}),
        ("account", {"news": "weather"}),
    ],
)
def test_the_panels_doors_say_what_is_wrong(client: Client, name: str, wish: dict[str, Any]) -> None:
    answer = client.post(reverse(f"simulator:{name}"), wish, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json()["problem"]


def test_the_panel_arranges_by_seed_and_by_hand(client: Client) -> None:
    wish = {"seed": 7, "rates": {"duplicate": 0.5}, "limits_on": True, "codes": [2]}
    client.post(reverse("simulator:faults"), wish, content_type="application/json")
    client.post(
        reverse("simulator:fault-once"),
        {"name": "error_answer", "detail": {"code": 4}},
        content_type="application/json",
    )

    shown = client.get(reverse("simulator:faults")).json()

    assert (shown["seed"], shown["rates"], shown["limits_on"]) == (7, {"duplicate": 0.5}, True)
    assert shown["waiting"] == ["error_answer"]
    assert set(shown["names"]) == set(faults.NAMES)
    client.post(reverse("simulator:faults-clear"))
    assert client.get(reverse("simulator:faults")).json()["rates"] == {}


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff"])
def test_a_body_that_is_no_object_is_refused(client: Client, body: bytes) -> None:
    answer = client.post(reverse("simulator:faults"), body, content_type="application/json")

    assert answer.status_code == 400


def test_the_panels_doors_want_a_token() -> None:
    stranger = Client(enforce_csrf_checks=True)

    for name in ("faults", "fault-once", "faults-clear", "account"):
        assert stranger.post(reverse(f"simulator:{name}"), {}, "application/json").status_code == 403


def test_a_player_edits_deletes_and_loses_a_number_from_the_page(
    client: Client, ana: Phone, receiver: Receiver
) -> None:
    receiver.collect()

    def act(door: str, **wish: Any) -> Any:
        address = reverse(f"simulator:{door}", args=[ana.pk])
        return client.post(address, wish, content_type="application/json")

    original = phones.say(ana, "quiero 5", now=NOW)
    assert act("edit", text="quiero 6").status_code == 200
    assert act("revoke").status_code == 200
    assert act("stranger", name="Otro").status_code == 200

    _, edit, revoke = receiver.messages()
    assert edit["edit"]["original_message_id"] == original
    assert edit["edit"]["message"]["text"]["body"] == "quiero 6"
    assert revoke["revoke"] == {"original_message_id": original}
    assert ana.messages.get(wamid=original).payload["revoked"] is True
    stranger = phones.phone_for("595981000001")
    assert (stranger.profile_name, stranger.bsuid != ana.bsuid) == ("Otro", True)
    assert act("stranger", name="Otro").status_code == 400
    assert act("edit", text=" ").status_code == 400
