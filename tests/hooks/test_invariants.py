"""What the doctor says of webhooks: each trouble by a sentence of its own, and nothing of what is well."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from raffles.api.actions import make_token, revoke_token
from raffles.api.invariants import violations as of_programs
from raffles.api.models import MadeSubscription, Token
from raffles.hooks.actions import rotate_secret
from raffles.hooks.invariants import NEWS, TIDYING_MAY_LAG, WORKER_MAY_LAG, violations
from raffles.hooks.models import Delivery, Secret, Subscription
from raffles.hooks.schedule import KEPT
from raffles.hooks.tidying import tidy
from tests.factories import NOW, make_staff
from tests.hooks.receiving import make_delivery, make_webhook

pytestmark = pytest.mark.django_db

HERE = "http://127.0.0.1:9000/"
SECOND = timedelta(seconds=1)
LATE = NOW + WORKER_MAY_LAG + SECOND


def change(webhook: Subscription, **changes: Any) -> None:
    Subscription.objects.filter(pk=webhook.pk).update(**changes)


def test_what_is_well_is_not_spoken_of() -> None:
    webhook = make_webhook(HERE)
    make_delivery(webhook, subject="order:1", at=LATE)
    make_delivery(webhook, subject="order:2", status="DELIVERED", closed_at=NOW)
    make_delivery(webhook, subject="order:3", tries=3, at=LATE + timedelta(hours=2))
    make_delivery(webhook, subject="order:4", lease_until=LATE)
    rotate_secret(subscription_id=webhook.pk, by=webhook.owner, now=NOW)
    assert violations(LATE) == []


def test_a_lease_of_a_worker_that_is_gone() -> None:
    make_delivery(make_webhook(HERE), lease_until=NOW)
    [said] = violations(LATE)
    assert "1 webhook deliveries are held by a worker that is gone: start the worker" in said
    assert violations(NOW + WORKER_MAY_LAG) == []


def test_what_is_due_for_long_without_a_try() -> None:
    webhook = make_webhook(HERE)
    for number in range(3):
        make_delivery(webhook, subject=f"order:{number}")
    make_delivery(webhook, subject="order:0")  # waits for the one before it, and is not due
    [said] = violations(LATE)
    assert "3 webhook deliveries have been due for more than ten minutes" in said
    assert violations(NOW + WORKER_MAY_LAG) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"disabled_at": NOW, "disabled_why": "STAFF"},
        {"rests_until": LATE + SECOND},
        {"rests_until": LATE - SECOND},
    ],
)
def test_what_waits_for_its_receiver_is_not_due(changes: dict[str, Any]) -> None:
    webhook = make_webhook(HERE)
    make_delivery(webhook)
    change(webhook, **changes)
    assert violations(LATE) == []


def test_what_was_let_go_a_moment_ago_is_not_due_for_long() -> None:
    webhook = make_webhook(HERE)
    before = make_delivery(webhook)
    make_delivery(webhook)
    Delivery.objects.filter(pk=before.pk).update(status="DELIVERED", closed_at=LATE - SECOND)
    assert violations(LATE) == []
    [said] = violations(LATE + WORKER_MAY_LAG)
    assert said.startswith("1 webhook deliveries have been due")


def test_what_was_given_up_lately_is_counted_by_webhook() -> None:
    books, shop = make_webhook(HERE, description="Books"), make_webhook(HERE)
    for number in range(2):
        make_delivery(books, subject=f"order:{number}", status="DEAD", closed_at=NOW)
    make_delivery(shop, status="DEAD", closed_at=NOW)
    off = make_webhook(HERE, description="off")
    make_delivery(off, status="DEAD", closed_at=NOW)
    change(off, disabled_at=NOW, disabled_why="STAFF")
    first, second = violations(NOW)
    assert first.startswith("Webhook Books: 2 deliveries were given up.")
    assert "send them again" in first
    assert second.startswith(f"Webhook #{shop.pk}: 1 deliveries")
    assert violations(NOW + NEWS) == []


@pytest.mark.parametrize("why", ["GONE", "FAILING"])
def test_what_waits_for_one_that_stopped_by_itself(why: str) -> None:
    webhook = make_webhook(HERE, description="Books")
    change(webhook, disabled_at=NOW, disabled_why=why)
    assert violations(LATE) == []
    make_delivery(webhook)
    [said] = violations(LATE)
    assert said.startswith("Webhook Books stopped because its receiver failed, and 1 deliveries wait")


def test_one_that_cannot_sign() -> None:
    webhook = make_webhook(HERE, description="Books")
    Secret.objects.update(signs_until=NOW)
    assert violations(NOW) == [
        "Webhook Books has no secret that signs: renew it and give it to its receiver."
    ]
    change(webhook, disabled_at=NOW, disabled_why="STAFF")
    assert violations(NOW) == []


def test_a_secret_sealed_with_another_key_is_named_once(settings: Settings) -> None:
    webhook = make_webhook(HERE, description="Books")
    rotate_secret(subscription_id=webhook.pk, by=webhook.owner, now=NOW)
    settings.SECRET_KEY = "another key that is long enough for everything a test wants"
    [said] = violations(NOW)
    assert said.startswith("The secret of webhook Books was sealed with another SECRET_KEY")
    rotate_secret(subscription_id=webhook.pk, by=webhook.owner, now=NOW, overlap=timedelta(0))
    assert violations(NOW) == []


def test_secrets_and_deliveries_that_nobody_tidied_away() -> None:
    webhook = make_webhook(HERE)
    rotate_secret(subscription_id=webhook.pk, by=webhook.owner, now=NOW, overlap=timedelta(0))
    make_delivery(webhook, status="DELIVERED", closed_at=NOW)
    much_later = NOW + KEPT + TIDYING_MAY_LAG
    assert violations(much_later) == []
    secrets, deliveries = violations(much_later + SECOND)
    assert secrets.startswith("1 secrets of webhooks are there long after their overlap")
    assert deliveries.startswith("1 webhook deliveries are there after thirty days")
    tidy(now=much_later + SECOND)
    assert violations(much_later + SECOND) == []


def test_a_program_whose_tokens_are_over_is_said_to_hear_nothing() -> None:
    user = make_staff()
    token, _secret = make_token(client_name="Website", user=user, scopes=["webhooks:own"], by=user, now=NOW)
    webhook = make_webhook(HERE, owner=user, description="Books")
    MadeSubscription.objects.create(subscription=webhook, client=token.client)
    change(webhook, program="Website")
    assert of_programs(NOW) == []
    Token.objects.update(scopes=["orders:own"])
    [said] = of_programs(NOW)
    assert said.startswith("Webhook Books hears nothing: program Website has no token in force")
    Token.objects.update(scopes=["staff:*"])
    assert of_programs(NOW) == []
    type(user).objects.update(is_staff=False)
    assert of_programs(NOW) != []
    type(user).objects.update(is_staff=True)
    revoke_token(token=token, by=user, now=NOW)
    assert of_programs(NOW) != []
    change(webhook, disabled_at=NOW, disabled_why="STAFF")
    assert of_programs(NOW) == []


def test_the_doctor_says_it() -> None:
    make_delivery(make_webhook(HERE), lease_until=NOW - timedelta(days=400), at=NOW - timedelta(days=400))
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 thing is wrong"):
        call_command("doctor", stdout=out)
    assert "held by a worker that is gone" in out.getvalue()
