"""From what is public to who won, as docs/draws.md says it. Pure: no clock, no chance, no database."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Sequence

ALGORITHM = "raffle-draw/1"
NOBODY = "-"
WORD_BYTES = 8
SALT_BYTES = 16
MARK_DIGITS = 32


class Generator:
    """HMAC-DRBG with SHA-256 (NIST SP 800-90A 10.1.2), never reseeded."""

    def __init__(self, entropy: bytes, personalization: bytes) -> None:
        self._key = bytes(32)
        self._value = b"\x01" * 32
        self._update(entropy + personalization)

    def generate(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            self._value = _mac(self._key, self._value)
            found += self._value
        self._update(b"")
        return found[:count]

    def below(self, limit: int) -> int:
        """Uniform: what would make some more likely than others is thrown away."""
        whole = 2 ** (8 * WORD_BYTES)
        while True:
            word = int.from_bytes(self.generate(WORD_BYTES), "big")
            if word < whole - whole % limit:
                return word % limit

    def _update(self, given: bytes) -> None:
        self._key = _mac(self._key, self._value + b"\x00" + given)
        self._value = _mac(self._key, self._value)
        if given:
            self._key = _mac(self._key, self._value + b"\x01" + given)
            self._value = _mac(self._key, self._value)


def seed_of(*, rule: str, root: str, secret: str | None, randomness: str | None) -> str:
    """All of them lowercase hex; None for what takes no part."""
    lines = (ALGORITHM, rule, root, secret or NOBODY, randomness or NOBODY)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def sequence(seed: str, count: int, length: int) -> list[int]:
    """Positions in the list of `count` entries, in the order in which they are drawn; none comes twice."""
    chance = Generator(bytes.fromhex(seed), ALGORITHM.encode())
    left = list(range(count))
    return [left.pop(chance.below(len(left))) for _ in range(min(length, count))]


def secret_hash(secret: str) -> str:
    return hashlib.sha256(bytes.fromhex(secret)).hexdigest()


def mark_of(*, salt: str, number: int, order: str) -> str:
    """Binds a number to its order and tells neither whose it is nor which order."""
    return hashlib.sha256(f"{salt}:{number}:{order}".encode()).hexdigest()[:MARK_DIGITS]


def salt_of(key: str, number: int) -> str:
    """Of one number, from the key of its draw: 32 hex digits."""
    return hmac.digest(bytes.fromhex(key), str(number).encode(), "sha256")[:SALT_BYTES].hex()


def chosen_by_digits(
    results: Sequence[str], *, digits: int, first: int, last: int, mapping: str, entries: Collection[int]
) -> list[int]:
    """Numbers in the order of the official results; what is no entry or came before is passed over."""
    found: dict[int, None] = {}
    for result in results:
        value = int(result[-digits:])
        number = value if mapping == "direct" else first + value % (last - first + 1)
        if number in entries:
            found.setdefault(number)
    return list(found)


def _mac(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, "sha256")
