"""What a list says while nothing is in it: what will stand there, and what somebody does to see it come."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOTHING_YET: dict[str, Promise] = {
    "sales.order": _(
        "No order yet. One appears here as soon as a player picks numbers in the chat: open the sales of "
        "a raffle and tell people your WhatsApp number."
    ),
    "sales.paymentproof": _(
        "No receipt yet. The photo or PDF of a transfer that a player sends in the chat appears here and "
        "on the payment desk."
    ),
    "sales.payment": _(
        "No payment yet. It appears here when somebody confirms a receipt on the payment desk."
    ),
    "sales.refund": _(
        "No money to give back. A refund begins on the page of a paid order or of a player who has credit."
    ),
    "sales.creditentry": _(
        "No money has moved yet. Each payment, purchase and refund writes its line here by itself."
    ),
    "sales.player": _("No player yet. Whoever writes to your WhatsApp number appears here by themselves."),
    "raffles.raffle": _(
        "No raffle yet. Add one with its price, its numbers and its draw, then open its sales: from then "
        "on it is offered in the chat."
    ),
    "raffles.ticket": _("No number is held or sold yet. Numbers appear here as players pick them."),
    "draws.draw": _(
        "No draw yet. It is planned on the page of a raffle, by the button “Draw”, and published with the "
        "opening of its sales."
    ),
    "draws.award": _("Nobody has won yet. Prizes appear here when a draw was held, each with its deadline."),
    "desk.staffnotification": _(
        "Nothing has happened that somebody must look at. Receipts, questions and failures appear here "
        "and ring the bell above."
    ),
    "desk.destination": _(
        "Alerts are shown at the bell only. Add a chat room or a colleague's WhatsApp to hear of them "
        "elsewhere too."
    ),
    "api.token": _(
        "No program comes in yet. Make a token for each: a website that sells, a script that compares "
        "transfers, a cash desk."
    ),
    "desk.digest": _(
        "No alert has left yet. Add a destination, and what happens is gathered and sent there within a "
        "minute."
    ),
    "whatsapp.contact": _(
        "Nobody has written yet. Send a message to your WhatsApp number from any phone, and the chat "
        "appears here."
    ),
    "whatsapp.outboundmessage": _(
        "Nothing was sent yet. Answers and notices to players appear here, with their ticks."
    ),
    "whatsapp.inboundevent": _(
        "Nothing has come in yet. If somebody has written and nothing is here, check the webhook in "
        "Meta's dashboard."
    ),
    "whatsapp.messagetemplate": _(
        "No template yet. Submit them to Meta with “manage.py submit_templates”, wait for its word, then "
        "press Sync with Meta."
    ),
    "whatsapp.businessnumber": _(
        "No number yet. It appears here by itself when the first message comes in or leaves."
    ),
    "hooks.subscription": _(
        "Nobody outside hears of your sales. Add a webhook, and another program is told of each payment or "
        "order you choose."
    ),
    "hooks.delivery": _(
        "Nothing was told to other programs yet. Add a webhook; from then on what it is told stands here."
    ),
    "audit.auditentry": _(
        "Nothing is written down yet. Each sign-in, decision and look at something private writes its "
        "line here."
    ),
    "auth.user": _("Nobody works here yet. Add your colleagues, and give each one a group."),
    "auth.group": _(
        "No group yet. “manage.py make_groups” makes the five that the product comes with; others can be "
        "added."
    ),
}
# By the right that the sentence above speaks to, what who lacks it reads: nothing that they cannot do.
FOR_READERS: dict[str, tuple[str, Promise]] = {
    "whatsapp.messagetemplate": (
        "whatsapp.sync_templates",
        _("No template yet. An administrator submits them to Meta; what it says of each appears here."),
    ),
}


def nothing_yet(label: str, user: Any) -> Promise:
    right, for_readers = FOR_READERS.get(label, ("", NOTHING_YET[label]))
    return NOTHING_YET[label] if not right or user.has_perm(right) else for_readers
