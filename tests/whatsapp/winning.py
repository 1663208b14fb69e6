"""Players with contacts in a draw that was held, brought there by the product's own actions."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from raffles.draws.actions import hold_draw, tell_outcomes, type_result
from raffles.draws.models import Award, Draw
from raffles.numbers.models import Raffle
from tests.draws.staging import STAFF, at_draw, closed_draw, committed_raffle, sold
from tests.factories import make_player, make_staff
from tests.whatsapp.chat import make_contact
from tests.whatsapp.meta import ANA, Person
from whatsapp.models import Contact, OutboundMessage

LUZ = Person("Luz", "", "BR.77")
BETO = Person("Beto", "595981000003", "PY.839200000003")


def a_raffle(*, prizes: Collection[tuple[Any, ...]] = (("Moto 0 km", 1),), **fields: Any) -> Raffle:
    """What comes out of its barrel, a test says."""
    draw = {"method": Draw.Method.BARREL, "reserves": 1} | fields.pop("draw", {})
    return committed_raffle(**{"code": "MOTO", "title": "Moto 0 km", "prizes": prizes, "draw": draw} | fields)


def hold(raffle: Raffle, *numbers: int) -> Draw:
    """What the sale said is forgotten, so that tests read of the draw alone."""
    draw, at = closed_draw(raffle), at_draw(raffle)
    OutboundMessage.objects.all().delete()
    for _person in range(2):
        values = [str(number) for number in numbers]
        type_result(draw_id=draw.pk, values=values, witnesses="two neighbours", by=make_staff(), now=at)
    return hold_draw(draw_id=draw.pk, actor=STAFF, now=at)


def won_by(contact: Contact, *, numbers: Collection[int] = (12, 40), **options: Any) -> Draw:
    """They have 5 and 12, somebody else 40."""
    raffle = a_raffle(**options)
    sold(raffle, 5, 12, player=contact.player)
    sold(raffle, 40, player=make_player(name="Rival"))
    return hold(raffle, *numbers)


def told(draw: Draw) -> None:
    tell_outcomes(now=at_draw(draw.raffle))


def keys() -> list[str]:
    return list(OutboundMessage.objects.order_by("pk").values_list("dedupe_key", flat=True))


def ana(**fields: Any) -> Contact:
    return make_contact(ANA, **fields)


def award_of(draw: Draw, number: int) -> Award:
    return draw.awards.get(number=number)
