"""The worker's beat: through the queue each minute, and once when a worker starts."""

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import close_db, db_periodic_task, on_startup

from config.beat import note_beat


@db_periodic_task(crontab())  # type: ignore[untyped-decorator]  # huey has no types
def beat() -> None:
    note_beat(now=timezone.now())


@on_startup()  # type: ignore[untyped-decorator]  # huey has no types
@close_db  # type: ignore[untyped-decorator]
def beat_at_start() -> None:
    note_beat(now=timezone.now())
