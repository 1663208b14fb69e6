"""Typing what came out: two people, each on their own, and neither sees what the other typed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from raffles.draws.actions import type_result
from raffles.draws.actions.type_result import LONGEST_RESULT
from raffles.draws.admin.steps import StepForm
from raffles.draws.holding import units_of
from raffles.draws.models import Draw, TypedResult
from raffles.sales.admin.showing import moment


class ResultForm(StepForm):
    """A field for each result of a lottery; of a barrel the numbers, one a line, and the witnesses."""

    def __init__(self, *args: Any, row: Draw, **options: Any) -> None:
        super().__init__(*args, row=row, **options)
        if row.method == Draw.Method.LOTTERY:
            for place in range(1, row.lottery_results + 1):
                self.fields[f"result_{place}"] = _result_field(place)
        else:
            self.fields["numbers"] = _numbers_field()
            self.fields["witnesses"] = _witnesses_field()

    def notes(self) -> Iterator[str]:
        if self.row.method != Draw.Method.LOTTERY:
            needed = needed_of(self.row)
            words = ngettext(
                "The first %(count)d sold number that came out is needed; what nobody has is put aside.",
                "The first %(count)d sold numbers that came out are needed; what nobody has is put aside.",
                needed,
            )
            yield words % {"count": needed}
        yield from words_so_far(self.row, self.user)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        results = [str(value) for name, value in given.items() if name.startswith("result_")]
        given["values"] = results or str(given.get("numbers", "")).replace(",", " ").split()
        return given


def needed_of(draw: Draw) -> int:
    return min(units_of(draw) + draw.reserves, draw.entry_count or 0)


def newest_words(draw: Draw) -> list[TypedResult]:
    """Of everybody who has typed, their last."""
    newest: dict[int, TypedResult] = {}
    for each in draw.typed_results.select_related("by").order_by("id"):
        newest[each.by_id] = each
    return list(newest.values())


def words_so_far(draw: Draw, user: Any) -> Iterator[str]:
    """Who has typed and when, never what: the second person must have seen it themselves."""
    for word in newest_words(draw):
        told = {"name": word.by, "at": moment(word.at)}
        if word.by_id == user.pk:
            yield (
                _now("You have typed already, %(at)s. It counts once somebody else has typed the same.")
                % told
            )
        else:
            yield (
                _now("%(name)s has typed, %(at)s. Type what you have seen yourself, not what you were told.")
                % told
            )


def typed(draw: Draw, given: dict[str, Any], user: User, now: datetime) -> str:
    word = type_result(
        draw_id=draw.pk, values=given["values"], witnesses=given.get("witnesses", ""), by=user, now=now
    )
    if Draw.objects.get(pk=draw.pk).typed is not None:
        return _now("Two people have typed the same: the results count, and the draw is held with them.")
    if any(other.by_id != user.pk for other in newest_words(word.draw)):
        return _now("Noted, but somebody else has typed something else: both look again, and type again.")
    return _now("Noted. Now somebody else must type the same on their own.")


def _result_field(place: int) -> forms.CharField:
    return forms.CharField(
        label=_now("Result %(place)d") % {"place": place},
        max_length=LONGEST_RESULT,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )


def _numbers_field() -> forms.CharField:
    return forms.CharField(
        label=_("Numbers in the order in which they came out"),
        max_length=2000,
        widget=forms.Textarea({"rows": 6, "inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("One a line."),
    )


def _witnesses_field() -> forms.CharField:
    return forms.CharField(
        label=_("Witnesses"),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Everybody reads this on the page of the draw: name those only who agree."),
    )
