from raffles.sales.actions.approve_payment import approve_payment
from raffles.sales.actions.ask_for_proof import ask_for_proof
from raffles.sales.actions.cancel_order import cancel_order
from raffles.sales.actions.change_language import change_language
from raffles.sales.actions.change_phone import change_phone
from raffles.sales.actions.confirm_order import confirm_order
from raffles.sales.actions.confirm_payment import confirm_payment
from raffles.sales.actions.drop_refund import drop_refund
from raffles.sales.actions.expire_orders import expire_orders
from raffles.sales.actions.make_refund import make_refund
from raffles.sales.actions.merge_players import merge_players
from raffles.sales.actions.pay_with_credit import pay_with_credit
from raffles.sales.actions.record_payment import record_payment
from raffles.sales.actions.refund_order import refund_order
from raffles.sales.actions.register_player import register_player
from raffles.sales.actions.reject_proof import reject_proof
from raffles.sales.actions.request_cancel import request_cancel
from raffles.sales.actions.request_refund import request_refund
from raffles.sales.actions.resume_news import resume_news
from raffles.sales.actions.stop_news import stop_news
from raffles.sales.actions.submit_payment_proof import submit_payment_proof

__all__ = [
    "approve_payment",
    "ask_for_proof",
    "cancel_order",
    "change_language",
    "change_phone",
    "confirm_order",
    "confirm_payment",
    "drop_refund",
    "expire_orders",
    "make_refund",
    "merge_players",
    "pay_with_credit",
    "record_payment",
    "refund_order",
    "register_player",
    "reject_proof",
    "request_cancel",
    "request_refund",
    "resume_news",
    "stop_news",
    "submit_payment_proof",
]
