from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.core.files.base import File
from django.db import transaction

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.numbers.errors import RaffleNotFound
from raffles.numbers.models import Raffle


def set_raffle_picture(*, raffle_id: int, picture: File[bytes] | None, by: User, now: datetime) -> Raffle:
    """Another picture, or none: it is no term of the sale, so it changes at any time.

    Whether it is a picture the caller has looked at. Raises RaffleNotFound.
    """
    with transaction.atomic():
        raffle = Raffle.objects.select_for_update(of=("self",), no_key=True).filter(pk=raffle_id).first()
        if raffle is None:
            raise RaffleNotFound(raffle_id)
        before = raffle.image.name or ""
        if picture is None:
            raffle.image = ""
        else:
            raffle.image.save(picture.name or "picture", picture, save=False)
        raffle.save(update_fields=["image"])
        _record(raffle, before, by, now)
        return raffle


def _record(raffle: Raffle, before: str, by: User, now: datetime) -> None:
    record(
        Deed.RAFFLE_CHANGED,
        subject=raffle,
        label=raffle.code,
        user=by,
        before={"image": before},
        after={"image": raffle.image.name or ""},
        now=now,
    )
