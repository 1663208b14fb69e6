"""Webhooks through the API: of a program its own, of staff those they see."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from rest_framework.test import APIClient

from raffles.api.models import KeptAnswer
from raffles.api.sessions import first_pair
from raffles.audit.models import AuditEntry
from raffles.hooks import rules
from raffles.hooks.models import Delivery, Secret, Subscription
from raffles.hooks.sealing import opened
from tests.api.conftest import CONSUMER, allowed, calling, token_for
from tests.api.test_errors import judged
from tests.api.webhook_calls import AT, HERE, LOG, RIGHTS, WISH, a_dead_one, made, of_consumer, post
from tests.factories import NOW, confirm, make_order, make_staff
from tests.hooks.receiving import make_owner, make_webhook, stored

pytestmark = pytest.mark.django_db


def test_a_program_makes_reads_changes_and_switches_one(consumer: APIClient) -> None:
    webhook = made(consumer)
    at = f"{AT}{webhook['id']}/"
    assert webhook["secret"] == opened(Secret.objects.get().sealed)
    assert (webhook["events"], webhook["program"]) == (WISH["events"], of_consumer().name)
    shown = consumer.get(at).data
    assert shown == {name: value for name, value in webhook.items() if name != "secret"}
    assert "whsec_" not in json.dumps(consumer.get(AT).json())
    changed = consumer.patch(at, {"events": ["refund.made"]}, format="json").data
    assert (changed["events"], changed["url"], changed["description"]) == (["refund.made"], HERE, "Books")
    assert post(consumer, f"{webhook['id']}/disable/")["disabled_why"] == "STAFF"
    assert [row["id"] for row in consumer.get(AT, {"is_on": "false"}).data["results"]] == [webhook["id"]]
    assert consumer.get(AT, {"is_on": "true"}).data["results"] == []
    assert post(consumer, f"{webhook['id']}/enable/")["disabled_at"] is None
    fresh = post(consumer, f"{webhook['id']}/rotate-secret/", 201, overlap_hours=1)["secret"]
    assert fresh != webhook["secret"]
    assert Secret.objects.get(signs_until=NOW + timedelta(hours=1))
    deeds = AuditEntry.objects.filter(action__startswith="webhook.").order_by("pk")
    assert [entry.action.partition(".")[2] for entry in deeds] == [
        "added", "changed", "switched", "switched", "secret-renewed",
    ]  # fmt: skip


def test_the_same_call_again_gives_the_same_secret_and_no_second_webhook(consumer: APIClient) -> None:
    first, again = (post(consumer, "", 201, key="one", **WISH) for _ in range(2))
    assert first == again
    assert Subscription.objects.count() == 1
    renewed, once_more = (post(consumer, f"{first['id']}/rotate-secret/", 201, key="two") for _ in range(2))
    assert renewed["secret"] == once_more["secret"] != first["secret"]
    assert Secret.objects.count() == 2
    kept = " ".join(KeptAnswer.objects.values_list("body", flat=True))
    assert "whsec_" not in kept
    assert HERE not in kept


def test_a_refusal_under_a_key_is_kept_as_well(consumer: APIClient) -> None:
    wrong = {**WISH, "url": "ftp://127.0.0.1/"}
    answers = [consumer.post(AT, wrong, format="json", headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [judged(answer) for answer in answers] == [(400, "address_refused")] * 2
    assert answers[1]["Idempotent-Replayed"] == "true"


def test_an_answer_that_was_sealed_with_another_key_is_not_given_again(
    consumer: APIClient, settings: LazySettings
) -> None:
    post(consumer, "", 201, key="one", **WISH)
    settings.SECRET_KEY = "another key that is long enough for everything a test wants"
    answer = consumer.post(AT, WISH, format="json", headers={"Idempotency-Key": "one"})
    assert judged(answer) == (422, "idempotency_key_reused")
    assert Subscription.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"url": "https://8.8.8.8/"}, "address_refused"),
        ({"url": "http://ana:key@127.0.0.1/"}, "address_refused"),
        ({"url": "x" * 501}, "invalid"),
        ({"events": []}, "invalid"),
        ({"events": ["order.eaten"]}, "invalid"),
        ({"events": ["webhook.test"]}, "invalid"),
        ({"description": "x" * 121}, "invalid"),
        ({"secret": "mine"}, "unknown_field"),
        ({"owner": "boss"}, "unknown_field"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    consumer: APIClient, wrong: dict[str, Any], code: str
) -> None:
    assert judged(consumer.post(AT, {**WISH, **wrong}, format="json")) == (400, code)
    webhook = made(consumer)
    assert judged(consumer.patch(f"{AT}{webhook['id']}/", wrong, format="json")) == (400, code)
    assert consumer.get(f"{AT}{webhook['id']}/").data["url"] == HERE


def test_where_it_is_live_what_lies_behind_our_door_is_refused(
    consumer: APIClient, settings: LazySettings
) -> None:
    settings.HOOKS_LOCAL = False
    for url, why in (("https://10.0.0.1/", "private"), ("http://8.8.8.8/", "insecure")):
        answer = consumer.post(AT, {**WISH, "url": url}, format="json")
        assert judged(answer) == (400, "address_refused")
        assert answer.json()["params"] == {"why": why}


def test_each_program_has_so_many(consumer: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_SUBSCRIPTIONS", 1)
    first = made(consumer)
    assert judged(consumer.post(AT, WISH, format="json")) == (409, "too_many_webhooks")
    other = calling(token_for(of_consumer().user, *CONSUMER, client="another of the same user")[1])
    made(other)
    post(consumer, f"{first['id']}/disable/")
    made(consumer)
    assert post(consumer, f"{first['id']}/enable/", 409)["code"] == "too_many_webhooks"


def test_a_program_reaches_nothing_of_others(consumer: APIClient) -> None:
    made(consumer)
    foreign = make_webhook(HERE, owner=of_consumer().user)  # of the very user it acts for
    dead = a_dead_one(foreign.pk)
    assert consumer.get(f"{AT}{foreign.pk}/").status_code == 404
    assert consumer.patch(f"{AT}{foreign.pk}/", {"url": HERE}, format="json").status_code == 404
    for step in ("disable", "enable", "rotate-secret", "test", "replay"):
        post(consumer, f"{foreign.pk}/{step}/", 404)
    assert consumer.get(f"{LOG}{dead.pk}/").status_code == 404
    assert consumer.post(f"{LOG}{dead.pk}/replay/").status_code == 404
    assert consumer.get(LOG).data["results"] == []
    assert len(consumer.get(AT).data["results"]) == 1
    assert (Secret.objects.filter(subscription=foreign).count(), stored(dead).status) == (1, "DEAD")


def test_staff_manage_what_they_see_in_the_admin() -> None:
    organiser, other = allowed(make_staff("org"), *RIGHTS), make_staff("other")
    caller = calling(token_for(organiser, "staff:webhooks")[1])
    own, theirs = make_webhook(HERE, owner=organiser), make_webhook(HERE, owner=other)
    assert [row["id"] for row in caller.get(AT).data["results"]] == [own.pk]
    post(caller, f"{theirs.pk}/disable/", 404)
    assert post(caller, f"{own.pk}/disable/")["owner"] == "org"
    everyones = allowed(make_staff("chief"), *RIGHTS, "raffles.see_every_raffle")
    assert len(calling(token_for(everyones, "staff:webhooks")[1]).get(AT).data["results"]) == 2


def test_who_may_only_look_reads_no_key_in_an_address() -> None:
    make_webhook(HERE)
    reader = allowed(make_staff(), "hooks.view_subscription", "raffles.see_every_raffle")
    caller = calling(token_for(reader, "staff:webhooks")[1])
    [shown] = caller.get(AT).data["results"]
    assert shown["url"] == "http://127.0.0.1/…"
    assert caller.get(f"{AT}{shown['id']}/").data["url"] == "http://127.0.0.1/…"


def test_a_person_in_an_app_makes_one_of_their_own() -> None:
    boss = make_owner(is_staff=True)
    access = first_pair(boss, second_factor=True, now=NOW)["access"]
    caller = APIClient(headers={"authorization": f"Bearer {access}"})
    webhook = made(caller)
    assert (webhook["owner"], webhook["program"]) == (boss.username, "")
    confirm(make_order(status="UNDER_REVIEW"))
    assert set(Delivery.objects.values_list("subscription", flat=True)) == {webhook["id"]}
