"""The sign of life of the workers: a row, so that a web process on another machine sees it."""

from __future__ import annotations

import socket
from datetime import datetime, timedelta

from django.db.models import Max

from config.models import WorkerBeat

# The beat comes each minute; one may be late behind a long task before anybody is alarmed.
SILENT_AFTER = timedelta(minutes=2)
# A machine or container that has gone is of no interest after this.
FORGOTTEN_AFTER = timedelta(days=1)


def note_beat(*, now: datetime) -> None:
    row = WorkerBeat(host=socket.gethostname()[:255], beat_at=now)
    WorkerBeat.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["host"], update_fields=["beat_at"]
    )
    WorkerBeat.objects.filter(beat_at__lt=now - FORGOTTEN_AFTER).delete()


def silence(*, now: datetime) -> timedelta | None:
    """How long no worker was heard; None when none ever was."""
    last = WorkerBeat.objects.aggregate(last=Max("beat_at"))["last"]
    return None if last is None else now - last
