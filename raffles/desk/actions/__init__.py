from raffles.desk.actions.call_person import call_person
from raffles.desk.actions.mark_seen import mark_seen

__all__ = ["call_person", "mark_seen"]
