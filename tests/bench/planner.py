"""A shop with years behind it, and the plan of every statement that a turn, a status or a sweep gives it."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - after setup
from django.db import connection, models  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from config.rehearsal.lines import answer_until_the_end  # noqa: E402
from config.rehearsal.office_desk import CODE, open_for_sale  # noqa: E402
from config.rehearsal.processes import HOST  # noqa: E402
from raffles.numbers.models import Ticket  # noqa: E402
from raffles.sales.actions import expire_orders  # noqa: E402
from raffles.sales.models import Order, OrderChange, Player  # noqa: E402
from tests.bench import events  # noqa: E402
from tests.bench.wire import Door  # noqa: E402
from whatsapp import inbox, outbox, webhook  # noqa: E402
from whatsapp.models import (  # noqa: E402
    Contact,
    ContactIdentity,
    Conversation,
    InboundEvent,
    OutboundMessage,
)
from whatsapp.payloads import split  # noqa: E402

NUMBERS = 1_000_000
WORDS = ("menu", CODE, "7 8 9", "confirmar", "menu", "mis pedidos", CODE, "al azar 5", "cancelar")
SERIES = {
    "postgresql": "SELECT n FROM generate_series(1, %(rows)s) AS n",
    "sqlite": "WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < %(rows)s) "
    "SELECT n FROM s",
}
EXPLAIN = {"postgresql": "EXPLAIN ", "sqlite": "EXPLAIN QUERY PLAN "}
SCANS = {
    "postgresql": r"Seq Scan on (\w+)()",
    "sqlite": r"^SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?",
}
# What every sale and every message adds to.
GROWING = (
    Contact,
    ContactIdentity,
    Conversation,
    InboundEvent,
    OutboundMessage,
    Order,
    OrderChange,
    Player,
    Ticket,
)


class Planner:
    def __init__(self) -> None:
        self._sent: list[tuple[str, str]] = []

    def prepare(self, rows: int) -> None:
        now = timezone.now()
        open_for_sale(numbers=NUMBERS, most_per_order=10, hold_minutes=600, now=now)
        self._open_door()
        for _ in self._scenes(events.Phone(900_001)):
            pass
        grow(rows)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _open_door(self) -> None:
        port = int(settings.WHATSAPP_GRAPH_URL.rpartition(":")[2])
        loop = asyncio.new_event_loop()
        loop.run_until_complete(loop.create_server(lambda: Door(self._hear), HOST, port))
        threading.Thread(target=loop.run_forever, daemon=True).start()

    def _hear(self, body: dict[str, Any]) -> dict[str, Any]:
        wamid = events.new_wamid()
        if "status" not in body:
            self._sent.append((wamid, body["biz_opaque_callback_data"]))
        return {"messages": [{"id": wamid}]}

    def _scenes(self, phone: events.Phone) -> Iterator[tuple[str, int]]:
        """What is going on, and how many statements of the worker it took; the look round is in it."""
        for words in WORDS:
            arrive(events.message(phone, words))
            yield f"turn: {words}", self._counted(inbox.drain)
            yield "send", self._counted(outbox.flush)
            for wamid, mark in self._sent:
                for state in ("sent", "delivered", "read"):
                    arrive(events.status(phone, wamid=wamid, mark=mark, state=state))
            self._sent.clear()
            yield "three statuses", self._counted(inbox.drain)
        yield "look round with nothing to do", self._counted(inbox.drain)
        yield "leases", self._counted(outbox.release_expired_leases)
        yield "expiry", self._counted(expire_orders)

    def _counted(self, work: Any) -> int:
        """The statements as they went out, parameters apart: SQLite plans by what it is given."""
        self.statements: list[tuple[str, Any]] = []
        with CaptureQueriesContext(connection) as captured, connection.execute_wrapper(self._note):
            work(now=timezone.now())
        return len(captured)

    def _note(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements.append((sql, params))
        return execute(sql, params, many, context)

    def plans(self) -> dict[str, Any]:
        """Statements of each scene, and each statement that reads a growing table from end to end."""
        counts: dict[str, int] = {}
        scans: dict[str, str] = {}
        for scene, count in self._scenes(events.Phone(900_002)):
            counts[scene] = max(count, counts.get(scene, 0))
            for sql, params in list(self.statements):
                for table in scanned(sql, params):
                    scans.setdefault(f"{table}: {sql}", scene)
        return {"counts": counts, "scans": scans}


def arrive(body: events.Json) -> None:
    webhook.store(split(body), now=timezone.now())


def scanned(sql: str, params: Any) -> list[str]:
    if not sql.startswith(("SELECT", "UPDATE", "DELETE")):
        return []
    with connection.cursor() as cursor:
        cursor.execute(EXPLAIN[connection.vendor] + sql, params)
        lines = [str(row[-1]) for row in cursor.fetchall()]
    growing = {model._meta.db_table for model in GROWING}
    found = [match for line in lines for match in re.findall(SCANS[connection.vendor], line)]
    return [table for table, index in found if table in growing and index not in partial_indexes()]


def partial_indexes() -> set[str]:
    """They hold what waits, and stay small: a walk over one of them is what it is for."""
    return {index.name for model in GROWING for index in model._meta.indexes if index.condition is not None}


def grow(rows: int) -> None:
    """Copies of what one player did, each of a player of its own or spread over them."""
    copy(Player, rows, {"phone": "''"})
    copy(Contact, rows, {"player_id": nth(Player), "bsuid": "'PY.' || n", "wa_id": "'1' || n"})
    copy(ContactIdentity, rows, {"contact_id": nth(Contact), "bsuid": "'PY.' || n"})
    copy(Conversation, rows, {"contact_id": nth(Contact)})
    copy(InboundEvent, rows, {"event_key": "'copy' || n", "sender": "'PY.' || n", "contact_id": nth(Contact)})
    answered = {"answers_id": nth(InboundEvent), "contact_id": nth(Contact), "dedupe_key": "'copy' || n"}
    copy(OutboundMessage, rows, answered | {"wamid": "'copy' || n"})
    paid = {"status": "'PAID'", "expires_at": "NULL", "closed_at": "created_at"}
    copy(Order, rows, paid | {"player_id": nth(Player), "code": six_letters("n")})
    copy(OrderChange, rows, {"order_id": nth(Order)})
    copy(Ticket, rows, {"order_id": nth(Order), "number": "100 + n", "status": "'SOLD'"})


def six_letters(number: str) -> str:
    """An order's code has no 0 and no 1."""
    return f"REPLACE(REPLACE(SUBSTR(CAST(1000000 + {number} AS text), 2), '0', 'A'), '1', 'B')"


def nth(model: type[models.Model]) -> str:
    """The n-th copy: copies come last and without gaps."""
    return f"(SELECT MAX(id) FROM {model._meta.db_table}) - %(rows)s + n"  # noqa: S608 - our own names


def copy(model: type[models.Model], rows: int, changed: Mapping[str, str]) -> None:
    table, series = model._meta.db_table, SERIES[connection.vendor]
    names = [str(field.column) for field in model._meta.local_concrete_fields if field.column != "id"]
    values = ", ".join(changed.get(name, f'pattern."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    pattern = f"(SELECT * FROM {table} ORDER BY id LIMIT 1) AS pattern"  # noqa: S608 - our own names
    copies = f"SELECT {values} FROM {pattern}, ({series}) AS series"  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}) {copies}", {"rows": rows})


if __name__ == "__main__":
    planner = Planner()
    answer_until_the_end({"prepare": planner.prepare, "plans": planner.plans})
