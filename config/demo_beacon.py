"""A beacon for trying: drand's answers, signed on this machine with a key that everybody can read here."""

from __future__ import annotations

from functools import lru_cache

from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone

from raffles.draws.beacon import DEMO, message_of, randomness_of, round_at, time_of

SECRET_KEY = 0xE117FE44A19AD8DA5A502FFA40E8491B08C76AFF08BEC30F808FF78C19F620A
LARGEST = 2**63


@lru_cache(maxsize=256)
def signature_of(round_number: int) -> str:
    from raffles.draws.curve import compress_G1, curve  # noqa: PLC0415 - heavy, as in beacon.py
    from raffles.draws.signatures import hashed  # noqa: PLC0415

    signed = curve.multiply(hashed(message_of(round_number)), SECRET_KEY)
    return int(compress_G1(signed)).to_bytes(48, "big").hex()


def answer(_request: HttpRequest, chain: str, round_number: int | None = None) -> JsonResponse:
    """As drand's relays answer; a round whose time has not come is not there."""
    now = timezone.now()
    number = round_at(DEMO, now) - 1 if round_number is None else round_number
    if chain != DEMO.hash or not 1 <= number < LARGEST or time_of(DEMO, number) > now:
        raise Http404
    signature = signature_of(number)
    return JsonResponse({"round": number, "randomness": randomness_of(signature), "signature": signature})
