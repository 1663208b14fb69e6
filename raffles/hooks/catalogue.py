"""Everything that can be subscribed to. A name that was given once keeps its meaning."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventKind(models.TextChoices):
    PROOF_RECEIVED = "proof.received", _("a player sent a receipt")
    PROOF_REJECTED = "proof.rejected", _("staff rejected a receipt")
    PROOF_QUESTIONED = "proof.questioned", _("staff asked the player for a better receipt")
    PAYMENT_RECORDED = "payment.recorded", _("staff confirmed that money came, whatever it was for")
    PAYMENT_SHORT = "payment.short", _("too little came for an order; the rest is waited for")
    PAYMENT_KEPT = "payment.kept", _("money came for numbers that are gone, and is credit of the player now")
    ORDER_PAID = "order.paid", _("an order is paid and its numbers are sold")
    ORDER_CANCEL_REQUESTED = "order.cancel_requested", _("a player asks to cancel an order")
    ORDER_CANCELLED = "order.cancelled", _("an order was cancelled and its numbers are free")
    ORDER_EXPIRED = "order.expired", _("the time of an order ran out and its numbers are free")
    ORDER_REFUNDED = "order.refunded", _("a paid order was taken back and its numbers are free")
    REFUND_DUE = "refund.due", _("money has to be sent back")
    REFUND_MADE = "refund.made", _("money was sent back")
    REFUND_DROPPED = "refund.dropped", _("a refund was dropped; the money is credit again")
    RULE_PUBLISHED = "rule.published", _("the rule of a draw was published, or a new version of it")
    DRAW_CLOSED = "draw.closed", _("the entries of a draw are frozen, under the root that it names")
    DRAW_HELD = "draw.held", _("a draw was held and its result is final")
    DRAW_CALLED_OFF = "draw.called_off", _("a draw was called off")
    AWARD_CLAIMED = "award.claimed", _("a winner came forward")
    AWARD_HANDED_OVER = "award.handed_over", _("a prize was handed over")
    AWARD_PASSED_ON = "award.passed_on", _("a prize was lost and went to the next reserve")


# Nobody subscribes to it: it is sent to one webhook when somebody asks whether its receiver hears.
TEST = "webhook.test"
ALL_KINDS = [*EventKind.choices, (TEST, _("somebody tries whether the receiver hears"))]


def unknown_among(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names) - set(EventKind.values)))
