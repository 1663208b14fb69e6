from __future__ import annotations

from rest_framework.routers import SimpleRouter

from raffles.api.views.awards import AwardDoor
from raffles.api.views.draws import DrawDoor
from raffles.api.views.money import PaymentDoor, ProofDoor, RefundDoor
from raffles.api.views.orders import OrderDoor
from raffles.api.views.players import PlayerDoor
from raffles.api.views.raffles import RaffleDoor
from raffles.api.views.tokens import TokenDoor
from raffles.api.views.webhook_log import DeliveryDoor
from raffles.api.views.webhooks import WebhookDoor

router = SimpleRouter()
router.register("raffles", RaffleDoor, basename="raffle")
router.register("draws", DrawDoor, basename="draw")
router.register("awards", AwardDoor, basename="award")
router.register("orders", OrderDoor, basename="order")
router.register("proofs", ProofDoor, basename="proof")
router.register("payments", PaymentDoor, basename="payment")
router.register("refunds", RefundDoor, basename="refund")
router.register("players", PlayerDoor, basename="player")
router.register("tokens", TokenDoor, basename="token")
router.register("webhooks", WebhookDoor, basename="webhook")
router.register("webhooks/deliveries", DeliveryDoor, basename="webhook-delivery")
