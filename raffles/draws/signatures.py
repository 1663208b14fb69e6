"""Whether a signature is the beacon's: BLS12-381, signatures in G1, drand's `bls-unchained-g1-rfc9380`."""

from __future__ import annotations

import hashlib
from typing import Any

from raffles.draws.curve import curve, decompress_G1, decompress_G2, hash_to_G1

SIGNATURE_BYTES = 48
DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"


def is_signed(public_key: str, message: bytes, signature: str) -> bool:
    """Key and signature in hex, compressed."""
    point, public = _signature_point(signature), _key_point(public_key)
    if point is None:
        return False
    both = _paired(curve.G2, point) * _paired(public, curve.neg(hashed(message)))
    return bool(curve.final_exponentiate(both) == curve.FQ12.one())


def hashed(message: bytes) -> Any:
    return hash_to_G1(message, DOMAIN, hashlib.sha256)


def _paired(public: Any, point: Any) -> Any:
    return curve.pairing(public, point, final_exponentiate=False)


def _signature_point(signature: str) -> Any:
    """None for what is no point of the right group; the one at infinity signs nothing."""
    try:
        raw = bytes.fromhex(signature)
        point = decompress_G1(int.from_bytes(raw, "big"))
    except ValueError:
        return None
    in_group = curve.is_inf(curve.multiply(point, curve.curve_order))
    return point if len(raw) == SIGNATURE_BYTES and in_group and not curve.is_inf(point) else None


def _key_point(public_key: str) -> Any:
    raw = bytes.fromhex(public_key)
    return decompress_G2((int.from_bytes(raw[:48], "big"), int.from_bytes(raw[48:], "big")))
