from __future__ import annotations

import logging

from django.utils import timezone
from huey.contrib.djhuey import db_task

from raffles.evidence.actions import read_proofs
from raffles.evidence.actions.read_proofs import MOST_AT_ONCE

logger = logging.getLogger(__name__)


@db_task()  # type: ignore[untyped-decorator]  # huey has no types
def read_waiting_proofs() -> None:
    if read_proofs(now=timezone.now()) == MOST_AT_ONCE:
        nudge()


def nudge() -> None:
    try:
        read_waiting_proofs()
    except Exception:
        logger.exception("the queue could not be nudged; the sweep will find the proofs")
