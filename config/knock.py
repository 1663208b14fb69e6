"""Whether the web process of this machine answers; `python -m config.knock` asks, as the container does.

Without Django: a check that runs all day must not cost its start each time.
"""

from __future__ import annotations

import os
import sys
import urllib.request
from urllib.parse import urlsplit


def ask(url: str, host: str) -> None:
    request = urllib.request.Request(url, headers={"Host": host})  # noqa: S310 - our own address
    with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310
        response.read()


if __name__ == "__main__":
    if not os.environ.get("SITE_URL"):
        sys.exit("SITE_URL is missing in the environment; in a container it comes from the file of settings")
    try:
        ask("http://127.0.0.1:8000/health/", urlsplit(os.environ["SITE_URL"]).hostname or "")
    except OSError as error:
        sys.exit(f"the web process does not answer: {error}")
