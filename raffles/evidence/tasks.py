from __future__ import annotations

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from raffles.evidence.actions import await_reading
from raffles.evidence.nudges import read_waiting_proofs


@db_periodic_task(crontab())  # type: ignore[untyped-decorator]  # huey has no types
def read_lost_proofs() -> None:
    await_reading(now=timezone.now())
    read_waiting_proofs.call_local()
