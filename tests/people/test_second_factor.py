from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import Settings

from config.people.second_factor import (
    has_factor,
    new_secret,
)
from raffles.audit.models import AuditEntry, Deed
from raffles.sales.models import Order
from tests.admin.pages import decide, page_of, run_action, status_of, text, told
from tests.factories import NOW, make_order
from tests.people.doors import PASSWORD, code_at, equip, give_code, is_in, knock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "own_files")]

LATER = NOW + timedelta(minutes=2)


def test_the_first_sign_in_with_a_second_factor_from_setting_it_up_to_coming_back(
    ana: User, browser: Client
) -> None:
    knock(browser)
    page = browser.get(reverse("second_factor"))
    secret = page.context["secret"]
    assert "<svg" in text(page)
    assert f"secret={secret}" in page.context["address"]
    answer = browser.post(reverse("second_factor"), {"code": code_at(secret, NOW)})
    codes = answer.context["codes"]
    assert all(code in text(answer) for code in codes)
    assert "no-store" in answer.headers["Cache-Control"]
    browser.post("/admin/logout/")
    with time_machine.travel(LATER, tick=False):
        answer = knock(browser)
        assert answer.headers["location"] == "/admin/login/code/?next=%2Fadmin%2F"
        assert not is_in(browser)
        assert "wrong or was used" in text(give_code(browser, "000000"))
        assert not is_in(browser)
        answer = give_code(browser, code_at(secret, LATER), to="/admin/sales/order/")
        assert answer.headers["location"] == "/admin/sales/order/"
        assert is_in(browser)
    assert AuditEntry.objects.filter(action=Deed.FACTOR_ADDED, user=ana).count() == 1


def test_the_menu_of_ones_own_name_leads_to_it(ana: User, browser: Client) -> None:
    knock(browser)
    assert f'href="{reverse("second_factor")}"' in text(browser.get("/admin/"))


def test_a_wrong_code_sets_nothing_up(ana: User, browser: Client) -> None:
    knock(browser)
    browser.get(reverse("second_factor"))
    answer = browser.post(reverse("second_factor"), {"code": "000000"})
    assert "clock of the phone" in text(answer)
    assert not has_factor(ana)


def test_the_code_that_set_it_up_opens_nothing(ana: User, browser: Client) -> None:
    knock(browser)
    secret = browser.get(reverse("second_factor")).context["secret"]
    browser.post(reverse("second_factor"), {"code": code_at(secret, NOW)})
    browser.post("/admin/logout/")
    knock(browser)
    give_code(browser, code_at(secret, NOW))
    assert not is_in(browser)


def test_a_recovery_code_opens_the_door(ana: User, browser: Client) -> None:
    _secret, codes = equip(ana)
    knock(browser)
    give_code(browser, codes[3])
    assert is_in(browser)


def test_five_wrong_codes_lock_out_like_wrong_passwords(ana: User, browser: Client) -> None:
    secret, _codes = equip(ana)
    knock(browser)
    assert [give_code(browser, "000000").status_code for _try in range(5)] == [200, 200, 200, 200, 429]
    assert give_code(browser, code_at(secret, NOW)).status_code == 429
    assert knock(browser).status_code == 429
    assert not is_in(browser)


def test_no_page_of_the_desk_opens_half_way_in(ana: User, browser: Client) -> None:
    equip(ana)
    ana.user_permissions.add(Permission.objects.get(codename="view_order"))
    knock(browser)
    for address in ("/admin/", "/admin/sales/order/", "/admin/desk/", reverse("second_factor")):
        assert browser.get(address).headers.get("location", "").startswith("/admin/login/"), address


@pytest.mark.parametrize("trouble", ["too late", "password changed", "closed", "no password first"])
def test_half_way_in_does_not_last(ana: User, browser: Client, trouble: str) -> None:
    secret, _codes = equip(ana)
    if trouble != "no password first":
        knock(browser)
    if trouble == "password changed":
        ana.set_password("something else")
    ana.is_active = trouble != "closed"
    ana.save()
    at = NOW + timedelta(minutes=6 if trouble == "too late" else 1)
    with time_machine.travel(at, tick=False):
        assert give_code(browser, code_at(secret, at)).headers["location"] == "/admin/login/"
        assert not is_in(browser)


def test_the_way_back_leads_nowhere_else(ana: User, browser: Client) -> None:
    secret, _codes = equip(ana)
    browser.post("/admin/login/?next=https://evil.example/", {"username": "ana", "password": PASSWORD})
    answer = give_code(browser, code_at(secret, NOW), to="https://evil.example/")
    assert answer.headers["location"] == "/admin/"


