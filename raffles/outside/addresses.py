"""Which addresses may be called. What somebody types must not reach machines behind our own door."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from concurrent.futures import Future
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

# All that is given out of IPv6 for the internet. Not every Python knows all that is not: what was private
# once, and what a private address of IPv4 may hide in, `64:ff9b::/96` and `::/96` among them.
INTERNET_6 = ipaddress.ip_network("2000::/3")
# Within it: the same hiding places, and what is kept for documents.
NOT_OF_IT = tuple(ipaddress.ip_network(net) for net in ("2002::/16", "2001::/32", "3fff::/20"))
# Seconds for a name, where nobody says otherwise.
LOOKUP = 5.0
# A look-up cannot be cut off: one that hangs keeps its place until the resolver gives it up.
MOST_LOOKUPS = 32

_places = threading.BoundedSemaphore(MOST_LOOKUPS)

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
    if address is None:
        return False
    address = _unmapped(address)
    if isinstance(address, ipaddress.IPv6Address) and not _is_given_out(address):
        return False
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
    """The shape of the address, and where its host leads today; whoever calls it looks again."""
    places_of(*require_shape(url, reach), reach, within=LOOKUP)


def require_shape(url: str, reach: Reach) -> tuple[str, int]:
    """Host and port; nobody is asked where they lead."""
    host, port = _parts(url)
    if reach is Reach.INTERNET and not url.lower().startswith("https://"):
        raise BadAddress("insecure")
    return host, port


def places_of(host: str, port: int, reach: Reach, *, within: float) -> list[str]:
    """Where a name leads now; refused when one of its addresses is out of reach.

    A name that leads nowhere now, or does not say where `within` so many seconds, may lead somewhere later.
    """
    try:
        found = _looked_up(host, port, until=time.monotonic() + within)
    except (OSError, UnicodeError):
        return []
    places = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not all(is_within(place, reach) for place in places):
        raise BadAddress("elsewhere" if reach is Reach.THIS_MACHINE else "private")
    return places


def _looked_up(host: str, port: int, *, until: float) -> list[Any]:
    """Raises TimeoutError, which is an OSError."""
    answer: Future[list[Any]] = Future()
    if not _places.acquire(timeout=max(0.0, until - time.monotonic())):
        raise TimeoutError
    threading.Thread(target=_look_up, args=(answer, host, port), name="look-up", daemon=True).start()
    return answer.result(timeout=max(0.0, until - time.monotonic()))


def _look_up(answer: Future[list[Any]], host: str, port: int) -> None:
    try:
        answer.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except Exception as error:  # noqa: BLE001 - whoever waits for the answer raises it
        answer.set_exception(error)
    finally:
        _places.release()


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


def _is_given_out(address: ipaddress.IPv6Address) -> bool:
    return address in INTERNET_6 and not any(address in net for net in NOT_OF_IT)
