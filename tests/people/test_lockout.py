from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from pytest_django import Settings

from raffles.api.addresses import client_address
from raffles.audit.models import AuditEntry, Deed
from tests.admin.pages import text
from tests.factories import NOW
from tests.people.doors import is_in, knock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

WRONG = "not the password"


def fail(client: Client, times: int, *, name: str = "ana", **extra: str) -> list[int]:
    return [knock(client, WRONG, name=name, **extra).status_code for _try in range(times)]


def test_five_wrong_passwords_shut_the_door_also_to_the_right_one(ana: User, browser: Client) -> None:
    assert fail(browser, 5) == [200, 200, 200, 200, 429]
    answer = knock(browser)
    assert answer.status_code == 429
    assert "Try again in 15 minutes" in text(answer)
    assert not is_in(browser)


def test_four_wrong_passwords_and_the_right_one_open_it_and_are_forgotten(ana: User, browser: Client) -> None:
    for _round in range(2):
        assert set(fail(browser, 4)) == {200}
        assert knock(browser).status_code == 302
        browser.logout()
    assert not AccessAttempt.objects.exists()


def test_the_door_opens_again_after_the_pause_and_not_before(
    ana: User, browser: Client, settings: Settings
) -> None:
    settings.LOCKOUT_MINUTES = 10
    fail(browser, 5)
    with time_machine.travel(NOW + timedelta(minutes=9, seconds=59), tick=False):
        assert knock(browser).status_code == 429
    with time_machine.travel(NOW + timedelta(minutes=10, seconds=1), tick=False):
        assert knock(browser).status_code == 302


def test_another_address_and_another_name_are_not_shut_out(ana: User, browser: Client) -> None:
    User.objects.create_user("rosa", password="cuatro caballos verdes", is_staff=True)
    fail(browser, 5)
    assert knock(Client(), REMOTE_ADDR="192.0.2.7").status_code == 302
    assert knock(Client(), name="rosa").status_code == 302


def test_capitals_and_blanks_give_no_second_set_of_tries(ana: User, browser: Client) -> None:
    assert fail(browser, 3) == [200] * 3
    assert fail(browser, 2, name=" ANA ")[-1] == 429


def without_tokens(page: Any) -> str:
    """What is drawn by chance for every page."""
    return re.sub(r"(csrfmiddlewaretoken\W+value=|csrftoken=)\W*\w{32,}", "", text(page))


def test_a_name_that_is_nobodys_is_answered_alike_to_the_last_byte(ana: User) -> None:
    known, unknown = Client(headers={"accept-language": "en"}), Client(headers={"accept-language": "en"})
    for _try in range(7):
        one, other = knock(known, WRONG), knock(unknown, WRONG, name="nobody")
        assert one.status_code == other.status_code
        assert one.context.get("form") is None or str(one.context["form"].errors) == str(
            other.context["form"].errors
        )
        assert without_tokens(one) == without_tokens(other).replace('value="nobody"', 'value="ana"')


def test_nothing_that_was_typed_is_kept(ana: User, browser: Client) -> None:
    fail(browser, 2, name="a password in the wrong field")
    kept = str([list(model.objects.values()) for model in (AccessAttempt, AccessLog, AccessFailureLog)])
    assert AccessAttempt.objects.count() == 1
    for private in ("wrong field", WRONG):
        assert private not in kept
        assert private not in str(list(AuditEntry.objects.values()))


def test_the_process_log_names_nobody(ana: User, browser: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        fail(browser, 5)
        knock(browser)
    told = " ".join(record.getMessage() for record in caplog.records)
    assert "ana" not in told.replace("manager", "")
    assert "127.0.0.1" not in told


def test_tries_failures_and_lock_outs_are_in_the_audit_log_and_cannot_fill_it(
    ana: User, browser: Client
) -> None:
    fail(browser, 9)
    deeds = list(AuditEntry.objects.order_by("pk").values_list("action", "actor"))
    assert deeds == [*[(Deed.SIGN_IN_FAILED, "ana")] * 5, (Deed.LOCKED_OUT, "ana")]
    for place in range(20):
        knock(Client(), WRONG, name=f"nobody{place}")
    unknown = AuditEntry.objects.filter(actor="unknown name")
    assert [line.subject_label for line in unknown] == ["unknown name"]


def test_signing_in_and_out_is_in_the_audit_log(ana: User, browser: Client) -> None:
    knock(browser)
    browser.post("/admin/logout/")
    deeds = list(AuditEntry.objects.order_by("pk").values_list("action", "user"))
    assert deeds == [(Deed.SIGNED_IN, ana.pk), (Deed.SIGNED_OUT, ana.pk)]


@pytest.mark.parametrize(
    ("is_behind", "headers", "address"),
    [
        (False, {}, "127.0.0.1"),
        (False, {"x-forwarded-for": "192.0.2.9"}, "127.0.0.1"),
        (True, {}, "127.0.0.1"),
        (True, {"x-forwarded-for": "192.0.2.9"}, "192.0.2.9"),
        (True, {"x-forwarded-for": "10.9.9.9, 192.0.2.9"}, "192.0.2.9"),
        (True, {"x-forwarded-for": "2001:DB8::1"}, "2001:db8::1"),
        (True, {"x-forwarded-for": "::ffff:192.0.2.9"}, "192.0.2.9"),
        (True, {"x-forwarded-for": "nonsense"}, "127.0.0.1"),
    ],
)
def test_the_address_is_what_our_proxy_wrote_and_never_what_a_client_says(
    rf: RequestFactory, settings: Settings, is_behind: bool, headers: dict[str, str], address: str
) -> None:
    settings.BEHIND_PROXY = is_behind
    assert client_address(rf.get("/", headers=headers)) == address


def test_a_made_up_header_gives_no_more_tries(ana: User, browser: Client, settings: Settings) -> None:
    settings.BEHIND_PROXY = True
    seen = [
        knock(browser, WRONG, headers={"x-forwarded-for": f"10.0.0.{place}, 192.0.2.9"}).status_code
        for place in range(5)
    ]
    assert seen[-1] == 429


def test_whoever_has_a_network_of_addresses_has_no_more_tries(
    ana: User, browser: Client, settings: Settings
) -> None:
    """Every home with IPv6 has more addresses of its own than anybody could lock out."""
    settings.BEHIND_PROXY = True
    seen = [
        knock(browser, WRONG, headers={"x-forwarded-for": f"2001:db8:0:7:{place}::1"}).status_code
        for place in range(5)
    ]
    assert seen[-1] == 429
    assert knock(Client(), headers={"x-forwarded-for": "2001:db8:0:8::1"}).status_code == 302
