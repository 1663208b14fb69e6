"""The same word of Meta on another day is news, on its way twice it is not; others' words are not ours."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from tests.whatsapp.meta import NOW, Json, body, receive
from whatsapp import switch
from whatsapp.models import InboundEvent, MessageTemplate

pytestmark = pytest.mark.django_db

VIOLATION = {"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "GAMBLING"}}
HOUR = timedelta(hours=1)


def told(field: str, value: Json, at: datetime, *, account: str = "") -> None:
    posted = body(value, field=field)
    posted["entry"][0]["time"] = int(at.timestamp())
    if account:
        posted["entry"][0]["id"] = account
    receive(posted, now=at)


def template_is(event: str, at: datetime) -> str:
    value = {
        "event": event,
        "message_template_id": 7,
        "message_template_name": "raffle_order_paid_v1",
        "message_template_language": "es",
        "reason": "NONE",
    }
    told("message_template_status_update", value, at)
    return MessageTemplate.objects.get().status


def test_a_template_is_approved_again_after_each_pause() -> None:
    """Word for word what was told when it was new."""
    words = ("APPROVED", "PAUSED", "APPROVED", "PAUSED", "APPROVED")
    assert [template_is(word, NOW + place * HOUR) for place, word in enumerate(words)] == list(words)


def test_a_second_violation_pauses_again() -> None:
    told("account_update", VIOLATION, NOW)
    switch.resume(now=NOW)
    told("account_update", VIOLATION, NOW)  # on its way twice
    assert switch.number().paused_at is None
    told("account_update", VIOLATION, NOW + HOUR)
    assert switch.number().paused_at == NOW + HOUR


def test_a_notice_has_the_instant_at_which_meta_told_it() -> None:
    told("account_update", VIOLATION, NOW)
    assert InboundEvent.objects.get().happened_at == NOW


@pytest.mark.parametrize("account", ["999", "0"], ids=["of the same app", "of the dashboard's test"])
def test_another_account_s_trouble_does_not_pause_ours(account: str) -> None:
    told("account_update", VIOLATION, NOW, account=account)
    assert switch.number().paused_at is None
    assert InboundEvent.objects.get().status == "IGNORED"
    told("account_update", VIOLATION, NOW)
    assert switch.number().paused_at == NOW


def test_a_notice_without_an_account_is_heard(settings: Settings) -> None:
    posted = body(VIOLATION, field="account_update")
    del posted["entry"][0]["id"]
    receive(posted)
    assert switch.number().paused_at == NOW
