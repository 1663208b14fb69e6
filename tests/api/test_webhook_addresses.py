"""Where the address of a webhook leads is asked of others: no transaction is held open meanwhile."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from raffles.hooks import rules
from raffles.hooks.models import Subscription
from raffles.outside.addresses import BadAddress, Reach, require_allowed
from tests.admin.conftest import boss, desk
from tests.api.webhook_calls import AT, HERE, WISH
from tests.hooks.receiving import make_webhook

__all__ = ["boss", "desk"]

pytestmark = pytest.mark.django_db(transaction=True)
ADD = "/admin/hooks/subscription/add/"


class Looks:
    """Each look, and whether it was in a transaction."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, bool]] = []

    def look(self, url: str, reach: Reach) -> None:
        self.seen.append((url, connection.in_atomic_block))
        require_allowed(url, reach)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Looks:
    found = Looks()
    monkeypatch.setattr(rules, "require_allowed", found.look)
    return found


@pytest.mark.parametrize("key", ["", "k1"])
def test_an_address_is_looked_at_once_and_outside_every_transaction(
    consumer: APIClient, looks: Looks, key: str
) -> None:
    headers = {"Idempotency-Key": key} if key else {}
    made = consumer.post(AT, WISH, format="json", headers=headers)
    assert (made.status_code, looks.seen) == (201, [(HERE, False)])
    other, at = "http://127.0.0.1:9001/", f"{AT}{made.json()['id']}/"
    headers = {"Idempotency-Key": f"{key}2"} if key else {}
    assert consumer.patch(at, {"url": other}, format="json", headers=headers).status_code == 200
    assert looks.seen == [(HERE, False), (other, False)]
    assert consumer.patch(at, {"description": "Shop"}, format="json").status_code == 200
    assert len(looks.seen) == 2
    assert Subscription.objects.get().url == other


def test_what_was_answered_is_answered_again_without_a_look(consumer: APIClient, looks: Looks) -> None:
    elsewhere = WISH | {"url": "http://8.8.8.8/"}
    for wish, key, status in ((WISH, "good", 201), (elsewhere, "bad", 400)):
        before = len(looks.seen)
        first, again = (
            consumer.post(AT, wish, format="json", headers={"Idempotency-Key": key}) for _ in range(2)
        )
        assert (first.status_code, again.status_code, again.json()) == (status, status, first.json())
        assert (again["Idempotent-Replayed"], len(looks.seen)) == ("true", before + 1)
    assert Subscription.objects.count() == 1


def test_nobody_is_asked_for_a_webhook_that_is_not_there(consumer: APIClient, looks: Looks) -> None:
    assert consumer.patch(f"{AT}999/", {"url": HERE}, format="json").status_code == 404
    assert looks.seen == []


def test_the_admin_looks_before_its_transaction_too(desk: Client, looks: Looks) -> None:
    given = {"description": "Books", "url": f" {HERE}", "kinds": ["order.paid"]}
    assert desk.post(ADD, given).status_code == 200
    made = Subscription.objects.get()
    assert (made.url, looks.seen) == (HERE, [(HERE, False)])
    page = f"/admin/hooks/subscription/{made.pk}/change/"
    assert (
        "no web address"
        in desk.post(
            page, given | {"url": "http://a:b@127.0.0.1/"}, headers={"accept-language": "en"}
        ).content.decode()
    )
    assert desk.post(page, given | {"description": "Shop"}).status_code == 302
    assert not any(is_open for _url, is_open in looks.seen)
    assert Subscription.objects.values_list("url", "description").get() == (HERE, "Shop")


def test_an_address_that_became_forbidden_is_no_reason_to_refuse_another_description(desk: Client) -> None:
    webhook = make_webhook("https://10.0.0.1/")
    with pytest.raises(BadAddress):
        require_allowed(webhook.url, Reach.INTERNET)
    given = {"description": "Shop", "url": webhook.url, "kinds": ["order.paid"]}
    assert desk.post(f"/admin/hooks/subscription/{webhook.pk}/change/", given).status_code == 302
    assert Subscription.objects.get().description == "Shop"
