"""Rules, states and outcomes in plain sentences."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext

from raffles.draws.models import Award, Draw
from raffles.numbers.models import Raffle
from raffles.pages.times import grouped
from raffles.sales.models import Order

Status, Method = Draw.Status, Draw.Method


def state_in_words(draw: Draw) -> str:
    return {
        Status.COMMITTED: gettext("The rule is published. Entries are frozen when sales end."),
        Status.CLOSED: gettext("The entries are frozen. The draw is still to come."),
        Status.DRAWN: gettext("The draw was held. The result is final."),
        Status.CALLED_OFF: gettext("This draw was called off."),
    }[Status(draw.status)]


def entries_in_words(draw: Draw, paid: int) -> str:
    """How many take part once they are frozen; before, how many are `paid` by now."""
    if draw.is_frozen:
        count = draw.entry_count or 0
        said = ngettext("%(count)s number takes part", "%(count)s numbers take part", count)
    else:
        count = paid
        said = ngettext("%(count)s number paid so far", "%(count)s numbers paid so far", count)
    return said % {"count": grouped(count)}


def rule_in_short(draw: Draw) -> list[str]:
    return [_entries(), _source(draw)]


def rule_in_words(draw: Draw) -> list[str]:
    return [_entries(), _freezing(), _source(draw), *_more(draw), _reserves(draw), _unclaimed(draw)]


def fallback_in_words(draw: Draw) -> str:
    """What happened instead of what was planned; empty where all went as planned."""
    if draw.fallback == Draw.Fallback.BEACON_MISSING:
        return gettext("The beacon did not come in time, so the secret alone decided, as the rule says.")
    if draw.fallback == Draw.Fallback.SECRET_LOST and draw.method == Method.SECRET:
        return gettext("The secret was lost, so a physical draw before witnesses decides, as the rule says.")
    if draw.fallback == Draw.Fallback.SECRET_LOST:
        return gettext("The secret was lost, so a later round of the beacon decides alone, as the rule says.")
    return ""


def order_in_words(order: Order) -> str:
    return {
        Order.Status.DRAFT: gettext("Not paid yet: the numbers are held for a short while."),
        Order.Status.PENDING_PAYMENT: gettext("Not paid yet: we wait for the receipt."),
        Order.Status.UNDER_REVIEW: gettext("Not confirmed yet: the receipt is being looked at."),
        Order.Status.PAID: gettext("Paid. These numbers are yours."),
        Order.Status.CANCELLED: gettext("Cancelled. It holds no numbers."),
        Order.Status.EXPIRED: gettext("Expired without payment. It holds no numbers."),
        Order.Status.REFUNDED: gettext("Refunded. It holds no numbers."),
    }[Order.Status(order.status)]


def board_words(raffle: Raffle) -> dict[str, str]:
    """What the script of the board says."""
    ends = {"first": raffle.label(raffle.first_number), "last": raffle.label(raffle.last_number)}
    return {
        "free": gettext("Free"),
        "held": gettext("Reserved"),
        "sold": gettext("Sold"),
        "stock": gettext("%(taken)s of %(size)s numbers taken"),
        "over": gettext("Sales are over"),
        "outside": gettext("The numbers go from %(first)s to %(last)s.") % ends,
        "copied": gettext("Copied"),
        "stale": gettext("No connection: these numbers may have changed."),
        "gone": gettext("Somebody else has taken %(numbers)s meanwhile."),
    }


def lost_in_words(why: str) -> str:
    return str(Award.Lost(why).label) if why else ""


def more_winners(count: int) -> str:
    """Empty where all are shown."""
    if count < 1:
        return ""
    said = ngettext("and %(count)s more winner", "and %(count)s more winners", count)
    return said % {"count": grouped(count)}


def all_winners(count: int) -> str:
    said = gettext(
        "%(count)s winners in all. Below you can check your own number; the document lists them all."
    )
    return said % {"count": grouped(count)}


def _entries() -> str:
    return gettext(
        "Only numbers that are paid when the entries are frozen take part. Unsold numbers cannot win."
    )


def _freezing() -> str:
    return gettext(
        "Once sales are over and every payment is decided, the list of paid numbers is frozen. "
        "Its fingerprint is public before the draw."
    )


def _source(draw: Draw) -> str:
    return {
        Method.BEACON: gettext(
            "Chance comes from two places at once: a secret whose hash was published with the rule, "
            "and a public beacon (drand) that nobody can know beforehand."
        ),
        Method.SECRET: gettext("Chance comes from a secret whose hash was published with the rule."),
        Method.LOTTERY: gettext("The official results of “%(name)s” (%(drawing)s) decide.")
        % {"name": draw.lottery_name, "drawing": draw.lottery_drawing},
        Method.BARREL: gettext("Numbers are drawn by hand before witnesses; two people type what came out."),
    }[Method(draw.method)]


def _more(draw: Draw) -> list[str]:
    if draw.method in {Method.BEACON, Method.SECRET}:
        return [
            gettext("One computation that anybody can repeat leads from there to the winners. No second try.")
        ]
    if draw.method == Method.LOTTERY and draw.lottery_mapping == Draw.Mapping.DIRECT:
        return [
            _digits(draw),
            gettext("Those digits are the number; a result without an entry is passed over."),
        ]
    if draw.method == Method.LOTTERY:
        return [
            _digits(draw),
            gettext(
                "They are divided by how many numbers there are; the remainder counts from the first number."
            ),
        ]
    return []


def _digits(draw: Draw) -> str:
    return ngettext(
        "Of each result, in their order, the last digit counts.",
        "Of each result, in their order, the last %(count)s digits count.",
        draw.lottery_digits,
    ) % {"count": draw.lottery_digits}


def _reserves(draw: Draw) -> str:
    if draw.reserves == 0:
        return gettext("Prizes go by rank, the first first. No reserves are drawn.")
    return ngettext(
        "Prizes go by rank, the first first. After them %(count)s reserve is drawn.",
        "Prizes go by rank, the first first. After them %(count)s reserves are drawn.",
        draw.reserves,
    ) % {"count": grouped(draw.reserves)}


def _unclaimed(draw: Draw) -> str:
    if draw.redraw == Draw.Redraw.RESERVES:
        return ngettext(
            "A prize that is not claimed within %(count)s day goes to the next reserve.",
            "A prize that is not claimed within %(count)s days goes to the next reserve.",
            draw.claim_days,
        ) % {"count": draw.claim_days}
    return ngettext(
        "A prize that is not claimed within %(count)s day stays with the organiser.",
        "A prize that is not claimed within %(count)s days stays with the organiser.",
        draw.claim_days,
    ) % {"count": draw.claim_days}
