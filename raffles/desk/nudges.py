"""The queue is asked to look once the time to undo is over; a lost nudge costs a minute."""

from __future__ import annotations

import logging

from django.utils import timezone
from huey.contrib.djhuey import db_task

from raffles.desk.actions.plan_verdict import UNDO
from raffles.desk.verdicts import carry_out_due

logger = logging.getLogger(__name__)


@db_task()  # type: ignore[untyped-decorator]  # huey has no types
def carry_out_verdicts() -> None:
    carry_out_due(now=timezone.now())


def wake_when_due() -> None:
    try:
        carry_out_verdicts.schedule(delay=UNDO.total_seconds())
    except Exception:
        logger.exception("the queue could not be nudged; the sweep will find the decisions")
