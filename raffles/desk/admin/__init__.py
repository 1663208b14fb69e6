from raffles.desk.admin import destinations, notifications
from raffles.desk.admin.notifications import TONES

__all__ = ["TONES", "destinations", "notifications"]
