"""What is written where. Nothing that names a player leaves by any of them."""

from __future__ import annotations

import logging
import re
from typing import Any

# What PostgreSQL adds to a refusal is the row it refused, with line breaks of its own.
ROW = re.compile(
    r"\nDETAIL:.*?(?=\n\n(?:The above exception was the direct cause|During handling of the above)|\Z)",
    re.DOTALL,
)


class Line(logging.Formatter):
    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library names it so
        return ROW.sub("", super().formatException(ei))


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"class": "config.logs.Line", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "huey": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # It names addresses at every wrong password.
        "axes": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}
