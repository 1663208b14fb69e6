"""Where a round of the beacon is got from: a recorded file, or drand's public relays.

Nothing here is trusted: whether a signature is the chain's is looked at where it is recorded.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from django.conf import settings

from raffles.draws.beacon import Chain
from raffles.outside.addresses import BadAddress, Reach
from raffles.outside.fetching import Fetched, fetch
from raffles.outside.lines import NoAnswer, Times

log = logging.getLogger(__name__)

TIMES = Times(connect=5, read=5, whole=10)
MOST_BYTES = 64 * 1024
LONGEST = 400
MOST_TRIED = 20  # each costs half a second of one core to look at


class RoundUnreadable(Exception):
    """What was pasted is neither an answer of drand nor a signature."""


def found_signatures(chain: Chain, round_number: int, urls: Sequence[str], path: str) -> Iterator[str]:
    """In hex, of each source that says it has the round, none twice; whether one is true is not looked at."""
    return islice(_different(chain, round_number, urls, path), MOST_TRIED)


def _different(chain: Chain, round_number: int, urls: Sequence[str], path: str) -> Iterator[str]:
    seen: set[str] = set()
    for text in _sources(chain, round_number, urls, path):
        try:
            found, signature = read_round(text)
        except RoundUnreadable:
            continue
        if found == round_number and signature not in seen:
            seen.add(signature)
            yield signature


def read_round(text: str) -> tuple[int | None, str]:
    """Round and signature of drand's answer, or None and the signature where that alone is given."""
    text = text.strip()
    if text[:1] != "{":
        return None, _hex(text)
    try:
        answer = json.loads(text[:MOST_BYTES])
    except (ValueError, RecursionError):
        raise RoundUnreadable from None
    number, signature = answer.get("round"), answer.get("signature")
    if isinstance(number, bool) or not isinstance(number, int) or not isinstance(signature, str):
        raise RoundUnreadable
    return number, _hex(signature)


def _hex(text: str) -> str:
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        raise RoundUnreadable from None
    if not raw or len(text) > LONGEST:
        raise RoundUnreadable
    return raw.hex()


def _sources(chain: Chain, round_number: int, urls: Sequence[str], path: str) -> Iterator[str]:
    """One after the other, and only as far as it takes."""
    yield from _recorded(path)
    for url in urls:
        found = _fetched(f"{url}/{chain.hash}/public/{round_number}")
        if found is not None and found.status == 200:
            yield found.body.decode(errors="replace")


def _recorded(path: str) -> Iterator[str]:
    """Answers of drand, one a line, for a site without a way out."""
    if not path:
        return
    try:
        with Path(path).open(encoding="utf-8", errors="replace") as lines:
            yield from lines
    except OSError as error:
        log.warning("the file of recorded rounds cannot be read: %s", type(error).__name__)


def _fetched(url: str) -> Fetched | None:
    """A relay that does not answer is passed by; the next minute asks again."""
    reach = Reach.ANYWHERE if settings.SIMULATOR else Reach.INTERNET
    try:
        return fetch(url, reach=reach, times=TIMES, most=MOST_BYTES)
    except (NoAnswer, BadAddress) as error:
        log.info("a relay of the beacon gave no answer: %s", type(error).__name__)
        return None
