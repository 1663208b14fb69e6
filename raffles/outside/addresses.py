"""Which addresses may be called. What somebody types must not reach machines behind our own door."""

from __future__ import annotations

import ipaddress
import socket
from enum import Enum
from urllib.parse import urlsplit

# Public on paper, and a private address of IPv4 may hide in them.
WRAPPERS = tuple(ipaddress.ip_network(net) for net in ("64:ff9b::/96", "2002::/16", "2001::/32"))

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Reach(Enum):
    """How far a call may go; the last two are for machines of developers."""

    INTERNET = "internet"
    ANYWHERE = "anywhere"
    THIS_MACHINE = "this machine"


class BadAddress(Exception):
    """`why` is one word; the door that asked finds the sentence."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def is_public(found: str) -> bool:
    """Of an address as a socket gives it; one that cannot be read is none."""
    address = _read(found)
    if address is None or (isinstance(address, ipaddress.IPv6Address) and _wraps(address)):
        return False
    address = _unmapped(address)
    return address.is_global and not address.is_multicast


def is_within(found: str, reach: Reach) -> bool:
    match reach:
        case Reach.INTERNET:
            return is_public(found)
        case Reach.THIS_MACHINE:
            address = _read(found)
            return address is not None and _unmapped(address).is_loopback
        case Reach.ANYWHERE:
            return True


def require_allowed(url: str, reach: Reach) -> None:
    """The shape of the address, and where its host leads today; the connection looks again."""
    host, port = _parts(url)
    if reach is Reach.INTERNET and not url.lower().startswith("https://"):
        raise BadAddress("insecure")
    places_of(host, port, reach)


def places_of(host: str, port: int, reach: Reach) -> list[str]:
    """Where a name leads now; refused when one of its addresses is out of reach.

    A name that leads nowhere now may lead somewhere later.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    places = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not all(is_within(place, reach) for place in places):
        raise BadAddress("elsewhere" if reach is Reach.THIS_MACHINE else "private")
    return places


def _parts(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadAddress("unreadable") from None
    if not parts.hostname or parts.username or parts.password or any(sign.isspace() for sign in url):
        raise BadAddress("unreadable")
    if parts.scheme not in {"http", "https"}:
        raise BadAddress("insecure")
    return parts.hostname, port or (443 if parts.scheme == "https" else 80)


def _read(found: str) -> Address | None:
    try:
        return ipaddress.ip_address(found.partition("%")[0])
    except ValueError:
        return None


def _unmapped(address: Address) -> Address:
    return (isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped) or address


def _wraps(address: ipaddress.IPv6Address) -> bool:
    return any(address in net for net in WRAPPERS)
