from __future__ import annotations

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from raffles.hooks import errors
from raffles.sales.admin.refusals import in_words

WHY_NOT = {
    "unreadable": _("This is no web address, or it holds a user name."),
    "insecure": _("The address must begin with https://."),
    "private": _("This address leads to a machine that is not on the internet."),
    "elsewhere": _("This copy is for trying: it tells this machine only (http://127.0.0.1:9000/)."),
}


@in_words.register
def _address_refused(refusal: errors.AddressRefused, *, currency: str = "") -> str:
    return str(WHY_NOT[refusal.why])


@in_words.register
def _no_event(refusal: errors.NoEventChosen, *, currency: str = "") -> str:
    return _now("choose at least one event")


@in_words.register
def _unknown(refusal: errors.EventsUnknown, *, currency: str = "") -> str:
    return _now("there are no such events: %(names)s") % {"names": ", ".join(refusal.names)}


@in_words.register
def _too_many(refusal: errors.TooManySubscriptions, *, currency: str = "") -> str:
    return _now("%(limit)d webhooks of one person or program are enough; switch one off first") % {
        "limit": refusal.limit
    }


@in_words.register
def _off(refusal: errors.SubscriptionOff, *, currency: str = "") -> str:
    return _now("its webhook is switched off; switch it on first")


@in_words.register
def _too_many_tests(refusal: errors.TooManyTests, *, currency: str = "") -> str:
    return _now("%(limit)d test events a minute are enough; wait a moment") % {"limit": refusal.limit}


@in_words.register
def _not_given_up(refusal: errors.NotGivenUp, *, currency: str = "") -> str:
    return _now("only what was given up is sent again")


@in_words.register
def _no_subscription(refusal: errors.SubscriptionNotFound, *, currency: str = "") -> str:
    return _now("there is no such webhook")


@in_words.register
def _no_delivery(refusal: errors.DeliveryNotFound, *, currency: str = "") -> str:
    return _now("there is no such delivery")
