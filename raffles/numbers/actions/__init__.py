from raffles.numbers.actions.close_raffle import close_raffle
from raffles.numbers.actions.open_raffle import open_raffle
from raffles.numbers.actions.pause_raffle import pause_raffle
from raffles.numbers.actions.reserve_numbers import reserve_numbers
from raffles.numbers.actions.reserve_random_numbers import reserve_random_numbers

__all__ = [
    "close_raffle",
    "open_raffle",
    "pause_raffle",
    "reserve_numbers",
    "reserve_random_numbers",
]
