"""Organisers see and change their own raffles, and what belongs to them; everybody else's are not there."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from raffles.draws.models import Award, Draw, Exclusion, Prize, RuleVersion, TypedResult
from raffles.numbers.models import Raffle, Ticket
from raffles.sales.sight import add_belonging, add_limit, seen_by

SEE_EVERY = "raffles.see_every_raffle"


def own_raffles(user: Any) -> QuerySet[Any]:
    return Raffle.organisers.through.objects.filter(user_id=user.pk).values("raffle_id")


def limit(user: Any) -> Q | None:
    """Nobody sees others' raffles without the right to see every one, whatever else they may do."""
    if user.has_perm(SEE_EVERY):
        return None
    return Q(pk__in=Ticket.objects.filter(raffle__in=own_raffles(user)).values("order_id"))


class OwnRaffleFilter(admin.RelatedFieldListFilter):
    """The names of others' raffles are no choices either."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[Any, Any]]:
        return [(raffle.pk, str(raffle)) for raffle in seen_by(request.user, Raffle.objects.order_by("-pk"))]


add_limit(limit)
add_belonging(Raffle, lambda user, _orders: Q(pk__in=own_raffles(user)))
add_belonging(Ticket, lambda user, _orders: Q(raffle__in=own_raffles(user)))
add_belonging(Draw, lambda user, _orders: Q(raffle__in=own_raffles(user)))
for _of_a_draw in (Prize, RuleVersion, Exclusion, TypedResult, Award):
    add_belonging(_of_a_draw, lambda user, _orders: Q(draw__raffle__in=own_raffles(user)))
