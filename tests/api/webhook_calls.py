"""What tests of webhooks share: the calls, a program's own rows, and a delivery that was given up."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from raffles.api.models import Client
from raffles.hooks.models import Delivery, Subscription
from tests.factories import NOW
from tests.hooks.receiving import make_delivery

AT, LOG = "/api/v1/webhooks/", "/api/v1/webhooks/deliveries/"
HERE = "http://127.0.0.1:9000/k3y"
WISH = {"url": HERE, "events": ["order.paid", "proof.received"], "description": "Books"}
RIGHTS = tuple(
    f"hooks.{right}"
    for right in (
        "view_subscription", "add_subscription", "change_subscription", "view_delivery", "replay_delivery",
    )
)  # fmt: skip


def post(caller: APIClient, path: str, expected: int = 200, key: str = "", **body: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    answer = caller.post(f"{AT}{path}", body, format="json", headers=headers)
    assert answer.status_code == expected, answer.data
    return answer.data


def made(caller: APIClient, **changes: Any) -> Any:
    return post(caller, "", 201, **WISH | changes)


def of_consumer() -> Client:
    return Client.objects.get(user__username="shop")


def a_dead_one(webhook: int, **fields: Any) -> Delivery:
    row = Subscription.objects.get(pk=webhook)
    given: dict[str, Any] = {"status": "DEAD", "closed_at": NOW, "tries": 10}
    return make_delivery(row, **given | fields)
