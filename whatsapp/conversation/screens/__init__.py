"""What the player sees in each state. Steps choose a screen; `intro` is said first, in the same bubble."""

from whatsapp.conversation.screens.basic import joined, languages, menu, menu_buttons
from whatsapp.conversation.screens.orders import labels_of, order, order_list, really_cancel, which_order
from whatsapp.conversation.screens.places import HERE_EDGES, NAMED_EDGES, here, named
from whatsapp.conversation.screens.raffles import ask_numbers, raffle, raffle_list

__all__ = [
    "HERE_EDGES",
    "NAMED_EDGES",
    "ask_numbers",
    "here",
    "joined",
    "labels_of",
    "languages",
    "menu",
    "menu_buttons",
    "named",
    "order",
    "order_list",
    "raffle",
    "raffle_list",
    "really_cancel",
    "which_order",
]
