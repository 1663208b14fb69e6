from __future__ import annotations

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from raffles.sales.actions import expire_orders


@db_periodic_task(crontab())  # type: ignore[untyped-decorator]  # huey has no types
def expire_overdue_orders() -> None:
    expire_orders(now=timezone.now())
