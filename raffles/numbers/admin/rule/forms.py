"""What of a published rule can become otherwise, as it is typed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.formsets import BaseFormSet
from django.utils.text import format_lazy
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from raffles.draws.admin.forms import read_prize_amount
from raffles.draws.models import Draw, Prize
from raffles.numbers.actions.change_rule import PrizePlan, RuleChange
from raffles.numbers.models import Raffle
from raffles.numbers.rules import HIGHEST_NUMBER
from raffles.sales.admin.amounts import write_amount

if TYPE_CHECKING:
    _FormSet: TypeAlias = BaseFormSet["PrizePlanForm"]
else:
    _FormSet = BaseFormSet

NEW_PRIZES = 2
_TYPED = "%Y-%m-%dT%H:%M"


def instant_field(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=_TYPED),
        input_formats=[_TYPED],
        help_text=format_lazy(
            _("Later than before or the same, in the time zone {zone}."), zone=settings.TIME_ZONE
        ),
    )


class RuleForm(forms.Form):
    sales_close_at = instant_field(_("Sales close at"))
    draw_at = instant_field(_("Draw at"))
    lottery_drawing = forms.CharField(
        label=_("Drawing of the lottery"),
        max_length=80,
        help_text=_("Which one counts on the day of the draw, such as “28 November, evening”."),
    )
    last_number = forms.IntegerField(label=_("Last number"), widget=forms.TextInput({"inputmode": "numeric"}))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Everybody reads it beside the new rule, for good. Name nobody in it, and no phone."),
    )

    def __init__(self, *args: Any, raffle: Raffle, **options: Any) -> None:
        kept: dict[str, Any] = {
            "sales_close_at": _to_the_minute(raffle.sales_close_at),
            "draw_at": _to_the_minute(raffle.draw_at),
            "last_number": raffle.last_number,
        }
        draw = raffle.draw
        goes_by_lottery = draw is not None and draw.method == Draw.Method.LOTTERY
        if draw is not None and goes_by_lottery:
            kept["lottery_drawing"] = draw.lottery_drawing
        super().__init__(*args, **{**options, "initial": kept})
        if not goes_by_lottery:
            del self.fields["lottery_drawing"]
        most = MaxValueValidator(HIGHEST_NUMBER)
        least = MinValueValidator(raffle.last_number, _("A published range can only grow."))
        self.fields["last_number"].validators += [least, most]

    def change(self, prizes: list[PrizePlan] | None) -> RuleChange:
        """What was not touched stays to the second."""
        given = {name: self.cleaned_data[name] for name in self.changed_data if name != "reason"}
        return RuleChange(prizes=prizes, **given)


class PrizePlanForm(forms.Form):
    rank = forms.IntegerField(
        label=_("Rank"), min_value=1, max_value=100, widget=forms.TextInput({"inputmode": "numeric"})
    )
    label = forms.CharField(label=_("Prize"), max_length=120)
    quantity = forms.IntegerField(
        label=_("How many"),
        min_value=1,
        max_value=1000,
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    amount = forms.CharField(
        label=_("Amount"), max_length=20, required=False, widget=forms.TextInput({"inputmode": "decimal"})
    )
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "amount" in given and "currency" in given:
            read_prize_amount(self, given, "amount", "currency")
        return given

    def plan(self) -> PrizePlan:
        given = self.cleaned_data
        return PrizePlan(given["rank"], given["label"], given["quantity"], given["amount"], given["currency"])


class PrizePlanForms(_FormSet):
    def clean(self) -> None:
        ranks = [form.cleaned_data["rank"] for form in self.kept() if form.cleaned_data.get("rank")]
        if len(ranks) != len(set(ranks)):
            raise forms.ValidationError(_("Two prizes have the same rank."))

    def kept(self) -> list[PrizePlanForm]:
        """Without those that are to go and the new ones that nobody filled in."""
        filled = [form for form in self.forms if not form.empty_permitted or form.has_changed()]
        return [form for form in filled if not form.cleaned_data.get("DELETE")]

    def plans(self) -> list[PrizePlan] | None:
        """None where nothing of them was touched."""
        return [form.plan() for form in self.kept()] if self.has_changed() else None


def prize_forms(raffle: Raffle, data: Any = None) -> Any:
    made = forms.formset_factory(
        PrizePlanForm,
        formset=PrizePlanForms,
        extra=NEW_PRIZES,
        can_delete=True,
        can_delete_extra=False,
        max_num=100,
    )
    draw = raffle.draw
    assert isinstance(draw, Draw)  # noqa: S101 - its rule was published
    initial = [_kept(prize) for prize in draw.prizes.order_by("rank")]
    return made(data, initial=initial, prefix="prizes")


def _kept(prize: Prize) -> dict[str, Any]:
    minor = prize.amount_minor
    return {
        "rank": prize.rank,
        "label": prize.label,
        "quantity": prize.quantity,
        "amount": "" if minor is None else write_amount(minor, prize.currency),
        "currency": prize.currency,
    }


def _to_the_minute(at: datetime) -> datetime:
    return localtime(at).replace(second=0, microsecond=0)
