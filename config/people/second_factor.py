"""Codes of an authenticator app, and recovery codes for the day the phone is gone."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime
from secrets import compare_digest
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.models import User
from django.db import transaction

from raffles.api.sessions import close_all
from raffles.sealing import Unreadable, opened, sealed

logger = logging.getLogger(__name__)

SHOWN_FOR = "second_factor_of"
PERIOD = 30
# A clock that is half a minute off, on either side.
TOLERANCE = 1
PURPOSE = "second factor"

Type = Authenticator.Type


class SealedAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets are sealed with SECRET_KEY: a copy of the database alone makes no codes."""

    def get_totp_label(self, user: Any) -> str:
        return str(user.get_username())

    def encrypt(self, text: str) -> str:
        return sealed(text, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return opened(encrypted_text, purpose=PURPOSE)


def has_factor(user: Any) -> bool:
    return bool(Authenticator.objects.filter(user_id=user.pk, type=Type.TOTP).exists())


def new_secret() -> str:
    return str(generate_totp_secret())


def address_of(user: User, secret: str) -> str:
    """What the square holds; apps also read it from a link."""
    return str(SealedAdapter().build_totp_url(user, secret))


def picture_of(address: str) -> str:
    return str(SealedAdapter().build_totp_svg(address))


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The half minute whose code this is; every one is compared, so that the time tells nothing."""
    typed = "".join(code.split())
    middle = int(now.timestamp()) // PERIOD
    found = None
    for step in range(middle - TOLERANCE, middle + TOLERANCE + 1):
        if compare_digest(typed.encode(), format_hotp_value(hotp_value(secret, step)).encode()):
            found = step
    return found


def add_factor(user: User, secret: str, code: str, now: datetime) -> bool:
    """Kept once a code shows that the app has the secret. False: a wrong code, or there is one already."""
    step = matching_step(secret, code, now)
    if step is None:
        return False
    kept = SealedAdapter().encrypt(secret)
    _row, is_new = Authenticator.objects.get_or_create(
        user=user, type=Type.TOTP, defaults={"data": {"secret": kept, "last_step": step}}
    )
    return bool(is_new)


def take_code(user: User, code: str, now: datetime) -> bool:
    """A code of the app, or a recovery code; each is taken once, also when two send it at one moment.

    Where SECRET_KEY is not that of when the factor was set up every code is wrong, and the log says why.
    """
    try:
        return _take_app_code(user, code, now) or _take_recovery_code(user, code)
    except Unreadable:
        logger.error("the second factor of user %s cannot be read: SECRET_KEY is another one", user.pk)
        return False


def _take_app_code(user: User, code: str, now: datetime) -> bool:
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().filter(user=user, type=Type.TOTP).first()
        if row is None:
            return False
        step = matching_step(SealedAdapter().decrypt(row.data["secret"]), code, now)
        if step is None or step <= row.data.get("last_step", -1):
            return False
        row.data["last_step"], row.last_used_at = step, now
        row.save(update_fields=["data", "last_used_at"])
    return True


def _take_recovery_code(user: User, code: str) -> bool:
    row = Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).first()
    return row is not None and bool(RecoveryCodes(row).validate_code(code))


def new_recovery_codes(user: User) -> list[str]:
    """The ones of before are worth nothing from now on."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).delete()
        return list(RecoveryCodes.activate(user).generate_codes())


def recovery_codes_left(user: User) -> int:
    row = Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).first()
    with suppress(Unreadable):
        return 0 if row is None else len(RecoveryCodes(row).get_unused_codes())
    return 0


def remove_factor(user: User, now: datetime) -> bool:
    """The apps it was shown in are signed out: one of them may be on the phone that is gone."""
    with transaction.atomic():
        close_all(user, now)
        count, _by_model = Authenticator.objects.filter(user=user).delete()
    return bool(count)
