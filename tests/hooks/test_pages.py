"""What staff see of the webhooks, and press."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from raffles.audit.models import AuditEntry, Deed
from raffles.hooks import rules
from raffles.hooks.models import Attempt, Delivery, Secret, Subscription
from raffles.hooks.sealing import opened
from tests.admin.conftest import ENGLISH, today
from tests.admin.pages import list_of, listed, page_of, run_action, text, told
from tests.factories import NOW
from tests.hooks.receiving import make_delivery, make_owner, make_webhook, stored

__all__ = ["today"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

ADD = "/admin/hooks/subscription/add/"
GIVEN = {"description": "Books", "url": "http://127.0.0.1:9000/k3y", "kinds": ["order.paid", "refund.made"]}
MANAGER = ("hooks.view_subscription", "hooks.add_subscription", "hooks.change_subscription")


def secret_on(page: Any) -> str:
    found = re.search(r'value="(whsec_[^"]+)"', text(page))
    assert found, "no secret on the page"
    return html.unescape(found[1])


def test_who_adds_one_is_shown_its_secret_once_and_nowhere_is_it_kept(desk: Client, boss: User) -> None:
    answer = desk.post(ADD, GIVEN)
    made = Subscription.objects.get()
    assert (made.owner, made.kinds, made.created_at) == (boss, ["order.paid", "refund.made"], NOW)
    secret = secret_on(answer)
    assert secret == opened(Secret.objects.get().sealed)
    assert "no-store" in answer.headers["cache-control"]
    for page in (page_of(made), list_of(Subscription), "/admin/"):
        assert "whsec_" not in text(desk.get(page))
    assert not any("whsec_" in str(one.get_decoded()) for one in Session.objects.all())
    assert "whsec_" not in str(desk.cookies)
    assert AuditEntry.objects.get(action=Deed.WEBHOOK_ADDED).user == boss


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kinds": []}, "This field is required."),
        ({"url": "https://8.8.8.8/"}, "this machine only"),
        ({"url": "ftp://127.0.0.1/"}, "must begin with https://"),
        ({"url": "http://a:b@127.0.0.1/"}, "no web address"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(desk: Client, changes: dict[str, Any], words: str) -> None:
    assert words in html.unescape(text(desk.post(ADD, GIVEN | changes)))
    assert not Subscription.objects.exists()


def test_where_it_is_live_a_private_address_is_refused_when_it_is_saved(
    desk: Client, settings: Settings
) -> None:
    settings.HOOKS_LOCAL = False
    answer = desk.post(ADD, GIVEN | {"url": "https://10.0.0.1/"})
    assert "not on the internet" in text(answer)
    assert not Subscription.objects.exists()


def test_who_has_enough_is_told_so(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_SUBSCRIPTIONS", 1)
    desk.post(ADD, GIVEN)
    assert "switch one off first" in text(desk.post(ADD, GIVEN))
    assert Subscription.objects.count() == 1


def test_a_change_goes_into_the_log(desk: Client) -> None:
    desk.post(ADD, GIVEN)
    made = Subscription.objects.get()
    desk.post(page_of(made), GIVEN | {"kinds": ["order.expired"]})
    made.refresh_from_db()
    assert made.kinds == ["order.expired"]
    assert AuditEntry.objects.get(action=Deed.WEBHOOK_CHANGED).after["events"] == ["order.expired"]


def test_the_address_in_full_is_for_those_who_may_change_it(desk: Client, client_of: Any) -> None:
    webhook = make_webhook("https://partner.example/k3y-of-books", description="Partner")
    assert "k3y-of-books" in text(desk.get(page_of(webhook)))
    reader = client_of("hooks.view_subscription")
    for page in (page_of(webhook), list_of(Subscription)):
        found = text(reader.get(page))
        assert "k3y-of-books" not in found
        assert "partner.example" in found


def test_a_renewed_secret_is_shown_once_and_the_page_asks_what_becomes_of_the_old_one(desk: Client) -> None:
    desk.post(ADD, GIVEN)
    made = Subscription.objects.get()
    address = page_of(made, "renew")
    assert "24 hours" in text(desk.get(address))
    secret = secret_on(desk.post(address, {"hours": "24"}))
    old, new = Secret.objects.order_by("pk")
    assert opened(new.sealed) == secret
    assert old.signs_until == NOW + timedelta(hours=24)
    desk.post(address, {"hours": "0"})
    assert not Secret.objects.filter(signs_until__gt=NOW).exists()


def test_it_is_switched_off_and_on_by_button(desk: Client) -> None:
    webhook = make_webhook("http://127.0.0.1:9000/")
    assert page_of(webhook, "switch_on") not in text(desk.get(page_of(webhook)))
    assert "switched off" in told(desk.post(page_of(webhook, "switch_off"), follow=True))
    assert "did this already" in told(desk.post(page_of(webhook, "switch_off"), follow=True))
    webhook.refresh_from_db()
    assert (webhook.disabled_at, webhook.disabled_why) == (NOW, "STAFF")
    assert "switched on" in told(desk.post(page_of(webhook, "switch_on"), follow=True))
    assert AuditEntry.objects.filter(action=Deed.WEBHOOK_SWITCHED).count() == 2


def test_a_look_changes_nothing(desk: Client) -> None:
    webhook = make_webhook("http://127.0.0.1:9000/")
    for step in ("renew", "switch_off"):
        assert desk.get(page_of(webhook, step)).status_code == 200
    webhook.refresh_from_db()
    assert webhook.disabled_at is None
    assert Secret.objects.count() == 1


def test_who_may_only_look_presses_nothing(client_of: Any) -> None:
    webhook = make_webhook("http://127.0.0.1:9000/")
    reader = client_of("hooks.view_subscription", "hooks.view_delivery")
    dead = make_delivery(webhook, status="DEAD", closed_at=NOW)
    for step in ("renew", "switch_off", "switch_on"):
        assert reader.post(page_of(webhook, step)).status_code == 403
        assert page_of(webhook, step) not in text(reader.get(page_of(webhook)))
    run_action(reader, Delivery, "send_again", [dead])
    assert stored(dead).status == "DEAD"


def test_what_was_given_up_is_sent_again_from_the_list(desk: Client) -> None:
    webhook = make_webhook("http://127.0.0.1:9000/")
    dead = make_delivery(webhook, status="DEAD", closed_at=NOW, status_code=500)
    arrived = make_delivery(webhook, subject="order:2", status="DELIVERED", closed_at=NOW)
    answer = run_action(desk, Delivery, "send_again", [dead, arrived])
    assert told(answer) == "1 delivery leaves again; only what was given up is sent again"
    assert (stored(dead).status, stored(arrived).status) == ("PENDING", "DELIVERED")
    Subscription.objects.update(disabled_at=NOW, disabled_why="GONE")
    Delivery.objects.filter(pk=dead.pk).update(status="DEAD", closed_at=NOW)
    assert "switch it on first" in told(run_action(desk, Delivery, "send_again", [dead]))


def test_the_page_of_a_delivery_tells_each_try_in_words(desk: Client) -> None:
    delivery = make_delivery(make_webhook("http://127.0.0.1:9000/"), status_code=500)
    Attempt.objects.create(delivery=delivery, at=NOW, error="Timeout", milliseconds=15000)
    Attempt.objects.create(delivery=delivery, at=NOW, status_code=500, milliseconds=12)
    page = text(desk.get(page_of(delivery)))
    assert "no answer in time (15000 ms)" in page
    assert "HTTP 500 (12 ms)" in page
    assert delivery.event.public_id in page


def test_deliveries_are_found_by_event_object_and_state(desk: Client) -> None:
    webhook = make_webhook("http://127.0.0.1:9000/", description="Books")
    one = make_delivery(webhook, subject="order:7")
    two = make_delivery(webhook, subject="order:8", status="DEAD", closed_at=NOW)
    assert listed(desk, Delivery, q=one.event.public_id) == {one.pk}
    assert listed(desk, Delivery, q="order:8") == {two.pk}
    assert listed(desk, Delivery, q="Books") == {one.pk, two.pk}
    assert listed(desk, Delivery, status__exact="DEAD") == {two.pk}
    assert listed(desk, Delivery, subscription__id__exact=str(webhook.pk)) == {one.pk, two.pk}


def test_one_that_stopped_by_itself_is_counted_on_the_first_page(desk: Client) -> None:
    for why in ("STAFF", "GONE", "FAILING"):
        webhook = make_webhook("http://127.0.0.1:9000/", description=why)
        Subscription.objects.filter(pk=webhook.pk).update(disabled_at=NOW, disabled_why=why)
    make_webhook("http://127.0.0.1:9000/")
    page = text(desk.get("/admin/"))
    assert "<strong>2</strong> webhooks that stopped" in page
    counts = {state: len(listed(desk, Subscription, state=state)) for state in ("on", "off", "stopped")}
    assert counts == {"on": 1, "off": 1, "stopped": 2}


@pytest.fixture
def organiser(db: None) -> tuple[Client, User]:
    call_command("make_groups", verbosity=0)
    user = make_owner(is_superuser=False, is_staff=True)
    user.groups.add(Group.objects.get(name="organiser"))
    client = Client(headers=ENGLISH)
    client.force_login(user)
    return client, user


def test_an_organiser_has_webhooks_of_their_own_and_sees_no_others(
    organiser: tuple[Client, User],
) -> None:
    client, user = organiser
    mine = make_webhook("http://127.0.0.1:9000/", owner=user)
    theirs = make_webhook("http://127.0.0.1:9000/", description="of rosa")
    own, other = make_delivery(mine), make_delivery(theirs, status="DEAD", closed_at=NOW)
    assert listed(client, Subscription) == {mine.pk}
    assert listed(client, Delivery) == {own.pk}
    assert "of rosa" not in text(client.get(list_of(Delivery)))
    for step in ("renew", "switch_off"):
        assert client.post(page_of(theirs, step), {"hours": "0"}).status_code == 404
    assert client.get(page_of(theirs)).status_code == 302
    run_action(client, Delivery, "send_again", [other])
    assert stored(other).status == "DEAD"
    secret_on(client.post(ADD, GIVEN))
    assert Subscription.objects.latest("pk").owner == user


def test_the_lists_cost_no_query_for_each_row(
    desk: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for place in range(30):
        webhook = make_webhook("http://127.0.0.1:9000/", description=f"number {place}")
        make_delivery(webhook)
    desk.get(list_of(Delivery))
    for model in (Subscription, Delivery):
        with django_assert_max_num_queries(14):
            desk.get(list_of(model))


def test_nobody_deletes_one(desk: Client) -> None:
    webhook = make_webhook("http://127.0.0.1:9000/")
    delete = reverse("admin:hooks_subscription_delete", args=(webhook.pk,))
    assert desk.post(delete, {"post": "yes"}).status_code == 403
    assert "delete_selected" not in text(desk.get(list_of(Subscription)))
