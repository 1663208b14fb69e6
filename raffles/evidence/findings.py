"""What the evidence says of a proof. It is shown and never decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Literal

Level = Literal["bad", "look", "quiet"]


class FindingKind(Enum):
    SAME_FILE = "SAME_FILE"
    SAME_PICTURE = "SAME_PICTURE"
    SAME_REFERENCE = "SAME_REFERENCE"
    AMOUNT_DIFFERS = "AMOUNT_DIFFERS"
    DATE_OLD = "DATE_OLD"
    UNREADABLE = "UNREADABLE"
    FORWARDED = "FORWARDED"


LEVELS: dict[FindingKind, Level] = {
    FindingKind.SAME_FILE: "bad",
    FindingKind.SAME_PICTURE: "bad",
    FindingKind.SAME_REFERENCE: "bad",
    FindingKind.AMOUNT_DIFFERS: "look",
    FindingKind.DATE_OLD: "look",
    FindingKind.UNREADABLE: "look",
    FindingKind.FORWARDED: "quiet",
}
RISKS: dict[Level, int] = {"bad": 3, "look": 2, "quiet": 1}
# These name another order.
OF_ANOTHER = frozenset({FindingKind.SAME_FILE, FindingKind.SAME_PICTURE, FindingKind.SAME_REFERENCE})
# Who confirms in spite of these says why.
NEED_REASON = frozenset({FindingKind.SAME_FILE, FindingKind.SAME_REFERENCE})


@dataclass(frozen=True)
class Finding:
    """The other order and proof are empty where it is about this proof alone."""

    kind: FindingKind
    order_code: str = ""
    order_url_id: int | None = None
    proof_id: int | None = None
    compare_url: str = ""

    @property
    def level(self) -> Level:
        return LEVELS[self.kind]


@dataclass(frozen=True)
class Read:
    """What the text of the receipt says."""

    reference: str
    amount_minor: int | None
    currency: str
    paid_on: date | None
    destination: str


@dataclass(frozen=True)
class Sheet:
    status: str
    pages: tuple[str, ...]
    more_pages: int
    findings: tuple[Finding, ...]
    read: Read | None
    ocr: str

    @property
    def risk(self) -> int:
        return max((RISKS[finding.level] for finding in self.findings), default=0)
