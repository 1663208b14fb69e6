"""The web process: granian, with the product read once and shared by the workers that are forked from it.

`python -m config.web` takes granian's own options. Each worker by itself would read eighty megabytes of code
again; read before the fork they lie in memory once.
"""

from __future__ import annotations

import gc
import multiprocessing
import sys

from django.conf import settings
from django.urls import get_resolver
from django.utils import translation
from granian.cli import entrypoint

APPLICATION = "config.wsgi:application"


def main() -> None:
    _read_product()
    if sys.platform == "linux":  # from Python 3.14 on it has to be asked for
        multiprocessing.set_start_method("fork")
    sys.argv += ["--interface", "wsgi", "--no-ws", APPLICATION]
    entrypoint()  # type: ignore[no-untyped-call]  # a click command


def _read_product() -> None:
    """Reads and connects to nothing: a connection must not be shared. No thread may run yet either."""
    import config.wsgi  # noqa: F401, PLC0415 - ends the process with one line where a setting is bad

    _ = get_resolver().url_patterns
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext(language)  # any word: the catalogue is read with the first
    gc.collect()
    gc.freeze()  # what is collected is written to, and what is written to is shared no longer


if __name__ == "__main__":
    main()
