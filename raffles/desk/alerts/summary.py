"""What a digest says: kinds, counts and order codes. Nothing of it names a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import ngettext

from raffles.desk.models import Digest, StaffNotification

CODES_SHOWN = 20


@dataclass(frozen=True)
class Group:
    kind: str
    count: int
    codes: tuple[str, ...]


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
    lines = digest.lines.select_related("notification__order").order_by("pk")
    found: dict[str, list[StaffNotification]] = {}
    for line in lines:
        found.setdefault(line.notification.kind, []).append(line.notification)
    return Summary(tuple(_group(kind, notes) for kind, notes in found.items()))


def _group(kind: str, notes: list[StaffNotification]) -> Group:
    """An order that has sent two proofs is named once and counts twice."""
    codes = dict.fromkeys(note.order.code for note in notes if note.order is not None)
    return Group(kind, len(notes), tuple(codes))


def _line(group: Group) -> str:
    label = str(StaffNotification.Kind(group.kind).label)
    named = f"{label} ({group.count})" if group.count > 1 else label
    codes = _shown(group.codes)
    return f"{named}: {codes}" if codes else named


def _shown(codes: Iterable[str]) -> str:
    every = list(codes)
    shown, more = every[:CODES_SHOWN], len(every) - CODES_SHOWN
    if more > 0:
        shown.append(ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
    return ", ".join(shown)
