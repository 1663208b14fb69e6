"""What players do by themselves after a message, when a seed says so."""

from collections.abc import Callable
from datetime import datetime

from . import changes, faults
from .models import Phone
from .people import create_phone
from .speech import name_of, send_raw

NEW_NUMBER_DIGITS = 10**7


def follow(phone: Phone, wamid: str, text: str, now: datetime) -> None:
    subject = name_of(phone)
    for name, whim in WHIMS.items():
        if faults.strike(name, subject, now) is not None:
            whim(phone, wamid, text, now)


def _edit(phone: Phone, wamid: str, text: str, now: datetime) -> None:
    changes.edit(phone, f"{text}!", wamid=wamid, now=now)


def _revoke(phone: Phone, wamid: str, _text: str, now: datetime) -> None:
    changes.revoke(phone, wamid=wamid, now=now)


def _system_message(phone: Phone, _wamid: str, _text: str, now: datetime) -> None:
    changes.system_message(phone, now=now)


def _number_change(phone: Phone, _wamid: str, _text: str, now: datetime) -> None:
    if number := _free_number_like(phone):
        changes.change_number(phone, number, now=now)


def _recycled_number(phone: Phone, _wamid: str, _text: str, now: datetime) -> None:
    """The player moves on to another number, and the old one is somebody else's from now on."""
    old = phone.wa_id
    if not (number := _free_number_like(phone)):
        return
    changes.change_number(phone, number, now=now)
    stranger = create_phone(profile_name=f"New on {old[-4:]}", wa_id=old, now=now)
    send_raw(stranger, {"type": "text", "text": {"body": "hola"}}, now=now)


def _free_number_like(phone: Phone) -> str:
    """Follows from the old number, so that a seed repeats."""
    number = phone.wa_id
    while number and Phone.objects.filter(wa_id=number).exists():
        tail = int(faults.drawn(0, "new number", number) * NEW_NUMBER_DIGITS)
        number = f"{number[:-7]}{tail:07d}"
    return number


WHIMS: dict[str, Callable[[Phone, str, str, datetime], None]] = {
    "edit": _edit,
    "revoke": _revoke,
    "system_message": _system_message,
    "number_change": _number_change,
    "recycled_number": _recycled_number,
}
