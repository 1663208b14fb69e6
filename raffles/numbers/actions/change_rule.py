from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from raffles.draws.committing import publish_change
from raffles.draws.errors import DrawMoveNotAllowed
from raffles.draws.models import Draw, Prize, RuleVersion
from raffles.numbers.errors import RaffleNotFound
from raffles.numbers.models import Raffle
from raffles.numbers.rules import broken_rules
from raffles.sales.models import Actor


@dataclass(frozen=True)
class PrizePlan:
    rank: int
    label: str
    quantity: int = 1
    amount_minor: int | None = None
    currency: str = ""


@dataclass(frozen=True)
class RuleChange:
    """What becomes otherwise; None leaves it. Prizes are given whole."""

    sales_close_at: datetime | None = None
    draw_at: datetime | None = None
    last_number: int | None = None
    prizes: Sequence[PrizePlan] | None = None
    lottery_drawing: str | None = None


def change_rule(
    *, raffle_id: int, change: RuleChange, reason: str, actor: Actor, now: datetime
) -> RuleVersion:
    """Once sales are open what is drawn changes by a new version of the rule, public with its reason.

    The raffle's own rules and the database's hold as ever: ValidationError where they are broken.
    """
    with transaction.atomic():
        raffle = Raffle.objects.select_for_update(no_key=True).filter(pk=raffle_id).first()
        if raffle is None:
            raise RaffleNotFound(raffle_id)
        if raffle.draw is None:
            raise DrawMoveNotAllowed(raffle.code, Draw.Status.PLANNED)
        draw = Draw.objects.select_for_update(no_key=True).get(pk=raffle.draw.pk)
        _change_terms(raffle, change)
        if change.lottery_drawing is not None:
            _name_drawing(draw, change.lottery_drawing)
        if change.prizes is not None:
            _change_prizes(draw, change.prizes)
        return publish_change(draw, reason=reason, actor=actor, now=now)


def _change_terms(raffle: Raffle, change: RuleChange) -> None:
    if change.last_number is not None and change.last_number < raffle.last_number:
        raise ValidationError({"last_number": _("A published range can only grow.")})
    fields = [
        name for name in ("sales_close_at", "draw_at", "last_number") if getattr(change, name) is not None
    ]
    for name in fields:
        setattr(raffle, name, getattr(change, name))
    if fields:
        broken = broken_rules(raffle)
        if broken:
            raise ValidationError(broken)
        raffle.save(update_fields=fields)


def _name_drawing(draw: Draw, drawing: str) -> None:
    """Of an official lottery alone, which goes by one of its drawings."""
    if draw.method != Draw.Method.LOTTERY:
        raise ValidationError({"lottery_drawing": _("This draw goes by no lottery.")})
    draw.lottery_drawing = drawing.strip()
    draw.save(update_fields=["lottery_drawing"])


def _change_prizes(draw: Draw, plans: Sequence[PrizePlan]) -> None:
    """A picture is of what the label says, and stays with it, whatever becomes of its rank."""
    kept = draw.prizes.values_list("rank", "label", "picture")
    pictures: dict[object, str] = {label: picture for _rank, label, picture in kept}
    pictures |= {(rank, label): picture for rank, label, picture in kept}
    draw.prizes.exclude(rank__in=[plan.rank for plan in plans]).delete()
    for plan in plans:
        values = {
            "label": plan.label,
            "quantity": plan.quantity,
            "amount_minor": plan.amount_minor,
            "currency": plan.currency,
            "picture": pictures.get((plan.rank, plan.label), pictures.get(plan.label, "")),
        }
        Prize.objects.update_or_create(draw=draw, rank=plan.rank, defaults=values)
