from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """Behind our proxy the last address of the header, which the proxy wrote; others came from the client."""
    addresses = [str(request.META.get("REMOTE_ADDR", ""))]
    if settings.BEHIND_PROXY:
        addresses.append(str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip())
    for address in reversed(addresses):
        try:
            return str(_plain(ip_address(address)))
        except ValueError:
            continue
    return None


def counted_address(request: HttpRequest) -> str | None:
    """What tries and calls are counted for: of IPv6 the network, for whoever has one address has 2^64."""
    address = client_address(request)
    if address is None or "." in address:
        return address
    return str(ip_network((address.partition("%")[0], 64), strict=False).network_address)


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """A socket that hears both kinds writes the older one inside the newer."""
    return getattr(address, "ipv4_mapped", None) or address
