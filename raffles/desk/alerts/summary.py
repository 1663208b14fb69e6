"""What a digest says: kinds, counts, codes of orders and draws, what is won. Nothing of it names a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import ngettext

from raffles.desk.models import Digest, StaffNotification

CODES_SHOWN = 20
# These say more than their kind does: which prizes, what stops a draw. Their words name nobody.
WITH_WORDS = ("DRAW_HELD", "DRAW_TROUBLED")
WORDS_SHOWN = 3


@dataclass(frozen=True)
class Group:
    kind: str
    count: int
    codes: tuple[str, ...]
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Summary:
    groups: tuple[Group, ...]

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)

    @property
    def url(self) -> str:
        return f"{settings.SITE_URL}{reverse('admin:desk_staffnotification_changelist')}?seen=no"

    def headline(self) -> str:
        return ngettext(
            "%(count)d thing waits on the desk", "%(count)d things wait on the desk", self.count
        ) % {"count": self.count}

    def lines(self) -> list[str]:
        return [_line(group) for group in self.groups]


def summary_of(digest: Digest) -> Summary:
    """Kinds in the order of their first news."""
    lines = digest.lines.select_related("notification__order", "notification__draw").order_by("pk")
    found: dict[str, list[StaffNotification]] = {}
    for line in lines:
        found.setdefault(line.notification.kind, []).append(line.notification)
    return Summary(tuple(_group(kind, notes) for kind, notes in found.items()))


def _group(kind: str, notes: list[StaffNotification]) -> Group:
    """An order that has sent two proofs is named once and counts twice."""
    named = [note.order or note.draw for note in notes]
    codes = dict.fromkeys(one.code for one in named if one is not None)
    words = tuple(note.text for note in notes) if kind in WITH_WORDS else ()
    return Group(kind, len(notes), tuple(codes), words)


def _line(group: Group) -> str:
    label = str(StaffNotification.Kind(group.kind).label)
    named = f"{label} ({group.count})" if group.count > 1 else label
    codes = _shown(group.codes)
    line = f"{named}: {codes}" if codes else named
    return "\n".join([line, *group.words[:WORDS_SHOWN]])


def _shown(codes: Iterable[str]) -> str:
    every = list(codes)
    shown, more = every[:CODES_SHOWN], len(every) - CODES_SHOWN
    if more > 0:
        shown.append(ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
    return ", ".join(shown)
