"""What a rule does with every number, said while it is written: which result means which, and how fair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from raffles.draws.admin.refusals import unfair_in_words
from raffles.draws.admin.showing import labelled
from raffles.draws.coverage import Coverage, coverage_of_digits, outcomes_for
from raffles.draws.models import Draw
from raffles.draws.subjects import Terms
from raffles.sales.admin.showing import badge

MOST_DIGITS = 9


@dataclass(frozen=True)
class Panel:
    verdict: SafeString
    sentences: tuple[str, ...]
    # A result of the lottery and the number it means.
    examples: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Plan:
    """The fields of a draw that decide it, as they are kept or being typed."""

    method: str
    digits: int
    mapping: str

    @classmethod
    def of(cls, draw: Draw) -> Plan:
        return cls(draw.method, draw.lottery_digits, draw.lottery_mapping)

    @classmethod
    def typed(cls, draw: Draw, given: Mapping[str, str]) -> Plan:
        """What cannot be read counts as it is kept: the form says what is wrong with it."""
        kept = cls.of(draw)
        method, mapping = given.get("method", ""), given.get("lottery_mapping", "")
        digits = given.get("lottery_digits", "")
        is_number = digits.isascii() and digits.isdigit() and len(digits) < 3
        return cls(
            method if method in Draw.Method.values else kept.method,
            int(digits) if is_number and 1 <= int(digits) <= MOST_DIGITS else kept.digits,
            mapping if mapping in Draw.Mapping.values else kept.mapping,
        )


def coverage_of(plan: Plan, terms: Terms) -> Coverage:
    if plan.method != Draw.Method.LOTTERY:
        return Coverage()
    return coverage_of_digits(first=terms.first, last=terms.last, digits=plan.digits, mapping=plan.mapping)


def panel_of(plan: Plan, terms: Terms) -> Panel:
    size = terms.last - terms.first + 1
    words = ngettext("%(count)d number is on sale.", "%(count)d numbers are on sale.", size) % {"count": size}
    if plan.method == Draw.Method.LOTTERY:
        return _of_lottery(plan, terms, words)
    return Panel(
        badge(_("Every sold number is as likely as any other"), "good"), (words, *_how(plan), _unsold())
    )


def _of_lottery(plan: Plan, terms: Terms, words: str) -> Panel:
    found = coverage_of(plan, terms)
    passed = _(
        "A result that means a number nobody has, or one that came before, is passed over: the next counts."
    )
    if not found.is_fair:
        unfair = unfair_in_words(found.never, found.likelier)
        return Panel(
            badge(_("Not fair: cannot be published"), "bad"), (words, unfair), _examples(plan, terms)
        )
    weight = outcomes_for(
        terms.first, first=terms.first, last=terms.last, digits=plan.digits, mapping=plan.mapping
    )
    each = ngettext(
        "Of %(all)d possible results each number has %(count)d.",
        "Of %(all)d possible results each number has %(count)d.",
        weight,
    ) % {"all": 10**plan.digits, "count": weight}
    verdict = badge(_("Every number can win, each as likely as any other"), "good")
    return Panel(verdict, (words, each, passed, _unsold(), _too_few()), _examples(plan, terms))


def _how(plan: Plan) -> tuple[str, ...]:
    how = {
        Draw.Method.BEACON: _(
            "The draw is among the paid numbers, by our secret and a public beacon that comes after the "
            "freezing: while both take part, neither we nor anybody else can choose who wins. Without one of "
            "them the other decides; everybody sees that, for we could have known the result."
        ),
        Draw.Method.SECRET: _(
            "The draw is among the paid numbers, by our secret alone: whoever knows it could steer by what "
            "is sold last, or lose it for a physical draw. The beacon is better."
        ),
        Draw.Method.BARREL: _(
            "Chance is in the barrel: each sold number must be in it once. Two people type what came out, "
            "before witnesses."
        ),
    }
    return (how[Draw.Method(plan.method)],)


def _unsold() -> str:
    return _("A number that nobody has paid cannot win.")


def _too_few() -> str:
    return _("If the results run out before the prizes do, the prizes that are left are not awarded.")


def _examples(plan: Plan, terms: Terms) -> tuple[tuple[str, str], ...]:
    outcomes, size = 10**plan.digits, terms.last - terms.first + 1
    borders = {0, 1, terms.first, terms.last, terms.last + 1, size - 1, size, outcomes - 1}
    chosen = sorted(one for one in borders if 0 <= one < outcomes)
    return tuple((str(one).zfill(plan.digits), _meant(one, plan, terms)) for one in chosen)


def _meant(outcome: int, plan: Plan, terms: Terms) -> str:
    size = terms.last - terms.first + 1
    is_direct = plan.mapping == Draw.Mapping.DIRECT
    number = outcome if is_direct else terms.first + outcome % size
    is_there = terms.first <= number <= terms.last
    return labelled(number, terms.width) if is_there else _("no number: passed over")
