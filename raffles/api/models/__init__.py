from raffles.api.models.answers import KeptAnswer, RequestCount
from raffles.api.models.clients import Client, MadeOrder, MadePlayer, MadeSubscription, Token
from raffles.api.models.sessions import AppSession

__all__ = [
    "AppSession",
    "Client",
    "KeptAnswer",
    "MadeOrder",
    "MadePlayer",
    "MadeSubscription",
    "RequestCount",
    "Token",
]
