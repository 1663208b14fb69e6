from raffles.draws.minutes.form import Minutes
from raffles.draws.minutes.reading import minutes_of

__all__ = ["Minutes", "minutes_of"]
