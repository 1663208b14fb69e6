"""Who hears of what by a webhook of a program, and for how long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from rest_framework.test import APIClient

from raffles.api.actions import revoke_token
from raffles.api.models import Client, MadeOrder, MadeSubscription, Token
from raffles.hooks import ears
from raffles.hooks.happenings import Happening, happenings
from raffles.hooks.models import Delivery, Subscription
from raffles.sales.notices import OrderPaid
from tests.api.conftest import allowed, calling, token_for
from tests.api.webhook_calls import HERE, RIGHTS, made, of_consumer
from tests.factories import NOW, confirm, make_order, make_raffle, make_staff
from tests.hooks.receiving import make_webhook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _hooks_alone(settings: LazySettings) -> None:
    settings.RAFFLES_LISTENERS = ["raffles.hooks.listeners.hear"]


def own_order(**fields: Any) -> Any:
    order = make_order(**fields)
    MadeOrder.objects.create(order=order, client=of_consumer())
    return order


def heard() -> list[tuple[int, str]]:
    rows = Delivery.objects.order_by("pk").values_list("subscription_id", "event__kind")
    return list(rows)


def test_a_program_hears_of_the_orders_it_made_and_of_no_others(consumer: APIClient) -> None:
    webhook = made(consumer)["id"]
    confirm(make_order(status="UNDER_REVIEW"))
    assert heard() == []
    confirm(own_order(status="UNDER_REVIEW"))
    assert heard() == [(webhook, "order.paid")]


def test_it_hears_nothing_of_money_that_names_no_order(consumer: APIClient, staff: APIClient) -> None:
    made(consumer, events=["payment.recorded"])
    player = own_order(status="PAID").player
    Delivery.objects.all().delete()
    body = {"player": player.pk, "amount": "50000", "currency": "PYG"}
    assert staff.post("/api/v1/payments/", body, format="json").status_code == 201
    assert heard() == []


@pytest.mark.parametrize("end", ["revoked", "over", "without the scope", "user gone"])
def test_without_a_token_in_force_it_hears_no_more(consumer: APIClient, end: str) -> None:
    made(consumer)
    token = Token.objects.get()
    if end == "revoked":
        revoke_token(token=token, by=token.client.user, now=NOW)
    if end == "over":
        Token.objects.update(expires_at=NOW - timedelta(seconds=1))
    if end == "without the scope":
        Token.objects.update(scopes=["orders:own"])
    if end == "user gone":
        type(token.client.user).objects.update(is_active=False)
    confirm(own_order(status="UNDER_REVIEW"))
    assert heard() == []


def test_its_next_token_hears_for_it(consumer: APIClient) -> None:
    webhook = made(consumer)["id"]
    token = Token.objects.get()
    token_for(token.client.user, "webhooks:own", client=token.client.name)
    revoke_token(token=token, by=token.client.user, now=NOW)
    confirm(own_order(status="UNDER_REVIEW"))
    assert heard() == [(webhook, "order.paid")]


def test_a_program_of_staff_hears_what_its_user_may_see() -> None:
    user = allowed(make_staff("org"), *RIGHTS)
    mine, other = make_raffle(), make_raffle()
    mine.organisers.add(user)
    webhook = made(calling(token_for(user, "staff:webhooks")[1]), events=["order.paid"])["id"]
    confirm(make_order(raffle=other, numbers=[1], status="UNDER_REVIEW"))
    assert heard() == []
    confirm(make_order(raffle=mine, numbers=[1], status="UNDER_REVIEW"))
    assert heard() == [(webhook, "order.paid")]
    type(user).objects.filter(pk=user.pk).update(is_staff=False)
    confirm(make_order(raffle=mine, numbers=[2], status="UNDER_REVIEW"))
    assert len(heard()) == 1


def test_a_scope_for_its_own_orders_opens_no_others_whatever_its_user_may_see() -> None:
    boss = type(make_staff()).objects.create_superuser("boss", password="a long password of a test")
    made(calling(token_for(boss, "webhooks:own", "staff:orders")[1]))
    confirm(make_order(status="UNDER_REVIEW"))
    assert heard() == []


def test_a_program_that_no_room_answers_for_hears_nothing(
    consumer: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(consumer)
    monkeypatch.setattr(ears, "_ears", [])
    confirm(own_order(status="UNDER_REVIEW"))
    assert heard() == []


def test_an_event_costs_the_same_however_many_programs_listen(django_assert_max_num_queries: Any) -> None:
    for number in range(8):
        user = make_staff(f"shop{number}")
        client = token_for(user, "webhooks:own", client=f"shop {number}")[0].client
        row = make_webhook(HERE, owner=user)
        Subscription.objects.filter(pk=row.pk).update(program=client.name)
        MadeSubscription.objects.create(subscription=row, client=client)
    order = make_order(status="UNDER_REVIEW")
    MadeOrder.objects.create(order=order, client=Client.objects.earliest("pk"))
    listening = list(Subscription.objects.select_related("owner"))
    happening = _paid(order)
    # Their clients, the tokens of these in three, and who made the order.
    with django_assert_max_num_queries(5):
        assert [one.owner.username for one in ears.hearing(listening, happening)] == ["shop0"]


def _paid(order: Any) -> Happening:
    [found] = happenings(OrderPaid(order, None))
    return found
