"""A POST to a machine of others; of its answer the status is kept, and when to come again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from raffles.outside.addresses import Reach
from raffles.outside.lines import NoAnswer, Times, guarded

__all__ = ["Answer", "NoAnswer", "Times", "post"]


@dataclass(frozen=True)
class Answer:
    """`retry_after` is what the other side wrote, as it wrote it; empty where it wrote nothing."""

    status: int
    retry_after: str = ""


def post(url: str, *, body: bytes, headers: Mapping[str, str], reach: Reach, times: Times) -> Answer:
    """Whatever its status is. Raises BadAddress or NoAnswer."""
    limits = (times.connect, times.read)
    with (
        guarded(url, reach, times) as session,
        session.post(
            url, data=body, headers=dict(headers), timeout=limits, allow_redirects=False, stream=True
        ) as found,
    ):
        return Answer(found.status_code, found.headers.get("Retry-After", ""))
