from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What one notice says in each language; `buttons` are quick replies, as its bubble has them."""

    key: str
    version: int
    bodies: Mapping[str, str]
    buttons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
