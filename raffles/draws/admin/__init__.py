from raffles.draws.admin import refusals
from raffles.draws.admin.awards import AwardAdmin
from raffles.draws.admin.draws import DrawAdmin

__all__ = ["AwardAdmin", "DrawAdmin", "refusals"]
