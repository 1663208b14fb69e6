"""What the demo shows: raffles partly sold, with an order in every state, and one that was drawn.

Made by the real actions.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from PIL import Image, ImageDraw

from config import demo_draws
from raffles.numbers.actions import open_raffle, reserve_random_numbers
from raffles.numbers.models import Raffle
from raffles.sales.actions import (
    cancel_order,
    confirm_order,
    confirm_payment,
    expire_orders,
    refund_order,
    register_player,
    submit_payment_proof,
)
from raffles.sales.models import Actor, Order, Player

ZONE = "America/Asuncion"
INSTRUCTIONS = """Banco Ejemplo
Cuenta corriente 12-345678/9
Club Social y Deportivo
RUC 80012345-6"""


@dataclass(frozen=True)
class DemoRaffle:
    code: str
    title: str
    description: str
    last_number: int
    price_minor: int
    sold: int
    days_to_draw: int
    prizes: tuple[tuple[str, int], ...] = ()


RAFFLES = (
    DemoRaffle(
        "MOTO",
        "Moto 0 km",
        "Una Kenton 150 cc con papeles, lista para salir.",
        99,
        50_000,
        37,
        7,
        (("Moto Kenton 150 cc", 1), ("Casco integral", 2)),
    ),
    DemoRaffle("TV", "Televisor 55 pulgadas", "Smart TV 4K con garantía de un año.", 999, 10_000, 240, 14),
    DemoRaffle(
        "CASA", "Casa amoblada", "Dos dormitorios en Luque, escritura incluida.", 9999, 100_000, 1200, 30
    ),
)
DRAWN = DemoRaffle(
    "BICI",
    "Bicicleta de montaña",
    "Rodado 29, frenos a disco.",
    49,
    20_000,
    31,
    -2,
    (("Bicicleta rodado 29", 1), ("Luces y casco", 2)),
)
NAMES = ("Carla Benítez", "Diego Rojas", "Elena Duarte", "Fabio Núñez", "Gloria Ayala", "Hugo Martínez")
PER_ORDER = 40


def make(now: datetime, staff: User) -> int:
    """Only what is not there yet; returns how many raffles were made."""
    missing = [demo for demo in (*RAFFLES, DRAWN) if not Raffle.objects.filter(code=demo.code).exists()]
    if missing:
        players = [
            register_player(name=name, language="es", phone=f"+59598100010{index}", now=now)
            for index, name in enumerate(NAMES)
        ]
        for demo in missing:
            if demo is DRAWN:
                _drawn(demo, players, staff, now)
                continue
            raffle = _raffle(demo, staff, now)
            _sell(raffle, demo.sold, players, staff, now)
            _order_in_every_state(raffle, players, staff, now)
    return len(missing)


def _drawn(demo: DemoRaffle, players: list[Player], staff: User, now: datetime) -> None:
    """Two weeks of it, played a week ago: sold, closed and drawn before anybody looks."""
    then = now - timedelta(days=9)
    raffle = _raffle(demo, staff, then, draw_in=timedelta(days=9 + demo.days_to_draw))
    _sell(raffle, demo.sold, players, staff, then + timedelta(days=3))
    demo_draws.hold(raffle)


def _raffle(demo: DemoRaffle, staff: User, now: datetime, draw_in: timedelta | None = None) -> Raffle:
    draw_at = (now + (draw_in or timedelta(days=demo.days_to_draw))).replace(
        hour=23, minute=0, second=0, microsecond=0
    )
    raffle = Raffle(
        title=demo.title,
        code=demo.code,
        description=demo.description,
        price_minor=demo.price_minor,
        currency="PYG",
        first_number=0,
        last_number=demo.last_number,
        number_width=len(str(demo.last_number)),
        sales_open_at=now - timedelta(days=3),
        sales_close_at=draw_at - timedelta(hours=2),
        draw_at=draw_at,
        time_zone=ZONE,
        payment_instructions=INSTRUCTIONS,
    )
    raffle.full_clean()
    raffle.save()
    demo_draws.plan(raffle, demo.prizes or ((demo.title, 1),), is_over=draw_in is not None)
    return open_raffle(raffle_id=raffle.pk, actor=Actor.staff(staff), now=raffle.sales_open_at)


def _sell(raffle: Raffle, count: int, players: list[Player], staff: User, now: datetime) -> None:
    left, turn = count, 0
    while left:
        many = min(left, PER_ORDER if count > PER_ORDER else 5)
        sold_at = now - timedelta(hours=48 - turn % 40, minutes=turn % 60)
        order = _held(raffle, players[turn % len(players)], many, sold_at)
        confirm_order(order_id=order.pk, now=sold_at)
        _pay(order, staff, sold_at)
        left, turn = left - many, turn + 1


def _held(raffle: Raffle, player: Player, count: int, now: datetime) -> Order:
    return reserve_random_numbers(raffle_id=raffle.pk, player_id=player.pk, count=count, now=now)


def _pay(order: Order, staff: User, now: datetime) -> None:
    confirm_payment(
        order_id=order.pk,
        by=staff,
        amount_minor=None,
        method="transfer",
        reference=f"TRX{order.pk:08d}",
        now=now,
    )


def _order_in_every_state(raffle: Raffle, players: list[Player], staff: User, now: datetime) -> None:
    yesterday = now - timedelta(days=1)
    expired = _held(raffle, players[4], 2, yesterday)
    confirm_order(order_id=expired.pk, now=yesterday)
    expire_orders(now=now)
    _held(raffle, players[0], 2, now)
    pending = _held(raffle, players[1], 1, now)
    confirm_order(order_id=pending.pk, now=now)
    for player in (players[2], players[3]):
        reviewed = _held(raffle, player, 3, now)
        confirm_order(order_id=reviewed.pk, now=now)
        _prove(reviewed, raffle, now)
    cancelled = _held(raffle, players[5], 1, now)
    cancel_order(order_id=cancelled.pk, actor=Actor.player(), reason="", now=now)
    refunded = _held(raffle, players[5], 1, now)
    confirm_order(order_id=refunded.pk, now=now)
    _pay(refunded, staff, now)
    refund_order(order_id=refunded.pk, by=staff, reason="Pagó dos veces", now=now)


def _prove(order: Order, raffle: Raffle, now: datetime) -> None:
    content = _receipt(order, raffle)
    submit_payment_proof(order_id=order.pk, content=content, source_key=f"demo:{order.pk}", now=now)


def _receipt(order: Order, raffle: Raffle) -> bytes:
    picture = Image.new("RGB", (540, 720), "#f4f6f8")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 540, 110), fill="#0b5c4a")
    draw.text((30, 38), "Banco Ejemplo", fill="white", font_size=34)
    lines = (
        "Transferencia realizada",
        f"PYG {order.total_minor:,}".replace(",", "."),
        f"Concepto: {order.code}",
    )
    for row, line in enumerate((*lines, "Club Social y Deportivo", raffle.title)):
        draw.text((30, 160 + row * 70), line, fill="#17202a", font_size=30)
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()
