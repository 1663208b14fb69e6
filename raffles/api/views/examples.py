"""What the document shows of each body that somebody has to write; a test sends every one of them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample


def example(named: str, /, **value: Any) -> OpenApiExample:
    return OpenApiExample(named, value=value, request_only=True)


RESERVE = [
    example("These numbers", player=1, numbers=[7, 8]),
    example("Two by chance", player=1, random=2),
]
PLAYER = [example("A player", name="Ana", language="es", phone="+595981000001")]
CONFIRM_PAYMENT = [
    example("Exactly what is missing came", method="transfer", reference="BANK-2201"),
    example("Part of it came", amount="50000", reference="BANK-2202"),
]
RECORD_PAYMENT = [
    example("Money without an order", player=1, amount="50000", currency="PYG", reference="BANK-2203")
]
REFUND = [example("Credit goes back", player=1, amount="50000", currency="PYG", reason="asked for it")]
TOKEN = [example("A shop", client="shop", scopes=["raffles:read", "raffles:reserve", "orders:own"])]
WEBHOOK = [
    example(
        "Orders that are paid", url="https://partner.example/hear", events=["order.paid"], description="Books"
    )
]
RULE = [
    example(
        "A day later, and a second prize",
        draw_at="2026-12-22T20:00:00-03:00",
        prizes=[
            {"rank": 1, "label": "A motorbike"},
            {"rank": 2, "label": "Cash", "quantity": 2, "amount": "500000", "currency": "PYG"},
        ],
        reason="More numbers were asked for than we thought",
    )
]
RAFFLE = [
    example(
        "A hundred numbers",
        code="MOTO",
        title="A motorbike",
        price="50000",
        currency="PYG",
        first_number=0,
        last_number=99,
        sales_open_at="2026-12-01T08:00:00-03:00",
        sales_close_at="2026-12-20T20:00:00-03:00",
        draw_at="2026-12-21T20:00:00-03:00",
        time_zone="America/Asuncion",
        payment_instructions="Bank transfer to account 123-456",
    )
]
