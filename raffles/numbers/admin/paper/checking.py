"""What is wrong with which row, before anything is changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import phonenumbers
from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _

from raffles.numbers.admin.paper.reading import Line
from raffles.numbers.errors import SalesClosed, TooFewPerOrder, TooManyPerOrder, TooManyPerPlayer
from raffles.numbers.models import Raffle, Ticket
from raffles.numbers.queries import live_tickets
from raffles.sales.admin.amounts import UnreadableAmount, read_amount, write_amount
from raffles.sales.admin.export import FORMULA_SIGNS
from raffles.sales.admin.refusals import in_words
from raffles.sales.admin.showing import money
from raffles.sales.models import Payment

CASH = "cash"
LONGEST_NAME = 120


class _Wrong(Exception):
    """The words are for staff."""


@dataclass(frozen=True)
class Sale:
    row: int
    number: int
    name: str
    phone: str

    @property
    def buyer(self) -> tuple[str, str]:
        return self.name.casefold(), self.phone


@dataclass(frozen=True)
class Problem:
    row: int
    words: str


@dataclass
class Check:
    """`done` are sold to the same buyer already: they came with an earlier upload."""

    sales: list[Sale] = field(default_factory=list)
    done: list[Sale] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def may_sell(self) -> bool:
        return bool(self.sales) and not self.problems


def check(raffle: Raffle, lines: Iterable[Line], *, now: datetime) -> Check:
    found, read = Check(), _read(raffle, lines)
    found.problems += [one for one in read if isinstance(one, Problem)]
    sales = [one for one in read if isinstance(one, Sale)]
    tickets = _live_tickets(raffle, sales)
    for sale in sales:
        ticket = tickets.get(sale.number)
        if ticket is None:
            found.sales.append(sale)
        elif _is_same(sale, ticket):
            found.done.append(sale)
        else:
            found.problems.append(
                Problem(sale.row, _("Number %(number)s is taken.") % {"number": raffle.label(sale.number)})
            )
    found.problems += _refused(raffle, by_buyer(found.sales), now)
    found.problems.sort(key=lambda problem: problem.row)
    return found


def by_buyer(sales: Iterable[Sale]) -> list[list[Sale]]:
    groups: dict[tuple[str, str], list[Sale]] = {}
    for sale in sales:
        groups.setdefault(sale.buyer, []).append(sale)
    return list(groups.values())


def _read(raffle: Raffle, lines: Iterable[Line]) -> list[Sale | Problem]:
    first: dict[int, int] = {}
    read: list[Sale | Problem] = []
    for line in lines:
        try:
            sale = _sale(raffle, line)
            if (row := first.setdefault(sale.number, line.row)) != line.row:
                raise _Wrong(_("The number stands in row %(row)d already.") % {"row": row})
            read.append(sale)
        except _Wrong as wrong:
            read.append(Problem(line.row, str(wrong)))
    return read


def _sale(raffle: Raffle, line: Line) -> Sale:
    _refuse_formula(line)
    number = _number(raffle, line.number)
    name = _name(line.name)
    phone = _phone(line.phone)
    _require_price(raffle, line.amount)
    return Sale(line.row, number, name, phone)


def _name(typed: str) -> str:
    """Without signs that nobody can see: they would make two people of one."""
    seen = "".join(sign for sign in " ".join(typed.split()) if sign.isprintable())
    if not seen:
        raise _Wrong(_("The name is missing."))
    return seen[:LONGEST_NAME]


def _refuse_formula(line: Line) -> None:
    """A phone may begin with a plus, and with nothing else of these."""
    cells = (line.number, line.name, line.amount, line.phone.removeprefix("+"))
    if any(cell.startswith(FORMULA_SIGNS) for cell in cells):
        raise _Wrong(_("A cell begins with a sign of a formula."))


def _number(raffle: Raffle, typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 9):
        raise _Wrong(_("“%(typed)s” is no number of this raffle.") % {"typed": typed[:20]})
    number = int(typed)
    if not raffle.first_number <= number <= raffle.last_number:
        first, last = raffle.label(raffle.first_number), raffle.label(raffle.last_number)
        raise _Wrong(
            _("Number %(number)s is outside %(first)s–%(last)s.")
            % {"number": raffle.label(number), "first": first, "last": last}
        )
    return number


def _phone(typed: str) -> str:
    """May be missing on paper. Excel drops the plus of what it takes for a number."""
    if not typed.strip():
        return ""
    digits = typed.strip() if typed.strip().startswith("+") else f"+{typed.strip()}"
    try:
        number = phonenumbers.parse(digits)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise _Wrong(_("Write the phone with its country, such as +595 981 123456."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _require_price(raffle: Raffle, typed: str) -> None:
    try:
        amount = read_amount(typed, raffle.currency)
    except UnreadableAmount:
        raise _Wrong(_("“%(typed)s” is no amount.") % {"typed": typed[:20]}) from None
    if amount != raffle.price_minor:
        price = write_amount(raffle.price_minor, raffle.currency)
        raise _Wrong(
            _("The amount must be the price of a number: %(price)s %(currency)s.")
            % {"price": price, "currency": raffle.currency}
        )


def _live_tickets(raffle: Raffle, sales: Sequence[Sale]) -> dict[int, Ticket]:
    in_cash = Payment.objects.filter(order=OuterRef("order"), method=CASH)
    tickets = Ticket.objects.filter(raffle=raffle, number__in=[sale.number for sale in sales])
    live = tickets.exclude(status=Ticket.Status.RELEASED).select_related("order__player")
    return {ticket.number: ticket for ticket in live.annotate(in_cash=Exists(in_cash))}


def _is_same(sale: Sale, ticket: Ticket) -> bool:
    player = ticket.order.player
    sold = ticket.status == Ticket.Status.SOLD and getattr(ticket, "in_cash", False)
    return bool(sold) and sale.buyer == (player.name.casefold(), player.phone)


def _refused(raffle: Raffle, groups: Sequence[Sequence[Sale]], now: datetime) -> list[Problem]:
    """What the actions would refuse, one buyer after the other, when half of the file is sold."""
    if groups and not raffle.is_on_sale(now):
        return [Problem(groups[0][0].row, in_words(SalesClosed(raffle.code)))]
    had = _held_before(raffle, groups)
    found = ((group[0], _limit_of(raffle, group, had)) for group in groups)
    return [Problem(first.row, words) for first, words in found if words]


def _limit_of(raffle: Raffle, group: Sequence[Sale], had: Mapping[tuple[str, str], int]) -> str:
    count, has, most = len(group), had.get(group[0].buyer, 0), raffle.max_per_player
    if count < raffle.min_per_order:
        return in_words(TooFewPerOrder(raffle.min_per_order))
    if count > raffle.max_per_order:
        return in_words(TooManyPerOrder(raffle.max_per_order))
    if most is not None and has + count > most:
        return in_words(TooManyPerPlayer(most, has))
    limit = raffle.two_people_from_minor
    if limit is not None and raffle.price_minor * count >= limit:
        words = _(
            "from %(limit)s on two people must confirm, which no file can: sell this buyer less at once"
        )
        return words % {"limit": money(limit, raffle.currency)}
    return ""


def _held_before(raffle: Raffle, groups: Iterable[Sequence[Sale]]) -> dict[tuple[str, str], int]:
    if raffle.max_per_player is None:
        return {}
    phones = {group[0].phone for group in groups} - {""}
    theirs = live_tickets(raffle).filter(order__player__phone__in=phones, order__player__merged_into=None)
    rows = theirs.values_list("order__player__name", "order__player__phone").annotate(count=Count("pk"))
    return {(name.casefold(), phone): count for name, phone, count in rows}
