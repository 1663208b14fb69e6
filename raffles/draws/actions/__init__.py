from raffles.draws.actions.answer_award import answer_award
from raffles.draws.actions.call_off_draw import call_off_draw
from raffles.draws.actions.claim_award import claim_award
from raffles.draws.actions.close_entries import close_entries
from raffles.draws.actions.exclude_order import exclude_order
from raffles.draws.actions.expire_awards import expire_awards
from raffles.draws.actions.fall_back import fall_back
from raffles.draws.actions.forget_winner import forget_winner
from raffles.draws.actions.hand_over_award import hand_over_award
from raffles.draws.actions.hold_draw import hold_draw
from raffles.draws.actions.issue_minutes import issue_minutes
from raffles.draws.actions.lose_award import lose_award
from raffles.draws.actions.record_beacon import record_beacon
from raffles.draws.actions.set_prize_picture import set_prize_picture
from raffles.draws.actions.show_winner import show_winner
from raffles.draws.actions.tell_outcomes import tell_outcomes
from raffles.draws.actions.type_result import type_result

__all__ = [
    "answer_award",
    "call_off_draw",
    "claim_award",
    "close_entries",
    "exclude_order",
    "expire_awards",
    "fall_back",
    "forget_winner",
    "hand_over_award",
    "hold_draw",
    "issue_minutes",
    "lose_award",
    "record_beacon",
    "set_prize_picture",
    "show_winner",
    "tell_outcomes",
    "type_result",
]
