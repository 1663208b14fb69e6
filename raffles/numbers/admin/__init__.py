from raffles.numbers.admin import draws, orders, organisers, refusals
from raffles.numbers.admin.raffles import RaffleAdmin
from raffles.numbers.admin.tickets import TicketAdmin

__all__ = ["RaffleAdmin", "TicketAdmin", "draws", "orders", "organisers", "refusals"]
