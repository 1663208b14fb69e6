"""The minutes in the language of whoever reads them: sections of facts and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime
from babel.numbers import format_decimal
from django.conf import settings
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from raffles.draws.minutes.form import Gone, Minutes, Money
from raffles.draws.minutes.ranges import Ranges
from raffles.draws.models import Award, Draw
from raffles.sales.money import format_money

# Beyond that a list of numbers is no help on paper: the published document has it, and the root binds it.
MOST_RANGES = 1000

Fact = tuple[str, str]


@dataclass(frozen=True)
class Grid:
    """Shares say how wide its columns are."""

    head: Sequence[str]
    shares: Sequence[float]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Section:
    title: str
    facts: Sequence[Fact] = ()
    grid: Grid | None = None
    notes: Sequence[str] = field(default=())


def sections(minutes: Minutes) -> Iterator[Section]:
    yield Section(_("The draw"), list(_draw(minutes)))
    yield Section(_("Numbers"), list(_numbers(minutes)))
    yield Section(_("Takings"), grid=_takings(minutes))
    yield Section(_("Prizes"), grid=_prizes(minutes))
    yield Section(_("Published rule"), grid=_rules(minutes))
    yield Section(_("Where the result comes from"), list(_chance(minutes)))
    yield Section(_("Result"), list(_result(minutes)), grid=_winners(minutes))
    yield Section(_("How to check it"), list(_checks(minutes)))


def moment(at: datetime, minutes: Minutes) -> str:
    """Where the raffle is at home, to the second, with its distance from UTC."""
    zone = ZoneInfo(minutes.time_zone)
    return format_datetime(at, "d MMM y, HH:mm:ss ZZZZ", tzinfo=zone, locale=_locale())


def _locale() -> Locale:
    return Locale.parse(get_language() or settings.LANGUAGE_CODE, sep="-")


def _count(number: int) -> str:
    return format_decimal(number, locale=_locale())


def _money(minor: int, currency: str) -> str:
    return format_money(minor, currency, get_language() or settings.LANGUAGE_CODE)


def _label(number: int, minutes: Minutes) -> str:
    return str(number).zfill(minutes.numbers.width)


def _labels(numbers: Sequence[int], minutes: Minutes) -> str:
    return ", ".join(_label(number, minutes) for number in numbers)


def _ranges(ranges: Ranges, minutes: Minutes) -> str:
    if len(ranges) > MOST_RANGES:
        return _("%(count)s ranges, named in the published document and bound by the root") % {
            "count": _count(len(ranges))
        }
    return ", ".join(
        _label(first, minutes) if first == last else f"{_label(first, minutes)}–{_label(last, minutes)}"
        for first, last in ranges
    )


def _draw(minutes: Minutes) -> Iterator[Fact]:
    yield _("Title"), minutes.title
    yield _("Code"), minutes.code
    yield _("How it is drawn"), str(Draw.Method(minutes.chance.method).label)
    yield _("Sales ended"), moment(minutes.closes_at, minutes)
    yield _("Entries frozen"), moment(minutes.closed_at, minutes)
    yield _("Draw planned for"), moment(minutes.draws_at, minutes)
    yield _("Draw held"), moment(minutes.drawn_at, minutes)
    yield _("Entries"), _count(minutes.entries)
    yield _("Root"), minutes.root


def _numbers(minutes: Minutes) -> Iterator[Fact]:
    numbers = minutes.numbers
    span = f"{_label(numbers.first, minutes)}–{_label(numbers.last, minutes)}"
    yield _("On sale"), f"{span} ({_count(numbers.last - numbers.first + 1)})"
    yield _("Sold (%(count)s)") % {"count": _count(numbers.sold_count)}, _ranges(numbers.sold, minutes) or "–"
    yield _("Free (%(count)s)") % {"count": _count(numbers.free_count)}, _ranges(numbers.free, minutes) or "–"
    for gone in numbers.excluded:
        yield _("Void: excluded"), _gone(gone, minutes)
    for gone in numbers.refunded_before:
        yield _("Void: refunded"), _gone(gone, minutes)
    for gone in numbers.refunded_since:
        yield _("Refunded after the draw"), _gone(gone, minutes)


def _gone(gone: Gone, minutes: Minutes) -> str:
    told = _("order %(code)s: %(numbers)s") % {"code": gone.order, "numbers": _ranges(gone.numbers, minutes)}
    return " – ".join(filter(None, (told, gone.reason)))


def _takings(minutes: Minutes) -> Grid:
    paid = [_of_money(_("Paid"), each) for each in minutes.takings]
    back = [_of_money(_("Refunded after the draw"), each) for each in minutes.refunded_since]
    none = [] if paid or back else [("–", "", "", "")]
    return Grid(("", _("Orders"), _("Numbers"), _("Amount")), (4, 2, 2, 3), [*paid, *back, *none])


def _of_money(label: str, money: Money) -> Sequence[str]:
    amount = _money(money.amount_minor, money.currency)
    return label, _count(money.orders), _count(money.numbers), amount


def _prizes(minutes: Minutes) -> Grid:
    rows = [
        (
            str(prize.rank),
            prize.label,
            _count(prize.quantity),
            "" if prize.amount_minor is None else _money(prize.amount_minor, prize.currency or ""),
        )
        for prize in minutes.prizes
    ]
    return Grid((_("Rank"), _("Prize"), _("How many"), _("Amount")), (1, 6, 1.5, 2.5), rows)


def _rules(minutes: Minutes) -> Grid:
    rows = [
        (str(rule.version), moment(rule.published_at, minutes), rule.digest, rule.reason or "–")
        for rule in minutes.rules
    ]
    head = (_("Version"), _("Published"), _("Digest (SHA-256)"), _("Reason"))
    return Grid(head, (1.3, 3, 4.2, 2.5), rows)


def _chance(minutes: Minutes) -> Iterator[Fact]:
    chance = minutes.chance
    if chance.fallback:
        yield _("Fallback of the rule"), str(Draw.Fallback(chance.fallback).label)
    if chance.commitment:
        yield _("Hash of the secret, from the rule"), chance.commitment
        yield _("Secret, revealed with the result"), chance.secret or _("lost: it took no part")
    yield from _beacon(minutes)
    yield from _typed(minutes)
    if chance.seed:
        yield _("Seed"), chance.seed


def _beacon(minutes: Minutes) -> Iterator[Fact]:
    beacon = minutes.chance.beacon
    if beacon is None:
        return
    yield _("Chain of the beacon"), beacon.chain
    yield _("Round of the beacon"), f"{beacon.round} ({moment(beacon.at, minutes)})"
    yield _("Signature of the round"), beacon.signature
    yield _("Randomness of the round"), beacon.randomness


def _typed(minutes: Minutes) -> Iterator[Fact]:
    lottery, barrel = minutes.chance.lottery, minutes.chance.barrel
    if lottery is not None:
        yield _("Official lottery"), f"{lottery.name}, {lottery.drawing}"
        yield _("Results, typed alike by two people"), ", ".join(lottery.results)
        words = ngettext("the last digit: %(how)s", "the last %(count)d digits: %(how)s", lottery.digits)
        how = Draw.Mapping(lottery.mapping).label
        yield _("How a result is read"), words % {"count": lottery.digits, "how": how}
    if barrel is not None:
        yield _("Drawn from the barrel, typed alike by two people"), _labels(barrel.numbers, minutes)
        yield _("Witnesses"), barrel.witnesses


def _result(minutes: Minutes) -> Iterator[Fact]:
    yield _("Sequence"), _labels(minutes.sequence, minutes) or "–"
    if minutes.reserves:
        reserves = (f"{_label(each.number, minutes)} ({each.order})" for each in minutes.reserves)
        yield _("Reserves, in their order (with the order of each)"), ", ".join(reserves)


def _winners(minutes: Minutes) -> Grid:
    rows = [
        (
            f"{won.rank}.{won.unit}",
            won.prize,
            _label(won.number, minutes),
            won.order,
            moment(won.claim_until, minutes),
            _state(won.status, won.lost_why),
        )
        for won in minutes.winners
    ] or [("–", _("Nobody has won: there was no paid number."), "", "", "", "")]
    head = (_("Unit"), _("Prize"), _("Number"), _("Order"), _("To be claimed until"), _("State"))
    return Grid(head, (1, 3.4, 1.5, 1.6, 2.7, 2.2), rows)


def _state(status: str, lost_why: str) -> str:
    label = str(Award.Status(status).label)
    return f"{label}: {Award.Lost(lost_why).label}" if lost_why else label


def _checks(minutes: Minutes) -> Iterator[Fact]:
    yield _("All of it, for everybody"), f"{settings.SITE_URL}/draws/{minutes.code}/proof.json"
    yield _("SHA-256 of these minutes as JSON"), minutes.digest
