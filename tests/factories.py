"""Rows for tests, made by the product's own actions wherever there is one."""

from __future__ import annotations

import io
import itertools
import os
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from PIL import Image

from raffles.numbers.actions import reserve_numbers
from raffles.numbers.models import Raffle
from raffles.sales.actions import (
    cancel_order,
    confirm_order,
    confirm_payment,
    expire_orders,
    refund_order,
    submit_payment_proof,
)
from raffles.sales.models import Actor, Order, PaymentProof, Player

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)

# A shop that keeps its rows is filled by one process after another; each counts from where none has been.
_serial = itertools.count(int(os.environ.get("FIRST_SERIAL", "1")))

Status = Order.Status


def make_player(**fields: Any) -> Player:
    return Player.objects.create(**({"name": "Ana", "language": "es", "created_at": NOW} | fields))


def make_staff(username: str | None = None) -> User:
    name = username or f"staff{next(_serial)}"
    return User.objects.create_user(name, password="a long password of a test", is_staff=True)


def raffle_fields(**fields: Any) -> dict[str, Any]:
    return {
        "title": "A motorbike",
        "code": f"MOTO{next(_serial)}",
        "price_minor": 50_000,
        "currency": "PYG",
        "first_number": 0,
        "last_number": 99,
        "sales_open_at": NOW - timedelta(days=7),
        "sales_close_at": NOW + timedelta(days=7),
        "hold_minutes": 15,
        "payment_instructions": "Bank transfer to account 123-456, name Raffles SA",
        "draw_at": NOW + timedelta(days=8),
        "time_zone": "America/Asuncion",
        "status": Raffle.Status.ACTIVE,
    } | fields


def make_raffle(**fields: Any) -> Raffle:
    return Raffle.objects.create(**raffle_fields(**fields))


def make_order(
    *,
    raffle: Raffle | None = None,
    player: Player | None = None,
    numbers: Collection[int] = (5, 12),
    status: str = Status.DRAFT,
    now: datetime = NOW,
) -> Order:
    """An order that came to its status the way orders do, at `now`; an expired one has expired by `now`."""
    started = now if status != Status.EXPIRED else now - timedelta(days=1)
    order = reserve_numbers(
        raffle_id=(raffle or make_raffle()).pk,
        player_id=(player or make_player()).pk,
        numbers=numbers,
        now=started,
    )
    bring_to(order, status, now=now)
    return Order.objects.get(pk=order.pk)


def bring_to(order: Order, status: str, *, now: datetime = NOW) -> None:
    """Takes a fresh draft on to a status."""
    if status != Status.DRAFT:
        confirm_order(order_id=order.pk, now=order.created_at)
    if status in {Status.UNDER_REVIEW, Status.PAID, Status.REFUNDED}:
        make_proof(order, now=now)
    if status in {Status.PAID, Status.REFUNDED}:
        confirm(order, now=now)
    if status == Status.REFUNDED:
        refund_order(order_id=order.pk, by=make_staff(), reason="the raffle was cancelled", now=now)
    if status == Status.CANCELLED:
        cancel_order(order_id=order.pk, actor=Actor.player(), reason="", now=now)
    if status == Status.EXPIRED:
        expire_orders(now=now)


def make_proof(
    order: Order, *, content: bytes | None = None, source_key: str | None = None, now: datetime = NOW
) -> PaymentProof:
    """Every proof is a file of its own, unless a test says otherwise."""
    number = next(_serial)
    return submit_payment_proof(
        order_id=order.pk,
        content=png_bytes() + b"%d" % number if content is None else content,
        source_key=source_key or f"proof-{number}",
        now=now,
    )


def confirm(order: Order, *, by: User | None = None, now: datetime = NOW) -> None:
    confirm_payment(
        order_id=order.pk,
        by=by or make_staff(),
        amount_minor=None,
        method="transfer",
        reference="",
        now=now,
    )


def png_bytes(size: tuple[int, int] = (8, 8)) -> bytes:
    return picture_bytes("PNG", size)


def picture_bytes(picture_format: str, size: tuple[int, int] = (8, 8)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "white").save(buffer, picture_format)
    return buffer.getvalue()


def pdf_bytes() -> bytes:
    return b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
