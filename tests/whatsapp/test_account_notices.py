"""What Meta tells about the account, its number, its templates and players' wishes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from raffles.desk.models import StaffNotification
from raffles.sales.models import Player
from tests.whatsapp.chat import make_contact
from tests.whatsapp.meta import ANA, NOW, Json, Person, body, receive
from whatsapp import account_notices, switch
from whatsapp.account_notices import HEARERS
from whatsapp.models import BusinessNumber, Contact, InboundEvent
from whatsapp.simulator import account_news

pytestmark = pytest.mark.django_db

NAME = "raffle_order_paid_v1"


def hear(field: str, told: object) -> bool:
    return account_notices.hear(field, {"field": field, "value": told}, now=NOW)


def alerts(kind: str = "ACCOUNT_NOTICE") -> list[str]:
    return list(StaffNotification.objects.filter(kind=kind).order_by("pk").values_list("text", flat=True))


# The account


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "GAMBLING"}}, "GAMBLING"),
        ({"event": "ACCOUNT_DELETED"}, "ACCOUNT_DELETED"),
        ({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": ["DISABLE"]}}, "DISABLE"),
        ({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "SCHEDULE_FOR_DISABLE"}}, "SCHEDULE"),
        ({"event": "ACCOUNT_RESTRICTION"}, "ACCOUNT_RESTRICTION"),
        (
            {
                "event": "ACCOUNT_RESTRICTION",
                "restriction_info": [
                    {"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": 1795300000},
                    {"restriction_type": "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"},
                ],
            },
            "2026-11-21",
        ),
    ],
)
def test_a_stopped_account_pauses_sending_and_calls_staff(told: Json, words: str) -> None:
    assert hear("account_update", told)
    number = switch.number()
    assert number.paused_at == NOW
    assert number.paused_by == "Meta"
    assert words in number.pause_reason
    assert words in alerts()[0]
    assert alerts("SENDING_PAUSED") == [number.pause_reason]


@pytest.mark.parametrize(
    "told",
    [
        {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": ["REINSTATE"]}},
        {
            "event": "ACCOUNT_RESTRICTION",
            "restriction_info": [{"restriction_type": "RESTRICTED_ADD_PHONE_NUMBER_ACTION"}],
        },
        {"event": "ACCOUNT_OFFBOARDED"},
        {"event": "SOMETHING_NEW"},
    ],
)
def test_what_forbids_no_message_is_told_and_pauses_nothing(told: Json) -> None:
    assert hear("account_update", told)
    assert switch.number().paused_at is None
    assert switch.number().templates_paused_at is None
    assert len(alerts()) == 1


def test_a_restriction_of_what_we_begin_stops_templates_and_lets_answers_go() -> None:
    restriction = {"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": "1795300000"}
    assert hear("account_update", {"event": "ACCOUNT_RESTRICTION", "restriction_info": [restriction]})
    assert switch.number().paused_at is None
    assert switch.number().templates_paused_at == NOW
    assert "2026-11-21" in alerts()[0]


@pytest.mark.parametrize("event", ["VOLUME_BASED_PRICING_TIER_UPDATE", "PARTNER_ADDED", "VERIFIED_ACCOUNT"])
def test_what_asks_nothing_of_staff_disturbs_nobody(event: str) -> None:
    assert hear("account_update", {"event": event})
    assert not StaffNotification.objects.exists()


@pytest.mark.parametrize(
    ("field", "told", "words"),
    [
        (
            "account_alerts",
            {"alert_info": {"alert_severity": "CRITICAL", "alert_type": "LIMIT", "alert_description": "low"}},
            "CRITICAL LIMIT low",
        ),
        ("account_alerts", {"alert_type": "OBA_APPROVED"}, "OBA_APPROVED"),
        ("account_review_update", {"decision": "REJECTED"}, "REJECTED"),
        (
            "phone_number_name_update",
            {"decision": "DECLINED", "requested_verified_name": "Rifas", "rejection_reason": "NAME_ENDS"},
            "Rifas: DECLINED NAME_ENDS",
        ),
        (
            "phone_number_name_update",
            {"decision": "APPROVED", "requested_verified_name": "Rifas", "rejection_reason": "NONE"},
            "Rifas: APPROVED",
        ),
        ("security", {"event": "PIN_CHANGED", "requester": "7"}, "PIN_CHANGED"),
    ],
)
def test_notices_that_want_a_person_call_one_once(field: str, told: Json, words: str) -> None:
    assert hear(field, told)
    assert hear(field, told)
    assert len(alerts()) == 1
    assert words in alerts()[0]


def test_alerts_are_in_the_language_of_the_house() -> None:
    hear("account_review_update", {"decision": "APPROVED"})
    assert alerts() == ["Revisión de la cuenta por Meta: APPROVED"]


# The number


def test_quality_and_limit_are_kept_on_the_number_and_a_lower_rate_is_told() -> None:
    told = {"display_phone_number": "4930111222", "event": "FLAGGED", "current_limit": "TIER_2K"}
    assert hear("phone_number_quality_update", told)
    number = BusinessNumber.objects.get()
    assert (number.quality, number.messaging_limit, number.noticed_at) == ("FLAGGED", "TIER_2K", NOW)
    assert "FLAGGED TIER_2K" in alerts()[0]


def test_a_better_rate_is_kept_and_disturbs_nobody() -> None:
    assert hear("phone_number_quality_update", {"event": "UNFLAGGED"})
    assert BusinessNumber.objects.get().quality == "UNFLAGGED"
    assert alerts() == []


@pytest.mark.parametrize("limit", ["TIER_10K", 10_000])
def test_a_new_limit_is_told_once(limit: object) -> None:
    for _ in range(2):
        assert hear("business_capability_update", {"max_daily_conversations_per_business": limit})
    assert BusinessNumber.objects.get().messaging_limit == str(limit)
    assert len(alerts()) == 1


# Players who want no news


def wish(value: str, at: int = 1791000000, **whom: str) -> bool:
    told = {"category": "marketing_messages", "value": value, "timestamp": at, **whom}
    return hear("user_preferences", {"user_preferences": [told]})


def news_stopped(contact: Contact) -> bool:
    return Player.objects.get(contact=contact).news_stopped_at is not None


@pytest.mark.parametrize("again", ["resume", "signup"])
def test_a_switch_in_whatsapp_stops_and_resumes_news(again: str) -> None:
    ana = make_contact(ANA)
    assert wish("stop", user_id=ANA.bsuid)
    assert news_stopped(ana)
    assert wish(again, at=1791000001, user_id=ANA.bsuid)
    assert not news_stopped(ana)


def test_an_older_resume_that_comes_late_does_not_undo_a_stop() -> None:
    ana = make_contact(ANA)
    wish("stop", at=1791000005, user_id=ANA.bsuid)
    wish("resume", at=1791000001, user_id=ANA.bsuid)
    assert news_stopped(ana)


def test_the_id_decides_and_the_phone_only_for_whom_nothing_else_is_known() -> None:
    ana = make_contact(ANA)
    luz = make_contact(Person("Luz", "595981000007", ""))
    assert not wish("stop", user_id="PY.77", wa_id=ANA.wa_id)
    assert not news_stopped(ana)
    assert wish("stop", user_id="PY.78", wa_id=luz.wa_id)
    assert news_stopped(luz)
    assert wish("stop", wa_id=ANA.wa_id)
    assert news_stopped(ana)


def test_a_former_id_still_names_the_player() -> None:
    ana = make_contact(ANA)
    ana.identities.create(bsuid="PY.OLD", since=NOW - timedelta(days=3), source="message")
    assert wish("stop", user_id="PY.OLD")
    assert news_stopped(ana)


# Whatever comes


@pytest.mark.parametrize(("field", "told_at"), account_news.NEWS.values(), ids=account_news.NEWS)
def test_all_news_that_the_simulator_tells_by_hand_are_understood(
    field: str, told_at: Callable[[datetime], Json]
) -> None:
    assert hear(field, told_at(NOW))


@pytest.mark.parametrize("field", [*HEARERS, "flows", "calls", "standby", "", "something_new"])
@pytest.mark.parametrize("told", [None, [], "x", 7, {}, {"event": ["x"]}, {"event": {"a": 1}}])
def test_a_malformed_notice_is_left_alone(field: str, told: object) -> None:
    assert not hear(field, told)
    assert not StaffNotification.objects.exists()


WORDS = st.sampled_from(
    [
        "event",
        "message_template_name",
        "message_template_language",
        "reason",
        "decision",
        "user_preferences",
        "user_id",
        "value",
        "timestamp",
        "restriction_info",
        "restriction_type",
        "expiration",
        "ban_info",
        "waba_ban_state",
        "alert_info",
        "alert_type",
        "current_limit",
        "new_category",
        "new_quality_score",
        "message_template_element",
    ]
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=600).map(lambda text: text.replace("\x00", "")),
    st.sampled_from([NAME, "es", "stop", "PAUSED", "ACCOUNT_RESTRICTION", "DISABLED_UPDATE", ANA.bsuid]),
)
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=6)
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(field=st.sampled_from(sorted(HEARERS)), told=st.dictionaries(WORDS, ANYTHING, max_size=8))
def test_no_notice_however_odd_raises(field: str, told: Json) -> None:
    hear(field, told)


def test_a_notice_through_the_webhook_is_done_and_an_unknown_one_ignored(transactional_db: None) -> None:
    receive(body({"event": "ACCOUNT_DELETED"}, field="account_update"))
    receive(body({"event": "x"}, field="flows"))
    assert list(InboundEvent.objects.order_by("pk").values_list("status", flat=True)) == ["DONE", "IGNORED"]
    assert switch.number().paused_at == NOW
