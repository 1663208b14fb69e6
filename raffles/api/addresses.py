from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """Behind our proxy the last address of the header, which the proxy wrote; others came from the client."""
    addresses = [str(request.META.get("REMOTE_ADDR", ""))]
    if settings.BEHIND_PROXY:
        addresses.append(str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip())
    for address in reversed(addresses):
        try:
            return str(ip_address(address))
        except ValueError:
            continue
    return None
