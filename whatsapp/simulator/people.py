import secrets
from datetime import datetime

from django.utils import timezone

from .addresses import digits_of
from .models import Phone

COUNTRY_OF_PREFIX = {"595": "PY", "55": "BR", "54": "AR", "49": "DE", "44": "GB", "34": "ES", "1": "US"}


def phone_for(wa_id: str, *, profile_name: str = "", now: datetime | None = None) -> Phone:
    digits = digits_of(wa_id)
    known = Phone.objects.filter(wa_id=digits).first()
    return known or create_phone(profile_name=profile_name or f"Player {digits[-4:]}", wa_id=digits, now=now)


def create_phone(
    *,
    profile_name: str,
    wa_id: str = "",
    username: str = "",
    language: str = "es",
    bsuid: str = "",
    receipts_on: bool = True,
    now: datetime | None = None,
) -> Phone:
    return Phone.objects.create(
        profile_name=profile_name,
        wa_id=digits_of(wa_id),
        username=username,
        bsuid=bsuid or new_bsuid(wa_id),
        language=language,
        receipts_on=receipts_on,
        created_at=now or timezone.now(),
    )


def new_bsuid(wa_id: str = "") -> str:
    digits = digits_of(wa_id)
    country = next((code for prefix, code in COUNTRY_OF_PREFIX.items() if digits.startswith(prefix)), "PY")
    return f"{country}.{8392 * 10**14 + secrets.randbelow(10**14)}"
