"""The bell, the destinations of alerts, and what became of each alert."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from raffles.desk.admin import destinations
from raffles.desk.alerts import gather, send_due
from raffles.desk.alerts.collecting import untold
from raffles.desk.models import Destination, Digest, DigestLine, StaffNotification
from tests.admin.chats import make_contact
from tests.admin.conftest import ClientOf
from tests.admin.pages import list_of, listed, page_of, run_action, text, told
from tests.factories import NOW, make_player

BELL = "/admin/desk/staffnotification/bell/"
SECRET = "https://hooks.example/T000/very-secret"
LATER = NOW + timedelta(minutes=1)


def put(count: int) -> list[StaffNotification]:
    return [
        StaffNotification.objects.create(kind="EVENT_FAILED", subject=f"event:{number}", created_at=NOW)
        for number in range(count)
    ]


def make_destination(**fields: Any) -> Destination:
    given = {"name": "Cashiers", "channel": "WEBHOOK", "url": SECRET, "kinds": ["EVENT_FAILED"], "since": NOW}
    return Destination.objects.create(**(given | fields))


def typed(**answers: Any) -> dict[str, Any]:
    given = {"name": "Cashiers", "channel": "WEBHOOK", "url": "http://127.0.0.1:1/x", "player": ""}
    return {**given, "kinds": ["PROOF_RECEIVED", "LATE_PROOF"], "is_active": "on", **answers}


def add(client: Client, **answers: Any) -> Any:
    return client.post(reverse("admin:desk_destination_add"), typed(**answers), follow=True)


# The bell


def test_the_bell_counts_what_nobody_has_looked_at(desk: Client) -> None:
    assert desk.get(BELL).json() == {"count": "", "words": "0 notifications not seen"}
    put(2)
    StaffNotification.objects.filter(subject="event:0").update(seen_at=NOW)
    assert desk.get(BELL).json() == {"count": "1", "words": "1 notification not seen"}


def test_what_the_page_knows_already_is_not_sent_again(desk: Client) -> None:
    put(1)
    etag = desk.get(BELL)["ETag"]
    again = desk.get(BELL, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    put_one = StaffNotification.objects.create(kind="EVENT_FAILED", subject="new", created_at=NOW)
    assert desk.get(BELL, headers={"if-none-match": etag}).status_code == 200
    StaffNotification.objects.filter(pk=put_one.pk).update(seen_at=NOW)
    assert desk.get(BELL, headers={"if-none-match": etag}).status_code == 304


def test_the_bell_asks_one_question_however_much_waits(desk: Client) -> None:
    put(150)
    with CaptureQueriesContext(connection) as caught:
        assert desk.get(BELL).json()["count"] == "99+"
    asked = [query["sql"] for query in caught if "desk_staffnotification" in query["sql"]]
    assert len(asked) == 1
    assert len(caught) <= 3  # and who is asking


def test_the_bell_is_on_every_page_of_those_who_may_see_notifications(client_of: ClientOf) -> None:
    viewer = client_of("desk.view_staffnotification")
    page = text(viewer.get(reverse("admin:index")))
    assert f'data-ask="{BELL}"' in page
    assert "desk/bell.js" in page
    other = client_of("sales.view_order", username="zoe")
    assert "desk-bell" not in text(other.get(reverse("admin:index")))
    assert other.get(BELL).status_code == 403
    assert Client().get(BELL).status_code == 302


def test_all_can_be_marked_as_seen_but_for_what_came_since_the_page_was_opened(desk: Client) -> None:
    notes = put(3)
    page = text(desk.get(list_of(StaffNotification)))
    assert f'name="newest" value="{notes[-1].pk}"' in page
    newer = StaffNotification.objects.create(kind="EVENT_FAILED", subject="new", created_at=NOW)
    answer = desk.post(reverse("admin:desk_staffnotification_seen"), {"newest": notes[-1].pk}, follow=True)
    assert "3 marked as seen" in told(answer)
    assert list(StaffNotification.objects.filter(seen_at=None)) == [newer]


@pytest.mark.parametrize("newest", ["", "x", "-1", "9" * 40])
def test_an_odd_mark_marks_nothing(desk: Client, newest: str) -> None:
    put(1)
    desk.post(reverse("admin:desk_staffnotification_seen"), {"newest": newest})
    assert StaffNotification.objects.filter(seen_at=None).count() == 1


def test_marking_needs_a_press_and_the_right(client_of: ClientOf, desk: Client) -> None:
    put(1)
    address = reverse("admin:desk_staffnotification_seen")
    viewer = client_of("desk.view_staffnotification")
    assert "Mark all as seen" not in text(viewer.get(list_of(StaffNotification)))
    assert viewer.post(address, {"newest": "999"}).status_code == 403
    assert desk.get(address).status_code == 403
    assert StaffNotification.objects.filter(seen_at=None).count() == 1


# Destinations


def test_what_waits_is_still_told_when_kinds_are_added(desk: Client) -> None:
    """A new kind begins with no old news; those that were heard before lose none of theirs."""
    was = NOW - timedelta(days=1)
    made = make_destination(kinds=["EVENT_FAILED"], since=was, url="http://127.0.0.1:1/x")
    (waits,) = put(1)
    StaffNotification.objects.update(created_at=NOW - timedelta(seconds=10))
    StaffNotification.objects.create(
        kind="SENDING_PAUSED", subject="old", created_at=NOW - timedelta(seconds=1)
    )
    desk.post(page_of(made), typed(kinds=["EVENT_FAILED", "SENDING_PAUSED"]))
    made.refresh_from_db()
    fresh = StaffNotification.objects.create(kind="SENDING_PAUSED", subject="new", created_at=NOW)
    assert list(untold(made, NOW)) == [waits, fresh]
    desk.post(page_of(made), typed(kinds=["EVENT_FAILED"]))
    made.refresh_from_db()
    assert (list(untold(made, NOW)), made.kinds_since) == ([waits], {})


def test_a_destination_is_made_with_the_kinds_it_hears_of_from_now_on(desk: Client) -> None:
    add(desk)
    made = Destination.objects.get()
    assert (made.kinds, made.since, made.is_active) == (["PROOF_RECEIVED", "LATE_PROOF"], NOW, True)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"url": ""}, "A webhook needs its address."),
        ({"url": "nonsense"}, "This is no web address"),
        ({"url": "http://hooks.example/x"}, "must begin with https://"),
        ({"url": "https://169.254.169.254/latest"}, "not on the internet"),
        ({"kinds": []}, "This field is required."),
        ({"kinds": ["NO_SUCH_KIND"]}, "not one of the available choices"),
    ],
)
def test_what_is_wrong_with_a_destination_is_said_in_words(
    desk: Client, settings: Settings, answers: dict[str, Any], words: str
) -> None:
    settings.STAFF_WEBHOOKS_LOCAL = False
    assert words in text(add(desk, **({"url": "https://8.8.8.8/x"} | answers)))
    assert not Destination.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_where_an_address_leads_is_asked_once_and_outside_every_transaction(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, bool]] = []
    monkeypatch.setattr(
        destinations, "require_allowed", lambda url: seen.append((url, connection.in_atomic_block))
    )
    add(desk, url=" http://127.0.0.1:1/x ")
    assert (Destination.objects.get().url, seen) == (
        "http://127.0.0.1:1/x",
        [("http://127.0.0.1:1/x", False)],
    )


def test_whatsapp_keeps_no_address_and_a_webhook_no_person(desk: Client) -> None:
    player = make_player(name="Marta")
    add(desk, channel="WHATSAPP", player=player.pk)
    add(desk, name="Room", player=player.pk)
    assert set(Destination.objects.values_list("channel", "url", "player")) == {
        ("WHATSAPP", "", player.pk),
        ("WEBHOOK", "http://127.0.0.1:1/x", None),
    }


def test_switched_on_again_it_does_not_begin_with_old_news(desk: Client) -> None:
    made = make_destination(is_active=False, since=NOW - timedelta(days=1), url="http://127.0.0.1:1/x")
    desk.post(page_of(made), typed())
    made.refresh_from_db()
    assert (made.is_active, made.since) == (True, NOW)


def test_the_address_is_a_secret_of_those_who_may_change_it(client_of: ClientOf, desk: Client) -> None:
    made = make_destination()
    viewer = client_of("desk.view_destination", "desk.view_digest")
    for client in (viewer, desk):
        assert "very-secret" not in text(client.get(list_of(Destination)))
        assert "hooks.example" in text(client.get(list_of(Destination)))
    page = text(viewer.get(page_of(made)))
    assert "very-secret" not in page
    assert "hooks.example" in page
    assert "very-secret" in text(desk.get(page_of(made)))
    assert "very-secret" not in text(desk.get(page_of(made, "history")))


def test_a_destination_is_switched_off_and_never_deleted(desk: Client) -> None:
    made = make_destination()
    assert desk.get(page_of(made, "delete")).status_code == 403
    assert "delete_selected" not in text(desk.get(list_of(Destination)))


def test_the_first_contact_that_is_ticked_makes_the_destination_for_whatsapp(desk: Client) -> None:
    contact = make_contact()
    desk.post(page_of(contact), {"language": "es", "receives_staff_alerts": "on"})
    assert Destination.objects.get().channel == "WHATSAPP"
    desk.post(page_of(contact), {"language": "es"})
    assert Destination.objects.count() == 1


# What became of each alert


def failed_digest() -> Digest:
    """The address is forbidden, which no later try would change."""
    make_destination(url="ftp://127.0.0.1/x")
    put(1)
    gather(now=LATER)
    Digest.objects.update(status="FAILED", error="HTTP 404", tries=1)
    return Digest.objects.get()


def test_an_alert_that_was_not_sent_is_found_with_its_reason_and_sent_again(
    desk: Client, settings: Settings
) -> None:
    settings.STAFF_WEBHOOKS_LIVE = True
    digest = failed_digest()
    assert listed(desk, Digest, status__exact="FAILED") == {digest.pk}
    page = text(desk.get(list_of(Digest)))
    assert "Not sent" in page
    assert "HTTP 404" in page
    assert "Message not understood" in text(desk.get(page_of(digest)))
    assert "1 alert will be sent again" in told(run_action(desk, Digest, "try_again", [digest]))
    digest.refresh_from_db()
    assert (digest.status, digest.tries) == ("READY", 0)
    assert send_due(clock=lambda: LATER) == 0


def test_sending_again_needs_the_right_to_change_destinations(
    client_of: ClientOf, settings: Settings
) -> None:
    settings.STAFF_WEBHOOKS_LIVE = True
    digest = failed_digest()
    viewer = client_of("desk.view_digest")
    run_action(viewer, Digest, "try_again", [digest])
    digest.refresh_from_db()
    assert digest.status == "FAILED"


def test_a_page_of_alerts_costs_the_same_however_many_there_are(desk: Client, settings: Settings) -> None:
    settings.STAFF_WEBHOOKS_LIVE = True
    failed_digest()
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as caught:
            assert desk.get(list_of(Digest)).status_code == 200
        costs.append(len(caught))
        for number in range(5):
            made = make_destination(name=f"Room {number} {len(costs)}")
            Digest.objects.create(destination=made, made_at=NOW, next_try_at=NOW)
    assert costs[0] == costs[1]


def test_what_could_not_be_sent_is_seen_at_its_destination_and_at_what_it_tells_of(
    desk: Client, settings: Settings
) -> None:
    settings.STAFF_WEBHOOKS_LIVE = True
    digest, silent = failed_digest(), make_destination(name="Quiet")
    page = text(desk.get(list_of(Destination)))
    assert "1 alert not sent" in page
    assert f"destination__id__exact={digest.destination_id}&amp;status__exact=FAILED" in page
    assert listed(desk, Destination, alerts="failed") == {digest.destination_id} != {silent.pk}
    untold = {line.notification_id for line in DigestLine.objects.filter(digest=digest)}
    other = StaffNotification.objects.create(kind="EVENT_FAILED", subject="event:other", created_at=NOW)
    assert listed(desk, StaffNotification, alert="failed") == untold
    assert other.pk in listed(desk, StaffNotification)
    Digest.objects.update(status="READY")
    assert listed(desk, Destination, alerts="failed") == set()
    assert "not sent</span>" not in text(desk.get(list_of(Destination)))
