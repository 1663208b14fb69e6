"""Ready-made reasons: staff choose in their language, the player reads in theirs."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Reasons = dict[str, Promise]

REJECT: Reasons = {
    "unreadable": _("The picture cannot be read. Please send a sharper one."),
    "amount": _("The amount is not the amount of your order."),
    "account": _("The payment went to another account."),
    "not_arrived": _("The transfer has not arrived in our account."),
    "used": _("This receipt was used for another order."),
    "no_receipt": _("This is not a payment receipt."),
}
CANCEL: Reasons = {
    "asked": _("You asked us to cancel it."),
    "not_paid": _("The payment did not arrive."),
    "sold": _("The numbers were sold to others while your payment was on its way."),
    "raffle": _("The raffle does not take place."),
}
REFUND: Reasons = {
    "asked": _("You asked us to cancel it."),
    "twice": _("You paid twice."),
    "raffle": _("The raffle does not take place."),
}
