"""A history and books that agree: two sales, as they are when nothing went wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from config.rehearsal.books import Books, Claim, Event, Message, Purchase
from config.rehearsal.history import History, Said, Sent

FIRST, SECOND = "ABC234", "DEF567"


def history() -> History:
    return History(
        said=[Said("in.1", 10.0, True), Said("in.2", 11.0, True)],
        sent=[
            Sent("out.1", "outbox:1", "PY.1", "Held", 10.2, False),
            Sent("out.2", "outbox:2", "PY.1", f"Paid {FIRST}", 12.0, False),
            Sent("out.3", "outbox:3", "PY.2", f"Paid {SECOND}", 12.5, False),
        ],
        webhook_ms=[3.0, 4.0, 1500.0],
    )


def books() -> Books:
    return Books(
        events=[Event(1, "in.1", "DONE"), Event(2, "in.2", "DONE")],
        purchases=[Purchase(1, FIRST, "PAID", False), Purchase(2, SECOND, "PAID", False)],
        claims=[Claim("MOTO", 7, 1, "SOLD"), Claim("MOTO", 8, 2, "SOLD")],
        messages=[
            message(1, "reply:1", text="Held", answers="in.1"),
            message(2, "order:1:paid", text=f"Paid {FIRST}"),
            message(3, "order:2:paid", text=f"Paid {SECOND}"),
        ],
    )


def message(pk: int, key: str, **changes: Any) -> Message:
    sent = Message(
        pk=pk,
        key=key,
        status="SENT",
        wamid=f"out.{pk}",
        text="",
        answers="",
        is_due=False,
        error_code=0,
    )
    return replace(sent, **changes)


def again(sent: Sent) -> Sent:
    return replace(sent, wamid=f"{sent.wamid}.again", at=sent.at + 60)
