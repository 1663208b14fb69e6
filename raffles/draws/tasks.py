from __future__ import annotations

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from raffles.draws.sweeping import sweep


@db_periodic_task(crontab())  # type: ignore[untyped-decorator]  # huey has no types
def sweep_draws() -> None:
    sweep(now=timezone.now())
