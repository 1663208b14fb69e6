"""Test events, what was given up, and the log of what was sent."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from raffles.api.models import MadeSubscription
from raffles.audit.models import AuditEntry
from raffles.hooks.models import Attempt, Delivery, Subscription
from tests.api.test_errors import judged
from tests.api.webhook_calls import AT, HERE, LOG, a_dead_one, made, of_consumer, post
from tests.factories import NOW
from tests.hooks.receiving import make_delivery, make_webhook, stored

pytestmark = pytest.mark.django_db


def test_a_test_event_is_in_the_log_with_its_tries(consumer: APIClient) -> None:
    webhook = made(consumer)["id"]
    sent = post(consumer, f"{webhook}/test/", 201)
    assert (sent["event"], sent["status"], sent["attempts"]) == ("webhook.test", "PENDING", [])
    told = json.loads(sent["body"])
    assert (told["id"], told["type"], told["data"]) == (
        sent["event_id"],
        "webhook.test",
        {"webhook": webhook},
    )
    Attempt.objects.create(delivery_id=sent["id"], at=NOW, status_code=500, milliseconds=12)
    [tried] = consumer.get(f"{LOG}{sent['id']}/").data["attempts"]
    assert (tried["status_code"], tried["milliseconds"], tried["error"]) == (500, 12, "")
    assert AuditEntry.objects.get(action="webhook.tested").user == of_consumer().user


def test_test_events_are_few_and_none_goes_to_one_that_is_off(consumer: APIClient) -> None:
    webhook = made(consumer)["id"]
    for _ in range(5):
        post(consumer, f"{webhook}/test/", 201)
    refused = post(consumer, f"{webhook}/test/", 409)
    assert (refused["code"], refused["params"]) == ("too_many_tests", {"limit": 5})
    post(consumer, f"{webhook}/disable/")
    assert post(consumer, f"{webhook}/test/", 409)["code"] == "webhook_off"
    assert post(consumer, f"{webhook}/replay/", 409)["code"] == "webhook_off"


def test_what_was_given_up_is_sent_again_one_by_one_and_all_at_once(consumer: APIClient) -> None:
    webhook = made(consumer)["id"]
    one, *others = (a_dead_one(webhook, subject=f"order:{number}") for number in range(4))
    old = a_dead_one(webhook, subject="order:9", at=NOW - timedelta(days=3))
    arrived = a_dead_one(webhook, subject="order:8", status="DELIVERED")
    again = consumer.post(f"{LOG}{one.pk}/replay/")
    assert (again.status_code, again.data["status"], again.data["tries"]) == (200, "PENDING", 0)
    assert judged(consumer.post(f"{LOG}{one.pk}/replay/")) == (409, "delivery_not_given_up")
    since = (NOW - timedelta(days=1)).isoformat()
    assert post(consumer, f"{webhook}/replay/", since=since) == {"replayed": 3}
    assert post(consumer, f"{webhook}/replay/") == {"replayed": 1}
    assert post(consumer, f"{webhook}/replay/") == {"replayed": 0}
    statuses = {stored(row).status for row in (one, *others, old)}
    assert (statuses, stored(arrived).status) == ({"PENDING"}, "DELIVERED")
    replays = AuditEntry.objects.filter(action="webhook.replayed").order_by("pk")
    assert [entry.after.get("deliveries") for entry in replays] == [None, 3, 1]


def test_the_same_replay_again_happens_once(consumer: APIClient) -> None:
    webhook = made(consumer)["id"]
    a_dead_one(webhook)
    assert post(consumer, f"{webhook}/replay/", key="k") == {"replayed": 1}
    Delivery.objects.update(status="DEAD", closed_at=NOW)
    assert post(consumer, f"{webhook}/replay/", key="k") == {"replayed": 1}
    assert Delivery.objects.get().status == "DEAD"


def test_the_log_is_narrowed_by_each_filter(consumer: APIClient) -> None:
    webhook, other = made(consumer)["id"], made(consumer)["id"]
    dead = a_dead_one(webhook, subject="order:7", at=NOW - timedelta(hours=2))
    waits = make_delivery(Subscription.objects.get(pk=other), subject="order:8")
    tested = post(consumer, f"{other}/test/", 201)["id"]

    def found(**query: Any) -> set[int]:
        return {row["id"] for row in consumer.get(LOG, query).data["results"]}

    assert found() == {dead.pk, waits.pk, tested}
    assert found(webhook=webhook) == {dead.pk}
    assert found(status="PENDING") == {waits.pk, tested}
    assert found(event="webhook.test") == {tested}
    assert found(event_id=waits.event.public_id) == {waits.pk}
    assert found(object="order:7") == {dead.pk}
    assert found(made_before=(NOW - timedelta(hours=1)).isoformat()) == {dead.pk}
    assert found(made_after=(NOW - timedelta(hours=1)).isoformat()) == {waits.pk, tested}
    assert judged(consumer.get(LOG, {"webhok": "1"})) == (400, "unknown_field")


def test_the_next_try_is_told_as_long_as_there_is_one(consumer: APIClient) -> None:
    webhook = made(consumer)["id"]
    waits = make_delivery(Subscription.objects.get(pk=webhook))

    def next_try() -> Any:
        return consumer.get(f"{LOG}{waits.pk}/").json()["next_try_at"]

    assert next_try() == "2026-11-21T12:00:00-03:00"
    Subscription.objects.update(rests_until=NOW + timedelta(minutes=10))
    assert next_try() == "2026-11-21T12:10:00-03:00"
    post(consumer, f"{webhook}/disable/")
    assert next_try() is None


def test_the_lists_cost_no_query_for_each_row(
    consumer: APIClient, django_assert_max_num_queries: Any
) -> None:
    client = of_consumer()
    for number in range(30):
        row = make_webhook(HERE, owner=client.user)
        MadeSubscription.objects.create(subscription=row, client=client)
        make_delivery(row, subject=f"order:{number}")
    for address in (AT, LOG):
        consumer.get(address)
        with django_assert_max_num_queries(6):
            assert len(consumer.get(address).data["results"]) == 30
