from __future__ import annotations

from raffles.evidence.models import Evidence


def note_forwarded(*, source_key: str) -> None:
    """The message that brought the proof was itself passed on."""
    Evidence.objects.filter(proof__source_key=source_key).update(is_forwarded=True)
