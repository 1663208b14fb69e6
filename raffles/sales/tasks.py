from __future__ import annotations

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from raffles.sales.actions import expire_orders

# After a night without a worker thousands may be due; what is left after these is for the next minute.
MOST_BATCHES = 20


@db_periodic_task(crontab())  # type: ignore[untyped-decorator]  # huey has no types
def expire_overdue_orders() -> None:
    now = timezone.now()
    for _ in range(MOST_BATCHES):
        if not expire_orders(now=now):
            break
