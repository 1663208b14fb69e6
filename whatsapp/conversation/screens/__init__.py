"""What the player sees in each state. Steps choose a screen; `intro` is said first, in the same bubble."""

from whatsapp.conversation.screens.basic import buttons_with_person, joined, languages, menu, menu_buttons
from whatsapp.conversation.screens.draws import draw, own_draw, results
from whatsapp.conversation.screens.orders import labels_of, order, order_list, really_cancel, which_order
from whatsapp.conversation.screens.places import HERE_EDGES, NAMED_EDGES, by_code, chosen_row, here, named
from whatsapp.conversation.screens.prizes import ask_shown, no_prize, prize, standing
from whatsapp.conversation.screens.raffles import ask_numbers, raffle, raffle_list, refused_pick, shape_of
from whatsapp.conversation.screens.terms import terms

__all__ = [
    "HERE_EDGES",
    "NAMED_EDGES",
    "ask_numbers",
    "ask_shown",
    "buttons_with_person",
    "by_code",
    "chosen_row",
    "draw",
    "here",
    "joined",
    "labels_of",
    "languages",
    "menu",
    "menu_buttons",
    "named",
    "no_prize",
    "order",
    "order_list",
    "own_draw",
    "prize",
    "raffle",
    "raffle_list",
    "really_cancel",
    "refused_pick",
    "results",
    "shape_of",
    "standing",
    "terms",
    "which_order",
]
