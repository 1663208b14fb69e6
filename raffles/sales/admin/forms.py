from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from raffles.sales.admin.additions import doubts_about
from raffles.sales.admin.amounts import UnreadableAmount, read_amount, write_amount
from raffles.sales.admin.reasons import Reasons
from raffles.sales.models import Order
from raffles.sales.queries import missing_of, stamp_of

METHODS = [
    ("transfer", _("Bank transfer")),
    ("wallet", _("Mobile wallet")),
    ("deposit", _("Deposit")),
    ("cash", _("Cash")),
    ("card", _("Card")),
    ("other", _("Other")),
]


SLIPPED = 10


def method_label(method: str) -> str:
    return str(dict(METHODS).get(method, method))


class DecisionForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, order: Order, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.order, self.user = order, user
        self.fields["seen"].initial = stamp_of(order)

    def is_stale(self) -> bool:
        return bool(self.cleaned_data["seen"] != stamp_of(self.order))


class PaymentFields(forms.Form):
    amount = forms.CharField(
        label=_("Amount received"), max_length=20, widget=forms.TextInput({"inputmode": "decimal"})
    )
    method = forms.ChoiceField(label=_("Method"), choices=METHODS, initial="transfer")
    reference = forms.CharField(
        label=_("Reference"),
        max_length=120,
        required=False,
        help_text=_("Number of the transfer, if there is one."),
    )


class ConfirmForm(DecisionForm, PaymentFields):
    # The amount that was pressed a second time, though it is so much more than what is missing.
    agreed = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    field_order = ("amount", "method", "reference", "why", "seen", "agreed")

    def __init__(self, *args: Any, order: Order, **options: Any) -> None:
        super().__init__(*args, order=order, **options)
        doubts = doubts_about(order, self.user)
        if doubts:
            self.fields["why"] = why_field(doubts)
        missing = max(missing_of(order), 0)
        self.fields["amount"].initial = write_amount(missing, order.currency) if missing else ""
        self.fields["amount"].help_text = order.currency

    def clean_amount(self) -> int:
        return amount_or_error(self.cleaned_data["amount"], self.order.currency)

    def clean(self) -> dict[str, Any]:
        """One zero too many would be credit, and credit can be asked back."""
        cleaned = super().clean() or self.cleaned_data
        amount = cleaned.get("amount")
        if amount is not None and self._is_slip(amount) and cleaned.get("agreed") != str(amount):
            self.data = {**dict(self.data.items()), "agreed": str(amount)}
            words = _("This is ten times what is missing, or more. Press again if it is right.")
            self.add_error("amount", words)
        return cleaned

    def _is_slip(self, amount: int) -> bool:
        return 0 < missing_of(self.order) * SLIPPED <= amount


def why_field(doubts: Sequence[str]) -> forms.CharField:
    """Filled with blanks it is empty: the form strips them."""
    return forms.CharField(
        label=_("Why it is right all the same"),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        help_text=". ".join(doubts),
    )


class RecordForm(DecisionForm, PaymentFields):
    field_order = ("amount", "method", "reference", "seen")

    def __init__(self, *args: Any, order: Order, **options: Any) -> None:
        super().__init__(*args, order=order, **options)
        self.fields["amount"].help_text = order.currency

    def clean_amount(self) -> int:
        return amount_or_error(self.cleaned_data["amount"], self.order.currency)


def amount_or_error(text: str, currency: str) -> int:
    try:
        return read_amount(text, currency)
    except UnreadableAmount:
        example = write_amount(123456, currency)
        raise forms.ValidationError(_("Write an amount such as %s.") % example) from None


class ReasonFields(forms.Form):
    ready = forms.ChoiceField(label=_("Reason"), required=False, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("The player reads this as it stands."),
    )
    reasons: Reasons = {}
    is_reason_needed = True

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        ready = self.fields["ready"]
        assert isinstance(ready, forms.ChoiceField)  # noqa: S101 - for the type checker
        ready.choices = list(self.reasons.items())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.is_reason_needed and not (cleaned.get("ready") or (cleaned.get("words") or "").strip()):
            self.add_error("words", _("Choose a reason or write one: the player reads it."))
        return cleaned

    def reason_in(self, language: str) -> str:
        """A ready-made reason in the player's language, then what staff wrote."""
        with override(language):
            ready = str(self.reasons.get(self.cleaned_data.get("ready") or "", ""))
        return " ".join(part for part in (ready, self.cleaned_data["words"].strip()) if part)
