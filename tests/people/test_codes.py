"""Codes of the second factor themselves: which are right, and each is taken once."""

from __future__ import annotations

import base64
import threading
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db.models import QuerySet
from pytest_django import Settings

from config.people import second_factor
from config.people.second_factor import (
    matching_step,
    new_recovery_codes,
    recovery_codes_left,
    take_code,
)
from tests.factories import NOW
from tests.people.doors import code_at, equip
from tests.races.conftest import Race

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "own_files")]

LATER = NOW + timedelta(minutes=2)
RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
# RFC 6238, appendix B, for SHA-1; its eight digits end with our six.
RFC_VECTORS = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]


@pytest.mark.parametrize(("second", "code"), RFC_VECTORS)
def test_the_vectors_of_rfc_6238(second: int, code: str) -> None:
    now = datetime.fromtimestamp(second, UTC)
    assert matching_step(RFC_SECRET, code[-6:], now) == second // 30
    assert matching_step(RFC_SECRET, code[-6:], now + timedelta(seconds=90)) is None
    assert matching_step(RFC_SECRET, f"{int(code[-6:]) ^ 1:06}", now) is None


@pytest.mark.parametrize(
    ("seconds", "is_taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_clock_may_be_half_a_minute_off(ana: User, seconds: int, is_taken: bool) -> None:
    secret, _codes = equip(ana)
    assert take_code(ana, code_at(secret, NOW + timedelta(seconds=seconds)), NOW) is is_taken


def test_a_code_is_taken_once_and_no_older_one_after_it(ana: User) -> None:
    secret, _codes = equip(ana)
    assert take_code(ana, code_at(secret, NOW), NOW)
    assert not take_code(ana, code_at(secret, NOW), NOW)
    assert not take_code(ana, code_at(secret, NOW - timedelta(seconds=30)), NOW)
    assert take_code(ana, code_at(secret, NOW + timedelta(seconds=30)), NOW)


def test_a_factor_outlives_its_key_as_long_as_that_is_known(ana: User, settings: Settings) -> None:
    secret, codes = equip(ana)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key of fifty characters or more, or so it says"
    assert not take_code(ana, code_at(secret, NOW), NOW)
    assert not take_code(ana, codes[0], NOW)
    assert recovery_codes_left(ana) == 0
    settings.SECRET_KEY_FALLBACKS = [old]
    assert take_code(ana, code_at(secret, NOW), NOW)
    assert take_code(ana, codes[0], NOW)


def test_a_recovery_code_is_taken_once_and_never_of_a_list_that_was_renewed(ana: User) -> None:
    _secret, codes = equip(ana)
    assert len(set(codes)) == 10
    assert take_code(ana, codes[0], NOW)
    assert not take_code(ana, codes[0], NOW)
    assert recovery_codes_left(ana) == 9
    fresh = new_recovery_codes(ana)
    assert not take_code(ana, codes[1], NOW)
    assert take_code(ana, fresh[1], NOW)


@pytest.mark.parametrize("code", ["", " ", "12345", "1234567", "٣٣٣٣٣٣", "abcdef", "\0" * 6])
def test_what_is_no_code_is_wrong_and_not_an_error(ana: User, code: str) -> None:
    equip(ana)
    assert not take_code(ana, code, NOW)


def test_the_database_alone_makes_no_codes(ana: User) -> None:
    secret, codes = equip(ana)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert not any(code in kept for code in codes)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_code_sent_eight_times_at_once_is_taken_once(ana: User, race: Race) -> None:
    secret, codes = equip(ana)
    for code in (code_at(secret, NOW), codes[0]):
        assert race([partial(take_code, ana, code, NOW)] * 8).count(True) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_code_is_taken_more_than_once(
    ana: User, race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: all have read the row before the first writes it."""
    secret, _codes = equip(ana)
    together = threading.Barrier(4, timeout=30)

    def read_together(secret: str, code: str, now: datetime) -> int | None:
        together.wait()
        return matching_step(secret, code, now)

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, *_args, **_options: rows)
    monkeypatch.setattr(second_factor, "matching_step", read_together)
    assert race([partial(take_code, ana, code_at(secret, NOW), NOW)] * 4).count(True) == 4
