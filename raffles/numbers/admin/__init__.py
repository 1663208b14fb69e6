from raffles.numbers.admin import orders, refusals
from raffles.numbers.admin.raffles import RaffleAdmin
from raffles.numbers.admin.tickets import TicketAdmin

__all__ = ["RaffleAdmin", "TicketAdmin", "orders", "refusals"]
