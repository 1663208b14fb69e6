"""What is written where. Nothing that names a player leaves by any of them."""

from __future__ import annotations

import copy
import logging
import re
from typing import Any

from config.outages import outage

# What PostgreSQL adds to a refusal is the row it refused, with line breaks of its own.
ROW = re.compile(
    r"\nDETAIL:.*?(?=\n\n(?:The above exception was the direct cause|During handling of the above)|\Z)",
    re.DOTALL,
)


class Line(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """A store that does not answer is one line, not sixty for each who asked."""
        why = outage(record.exc_info[1]) if record.exc_info else None
        if why is not None:
            record = copy.copy(record)
            record.msg, record.args = f"{record.getMessage()} ({why})", None
            record.exc_info = record.exc_text = None
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library names it so
        return ROW.sub("", super().formatException(ei))


class ForeignHost(logging.Filter):
    """Whoever tries names of hosts on the site is no mistake of ours: a line, without a traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
        record.exc_info = None
        return True


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"class": "config.logs.Line", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "filters": {"foreign_host": {"()": "config.logs.ForeignHost"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "huey": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # It names addresses at every wrong password.
        "axes": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django.security.DisallowedHost": {"filters": ["foreign_host"]},
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}
