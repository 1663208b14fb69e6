from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from raffles.numbers.models import Raffle
from raffles.sales.admin.amounts import write_amount
from raffles.sales.admin.forms import amount_or_error
from raffles.sales.admin.pages import RowForm
from raffles.sales.admin.pictures import PictureInput
from raffles.sales.money import is_currency
from raffles.sales.picture_files import PictureField

# Typed in the currency, kept in its smallest unit.
AMOUNTS = ("price_minor", "two_people_from_minor")


class RaffleForm(RowForm[Raffle]):
    price_minor = forms.CharField(
        label=_("Price of a number"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "decimal", "class": "vTextField"}),
        help_text=_("In the currency, such as 50000 or 12.50."),
    )

    two_people_from_minor = forms.CharField(
        label=_("Two people from"),
        required=False,
        max_length=20,
        widget=forms.TextInput({"inputmode": "decimal", "class": "vTextField"}),
        help_text=_("From this amount on two people must confirm a payment; empty: one is always enough."),
    )

    class Meta:
        model = Raffle
        exclude = ("status",)
        widgets = {"image": PictureInput()}
        field_classes = {"image": PictureField}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        raffle = self.instance
        if raffle._state.adding:
            return
        for name in AMOUNTS:
            minor = getattr(raffle, name)
            self.initial[name] = "" if minor is None else write_amount(minor, raffle.currency)
        picture = self.fields["image"].widget if "image" in self.fields else None
        if isinstance(picture, PictureInput):
            picture.url = reverse("admin:raffles_raffle_image", args=(raffle.pk,))

    def clean(self) -> dict[str, Any]:
        """The currency, which says how many decimals there are, is another field of the same form."""
        cleaned = super().clean() or self.cleaned_data
        currency = str(cleaned.get("currency") or self.instance.currency).strip().upper()
        for name in AMOUNTS:
            if name in cleaned:
                cleaned[name] = self._read_amount(name, cleaned[name], currency)
        return cleaned

    def _read_amount(self, name: str, text: str, currency: str) -> int | None:
        if not text:
            return None
        if not is_currency(currency):
            self.add_error(name, _("A price needs its currency."))
            return None
        try:
            return amount_or_error(text, currency)
        except forms.ValidationError as error:
            self.add_error(name, error)
            return None
