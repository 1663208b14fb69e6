"""What confirming an amount leads to: staff are told before they do it, and again while it can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from raffles.sales.admin.showing import money, shortened
from raffles.sales.lifecycle import is_over, lost_to_others
from raffles.sales.models import Order
from raffles.sales.queries import missing_of


@dataclass(frozen=True)
class Outcome:
    """A row of the decision table. `over` is in minor units: negative where something is missing then.

    `is_ended`: for a raffle that is over nobody waits for a rest.
    """

    order: Order
    amount_minor: int
    over: int = 0
    lost: tuple[str, ...] = ()
    is_ended: bool = False

    @property
    def is_credit(self) -> bool:
        return bool(self.lost) or (self.is_ended and self.over < 0)

    @property
    def is_usual(self) -> bool:
        return not (self.over or self.lost)

    def question(self) -> str:
        if self.lost:
            return late_in_words(self.lost)
        apart = money(abs(self.over), self.order.currency)
        if self.over < 0 and self.is_ended:
            return _(
                "%(rest)s is missing, and the sale is over: the money becomes the player's credit and the "
                "order ends."
            ) % {"rest": apart}
        if self.over < 0:
            return _(
                "%(rest)s is missing: it is recorded, the numbers stay held and the player is asked for the "
                "rest."
            ) % {"rest": apart}
        return _("%(more)s is too much: the numbers are sold, and it stays as the player's credit.") % {
            "more": apart
        }

    def done(self) -> str:
        """Beside the order's code, as what was decided a moment ago."""
        came, apart = (money(abs(minor), self.order.currency) for minor in (self.amount_minor, self.over))
        if self.is_credit:
            return _("%(amount)s recorded as credit") % {"amount": came}
        if self.over < 0:
            return _("%(amount)s recorded, %(rest)s is missing") % {"amount": came, "rest": apart}
        return _("confirmed, %(more)s is credit") % {"more": apart} if self.over else _("confirmed")


def outcome_of(order: Order, amount_minor: int, now: datetime) -> Outcome:
    lost = lost_to_others(order, now)
    over = amount_minor - missing_of(order)
    return Outcome(order, amount_minor, over, lost, is_ended=is_over(order, now))


def late_in_words(lost: tuple[str, ...]) -> str:
    return _(
        "It came too late, and %(lost)s cannot be had any more: the money becomes the player's credit and "
        "the order ends."
    ) % {"lost": shortened(lost)}
