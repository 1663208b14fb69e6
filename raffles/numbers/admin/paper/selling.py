from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from raffles.numbers.actions import reserve_numbers
from raffles.numbers.admin.paper.checking import CASH, Problem, Sale, by_buyer
from raffles.numbers.errors import PriceDiffers
from raffles.numbers.models import Raffle
from raffles.sales.actions import confirm_order, confirm_payment, register_player
from raffles.sales.admin.refusals import in_words
from raffles.sales.errors import Refusal
from raffles.sales.models import Order, Player


@dataclass
class Report:
    codes: list[str] = field(default_factory=list)
    numbers: int = 0
    problems: list[Problem] = field(default_factory=list)


def sell(raffle: Raffle, sales: Iterable[Sale], *, by: User, now: datetime) -> Report:
    """Buyer after buyer; whoever was faster meanwhile is told beside the row."""
    report = Report()
    for group in by_buyer(sales):
        try:
            report.codes.append(_sell(raffle, group, by, now).code)
            report.numbers += len(group)
        except Refusal as refusal:
            report.problems.append(Problem(group[0].row, in_words(refusal, currency=raffle.currency)))
    return report


@transaction.atomic
def _sell(raffle: Raffle, group: list[Sale], by: User, now: datetime) -> Order:
    """Cash has no number of its own; that nothing is sold twice is what tickets see to."""
    player = _buyer(group[0], now)
    numbers = [sale.number for sale in group]
    order = reserve_numbers(raffle_id=raffle.pk, player_id=player.pk, numbers=numbers, now=now)
    paid = raffle.price_minor * len(group)
    if order.total_minor != paid:
        raise PriceDiffers(paid, order.total_minor)
    confirm_order(order_id=order.pk, now=now)
    confirm_payment(order_id=order.pk, by=by, amount_minor=paid, method=CASH, reference="", now=now)
    return order


def _buyer(sale: Sale, now: datetime) -> Player:
    """The same name and phone is the same person; a phone alone may have changed hands."""
    if sale.phone:
        known = Player.objects.filter(phone=sale.phone, name__iexact=sale.name, merged_into=None)
        if (player := known.order_by("pk").first()) is not None:
            return player
    return register_player(name=sale.name, language=settings.LANGUAGE_CODE, phone=sale.phone, now=now)
