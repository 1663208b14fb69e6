"""Calls that nobody would think of, led now and then to rows that are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import schemathesis
from django.contrib.auth.models import User
from django.core.wsgi import get_wsgi_application
from hypothesis import strategies
from schemathesis import Config
from schemathesis.config import GenerationConfig

from config.api_pages import document
from raffles.api.models import Client, MadeOrder, MadePlayer, MadeSubscription
from raffles.hooks.models import Delivery, Subscription
from raffles.sales.models import Order, PaymentProof, Player
from tests.draws.staging import committed_raffle, held_draw
from tests.factories import NOW, make_order, make_player, make_raffle, make_staff
from tests.hooks.receiving import make_delivery, make_webhook

RECEIVER = "http://127.0.0.1:9000/"
LOTTERY = {"lottery_name": "Quiniela", "lottery_drawing": "29 November, evening"}


@dataclass(frozen=True)
class Rows:
    """By the first word of an address, and players by their name in a body. Draws have codes."""

    ids: dict[str, list[int]]
    codes: list[str]

    @classmethod
    def made(cls) -> Rows:
        raffle, player = make_raffle(), make_player(phone="+595981000001")
        for place, status in enumerate(("DRAFT", "PENDING_PAYMENT", "UNDER_REVIEW", "PAID", "REFUNDED")):
            make_order(raffle=raffle, player=player, numbers=[place], status=status)
        empty = make_raffle(status="DRAFT")
        webhook = make_webhook(RECEIVER)
        make_delivery(webhook, status="DEAD", closed_at=NOW)
        # By secret alone: the beacon would cost a second for each caller.
        held = held_draw(numbers=range(5), draw={"method": "SECRET"})
        draws = [committed_raffle(draw={"method": "LOTTERY", **LOTTERY}), held.raffle]
        return cls(
            {
                "awards": list(held.awards.values_list("pk", flat=True)),
                "raffles": [raffle.pk, empty.pk, *(drawn.pk for drawn in draws)],
                "orders": list(Order.objects.values_list("pk", flat=True)),
                "proofs": list(PaymentProof.objects.values_list("pk", flat=True)),
                # The deliveries stand below the same word.
                "webhooks": [
                    *Subscription.objects.values_list("pk", flat=True),
                    *Delivery.objects.values_list("pk", flat=True),
                ],
                "players": list(Player.objects.values_list("pk", flat=True)),
            },
            [drawn.code for drawn in draws],
        )

    def give_to(self, client: Client) -> None:
        """As if this program had made them all."""
        MadeOrder.objects.bulk_create(MadeOrder(order_id=pk, client=client) for pk in self.ids["orders"])
        MadeSubscription.objects.bulk_create(
            MadeSubscription(subscription=webhook, client=client) for webhook in Subscription.objects.all()
        )
        MadePlayer.objects.bulk_create(MadePlayer(player_id=pk, client=client) for pk in self.ids["players"])


def opened() -> Any:
    """The document as the one who calls reads it, over the product's own WSGI application."""
    config = Config()
    config.projects.default.generation = GenerationConfig(with_security_parameters=False)
    schema = schemathesis.openapi.from_dict(document(), config=config)
    schema.app = _read_to_the_end
    return schema


def _read_to_the_end(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """As a server does; who calls here would leave a file open."""
    answer: Any = get_wsgi_application()(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


def led_to_rows(case: Any, rows: Rows, draw: Any) -> None:
    """Half of the time the address and the player are real ones."""
    known = rows.ids.get(case.path.split("/")[3], [])
    if known and "id" in (case.path_parameters or {}) and draw(strategies.booleans()):
        case.path_parameters["id"] = draw(strategies.sampled_from(known))
    if "code" in (case.path_parameters or {}) and draw(strategies.booleans()):
        case.path_parameters["code"] = draw(strategies.sampled_from(rows.codes))
    if isinstance(case.body, dict):
        case.body = dict(case.body)  # it may be the example that stands in the document
    body = case.body
    if isinstance(body, dict) and "player" in body and draw(strategies.booleans()):
        body["player"] = draw(strategies.sampled_from(rows.ids["players"]))
    if isinstance(body, dict) and "url" in body and draw(strategies.booleans()):
        body["url"] = RECEIVER


def owner(name: str) -> User:
    """Every right, so that only the token's scopes stand between."""
    user = make_staff(name)
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    return User.objects.get(pk=user.pk)
