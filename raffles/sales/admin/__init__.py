from raffles.sales.admin.money_records import CreditEntryAdmin, PaymentAdmin, RefundAdmin
from raffles.sales.admin.orders import OrderAdmin
from raffles.sales.admin.players import PlayerAdmin
from raffles.sales.admin.records import PaymentProofAdmin

__all__ = [
    "CreditEntryAdmin",
    "OrderAdmin",
    "PaymentAdmin",
    "PaymentProofAdmin",
    "PlayerAdmin",
    "RefundAdmin",
]
