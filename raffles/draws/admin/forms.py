from __future__ import annotations

from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from raffles.draws.admin.coverage_panel import Plan, coverage_of
from raffles.draws.admin.refusals import unfair_in_words
from raffles.draws.models import Draw, Prize
from raffles.draws.subjects import subject_of
from raffles.sales.admin.amounts import write_amount
from raffles.sales.admin.forms import amount_or_error
from raffles.sales.admin.pages import RowForm
from raffles.sales.admin.pictures import PictureInput
from raffles.sales.money import is_currency
from raffles.sales.picture_files import PictureField

OF_ALL = ("method", "reserves", "redraw", "claim_days")
OF_LOTTERIES = ("lottery_name", "lottery_drawing", "lottery_results", "lottery_digits", "lottery_mapping")
AMOUNT = forms.TextInput({"inputmode": "decimal", "class": "vTextField"})


class DrawForm(RowForm[Draw]):
    class Meta:
        model = Draw
        fields = (*OF_ALL, *OF_LOTTERIES)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("method") == Draw.Method.LOTTERY:
            for name in ("lottery_name", "lottery_drawing"):
                if name in given and not given[name].strip():
                    self.add_error(name, _("A lottery needs its name, and which of its drawings counts."))
            self._require_fair(given)
        return given

    def _require_fair(self, given: dict[str, Any]) -> None:
        if "lottery_digits" not in given or "lottery_mapping" not in given:
            return
        plan = Plan(given["method"], given["lottery_digits"], given["lottery_mapping"])
        found = coverage_of(plan, subject_of(self.instance).terms(self.instance))
        if not found.is_fair:
            self.add_error("lottery_mapping", unfair_in_words(found.never, found.likelier))


def read_prize_amount(
    form: forms.Form | RowForm[Prize], given: dict[str, Any], amount: str, currency: str
) -> None:
    """An amount has its currency, and without an amount there is none."""
    text, code = str(given.get(amount) or ""), str(given.get(currency) or "").strip().upper()
    given[amount], given[currency] = None, ""
    if not text.strip():
        return
    if not is_currency(code):
        form.add_error(currency, _("An amount needs its currency."))
        return
    try:
        given[amount], given[currency] = amount_or_error(text, code), code
    except forms.ValidationError as error:
        form.add_error(amount, error)
        return
    if not given[amount]:
        form.add_error(amount, _("An amount is more than nothing; leave it empty for a thing."))


class PrizeForm(RowForm[Prize]):
    amount_minor = forms.CharField(
        label=_("Amount"),
        max_length=20,
        required=False,
        widget=AMOUNT,
        help_text=_("Of money, in the currency, such as 50000 or 12.50; empty for a thing."),
    )

    class Meta:
        model = Prize
        fields = ("rank", "label", "quantity", "amount_minor", "currency", "picture")
        widgets = {"picture": PictureInput()}
        field_classes = {"picture": PictureField}
        help_texts = {"rank": _("1 is drawn first."), "quantity": _("So many numbers win one each.")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        prize = self.instance
        if prize.amount_minor is not None:
            self.initial["amount_minor"] = write_amount(prize.amount_minor, prize.currency)
        picture = self.fields["picture"].widget if "picture" in self.fields else None
        if isinstance(picture, PictureInput) and prize.pk is not None:
            picture.url = reverse("admin:draws_draw_picture", args=(prize.draw_id, prize.pk))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "amount_minor" in given and "currency" in given:
            read_prize_amount(self, given, "amount_minor", "currency")
        return given


class PrizeForms(BaseInlineFormSet):  # type: ignore[type-arg]
    """Of how many there are the rule says as much as of what they are."""

    currency = ""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """A new prize begins with the currency of what is on sale; unchanged it is no prize yet."""
        options = super().get_form_kwargs(index)
        is_new = index is None or index >= self.initial_form_count()
        return {**options, "initial": {"currency": self.currency}} if is_new else options
