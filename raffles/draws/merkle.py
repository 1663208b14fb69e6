"""The tree over a draw's entries, as RFC 6962 builds it. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

Digest = bytes


@dataclass(frozen=True)
class Sibling:
    """The other node on the way up; `is_left` where it stands before the one that is proved."""

    is_left: bool
    digest: Digest


def leaf(text: str) -> Digest:
    return hashlib.sha256(b"\x00" + text.encode()).digest()


def node(left: Digest, right: Digest) -> Digest:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(digests: Sequence[Digest]) -> Digest:
    """Of leaves, or of whole subtrees that all but the last have the same power of two of leaves."""
    if not digests:
        return hashlib.sha256(b"").digest()
    level = list(digests)
    while len(level) > 1:
        level = _above(level)
    return level[0]


def path_to(digests: Sequence[Digest], index: int) -> list[Sibling]:
    """From the digest at `index` up to the root; empty where it is the root itself."""
    path: list[Sibling] = []
    level = list(digests)
    while len(level) > 1:
        other = index ^ 1
        if other < len(level):
            path.append(Sibling(other < index, level[other]))
        level, index = _above(level), index // 2
    return path


def root_by(start: Digest, path: Sequence[Sibling]) -> Digest:
    found = start
    for step in path:
        found = node(step.digest, found) if step.is_left else node(found, step.digest)
    return found


def _above(level: list[Digest]) -> list[Digest]:
    """One without a partner goes up as it is: that is the split at the largest power of two, bottom up."""
    pairs = zip(level[::2], level[1::2], strict=False)
    above = [node(left, right) for left, right in pairs]
    return [*above, level[-1]] if len(level) % 2 else above
