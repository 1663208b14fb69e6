from raffles.draws.models.awards import Award, Outcome, Prize
from raffles.draws.models.draws import Draw, DrawSecret, RuleVersion
from raffles.draws.models.records import EntryPage, Exclusion, TypedResult

__all__ = [
    "Award",
    "Draw",
    "DrawSecret",
    "EntryPage",
    "Exclusion",
    "Outcome",
    "Prize",
    "RuleVersion",
    "TypedResult",
]
