"""What a draw reads of a raffle, and how a raffle comes to a draw."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from raffles.draws import committing
from raffles.draws.errors import DrawNotFound
from raffles.draws.models import Draw, Prize
from raffles.draws.subjects import PaidNumber, RefundedNumber, Taking, Terms, Undecided
from raffles.numbers.inventory import KIND
from raffles.numbers.lifecycle import move_raffle
from raffles.numbers.models import Raffle, Ticket
from raffles.sales.books import charges_of
from raffles.sales.models import HELD, Actor, Order

OF_UNDECIDED = ("order_id", "order__code", "number")
OF_TAKINGS = ("order_id", "order__code", "order__currency", "numbers", "priced", "total")


class NumbersSubject:
    def terms(self, draw: Draw) -> Terms:
        raffle = raffle_of(draw)
        return Terms(
            title=raffle.title,
            first=raffle.first_number,
            last=raffle.last_number,
            width=raffle.number_width,
            sales_open_at=_whole(raffle.sales_open_at),
            closes_at=_whole(raffle.sales_close_at),
            draws_at=_whole(raffle.draw_at),
            time_zone=raffle.time_zone,
        )

    def paid(self, draw: Draw) -> list[PaidNumber]:
        sold = Ticket.objects.filter(raffle__draw=draw, status=Ticket.Status.SOLD).order_by("number")
        columns = ("number", "order_id", "order__code", "order__player_id")
        return [PaidNumber(*row) for row in sold.values_list(*columns)]

    def undecided(self, draw: Draw) -> list[Undecided]:
        held = Ticket.objects.filter(raffle__draw=draw, status=Ticket.Status.RESERVED)
        open_now = held.filter(order__status__in=(*HELD, Order.Status.UNDER_REVIEW))
        found: dict[tuple[int, str], list[int]] = defaultdict(list)
        rows = [*open_now.values_list(*OF_UNDECIDED), *_wanted_late(draw).values_list(*OF_UNDECIDED)]
        for order_id, code, number in sorted(rows):
            found[order_id, code].append(number)
        return [Undecided(order_id, code, tuple(numbers)) for (order_id, code), numbers in found.items()]

    def takings(self, draw: Draw) -> list[Taking]:
        sold, paid = Q(status=Ticket.Status.SOLD), Q(order__status=Order.Status.PAID)
        tickets = Ticket.objects.filter(raffle__draw=draw).filter(sold | paid)
        counted = (
            tickets.order_by("order__code")
            .values("order_id", "order__code", "order__currency")
            .annotate(
                numbers=Count("pk", filter=sold),
                priced=Coalesce(Sum("price_minor", filter=sold), 0),
                total=Coalesce(Max("order__total_minor", filter=paid), 0),
            )
        )
        charged = charges_of(Order.objects.filter(pk__in=tickets.values("order_id")))
        return [
            Taking(code, currency, numbers, priced, total, charged.get(key, 0))
            for key, code, currency, numbers, priced, total in counted.values_list(*OF_TAKINGS)
        ]

    def refunded(self, draw: Draw) -> list[RefundedNumber]:
        gone = Ticket.objects.filter(raffle__draw=draw, order__status=Order.Status.REFUNDED)
        columns = ("number", "order__code", "price_minor", "order__currency", "order__closed_at")
        return [RefundedNumber(*row) for row in gone.order_by("number", "pk").values_list(*columns)]

    def close(self, draw: Draw, *, actor: Actor, now: datetime) -> None:
        raffle = raffle_of(draw)
        if raffle.status != Raffle.Status.CLOSED:
            move_raffle(raffle.pk, to=Raffle.Status.CLOSED, actor=actor, now=now)


def _wanted_late(draw: Draw) -> QuerySet[Ticket]:
    """Numbers of late money that nobody has: until staff decide, its player may yet get them.

    What others have meanwhile is lost to it in any case, and is theirs to be decided.
    """
    had = Ticket.objects.filter(
        raffle__draw=draw,
        status=Ticket.Status.RELEASED,
        order__status=Order.Status.UNDER_REVIEW,
        order__late_since__isnull=False,
    )
    others = Ticket.objects.filter(raffle=OuterRef("raffle"), number=OuterRef("number"))
    return had.exclude(Exists(others.exclude(status=Ticket.Status.RELEASED)))


def raffle_of(draw: Draw) -> Raffle:
    raffle = Raffle.objects.filter(draw=draw).first()
    if raffle is None:
        raise DrawNotFound(draw.code)
    return raffle


def planned_draw(raffle: Raffle) -> Draw:
    """The draw of a raffle, made with the first look at it; of two that look at once one makes it."""
    if raffle.draw is not None:
        return raffle.draw
    locked = Raffle.objects.select_for_update(no_key=True).get(pk=raffle.pk)
    if locked.draw is None:
        locked.draw = _left_behind(locked) or committing.plan(kind=KIND, code=locked.code, prize=locked.title)
        locked.save(update_fields=["draw"])
    raffle.draw = locked.draw
    return locked.draw


def _left_behind(raffle: Raffle) -> Draw | None:
    """Draws are never deleted: that of a deleted draft, which nobody saw, serves who has its code now."""
    planned = Draw.objects.filter(code=raffle.code, status=Draw.Status.PLANNED)
    left = planned.filter(raffle__isnull=True).first()
    if left is not None:
        left.prizes.all().delete()
        left.prizes.create(rank=1, label=raffle.title)
    return left


def follow_code(raffle: Raffle) -> None:
    """While it is a plan a draw is called like its raffle."""
    if raffle.draw_id is not None:
        Draw.objects.filter(pk=raffle.draw_id, status=Draw.Status.PLANNED).update(code=raffle.code)


def is_only_planned(raffle: Raffle) -> bool:
    """A draw that was published stays for good, and with it what it draws."""
    return raffle.draw is None or raffle.draw.status == Draw.Status.PLANNED


def forget_plan(raffle: Raffle) -> None:
    """With a draft that is deleted goes what was planned to be drawn; nobody outside has seen either."""
    plans = Draw.objects.filter(pk=raffle.draw_id or 0, status=Draw.Status.PLANNED)
    Prize.objects.filter(draw__in=plans).delete()
    plans._raw_delete(plans.db)


def commit_draw(raffle: Raffle, *, actor: Actor, now: datetime) -> None:
    """A raffle that was open before, or that is resumed, has published its rule already."""
    draw = planned_draw(raffle)
    if draw.status != Draw.Status.PLANNED:
        return
    if draw.code != raffle.code:  # a draft may still be renamed
        draw.code = raffle.code
        draw.save(update_fields=["code"])
    committing.commit(draw, actor=actor, now=now)


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)
