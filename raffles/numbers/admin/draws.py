"""What raffles add to the pages of draws, and what of the draw stands on the page of a raffle."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from raffles.draws.admin.additions import Offer, add_links, add_offers, add_search
from raffles.draws.admin.steps import Step, buttons
from raffles.draws.closing import is_lottery_over
from raffles.draws.models import Draw
from raffles.numbers.actions import plan_draw, publish_rule
from raffles.numbers.inventory import KIND
from raffles.numbers.models import OF_THE_RULE, Raffle
from raffles.sales.admin.additions import Related
from raffles.sales.admin.pages import ModelPage
from raffles.sales.admin.showing import page_url
from raffles.sales.models import Actor
from raffles.sales.rights import may_decide
from raffles.sales.sight import seen_by

PLAN, CHANGE_RULE = "draws.change_draw", "draws.change_rule"
ON_SALE = (Raffle.Status.ACTIVE, Raffle.Status.PAUSED)


def is_published(raffle: Raffle | None) -> bool:
    return raffle is not None and raffle.draw is not None and raffle.draw.status != Draw.Status.PLANNED


def fixed_fields(raffle: Raffle | None) -> tuple[str, ...]:
    """What the published rule says changes with the rule alone."""
    return OF_THE_RULE if is_published(raffle) else ()


def may_change_rule(raffle: Raffle, user: Any, now: datetime) -> bool:
    draw = raffle.draw
    if draw is None or draw.closes_at is None or draw.status != Draw.Status.COMMITTED:
        return False
    return (now < draw.closes_at or is_lottery_over(draw, now)) and may_decide(user, CHANGE_RULE)


def context_of(raffle: Raffle, user: Any, now: datetime) -> dict[str, Any]:
    """The buttons of the draw on the page of its raffle."""
    may_open = raffle.draw is not None and user.has_perm("draws.view_draw")
    return {
        "draw_url": page_url(raffle.draw) if may_open and raffle.draw else "",
        "may_plan": raffle.draw is None and raffle.status != Raffle.Status.CLOSED and user.has_perm(PLAN),
        "rule_url": _rule_url(raffle) if may_change_rule(raffle, user, now) else "",
        "draw_steps": buttons(STEPS, raffle, user, now),
    }


def plan(page: ModelPage[Raffle], request: HttpRequest, raffle_id: int) -> HttpResponse:
    raffle = page.get_queryset(request).filter(pk=raffle_id).first()
    if request.method != "POST" or not request.user.has_perm(PLAN) or not page.has_view_permission(request):
        raise PermissionDenied
    if raffle is None:
        raise Http404
    if raffle.status == Raffle.Status.CLOSED and raffle.draw is None:
        messages.error(request, _("The raffle is closed: nothing is drawn of it."))
        return HttpResponseRedirect(page_url(raffle))
    return HttpResponseRedirect(page_url(plan_draw(raffle_id=raffle.pk)))


def offers(draws: Collection[Draw]) -> dict[int, Offer]:
    rows = Raffle.objects.filter(draw__in=draws)
    columns = ("draw_id", "title", "sales_close_at", "draw_at", "currency")
    return {key: Offer(*told) for key, *told in rows.values_list(*columns)}


def links(draw: Draw, user: Any, now: datetime) -> Iterator[Related]:
    raffle = seen_by(user, Raffle.objects.filter(draw=draw)).first()
    if raffle is None or not user.has_perm("raffles.view_raffle"):
        return
    yield Related(_("Raffle"), page_url(raffle))
    if may_change_rule(raffle, user, now):
        yield Related(_("Change the rule…"), _rule_url(raffle))
    for button in buttons(STEPS, raffle, user, now):
        yield Related(button.label, button.url)


def search(words: str) -> Q:
    return Q(pk__in=Raffle.objects.filter(title__icontains=words).exclude(draw=None).values("draw_id"))


def _rule_url(raffle: Raffle) -> str:
    return reverse("admin:raffles_raffle_rule", args=(raffle.pk,))


def _lacks_rule(raffle: Raffle, now: datetime) -> bool:
    return raffle.status in ON_SALE and not is_published(raffle)


def _publish(raffle: Raffle, given: dict[str, Any], user: User, now: datetime) -> object:
    publish_rule(raffle_id=raffle.pk, actor=Actor.staff(user), now=now)
    return _("The rule is public from now on")


STEPS = (
    Step(
        name="publish_rule",
        label=_("Publish the rule"),
        explanation=_(
            "The sales of this raffle opened before rules were published. Plan its draw first, then publish: "
            "from then on the rule changes only with a public reason."
        ),
        warning=_("Everybody sees when it was published, and that this was after the first sales."),
        permission=CHANGE_RULE,
        tone="warning",
        is_open_for=_lacks_rule,
        act=_publish,
    ),
)

add_offers(KIND, offers)
add_links(links)
add_search(search)
