"""Whom a message is for, as the business wrote it and as Meta knows it."""

import base64
import secrets
from dataclasses import dataclass

from .envelopes import DISPLAY_PHONE_NUMBER
from .models import Phone
from .refusals import GraphRefusal, invalid, wrong_parameter
from .required import required_text
from .shapes import Json


@dataclass(frozen=True)
class Address:
    given: str
    by_phone: bool
    phone: Phone | None

    def answer(self) -> Json:
        if not self.by_phone:
            return {"input": self.given, "user_id": self.given}
        return {"input": self.given, "wa_id": self.phone.wa_id if self.phone else digits_of(self.given)}

    def recipient(self) -> Json:
        if self.by_phone:
            return {"recipient_id": digits_of(self.given)}
        return {"recipient_user_id": self.given}

    @property
    def key(self) -> str:
        """One for each person, however addressed."""
        return self.phone.bsuid if self.phone else self.given


def digits_of(number: str) -> str:
    return "".join(digit for digit in number if digit in "0123456789")


def new_wamid(seed: str) -> str:
    return "wamid." + base64.b64encode(b"\x1d" + seed.encode() + b"\x15" + secrets.token_bytes(21)).decode()


def addressee(body: Json) -> Address:
    """With both given, `to` wins."""
    if not body.get("to"):
        if not body.get("recipient"):
            raise wrong_parameter("The parameter to is required.")
        bsuid = required_text(body, "recipient", "")
        return Address(bsuid, by_phone=False, phone=Phone.objects.filter(bsuid=bsuid).first())
    number = required_text(body, "to", "")
    digits = digits_of(number)
    if not digits or any(letter.isalpha() for letter in number):
        raise invalid("to must be a phone number; a user id belongs in recipient")
    if digits == DISPLAY_PHONE_NUMBER:
        raise GraphRefusal(131021, "Recipient phone number cannot be the sender's own")
    return Address(number, by_phone=True, phone=Phone.objects.filter(wa_id=digits).first())
