from raffles.desk.actions.call_person import call_person

__all__ = ["call_person"]
