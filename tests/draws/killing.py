"""A process of its own that takes a draw one step further and is killed in the middle of it.

    python -m tests.draws.killing CLOSE|HOLD DRAW_ID INSTANT COUNT

It dies by SIGKILL right before the COUNT-th statement that is no SELECT.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

import django


def main(step: str, draw_id: str, instant: str, die_at: int) -> None:
    django.setup()
    from django.db import connection

    from raffles.draws.actions import close_entries, hold_draw
    from raffles.sales.models import Actor

    seen = 0

    def counted(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal seen
        if not sql.startswith("SELECT"):
            seen += 1
        if seen == die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, *rest)

    action = close_entries if step == "CLOSE" else hold_draw
    with connection.execute_wrapper(counted):
        action(draw_id=int(draw_id), actor=Actor("staff:test"), now=datetime.fromisoformat(instant))
    sys.stdout.write(f"{seen}\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
