"""A receiver for trying: what one of your own has to do, in a page of code."""

from __future__ import annotations

import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from raffles.hooks.signing import ID, is_genuine, is_secret

HOST = "127.0.0.1"
LARGEST_BODY = 64 * 1024

Tell = Callable[[str], object]


class Command(BaseCommand):
    help = (
        "Receive webhooks on this machine and print each with whether its signature is right, until Ctrl-C. "
        "Example: manage.py receive_webhooks --port 9000 --secret whsec_..."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=port_number, default=9000)
        parser.add_argument("--secret", required=True, help="shown when the webhook was made")
        parser.add_argument("--answer", type=int, default=204, help="the status to answer with")
        parser.add_argument("--events", type=int, default=0, help="stop after so many; 0: never")

    def handle(self, *args: Any, port: int, secret: str, answer: int, events: int, **options: Any) -> None:
        if not is_secret(secret):
            raise CommandError("That is no secret of a webhook: it begins with whsec_")
        with open_receiver(port, secret, answer, self._tell, events) as server:
            self._tell(f"Listening on http://{HOST}:{server.server_address[1]}/")
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                self._tell("Stopping")

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


class Receiver(ThreadingHTTPServer):
    # Who stops answers first what came.
    daemon_threads = False

    def count(self, events: int) -> None:
        self.heard = getattr(self, "heard", 0) + 1
        if self.heard == events:
            self.shutdown()


def port_number(word: str) -> int:
    if not (word.isascii() and word.isdigit() and int(word) <= 65_535):
        raise ArgumentTypeError(f"{word!r} is not a port from 1 to 65535, or 0 for any that is free")
    return int(word)


def open_receiver(port: int, secret: str, answer: int, tell: Tell, events: int = 0) -> Receiver:
    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = min(int(self.headers.get("Content-Length", 0)), LARGEST_BODY)
            body = self.rfile.read(length)
            given = {name.lower(): value for name, value in self.headers.items()}
            is_ours = is_genuine(secret, given, body, now=int(time.time()))
            status = answer if is_ours else 401
            verdict = "signature right" if is_ours else "SIGNATURE WRONG"
            tell(
                f"{given.get(ID, '(no id)')}  {verdict}, answered {status}\n  {body.decode(errors='replace')}"
            )
            self.send_response(status)
            self.end_headers()
            server.count(events)

        def log_message(self, *_args: object) -> None:
            """`tell` has said it."""

    try:
        server = Receiver((HOST, port), Door)
    except OSError as error:
        raise CommandError(f"Port {port} cannot be used ({error.strerror}); choose another") from None
    return server
