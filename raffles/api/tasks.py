from __future__ import annotations

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from raffles.api.sweeping import sweep


@db_periodic_task(crontab(minute="17"))  # type: ignore[untyped-decorator]  # huey has no types
def sweep_answers_and_counts() -> None:
    sweep(timezone.now())
