"""Calls to machines of others, guarded; the one file of the business that opens a line to them.

1. The name is looked up once, and each of its places is looked at: the line goes to one of them, wherever the
   name leads a moment later. The time of the call counts from before that.
2. No redirect is followed, and no proxy or password of this machine is used.
3. Whoever answers slowly or without end is cut off.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import requests
from django.db import connection
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NameResolutionError

from raffles.outside.addresses import BadAddress, Reach, is_within, places_of, require_shape

# Of a name that leads to more places only the first are tried.
MOST_PLACES = 3
TOO_SLOW = "Timeout"


@dataclass(frozen=True)
class Times:
    """Seconds to get a line, between two bytes, and for the whole of it."""

    connect: float
    read: float
    whole: float


class NoAnswer(Exception):
    """`kind` is the name of what went wrong, and holds nothing of the address."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@contextmanager
def guarded(url: str, reach: Reach, times: Times) -> Iterator[requests.Session]:
    """For one call to this address. Raises BadAddress or NoAnswer, whatever goes wrong in the block."""
    if connection.in_atomic_block:
        raise RuntimeError("nothing leaves inside a transaction")
    require_shape(url, reach)
    with _Watch(times.whole) as watch, _Session() as session:
        adapter = _GuardedAdapter(_Guard(reach, watch))
        for scheme in ("http://", "https://"):
            session.mount(scheme, adapter)
        try:
            yield session
        except (requests.RequestException, HTTPError) as error:
            raise NoAnswer(TOO_SLOW if watch.is_over else type(error).__name__) from None
        if watch.is_over:  # half an answer looks like a whole one
            raise NoAnswer(TOO_SLOW)


class _Session(requests.Session):
    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Of an answer that leads elsewhere the library would read all, also when told not to go."""


class _Watch:
    """Cuts the lines of one call when its time is over: a byte now and then keeps no line open."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._lines: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    @property
    def left(self) -> float:
        return max(0.0, self._until - time.monotonic())

    @property
    def is_over(self) -> bool:
        return self.left == 0

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()
        with self._lock:
            for line in self._lines:
                line.close()

    def keep(self, line: socket.socket) -> None:
        """A twin of the line: what is cut at the one is cut at the other, and TLS takes the first away."""
        with self._lock:
            self._lines.append(line.dup())
        if self.is_over:
            self._cut()

    def _cut(self) -> None:
        with self._lock:
            for line in self._lines:
                try:
                    line.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the other side was faster


@dataclass(frozen=True)
class _Guard:
    reach: Reach
    watch: _Watch

    def places(self, line: HTTPConnection) -> list[str]:
        host, port = line.host.strip("[]"), int(line.port or 0)
        found = places_of(host, port, self.reach, within=self.watch.left)
        if not found:
            raise NameResolutionError(line.host, line, socket.gaierror("no place found"))
        return found[:MOST_PLACES]

    def take(self, line: socket.socket) -> socket.socket:
        """Nothing has been written yet."""
        if not is_within(str(line.getpeername()[0]), self.reach):
            line.close()
            raise BadAddress("private")
        self.watch.keep(line)
        return line


class _PlainLine(HTTPConnection):
    def __init__(self, *args: Any, guard: _Guard, **options: Any) -> None:
        super().__init__(*args, **options)
        self.guard = guard

    def _new_conn(self) -> socket.socket:
        name, places = self.host, self.guard.places(self)
        try:
            for place in places[:-1]:
                with suppress(HTTPError):
                    return self._line_to(place)
            return self._line_to(places[-1])
        finally:
            self.host = name

    def _line_to(self, place: str) -> socket.socket:
        self.host = place
        return self.guard.take(super()._new_conn())


class _SecureLine(_PlainLine, HTTPSConnection):
    """The certificate is still asked for the name: it is back in its place when TLS begins."""


class _GuardedAdapter(HTTPAdapter):
    def __init__(self, guard: _Guard) -> None:
        self._guard = guard
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {
            "http": partial(_pool, HTTPConnectionPool, _PlainLine, self._guard),
            "https": partial(_pool, HTTPSConnectionPool, _SecureLine, self._guard),
        }


def _pool(kind: Any, line: type[_PlainLine], guard: _Guard, *args: Any, **options: Any) -> Any:
    pool = kind(*args, **options)
    pool.ConnectionCls = partial(line, guard=guard)
    return pool
