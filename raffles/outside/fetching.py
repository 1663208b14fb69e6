"""A small document of a machine of others."""

from __future__ import annotations

from dataclasses import dataclass

from raffles.outside.addresses import Reach
from raffles.outside.lines import NoAnswer, Times, guarded

CHUNK = 4096


@dataclass(frozen=True)
class Fetched:
    status: int
    body: bytes


def fetch(url: str, *, reach: Reach, times: Times, most: int) -> Fetched:
    """Whatever its status is. Raises BadAddress, or NoAnswer also where there are more than `most` bytes."""
    limits, body = (times.connect, times.read), b""
    with (
        guarded(url, reach, times) as session,
        session.get(
            url, headers={"Accept": "application/json"}, timeout=limits, allow_redirects=False, stream=True
        ) as found,
    ):
        for part in found.iter_content(CHUNK):
            body += part
            if len(body) > most:
                raise NoAnswer("TooLong")
        return Fetched(found.status_code, body)
