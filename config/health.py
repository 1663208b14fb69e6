"""Whether this web process can reach its rows; `python -m config.health` asks it, as the container does."""

from __future__ import annotations

import os
import urllib.request
from urllib.parse import urlsplit

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse


def health(_: HttpRequest) -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("no database", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


def ask(url: str, host: str) -> None:
    request = urllib.request.Request(url, headers={"Host": host})  # noqa: S310 - our own address
    with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310
        response.read()


if __name__ == "__main__":
    ask("http://127.0.0.1:8000/health/", urlsplit(os.environ["SITE_URL"]).hostname or "")
