"""What leaves, when, in which order, and what is given up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from pytest_django import Settings
from standardwebhooks import Webhook

from raffles.audit.models import AuditEntry, Deed
from raffles.desk.models import StaffNotification
from raffles.hooks import sending
from raffles.hooks.actions import rotate_secret
from raffles.hooks.issuing import issue_secret
from raffles.hooks.models import Attempt, Delivery, Secret, Subscription
from raffles.hooks.schedule import MOST_TRIES, PAUSES
from raffles.hooks.settling import LASTING
from raffles.hooks.signing import signed_headers
from tests.factories import NOW, make_order
from tests.hooks.receiving import Partner, look, make_delivery, make_owner, make_webhook, stored

# A webhook is told outside every transaction, so these are real ones.
pytestmark = pytest.mark.django_db(transaction=True)

Status = Delivery.Status
LATER = NOW + timedelta(days=7)


@pytest.fixture(autouse=True)
def nobody_else_listens(settings: Settings) -> None:
    settings.RAFFLES_LISTENERS = ["raffles.hooks.listeners.hear"]


def the_webhook() -> Subscription:
    return Subscription.objects.get()


def test_a_sale_arrives_signed_and_in_its_order(partner: Partner) -> None:
    owner = make_owner()
    webhook = make_webhook(f"{partner.url}/", owner=owner)
    secret = rotate_secret(subscription_id=webhook.pk, by=owner, now=NOW).secret
    make_order(status="PAID")
    now = NOW + timedelta(seconds=1)
    assert look(now) == 3
    with time_machine.travel(now, tick=False):  # the library reads the clock itself
        told = [Webhook(secret).verify(one.body, dict(one.headers)) for one in partner.heard]
    assert [one["type"] for one in told] == ["proof.received", "payment.recorded", "order.paid"]
    assert [one["id"] for one in told] == partner.ids()
    assert {one.headers["content-type"] for one in partner.heard} == {"application/json"}
    assert {one.headers["webhook-timestamp"] for one in partner.heard} == {f"{now.timestamp():.0f}"}
    assert {one.status for one in Delivery.objects.all()} == {Status.DELIVERED}
    assert look(LATER) == 0


def test_during_the_overlap_both_secrets_sign_and_then_the_new_one_alone(partner: Partner) -> None:
    webhook = make_webhook(f"{partner.url}/")
    old = issue_again(webhook, NOW)
    new = rotate_secret(subscription_id=webhook.pk, by=webhook.owner, now=NOW).secret
    for number, hours in enumerate((23, 25)):
        make_delivery(webhook, subject=f"order:{number}")
        look(NOW + timedelta(hours=hours))
    during, after = (one.headers["webhook-signature"].split(" ") for one in partner.heard)
    assert (len(during), len(after)) == (2, 1)
    at = int((NOW + timedelta(hours=23)).timestamp())
    first = partner.heard[0]
    expected = signed_headers([new, old], event_id=first.event_id, at=at, body=first.body)
    assert during == expected["webhook-signature"].split(" ")


def issue_again(webhook: Subscription, now: Any) -> str:
    """The secret of the factory is not known to the test."""
    Secret.objects.filter(subscription=webhook).delete()
    return issue_secret(webhook, now).secret


def test_a_leaked_secret_signs_no_more(partner: Partner) -> None:
    webhook = make_webhook(f"{partner.url}/")
    rotate_secret(subscription_id=webhook.pk, by=webhook.owner, now=NOW)
    rotate_secret(subscription_id=webhook.pk, by=webhook.owner, now=NOW, overlap=timedelta(0))
    make_delivery(webhook)
    look(NOW)
    assert len(partner.heard[0].headers["webhook-signature"].split(" ")) == 1


@pytest.mark.parametrize("status", [500, 503, 404, 301, 0])
def test_what_is_no_success_is_tried_again_with_the_same_id_and_bytes(partner: Partner, status: int) -> None:
    delivery = make_delivery(make_webhook(f"{partner.url}/"))
    partner.answers.append(status)
    assert look(NOW) == 0
    failed = stored(delivery)
    assert (failed.status, failed.tries, failed.status_code) == (Status.PENDING, 1, status or None)
    assert failed.error == ("" if status else "ConnectionError")
    assert NOW + PAUSES[0] * 0.9 <= failed.next_try_at <= NOW + PAUSES[0]
    assert look(failed.next_try_at - timedelta(milliseconds=1)) == 0
    assert look(failed.next_try_at) == 1
    assert len(partner.heard) == 2
    assert len({(one.event_id, one.body, one.path) for one in partner.heard}) == 1
    tries = Attempt.objects.values_list("status_code", "error")
    assert list(tries) == [(status or None, failed.error), (204, "")]


def test_the_next_event_of_an_object_waits_and_other_objects_pass_by(partner: Partner) -> None:
    webhook = make_webhook(f"{partner.url}/")
    first, second = make_delivery(webhook), make_delivery(webhook)
    other = make_delivery(webhook, subject="order:2")
    partner.once[first.event.public_id] = 500
    assert look(NOW) == 1
    assert set(partner.ids()) == {first.event.public_id, other.event.public_id}
    assert look(NOW + timedelta(seconds=1)) == 0
    assert look(NOW + PAUSES[0]) == 2
    assert partner.ids()[2:] == [first.event.public_id, second.event.public_id]


def test_the_same_object_of_another_receiver_does_not_wait(partner: Partner) -> None:
    failing, well = make_webhook(f"{partner.url}/bad"), make_webhook(f"{partner.url}/good")
    partner.answers.append(500)
    make_delivery(failing)
    look(NOW)
    delivery = make_delivery(well)
    look(NOW)
    assert stored(delivery).status == Status.DELIVERED


def test_one_that_is_given_up_lets_the_next_of_its_object_pass(partner: Partner) -> None:
    webhook = make_webhook(f"{partner.url}/")
    make_delivery(webhook, subject="order:9", status="DELIVERED", closed_at=LATER)
    dead = make_delivery(webhook, tries=MOST_TRIES - 1)
    nxt = make_delivery(webhook)
    partner.answers.append(500)
    assert look(LATER) == 1
    assert (stored(dead).status, stored(nxt).status) == (Status.DEAD, Status.DELIVERED)
    assert the_webhook().disabled_at is None  # something arrived within the days


def fail_for_days(delivery: Delivery) -> int:
    """Until nothing is tried any more; how often it was."""
    tries = 0
    while (now := stored(delivery)).status == Status.PENDING:
        look(now.next_try_at)
        tries += 1
    return tries


def test_a_receiver_that_fails_for_days_is_switched_off_and_loses_nothing(partner: Partner) -> None:
    webhook = make_webhook(f"{partner.url}/")
    delivery, waiting = make_delivery(webhook), make_delivery(webhook)
    partner.always = 500
    assert fail_for_days(delivery) == MOST_TRIES
    stopped = the_webhook()
    assert stopped.disabled_why == Subscription.Why.FAILING
    assert stopped.disabled_at is not None
    assert stopped.disabled_at - NOW > LASTING
    assert Attempt.objects.filter(delivery=delivery).count() == MOST_TRIES
    entry = AuditEntry.objects.get(action=Deed.WEBHOOK_SWITCHED)
    assert (entry.actor, entry.after) == ("clock", {"on": False, "why": "FAILING"})
    assert look(LATER) == 0
    assert stored(waiting).status == Status.PENDING


def test_a_receiver_that_is_gone_is_switched_off_at_once(partner: Partner, settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"
    webhook = make_webhook(f"{partner.url}/k3y", description="Partner")
    make_delivery(webhook, subject="order:9", status="DELIVERED", closed_at=NOW)
    delivery, waiting = make_delivery(webhook), make_delivery(webhook)
    partner.always = 410
    assert look(NOW) == 0
    assert (stored(delivery).status, stored(waiting).status) == (Status.DEAD, Status.PENDING)
    assert the_webhook().disabled_why == Subscription.Why.GONE
    note = StaffNotification.objects.get(kind="WEBHOOK_STOPPED")
    assert note.text.startswith("Partner at 127.0.0.1 was switched off")
    assert "k3y" not in note.text
    assert look(LATER) == 0
    assert len(partner.heard) == 1


def test_nothing_new_is_begun_after_the_time_of_a_round(partner: Partner) -> None:
    webhook = make_webhook(f"{partner.url}/")
    for number in range(10):
        make_delivery(webhook, subject=f"order:{number}")
    times = iter([NOW] * 4)
    sent = sending.send_due(clock=lambda: next(times, NOW + sending.ROUND))
    assert 0 < sent < 10
    assert look(LATER) == 10 - sent


def test_a_secret_sealed_with_another_key_is_said_to_be_unreadable(
    partner: Partner, settings: Settings
) -> None:
    delivery = make_delivery(make_webhook(f"{partner.url}/"))
    settings.SECRET_KEY = "another key that is long enough for everything a test wants"
    assert look(NOW) == 0
    assert partner.heard == []
    assert stored(delivery).error == "SecretUnreadable"


def test_an_address_that_leads_inside_by_now_is_not_called(partner: Partner, settings: Settings) -> None:
    delivery = make_delivery(make_webhook(f"{partner.url}/".replace("http", "https", 1)))
    settings.HOOKS_LOCAL = False
    assert look(NOW) == 0
    assert partner.heard == []
    assert stored(delivery).error == "BadAddress"


def test_a_call_that_breaks_fails_alone(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    webhook = make_webhook(f"{partner.url}/")
    broken, well = make_delivery(webhook), make_delivery(webhook, subject="order:2")
    broken.event.public_id = "evt_broken"
    broken.event.save()

    def break_one(keys: Any, **named: Any) -> Any:
        if named["event_id"] == "evt_broken":
            raise ValueError("a defect of ours")
        return signed_headers(keys, **named)

    monkeypatch.setattr("raffles.hooks.calls.signed_headers", break_one)
    assert look(NOW) == 1
    assert (stored(broken).error, stored(well).status) == ("ValueError", Status.DELIVERED)


def test_nothing_leaves_inside_a_transaction(partner: Partner) -> None:
    make_delivery(make_webhook(f"{partner.url}/"))
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        look(NOW)
    assert partner.heard == []


def test_a_look_at_many_rows_costs_the_same_as_at_few(
    partner: Partner, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    off = make_webhook(f"{partner.url}/", description="off")
    Subscription.objects.filter(pk=off.pk).update(disabled_at=NOW, disabled_why="STAFF")
    webhook = make_webhook(f"{partner.url}/")
    for number in range(60):
        make_delivery(off, subject=f"order:{number}")
        make_delivery(webhook, subject=f"order:{number}", at=LATER)
    with django_assert_max_num_queries(1):
        assert look(NOW) == 0
    # Each that leaves: a look, the claim, its row, its secrets; then its transaction, note, settlement.
    make_delivery(webhook, subject="order:99")
    with django_assert_max_num_queries(10):
        assert look(NOW) == 1
