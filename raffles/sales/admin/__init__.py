from raffles.sales.admin.orders import OrderAdmin
from raffles.sales.admin.players import PlayerAdmin
from raffles.sales.admin.records import PaymentAdmin, PaymentProofAdmin, RefundAdmin

__all__ = ["OrderAdmin", "PaymentAdmin", "PaymentProofAdmin", "PlayerAdmin", "RefundAdmin"]
