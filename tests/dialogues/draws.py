"""Draws in a dialogue: a barrel decides, so that the file can say what comes out.

raffle: code=MOTO prizes="Moto 0 km|Casco:2"     the rule is published when sales open
* sold MOTO 7 8                                  somebody else pays for these numbers
* 56 hours pass                                  and whatever of a draw is due happens
* barrel MOTO 12 40 7                            two people type the same; the draw is held and told
* prize 12 handed over
* calloff MOTO Se robaron la moto.               staff call the draw off, and the sweep tells who played
"""

from __future__ import annotations

from datetime import datetime

from raffles.draws.actions import call_off_draw, hand_over_award, type_result
from raffles.draws.models import Award, Draw
from raffles.draws.sweeping import sweep
from raffles.numbers.actions import open_raffle, plan_draw
from raffles.numbers.models import Raffle
from raffles.sales.models import Actor, Order
from tests.factories import make_order, make_player, make_staff
from whatsapp.called_off_news import tell_called_off

VERBS = ("sold", "barrel", "prize", "calloff")


def open_with_draw(raffle: Raffle, prizes: str, now: datetime) -> None:
    draw = plan_draw(raffle_id=raffle.pk)
    Draw.objects.filter(pk=draw.pk).update(method=Draw.Method.BARREL, reserves=1)
    draw.prizes.all().delete()
    for rank, each in enumerate(prizes.split("|"), start=1):
        label, _, quantity = each.partition(":")
        draw.prizes.create(rank=rank, label=label, quantity=int(quantity or 1))
    open_raffle(raffle_id=raffle.pk, actor=Actor("staff:marta"), now=now)


def happen(words: list[str], now: datetime) -> None:
    verb, what, *rest = words
    if verb == "sold":
        numbers = [int(number) for number in rest]
        raffle, player = Raffle.objects.get(code=what), make_player(name="Rival")
        make_order(raffle=raffle, player=player, numbers=numbers, status=Order.Status.PAID, now=now)
    elif verb == "barrel":
        draw = Draw.objects.get(code=what)
        for _person in range(2):
            type_result(draw_id=draw.pk, values=rest, witnesses="dos vecinos", by=make_staff(), now=now)
        sweep(now=now)
    elif verb == "calloff":
        draw = Draw.objects.get(code=what)
        call_off_draw(draw_id=draw.pk, by=make_staff(), reason=" ".join(rest), now=now)
        tell_called_off(now=now)
    else:
        award = Award.objects.exclude(status=Award.Status.LOST).get(number=int(what))
        hand_over_award(award_id=award.pk, by=make_staff(), note="en el local", now=now)
