from datetime import datetime

from .models import JournalEntry
from .shapes import Json


def note(
    *, kind: str, at: datetime, wamid: str = "", callback_data: str = "", detail: Json | None = None
) -> None:
    JournalEntry.objects.create(
        kind=kind, at=at, wamid=wamid, callback_data=callback_data, detail=detail or {}
    )
