from raffles.desk.models.alerts import Destination, Digest, DigestLine
from raffles.desk.models.notifications import OF_DRAWS, OF_ORDERS, OF_PLAYERS, OF_THE_HOUSE, StaffNotification
from raffles.desk.models.reviews import Card, Handover, Verdict

__all__ = [
    "OF_DRAWS",
    "OF_ORDERS",
    "OF_PLAYERS",
    "OF_THE_HOUSE",
    "Card",
    "Destination",
    "Digest",
    "DigestLine",
    "Handover",
    "StaffNotification",
    "Verdict",
]
