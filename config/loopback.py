"""The whole way of a message inside one process: simulator, webhook, inbox, outbox, simulator.

The shell chat and the dialogue tests use it; web and worker do the same by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.test.utils import override_settings
from django.utils import timezone

from whatsapp import inbox, outbox
from whatsapp.simulator.courier import deliver_due

ROUNDS = 200


class QuietRequestHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        return


@contextmanager
def local_server() -> Iterator[str]:
    """The product on a free port of this machine for as long as the block lasts; gives its address."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietRequestHandler)
    server.set_app(get_wsgi_application())
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    try:
        with override_settings(
            SITE_URL=address, WHATSAPP_GRAPH_URL=f"{address}/simulator/graph", SIMULATOR_COURIER=False
        ):
            yield address
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def settle(address: str) -> None:
    """Until nothing moves any more: webhooks delivered, events worked through, messages sent."""
    for _ in range(ROUNDS):
        now = timezone.now()
        moved = deliver_due(now, address) + inbox.drain(now=now) + outbox.flush(now=now)
        if not moved:
            return
    raise RuntimeError("the conversation does not come to rest")
