"""What staff do to raffles, for the audit log: which field, from what, to what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.numbers.admin.paper.selling import Report
from raffles.numbers.models import Raffle


def stored_fields(raffle: Raffle, names: Iterable[str]) -> dict[str, Any]:
    stored = Raffle.objects.get(pk=raffle.pk)
    return fields_of(stored, names)


def fields_of(raffle: Raffle, names: Iterable[str]) -> dict[str, Any]:
    """Relations have a line of their own: they are saved after the raffle."""
    own = {field.name for field in Raffle._meta.fields}
    return {name: getattr(raffle, name) for name in names if name in own}


def note_save(raffle: Raffle, before: dict[str, Any], names: Iterable[str], *, user: Any) -> None:
    """A form may name a field whose value is the same as before."""
    after = fields_of(raffle, names)
    if not before:
        record(Deed.RAFFLE_ADDED, subject=raffle, label=raffle.code, user=user, after=after)
        return
    was = {name: value for name, value in before.items() if value != after[name]}
    now = {name: after[name] for name in was}
    if was:
        record(Deed.RAFFLE_CHANGED, subject=raffle, label=raffle.code, user=user, before=was, after=now)


def note_import(raffle: Raffle, report: Report, *, file: str, rows: int, user: Any) -> None:
    """The file as a whole; each sale has its own lines besides."""
    told = {
        "file": file,
        "rows": rows,
        "numbers": report.numbers,
        "orders": len(report.codes),
        "refused": len(report.problems),
    }
    record(Deed.SALES_IMPORTED, subject=raffle, label=raffle.code, user=user, after=told)


def organisers_of(raffle: Raffle) -> list[str]:
    return sorted(raffle.organisers.values_list("username", flat=True))


def note_organisers(raffle: Raffle, before: list[str], *, user: Any) -> None:
    after = organisers_of(raffle)
    if after != before:
        record(
            Deed.RAFFLE_CHANGED,
            subject=raffle,
            label=raffle.code,
            user=user,
            before={"organisers": before},
            after={"organisers": after},
        )
