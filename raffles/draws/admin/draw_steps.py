"""What staff may do to a draw that was published: one table."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from raffles.draws.actions import (
    call_off_draw,
    close_entries,
    exclude_order,
    fall_back,
    hold_draw,
    record_beacon,
)
from raffles.draws.admin.pasting import BeaconForm
from raffles.draws.admin.results import ResultForm, typed
from raffles.draws.admin.showing import joined, labelled
from raffles.draws.admin.steps import PublicReasonForm, Step
from raffles.draws.holding import fallback_of
from raffles.draws.models import Draw
from raffles.draws.subjects import subject_of
from raffles.sales.models import Actor

Status, Method, Fallback = Draw.Status, Draw.Method, Draw.Fallback
FALLBACKS = {
    Fallback.SECRET_LOST: _("The secret cannot be read any more"),
    Fallback.BEACON_MISSING: _("The beacon did not come"),
}


class ExcludeForm(PublicReasonForm):
    order = forms.TypedChoiceField(label=_("Order"), coerce=int)
    field_order = ("order", "reason")

    def __init__(self, *args: Any, row: Draw, **options: Any) -> None:
        super().__init__(*args, row=row, **options)
        width = subject_of(row).terms(row).width
        order = self.fields["order"]
        assert isinstance(order, forms.TypedChoiceField)  # noqa: S101 - for the type checker
        order.choices = [
            (each.order_id, f"{each.order_code}: {joined(labelled(one, width) for one in each.numbers)}")
            for each in subject_of(row).undecided(row)
        ]


def is_over(draw: Draw, now: datetime) -> bool:
    """Its sales are, and nothing is frozen yet."""
    return draw.status == Status.COMMITTED and draw.closes_at is not None and now >= draw.closes_at


def is_due(draw: Draw, now: datetime) -> bool:
    """Its time has come; what it needs may still be awaited."""
    return draw.status == Status.CLOSED and draw.base is not None and now >= draw.base


def fallback_due(draw: Draw, now: datetime) -> str:
    """Which may be used now, or nothing."""
    at = fallback_at(draw)
    return at[0] if at is not None and now >= at[1] else ""


def fallback_at(draw: Draw) -> tuple[str, datetime] | None:
    """Which the rule has for what is missing, and from when on."""
    if draw.status != Status.CLOSED or draw.fallback or draw.base is None:
        return None
    found: tuple[str, timedelta] | None = fallback_of(draw)
    return None if found is None else (found[0], draw.base + found[1])


def _can_be_excluded(draw: Draw, now: datetime) -> bool:
    return is_over(draw, now) and bool(subject_of(draw).undecided(draw))


def _awaits_beacon(draw: Draw, now: datetime) -> bool:
    gone = draw.fallback == Fallback.BEACON_MISSING
    awaits = draw.status == Status.CLOSED and draw.method == Method.BEACON
    return awaits and not draw.beacon_signature and not gone


def _awaits_results(draw: Draw, now: datetime) -> bool:
    return is_due(draw, now) and draw.is_typed and draw.typed is None


def _can_be_held(draw: Draw, now: datetime) -> bool:
    return is_due(draw, now) and not _awaits_results(draw, now)


def _may_be_called_off(draw: Draw, now: datetime) -> bool:
    early = draw.draws_at is not None and now < draw.draws_at
    return draw.status in {Status.COMMITTED, Status.CLOSED} and early


def _exclude(draw: Draw, given: dict[str, Any], user: User, now: datetime) -> str:
    done = exclude_order(draw_id=draw.pk, order_id=given["order"], by=user, reason=given["reason"], now=now)
    return _now("%(code)s takes no part in the draw") % {"code": done.order.code}


def _close(draw: Draw, given: dict[str, Any], user: User, now: datetime) -> str:
    closed = close_entries(draw_id=draw.pk, actor=Actor.staff(user), now=now)
    count = closed.entry_count or 0
    words = ngettext("%(count)d number is frozen", "%(count)d numbers are frozen", count)
    return words % {"count": count}


def _record(draw: Draw, given: dict[str, Any], user: User, now: datetime) -> str:
    number, signature = given["round"]
    record_beacon(
        draw_id=draw.pk,
        round_number=(draw.beacon_round or 0) if number is None else number,
        signature=signature,
        actor=Actor.staff(user),
        now=now,
    )
    return _now("The round is true and was noted")


def _hold(draw: Draw, given: dict[str, Any], user: User, now: datetime) -> str:
    hold_draw(draw_id=draw.pk, actor=Actor.staff(user), now=now)
    return _now("The draw was held; everybody who played is told")


def _fall_back(draw: Draw, given: dict[str, Any], user: User, now: datetime) -> str:
    fallen = fall_back(draw_id=draw.pk, actor=Actor.staff(user), now=now)
    return _now("The fallback of the rule counts: %(which)s") % {
        "which": FALLBACKS[Fallback(fallen.fallback)]
    }


def _call_off(draw: Draw, given: dict[str, Any], user: User, now: datetime) -> str:
    call_off_draw(draw_id=draw.pk, by=user, reason=given["reason"], now=now)
    return _now("The draw was called off. Refund its paid orders now, one by one.")


STEPS = (
    Step(
        name="close",
        label=_("Freeze the entries now"),
        explanation=_(
            "The paid numbers are frozen and published; from then on nothing of them can change until the "
            "draw. It happens by itself within a minute once no order is undecided."
        ),
        permission="draws.decide_entries",
        tone="success",
        is_open_for=is_over,
        act=_close,
    ),
    Step(
        name="exclude",
        label=_("Exclude an order"),
        explanation=_(
            "For an order that cannot be decided before the draw. It is cancelled and takes no part; money "
            "that came for it is the player's credit."
        ),
        warning=_("The code of the order, its numbers and the reason are public, for good."),
        permission="draws.decide_entries",
        tone="warning",
        form=ExcludeForm,
        is_open_for=_can_be_excluded,
        act=_exclude,
    ),
    Step(
        name="beacon",
        label=_("Paste the round of the beacon"),
        explanation=_(
            "It comes by itself. Where the way to drand is shut, get it in any browser and paste it here: a "
            "false one is refused, for it must be signed by the chain."
        ),
        permission="draws.type_result",
        tone="primary",
        form=BeaconForm,
        is_open_for=_awaits_beacon,
        act=_record,
    ),
    Step(
        name="type",
        label=_("Type the results"),
        explanation=_(
            "Two people type what came out, each on their own. It counts when both typed the same."
        ),
        permission="draws.type_result",
        tone="primary",
        form=ResultForm,
        is_open_for=_awaits_results,
        act=typed,
    ),
    Step(
        name="hold",
        label=_("Hold the draw"),
        explanation=_(
            "It is held by itself within a minute after its time. The result follows from what was fixed "
            "before: whoever presses changes nothing of it, and it is final."
        ),
        permission="draws.decide_entries",
        tone="success",
        is_open_for=_can_be_held,
        act=_hold,
    ),
    Step(
        name="fall_back",
        label=_("Use the fallback of the rule"),
        explanation=_(
            "For a secret that is lost or a beacon that did not come. The rule says what counts then; it is "
            "shown with the result, and cannot be taken back."
        ),
        permission="draws.decide_entries",
        tone="warning",
        is_open_for=lambda draw, now: bool(fallback_due(draw, now)),
        act=_fall_back,
    ),
    Step(
        name="call_off",
        label=_("Call the draw off"),
        explanation=_(
            "There will be no draw, for good: sales close now, and everybody who played is told why. Their "
            "money is then to be given back, order by order."
        ),
        warning=_("Only before the instant of the draw. Afterwards the result can be known, and it is held."),
        permission="draws.call_off_draw",
        tone="danger",
        form=PublicReasonForm,
        is_open_for=_may_be_called_off,
        act=_call_off,
    ),
)
