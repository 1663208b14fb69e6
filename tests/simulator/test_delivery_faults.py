"""What goes wrong with webhooks on their way."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.simulator.conftest import NOW, SECRET, Received, Receiver
from whatsapp.simulator import account_news, courier, deliveries, fault_plan, faults, journal, phones
from whatsapp.simulator.models import JournalEntry, Phone, WebhookDelivery

pytestmark = pytest.mark.django_db
Call = Callable[..., Any]
SOON = NOW + timedelta(seconds=1)
TEXT = {"type": "text", "text": {"body": "hi"}}


@pytest.fixture(autouse=True)
def _quiet(db: None) -> Iterator[None]:
    faults.clear()
    yield
    fault_plan.forget()


@pytest.fixture
def heard(receiver: Receiver, ana: Phone) -> Receiver:
    receiver.collect()
    return receiver


def words(posts: list[Received]) -> list[str]:
    return [
        message["text"]["body"]
        for post in posts
        for entry in post.body["entry"]
        for change in entry["changes"]
        for message in change["value"].get("messages", [])
    ]


@pytest.mark.parametrize("name", ["duplicate", "duplicate_parallel"])
def test_a_delivery_comes_twice_with_the_same_bytes(heard: Receiver, ana: Phone, name: str) -> None:
    faults.next_time(name)
    phones.say(ana, "one", now=NOW)
    phones.say(ana, "two", now=NOW)

    posts = heard.collect()

    assert sorted(words(posts)) == ["one", "one", "two"]
    assert len({post.raw for post in posts}) == 2
    assert journal.counts()["webhook_repeated"] == 1
    assert heard.collect(SOON) == []


def test_a_delayed_delivery_comes_later(heard: Receiver, ana: Phone) -> None:
    faults.next_time("delay", seconds=30)
    phones.say(ana, "late", now=NOW)
    phones.say(ana, "early", now=NOW)

    assert words(heard.collect(NOW + timedelta(seconds=29))) == ["early"]
    assert words(heard.collect(NOW + timedelta(seconds=30))) == ["late"]


def test_reordered_deliveries_change_places(heard: Receiver, ana: Phone) -> None:
    faults.next_time("reorder")
    phones.say(ana, "first", now=NOW)
    phones.say(ana, "second", now=NOW)

    assert words(heard.collect(NOW)) + words(heard.collect(SOON)) == ["second", "first"]


def test_a_forged_copy_comes_before_the_genuine_one(heard: Receiver, ana: Phone) -> None:
    heard.answers = [403, 200]
    faults.next_time("tampered_signature")
    phones.say(ana, "hi", now=NOW)

    forged, genuine = heard.collect()

    assert forged.raw == genuine.raw
    assert (forged.is_signed, genuine.is_signed) == (False, True)
    assert JournalEntry.objects.get(kind="webhook_tampered").detail["answer"] == "403"
    assert not journal.undelivered().exists()


def test_everything_that_is_due_comes_in_one_signed_post(heard: Receiver, ana: Phone, send: Call) -> None:
    faults.arrange(1, bundle=1)
    for number in range(40):
        phones.say(ana, str(number), now=NOW)
    send(**TEXT)
    phones.change_number(ana, "595981777777", now=NOW)
    account_news.tell("quality_up", NOW)

    (post,) = heard.collect()

    assert post.is_signed
    changes = [change for entry in post.body["entry"] for change in entry["changes"]]
    fields = [change["field"] for change in changes]
    assert {"messages", "user_id_update", "phone_number_quality_update"} == set(fields)
    values = [change["value"] for change in changes]
    statuses = [status["status"] for value in values for status in value.get("statuses", [])]
    assert statuses == ["sent", "delivered"]
    texts = [m for value in values for m in value.get("messages", []) if m["type"] == "text"]
    assert [message["text"]["body"] for message in texts] == [str(number) for number in range(40)]
    assert len(post.body["entry"]) > 1
    assert len(changes) < 40
    assert any(len(value.get("contacts", [])) < len(value.get("messages", [])) for value in values)
    assert not journal.undelivered().exists()


def test_a_bundle_holds_a_thousand_updates_at_most(heard: Receiver, ana: Phone) -> None:
    phones.say(ana, "x", now=NOW)
    pattern = WebhookDelivery.objects.get(delivered_at=None)
    copies = (
        WebhookDelivery(payload=pattern.payload, not_before=NOW, faults={"bundle": True}) for _ in range(1200)
    )
    WebhookDelivery.objects.bulk_create(copies)
    faults.arrange(1, bundle=1)

    posts = heard.collect()

    assert [len(words([post])) for post in posts] == [1, 999, 201]
    assert not journal.undelivered().exists()


def test_a_refused_bundle_is_repeated_until_it_is_taken(heard: Receiver, ana: Phone) -> None:
    heard.answers = [500]
    faults.arrange(1, bundle=1)
    phones.say(ana, "a", now=NOW)
    phones.say(ana, "b", now=NOW)

    assert words(heard.collect(NOW)) == ["a", "b"]
    assert journal.undelivered().count() == 2
    assert words(heard.collect(SOON)) == ["a", "b"]
    assert not journal.undelivered().exists()


def test_withheld_statuses_never_come_not_even_the_blue_ticks(
    heard: Receiver, ana: Phone, send: Call
) -> None:
    faults.arrange(1, withhold_statuses=1)
    send(**TEXT, biz_opaque_callback_data="outbox:1")
    faults.clear()
    send(**TEXT, biz_opaque_callback_data="outbox:2")
    phones.read_all(ana, now=NOW)

    told = heard.statuses()

    assert {status["biz_opaque_callback_data"] for status in told} == {"outbox:2"}
    assert {status["status"] for status in told} == {"sent", "delivered", "read"}
    assert journal.faults() == {"withhold_statuses": 1}


def test_statuses_are_taken_before_the_send_is_answered(
    heard: Receiver, ana: Phone, send: Call, settings: Any
) -> None:
    settings.SITE_URL = heard.url
    faults.next_time("status_before_answer")

    heard.received = []
    answer = send(**TEXT)

    told = [status["status"] for post in heard.received for status in post.value["statuses"]]
    assert told == ["sent", "delivered"]
    assert answer.status_code == 200
    assert not journal.undelivered().exists()
    assert heard.collect(NOW + timedelta(hours=1)) == []


def test_every_post_and_its_answer_is_in_the_journal(heard: Receiver, ana: Phone) -> None:
    heard.answers = [500]
    phones.say(ana, "hi", now=NOW)
    heard.collect(NOW)
    heard.collect(SOON)

    rows = JournalEntry.objects.filter(kind__startswith="webhook_").order_by("pk")[1:]
    assert [(row.kind, row.detail["answer"]) for row in rows] == [
        ("webhook_refused", "500"),
        ("webhook_accepted", "200"),
    ]
    assert len(journal.answer_times()) == 2


def test_a_claimed_delivery_is_left_to_its_courier_until_the_lease_is_over(ana: Phone) -> None:
    (mine,) = deliveries.claim(NOW, 25)

    assert deliveries.claim(NOW + timedelta(seconds=59), 25) == []
    assert deliveries.claim(NOW + deliveries.LEASE, 25) == [mine]


def test_a_slow_product_gets_the_rest_of_a_claim_later(
    heard: Receiver, ana: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    phones.say(ana, "a", now=NOW)
    phones.say(ana, "b", now=NOW)
    monkeypatch.setattr(courier, "GIVE_BACK_AFTER_SECONDS", 0)
    rows = deliveries.claim(NOW, 25)

    assert courier.carry(rows, NOW, heard.url) == 0

    monkeypatch.undo()
    assert words(heard.collect(NOW)) == ["a", "b"]


def test_a_bundle_is_not_carried_behind_everything_that_came_later(heard: Receiver, ana: Phone) -> None:
    """Behind a slow product it would be given back again and again, and come minutes late."""
    faults.next_time("bundle")
    for text in ("a", "b", "c"):
        phones.say(ana, text, now=NOW)

    assert words(heard.collect(NOW)) == ["a", "b", "c"]


def test_players_do_by_themselves_what_a_seed_says(heard: Receiver, ana: Phone) -> None:
    before = ana.bsuid
    faults.arrange(1, edit=1, system_message=1, number_change=1)

    phones.say(ana, "hola", now=NOW)

    posts = heard.collect()
    assert [message["type"] for post in posts for message in post.value.get("messages", [])] == [
        "text",
        "edit",
        "system",
        "system",
    ]
    assert posts[-1].value["user_id_update"][0]["user_id"] == {"previous": before, "current": ana.bsuid}
    assert ana.wa_id not in ("", "595981000001")


def test_a_recycled_number_speaks_with_another_user_id(heard: Receiver, ana: Phone) -> None:
    faults.next_time("recycled_number")

    phones.say(ana, "hola", now=NOW)

    senders = {
        message["from_user_id"]
        for post in heard.collect()
        for message in post.value.get("messages", [])
        if message.get("from") == "595981000001" and message["type"] == "text"
    }
    assert len(senders) == 2
    stranger = phones.phone_for("595981000001")
    assert stranger.bsuid in senders
    assert stranger.bsuid != ana.bsuid


def test_an_edit_on_an_ordinary_number_does_not_tell_the_new_words(heard: Receiver, ana: Phone) -> None:
    phones.edit(ana, "secret", is_readable=False, now=NOW)

    (post,) = heard.collect()
    (message,) = post.value["messages"]
    assert (message["type"], message["unsupported"]) == ("unsupported", {"type": "edit"})
    assert b"secret" not in post.raw


def test_what_was_revoked_cannot_be_edited(ana: Phone) -> None:
    phones.revoke(ana, now=NOW)

    with pytest.raises(LookupError):
        phones.edit(ana, "x", now=NOW)


@pytest.mark.parametrize("news", list(account_news.NEWS))
def test_news_of_the_account_come_signed_in_metas_envelope(heard: Receiver, ana: Phone, news: str) -> None:
    account_news.tell(news, NOW)

    (post,) = heard.collect()
    entry = post.body["entry"][0]
    assert post.is_signed
    assert entry["time"] == int(NOW.timestamp())
    assert entry["changes"][0]["field"] == account_news.NEWS[news][0]


def test_the_signature_covers_the_bundled_bytes(heard: Receiver, ana: Phone) -> None:
    faults.arrange(1, bundle=1)
    phones.say(ana, "é/🎉", now=NOW)
    phones.say(ana, "ñ", now=NOW)

    (post,) = heard.collect()

    digest = hmac.new(SECRET.encode(), post.raw, hashlib.sha256).hexdigest()
    assert post.headers["x-hub-signature-256"] == f"sha256={digest}"
    assert post.raw.isascii()
    assert words([post]) == ["é/🎉", "ñ"]
    assert json.loads(post.raw) == post.body
