"""Webhooks through the API: a program's own, those of staff, and who hears of what."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from rest_framework.test import APIClient

from raffles.api.actions import revoke_token
from raffles.api.models import Client, KeptAnswer, MadeOrder, MadeSubscription, Token
from raffles.audit.models import AuditEntry
from raffles.hooks import ears, rules
from raffles.hooks.models import Attempt, Delivery, Secret, Subscription
from raffles.hooks.sealing import opened
from tests.api.conftest import CONSUMER, allowed, calling, token_for
from tests.api.test_errors import judged
from tests.factories import NOW, confirm, make_order, make_raffle, make_staff
from tests.hooks.receiving import make_delivery, make_webhook, stored

pytestmark = pytest.mark.django_db

AT, LOG = "/api/v1/webhooks/", "/api/v1/webhooks/deliveries/"
HERE = "http://127.0.0.1:9000/k3y"
WISH = {"url": HERE, "events": ["order.paid", "proof.received"], "description": "Books"}
RIGHTS = tuple(
    f"hooks.{right}"
    for right in (
        "view_subscription", "add_subscription", "change_subscription", "view_delivery", "replay_delivery",
    )
)  # fmt: skip


@pytest.fixture(autouse=True)
def _hooks_alone(settings: LazySettings) -> None:
    settings.RAFFLES_LISTENERS = ["raffles.hooks.listeners.hear"]


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


def _paid(order: Any) -> Any:
    from raffles.hooks.happenings import happenings
    from raffles.sales.notices import OrderPaid

    [found] = happenings(OrderPaid(order, None))
    return found


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