def test_removing_and_renewing_ask_for_a_code_again(ana: User, browser: Client) -> None:
    secret, codes = equip(ana)
    knock(browser)
    give_code(browser, codes[0])
    for name in ("second_factor_remove", "second_factor_codes"):
        answer = browser.post(reverse(name), {"code": "000000"}, follow=True)
        assert "wrong or was used" in told(answer)
        assert browser.get(reverse(name)).status_code == 405
    fresh = browser.post(reverse("second_factor_codes"), {"code": codes[1]}).context["codes"]
    assert has_factor(ana)
    browser.post(reverse("second_factor_remove"), {"code": fresh[0]})
    assert not has_factor(ana)
    deeds = set(AuditEntry.objects.filter(user=ana).values_list("action", flat=True))
    assert {Deed.CODES_RENEWED, Deed.FACTOR_REMOVED} <= deeds
    assert secret not in str(list(AuditEntry.objects.values()))


def rights(user: User, *names: str) -> None:
    user.user_permissions.add(*Permission.objects.filter(codename__in=names))


def operator_in_need(settings: Settings, ana: User) -> None:
    settings.SECOND_FACTOR_GROUPS = ("operator",)
    ana.groups.add(Group.objects.create(name="operator"))
    ana.is_superuser = True
    ana.save()


def test_whoever_needs_a_second_factor_and_lacks_it_looks_and_does_not_decide(
    ana: User, browser: Client, settings: Settings
) -> None:
    operator_in_need(settings, ana)
    order = make_order(status="UNDER_REVIEW")
    paid = make_order(status="PAID")
    knock(browser)
    page = text(browser.get(page_of(order)))
    assert "decisions about money need a second factor" in page
    assert f"{page_of(order, 'confirm')}" not in page
    for decision in ("confirm", "reject", "cancel", "credit"):
        answer: Any = decide(browser, order, decision, words="x", amount="100000", method="cash")
        assert answer.redirect_chain[-1][0] == reverse("second_factor"), decision
        assert "This needs a second factor" in told(answer)
    assert browser.get(page_of(paid.player, "record")).headers["location"] == reverse("second_factor")
    run_action(browser, Order, "confirm_payments", [order])
    assert status_of(order) == "UNDER_REVIEW"
    decide(browser, paid, "refund", words="x")
    assert status_of(paid) == "PAID"


def test_with_it_in_this_session_they_decide_and_in_another_session_without_it_they_do_not(
    ana: User, browser: Client, settings: Settings
) -> None:
    operator_in_need(settings, ana)
    secret, _codes = equip(ana)
    order = make_order(status="UNDER_REVIEW")
    elsewhere = Client()
    elsewhere.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    decide(elsewhere, order, "confirm", amount="100000", method="cash")
    assert status_of(order) == "UNDER_REVIEW"
    knock(browser)
    give_code(browser, code_at(secret, NOW))
    decide(browser, order, "confirm", amount="100000", method="cash")
    assert status_of(order) == "PAID"


def test_where_no_group_is_named_nobody_is_asked(ana: User, browser: Client) -> None:
    ana.is_superuser = True
    ana.save()
    order = make_order(status="UNDER_REVIEW")
    knock(browser)
    decide(browser, order, "confirm", amount="100000", method="cash")
    assert status_of(order) == "PAID"


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> list[str]:
    found: list[str] = []
    for one in patterns:
        place = before + str(one.pattern)
        found += addresses(one.url_patterns, place) if isinstance(one, URLResolver) else [place]
    return found


def test_no_page_signs_up_verifies_mail_or_comes_from_allauth_itself() -> None:
    def views(patterns: list[URLPattern | URLResolver]) -> list[str]:
        found: list[str] = []
        for one in patterns:
            found += views(one.url_patterns) if isinstance(one, URLResolver) else [one.callback.__module__]
        return found

    modules = views(get_resolver().url_patterns)
    assert any(module.startswith("config.people") for module in modules)
    assert [module for module in modules if module.startswith("allauth")] == []
    words = ("signup", "social", "email", "webauthn", "accounts", "password_reset", "reauthenticate")
    assert [
        place for place in addresses(get_resolver().url_patterns) if any(word in place for word in words)
    ] == []


def test_the_admins_own_login_without_a_code_is_out_of_reach(ana: User, browser: Client) -> None:
    assert reverse("admin:login") == "/admin/login/"
    assert get_resolver().resolve("/admin/login/").func.__module__ == "config.people.sign_in"
    new_secret()
    equip(ana)
    knock(browser)
    assert not is_in(browser)


def test_who_lost_everything_starts_anew_by_a_command(ana: User, capsys: pytest.CaptureFixture[str]) -> None:
    equip(ana)
    call_command("remove_second_factor", "ana")
    assert capsys.readouterr().out == "ana has no second factor any more\n"
    call_command("remove_second_factor", "ana")
    call_command("remove_second_factor", "--all")
    assert not has_factor(ana)
    assert capsys.readouterr().out == "ana has no second factor\nNobody has a second factor\n"
    assert AuditEntry.objects.get(action=Deed.FACTOR_REMOVED).actor == "command"
    for wrong in ([], ["nobody"], ["ana", "--all"]):
        with pytest.raises(CommandError):
            call_command("remove_second_factor", *wrong)
