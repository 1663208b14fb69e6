from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from raffles.sales.admin.amounts import UnreadableAmount, read_amount, write_amount
from raffles.sales.admin.reasons import Reasons
from raffles.sales.models import Order
from raffles.sales.queries import missing_of

METHODS = [
    ("transfer", _("Bank transfer")),
    ("wallet", _("Mobile wallet")),
    ("deposit", _("Deposit")),
    ("cash", _("Cash")),
    ("card", _("Card")),
    ("other", _("Other")),
]


def method_label(method: str) -> str:
    return str(dict(METHODS).get(method, method))


def stamp(order: Order) -> str:
    """What of an order must not have changed between looking and deciding."""
    newest_proof = order.proofs.aggregate(newest=Max("pk"))["newest"] or 0
    hold = "late" if order.late_since else "held"
    return f"{order.status}.{newest_proof}.{hold}.{order.payments.count()}"


class DecisionForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, order: Order, **options: Any) -> None:
        super().__init__(*args, **options)
        self.order = order
        self.fields["seen"].initial = stamp(order)

    def is_stale(self) -> bool:
        return bool(self.cleaned_data["seen"] != stamp(self.order))


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
    field_order = ("amount", "method", "reference", "seen")

    def __init__(self, *args: Any, order: Order, **options: Any) -> None:
        super().__init__(*args, order=order, **options)
        missing = max(missing_of(order), 0)
        self.fields["amount"].initial = write_amount(missing, order.currency) if missing else ""
        self.fields["amount"].help_text = order.currency

    def clean_amount(self) -> int:
        return amount_or_error(self.cleaned_data["amount"], self.order.currency)


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
