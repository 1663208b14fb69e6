"""The pictures of prizes, also once the rule is published: they are none of its terms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from raffles.draws.actions import set_prize_picture
from raffles.draws.admin.steps import Step, StepForm
from raffles.draws.models import Draw
from raffles.sales.picture_files import PictureField


class PictureForm(StepForm):
    prize = forms.TypedChoiceField(label=_("Prize"), coerce=int)
    picture = PictureField(label=_("Picture"), required=False)
    none = forms.BooleanField(label=_("Show no picture"), required=False)

    def __init__(self, *args: Any, row: Draw, **options: Any) -> None:
        super().__init__(*args, row=row, **options)
        prize = self.fields["prize"]
        assert isinstance(prize, forms.TypedChoiceField)  # noqa: S101 - for the type checker
        prize.choices = [(each.rank, str(each)) for each in row.prizes.order_by("rank")]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "picture" in given and bool(given["picture"]) == bool(given.get("none")):
            raise forms.ValidationError(_("Choose a picture, or that none is shown."))
        return given


def _set(draw: Draw, given: dict[str, Any], user: User, now: datetime) -> str:
    set_prize_picture(draw_id=draw.pk, rank=given["prize"], picture=given["picture"], by=user, now=now)
    return _now("Shown like this from now on")


PICTURE = Step(
    name="picture",
    label=_("Pictures of prizes"),
    explanation=_(
        "Everybody sees them beside the prizes. They are no part of the rule, which stays as it is."
    ),
    permission="draws.change_draw",
    tone="primary",
    form=PictureForm,
    is_open_for=lambda draw, now: draw.status != Draw.Status.PLANNED,
    act=_set,
)
