"""Rounds of a public beacon (drand): when they come, and whether a signature is the chain's."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings

SCHEME = "bls-unchained-g1-rfc9380"


class UnknownChain(Exception):
    def __init__(self, chain: str) -> None:
        super().__init__(chain)
        self.chain = chain


@dataclass(frozen=True)
class Chain:
    """`genesis` in Unix seconds, `period` in seconds, keys and hash in hex."""

    name: str
    hash: str
    public_key: str
    genesis: int
    period: int
    scheme: str = SCHEME


QUICKNET = Chain(
    name="quicknet",
    hash="52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    public_key=(
        "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
        "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
    ),
    genesis=1692803367,
    period=3,
)
# Its key is known to everybody: good for trying, worth nothing.
DEMO = Chain(
    name="demo",
    hash=hashlib.sha256(b"demo beacon of the raffle back office").hexdigest(),
    public_key=(
        "9031d5566b8fdcf82df968b92a125ffe7a0af6e97b39081c16a2840d163e1f370abe719abe63fa78084d4898181b5e8d"
        "0d564efba4c5c2d20b496daa39d73d41aa58ecea0e6c5a9133ee7744ea9357704bfd7f643584350864248da2e4e3f3c3"
    ),
    genesis=1767225600,
    period=3,
)


def chain_named(name: str) -> Chain:
    return next((chain for chain in _known() if chain.name == name), None) or _unknown(name)


def chain_by_hash(digest: str) -> Chain:
    return next((chain for chain in _known() if chain.hash == digest), None) or _unknown(digest)


def round_at(chain: Chain, instant: datetime) -> int:
    """The first round at or after the instant."""
    since = instant - datetime.fromtimestamp(chain.genesis, UTC)
    return max(-(-since // timedelta(seconds=chain.period)), 0) + 1


def time_of(chain: Chain, round_number: int) -> datetime:
    return datetime.fromtimestamp(chain.genesis + (round_number - 1) * chain.period, UTC)


def randomness_of(signature: str) -> str:
    return hashlib.sha256(bytes.fromhex(signature)).hexdigest()


def message_of(round_number: int) -> bytes:
    return hashlib.sha256(round_number.to_bytes(8, "big")).digest()


def is_signed(chain: Chain, round_number: int, signature: str) -> bool:
    """About half a second of one core. False for whatever cannot be read.

    The curve is loaded when there is one: it is a tenth of the memory of every process.
    """
    from raffles.draws import signatures  # noqa: PLC0415

    return round_number >= 1 and signatures.is_signed(chain.public_key, message_of(round_number), signature)


def _known() -> tuple[Chain, ...]:
    return (QUICKNET, DEMO) if settings.SIMULATOR else (QUICKNET,)


def _unknown(chain: str) -> Chain:
    raise UnknownChain(chain)
