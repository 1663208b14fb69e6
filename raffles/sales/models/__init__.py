from raffles.sales.models.approvals import Approval
from raffles.sales.models.kept import CURRENCY, AppendOnlyRows, Kept, KeptRows
from raffles.sales.models.money import CreditEntry, Payment, PlayerCredit, Refund
from raffles.sales.models.orders import CODE, HELD, OVER, Order, OrderChange, PaymentProof
from raffles.sales.models.players import Actor, Player

__all__ = [
    "CODE",
    "CURRENCY",
    "HELD",
    "OVER",
    "Actor",
    "AppendOnlyRows",
    "Approval",
    "CreditEntry",
    "Kept",
    "KeptRows",
    "Order",
    "OrderChange",
    "Payment",
    "PaymentProof",
    "Player",
    "PlayerCredit",
    "Refund",
]
