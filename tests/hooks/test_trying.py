"""A test event: asked for by button or call, it takes the way of every other event."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from raffles.audit.models import AuditEntry, Deed
from raffles.hooks.actions import disable_subscription, rotate_secret, send_test
from raffles.hooks.actions.send_test import MOST_TESTS, WITHIN
from raffles.hooks.catalogue import TEST, EventKind
from raffles.hooks.errors import SubscriptionOff, TooManyTests
from raffles.hooks.models import Attempt, Delivery
from raffles.hooks.schedule import PAUSES
from raffles.hooks.signing import is_genuine
from tests.admin.conftest import today
from tests.admin.pages import page_of, text, told
from tests.factories import NOW, make_order
from tests.hooks.receiving import Partner, look, make_delivery, make_webhook, stored

__all__ = ["today"]

pytestmark = pytest.mark.django_db(transaction=True)

HERE = "http://127.0.0.1:9000/"


def test_it_arrives_signed_and_leaves_its_try_in_the_log(partner: Partner) -> None:
    webhook = make_webhook(f"{partner.url}/", "refund.made")
    secret = rotate_secret(subscription_id=webhook.pk, by=webhook.owner, now=NOW).secret
    delivery = send_test(subscription_id=webhook.pk, by=webhook.owner, now=NOW)
    assert look(NOW) == 1
    [heard] = partner.heard
    assert is_genuine(secret, heard.headers, heard.body, now=int(NOW.timestamp()))
    said = json.loads(heard.body)
    assert (said["type"], said["data"]) == ("webhook.test", {"webhook": webhook.pk})
    assert said["id"] == heard.event_id == delivery.event.public_id
    assert stored(delivery).status == Delivery.Status.DELIVERED
    assert Attempt.objects.get(delivery=delivery).status_code == 204


def test_one_that_fails_is_tried_again_and_holds_up_nothing_else(partner: Partner) -> None:
    webhook = make_webhook(f"{partner.url}/")
    partner.answers.append(500)
    first = send_test(subscription_id=webhook.pk, by=webhook.owner, now=NOW)
    look(NOW)
    second = send_test(subscription_id=webhook.pk, by=webhook.owner, now=NOW)
    order = make_delivery(webhook)
    assert look(NOW) == 2
    assert [stored(one).status for one in (first, second, order)] == ["PENDING", "DELIVERED", "DELIVERED"]
    assert look(NOW + PAUSES[0]) == 1
    assert [one.status_code for one in first.attempts.all()] == [500, 204]


def test_nobody_subscribes_to_it_and_others_do_not_hear_it(partner: Partner) -> None:
    one, other = make_webhook(f"{partner.url}/one"), make_webhook(f"{partner.url}/other")
    send_test(subscription_id=one.pk, by=one.owner, now=NOW)
    look(NOW)
    assert (len(partner.ids("/one")), partner.ids("/other")) == (1, [])
    assert TEST not in EventKind.values
    assert other.deliveries.count() == 0


def test_so_many_a_minute_and_none_to_one_that_is_off() -> None:
    webhook, other = make_webhook(HERE), make_webhook(HERE)
    by = webhook.owner
    for _ in range(MOST_TESTS):
        send_test(subscription_id=webhook.pk, by=by, now=NOW)
    with pytest.raises(TooManyTests):
        send_test(subscription_id=webhook.pk, by=by, now=NOW + WITHIN - timedelta(seconds=1))
    send_test(subscription_id=other.pk, by=by, now=NOW)
    send_test(subscription_id=webhook.pk, by=by, now=NOW + WITHIN)
    disable_subscription(subscription_id=other.pk, by=by, now=NOW)
    with pytest.raises(SubscriptionOff):
        send_test(subscription_id=other.pk, by=by, now=NOW + timedelta(days=1))


def test_events_of_sales_do_not_count_as_tests() -> None:
    webhook = make_webhook(HERE)
    for _ in range(MOST_TESTS):
        make_order(status="PAID")
    send_test(subscription_id=webhook.pk, by=webhook.owner, now=NOW)


@pytest.mark.usefixtures("today")
def test_staff_press_a_button_and_land_on_its_tries(desk: Client, partner: Partner) -> None:
    webhook = make_webhook(f"{partner.url}/")
    button = page_of(webhook, "test")
    assert button in text(desk.get(page_of(webhook)))
    assert "An event about nothing" in text(desk.get(button))
    assert Delivery.objects.count() == 0
    answer = desk.post(button, follow=True)
    delivery = Delivery.objects.get()
    assert answer.redirect_chain[-1][0] == page_of(delivery)
    assert "on its way" in told(answer)
    look(NOW)
    page = text(desk.get(page_of(delivery)))
    assert "HTTP 204" in page
    assert "webhook.test" in page
    assert AuditEntry.objects.get(action=Deed.WEBHOOK_TESTED).subject_label == delivery.event.public_id


@pytest.mark.usefixtures("today")
def test_who_may_only_look_sends_none_and_too_many_are_refused_in_words(desk: Client, client_of: Any) -> None:
    webhook = make_webhook(HERE)
    button = page_of(webhook, "test")
    assert client_of("hooks.view_subscription").post(button).status_code == 403
    for _ in range(MOST_TESTS):
        desk.post(button)
    assert "wait a moment" in told(desk.post(button, follow=True))
    assert Delivery.objects.count() == MOST_TESTS


@pytest.mark.usefixtures("today")
def test_who_reads_no_deliveries_stays_on_the_webhook(client_of: Any) -> None:
    webhook = make_webhook(HERE)
    changer = client_of("hooks.view_subscription", "hooks.change_subscription", "raffles.see_every_raffle")
    answer = changer.post(page_of(webhook, "test"), follow=True)
    assert answer.redirect_chain[-1][0] == page_of(webhook)


@pytest.mark.usefixtures("today")
def test_the_pages_name_the_program_that_hears(desk: Client) -> None:
    webhook = make_webhook(HERE)
    type(webhook).objects.update(program="Website")
    assert "Website" in text(desk.get(page_of(webhook)))
    assert "Website" in text(desk.get("/admin/hooks/subscription/"))
