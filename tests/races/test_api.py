"""Two calls at once: one key is one deed, one quota is one quota."""

from __future__ import annotations

import threading
from collections import Counter
from functools import partial
from typing import Any

import pytest
from rest_framework.test import APIClient

from raffles.api import once, quotas
from raffles.api.models import KeptAnswer, RequestCount
from raffles.sales.models import Order
from tests.api.conftest import CONSUMER, calling, token_for
from tests.factories import make_raffle, make_staff
from tests.races.conftest import Race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reserve() -> Any:
    """One reservation under one key, as often as it is called."""
    _token, secret = token_for(make_staff("racing"), *CONSUMER)
    raffle = make_raffle(sales_close_at="2099-01-01T00:00:00Z", draw_at="2099-01-02T00:00:00Z")
    player = (
        calling(secret).post("/api/v1/players/", {"name": "A", "language": "es"}, format="json").data["id"]
    )

    def call(key: str) -> Any:
        caller: APIClient = calling(secret)
        return caller.post(
            f"/api/v1/raffles/{raffle.pk}/reserve/",
            {"player": player, "random": 1},
            format="json",
            headers={"Idempotency-Key": key} if key else {},
        )

    return call


def test_one_key_at_once_is_one_order(race: Race, reserve: Any) -> None:
    outcomes = race([partial(reserve, "same") for _ in range(8)])
    statuses = Counter(outcome.status_code for outcome in outcomes)
    assert set(statuses) <= {201, 409}
    assert {outcome.data["code"] for outcome in outcomes if outcome.status_code == 409} <= {
        "idempotency_key_in_use"
    }
    assert (Order.objects.count(), KeptAnswer.objects.count()) == (1, 1)
    assert reserve("same").status_code == 201
    assert Order.objects.count() == 1


@pytest.mark.postgres
def test_without_the_kept_row_it_would_be_as_many_orders(
    race: Race, reserve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard off: the row is not made before the call, only looked for."""
    all_have_looked = threading.Barrier(4, timeout=60)

    def looked_for(owner: str, key: str, fingerprint: str, now: Any) -> KeptAnswer:
        found = KeptAnswer.objects.filter(owner=owner, key=key).first()
        all_have_looked.wait()
        return found or KeptAnswer(owner=owner, key=key, lease_until=now)

    monkeypatch.setattr(once, "_begin", looked_for)
    monkeypatch.setattr(once, "_keep", lambda *_: None)
    race([partial(reserve, "same") for _ in range(4)])
    assert Order.objects.count() == 4


def test_a_quota_holds_across_threads(race: Race) -> None:
    def take() -> int:
        standings = [quotas.ask("caller", limit=50, seconds=60, at=1000.0) for _ in range(20)]
        return sum(standing.allowed for standing in standings)

    quotas.forget()
    assert sum(race([take] * 6)) == 50


def test_a_quota_holds_across_processes(race: Race) -> None:
    """What each keeps in memory is left out, as it is between processes: the row alone holds them."""

    def take() -> int:
        return sum(quotas.handful("caller", 960, limit=50).left for _ in range(20))

    assert sum(race([take] * 6)) == 50
    assert RequestCount.objects.get().count >= 50
