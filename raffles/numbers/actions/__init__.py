from raffles.numbers.actions.change_rule import PrizePlan, RuleChange, change_rule
from raffles.numbers.actions.close_raffle import close_raffle
from raffles.numbers.actions.delete_raffle import delete_raffle
from raffles.numbers.actions.open_raffle import open_raffle
from raffles.numbers.actions.pause_raffle import pause_raffle
from raffles.numbers.actions.plan_draw import plan_draw
from raffles.numbers.actions.publish_rule import publish_rule
from raffles.numbers.actions.reserve_numbers import reserve_numbers
from raffles.numbers.actions.reserve_random_numbers import reserve_random_numbers
from raffles.numbers.actions.set_raffle_picture import set_raffle_picture

__all__ = [
    "PrizePlan",
    "RuleChange",
    "change_rule",
    "close_raffle",
    "delete_raffle",
    "open_raffle",
    "pause_raffle",
    "plan_draw",
    "publish_rule",
    "reserve_numbers",
    "reserve_random_numbers",
    "set_raffle_picture",
]
