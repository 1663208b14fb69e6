"""What a reviewer types on a card: amounts in the order's currency, words that the player reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from raffles.sales.admin.additions import doubts_about
from raffles.sales.admin.amounts import write_amount
from raffles.sales.admin.forms import PaymentFields, amount_or_error, why_field
from raffles.sales.models import Order
from raffles.sales.queries import missing_of

ASK: dict[str, Promise] = {
    "whole": _("Please send the whole receipt: amount, date and reference must be seen."),
    "sharper": _("Please send a sharper picture of the receipt."),
    "sender": _("From which bank and in whose name did you pay?"),
    "number": _("Please write the number of the transfer."),
}


class ConfirmFields(PaymentFields):
    def __init__(self, *args: Any, order: Order, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.order = order
        missing = max(missing_of(order), 0)
        self.fields["amount"].initial = write_amount(missing, order.currency) if missing else ""
        self.fields["amount"].help_text = order.currency
        doubts = doubts_about(order, user)
        if doubts:
            self.fields["why"] = why_field(doubts)

    def clean_amount(self) -> int:
        return amount_or_error(self.cleaned_data["amount"], self.order.currency)


class WordsFields(forms.Form):
    words = forms.CharField(max_length=500, widget=forms.Textarea({"rows": 3}))


def sentences(choices: Mapping[str, Promise], language: str) -> list[tuple[str, str]]:
    """Each in the reader's language beside what the player would read."""
    with override(language):
        theirs = {name: str(text) for name, text in choices.items()}
    return [(str(text), theirs[name]) for name, text in choices.items()]
