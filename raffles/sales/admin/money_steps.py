"""What staff do with money that belongs to no open order: record it, plan, make or drop a refund."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from raffles.sales.actions import drop_refund, make_refund, record_payment, request_refund
from raffles.sales.admin.amounts import write_amount
from raffles.sales.admin.forms import PaymentFields, amount_or_error
from raffles.sales.lifecycle import locked_player
from raffles.sales.models import Player, Refund
from raffles.sales.money import is_currency
from raffles.sales.proof_files import LARGEST_PROOF
from raffles.sales.queries import credits_of, stamp_of_account
from raffles.sales.rights import may_decide


class MoneyForm(forms.Form):
    def __init__(self, *args: Any, row: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.row = row

    def is_stale(self) -> bool:
        """Asked in the transaction of the step. What refuses by itself to be done twice needs no answer."""
        return False

    def currency(self) -> str:
        given = getattr(self, "cleaned_data", {})
        return str(given.get("currency") or getattr(self.row, "currency", ""))


class AmountForm(MoneyForm):
    """An amount is read in its currency, so the currency is asked first."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Player, **options: Any) -> None:
        super().__init__(*args, row=row, **options)
        self.fields["seen"].initial = stamp_of_account(row.pk)

    def is_stale(self) -> bool:
        """Cash has no number that could be compared: pressed twice it would be twice the money."""
        locked_player(self.row.pk)
        return bool(self.cleaned_data["seen"] != stamp_of_account(self.row.pk))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "currency" in cleaned and "amount" in cleaned:
            try:
                cleaned["amount"] = amount_or_error(cleaned["amount"], cleaned["currency"])
            except forms.ValidationError as error:
                self.add_error("amount", error)
        return cleaned


class RecordPaymentForm(AmountForm, PaymentFields):
    currency_code = forms.CharField(label=_("Currency"), min_length=3, max_length=3)
    field_order = ("currency_code", "amount", "method", "reference", "seen")

    def clean_currency_code(self) -> str:
        code = str(self.cleaned_data["currency_code"]).upper()
        if not is_currency(code):
            raise forms.ValidationError(_("there is no such currency"))
        return code

    def clean(self) -> dict[str, Any]:
        if "currency_code" in self.cleaned_data:
            self.cleaned_data["currency"] = self.cleaned_data["currency_code"]
        return super().clean()


class RequestRefundForm(AmountForm):
    currency_code = forms.ChoiceField(label=_("Credit"))
    amount = forms.CharField(
        label=_("Amount"), max_length=20, widget=forms.TextInput({"inputmode": "decimal"})
    )
    destination = forms.CharField(
        label=_("Where to"), max_length=200, help_text=_("Account or wallet that the money goes to.")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("The player reads this as it stands.")
    )

    def __init__(self, *args: Any, row: Player, **options: Any) -> None:
        super().__init__(*args, row=row, **options)
        found = credits_of(row.pk)
        choices = [(code, f"{code} {write_amount(minor, code)}") for minor, code in found]
        currencies = self.fields["currency_code"]
        assert isinstance(currencies, forms.ChoiceField)  # noqa: S101 - for the type checker
        currencies.choices = choices
        if found:
            self.fields["amount"].initial = write_amount(*found[0])

    def clean(self) -> dict[str, Any]:
        if "currency_code" in self.cleaned_data:
            self.cleaned_data["currency"] = self.cleaned_data["currency_code"]
        return super().clean()


class MakeRefundForm(MoneyForm):
    reference = forms.CharField(
        label=_("Reference"),
        max_length=120,
        required=False,
        help_text=_("Number of the transfer, if there is one."),
    )
    evidence = forms.FileField(
        label=_("Evidence"), required=False, help_text=_("A photo or PDF of the transfer.")
    )

    def clean_evidence(self) -> bytes | None:
        """Read no further than what is taken; whether it is a picture is judged by its bytes later."""
        file = self.cleaned_data["evidence"]
        return file.read(LARGEST_PROOF + 1) if file else None


class DropRefundForm(MoneyForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("The player reads this as it stands.")
    )


@dataclass(frozen=True)
class MoneyStep:
    name: str
    label: Promise
    explanation: Promise
    done: Promise
    permission: str
    tone: str
    form: type[MoneyForm]
    act: Callable[[Any, dict[str, Any], User, datetime], object]
    is_open_for: Callable[[Any], bool] = lambda _row: True

    def is_permitted(self, user: Any) -> bool:
        return may_decide(user, f"sales.{self.permission}")


def _record(player: Player, given: dict[str, Any], user: User, now: datetime) -> object:
    return record_payment(
        player_id=player.pk,
        currency=given["currency"],
        amount_minor=given["amount"],
        method=given["method"],
        reference=given["reference"],
        by=user,
        now=now,
    )


def _request(player: Player, given: dict[str, Any], user: User, now: datetime) -> object:
    return request_refund(
        player_id=player.pk,
        currency=given["currency"],
        amount_minor=given["amount"],
        destination=given["destination"],
        reason=given["reason"],
        by=user,
        now=now,
    )


def _make(refund: Refund, given: dict[str, Any], user: User, now: datetime) -> object:
    return make_refund(
        refund_id=refund.pk, by=user, reference=given["reference"], evidence=given["evidence"], now=now
    )


def _drop(refund: Refund, given: dict[str, Any], user: User, now: datetime) -> object:
    return drop_refund(refund_id=refund.pk, by=user, reason=given["reason"], now=now)


def _is_due(refund: Refund) -> bool:
    return refund.status == Refund.Status.DUE


RECORD_PAYMENT = MoneyStep(
    name="record",
    label=_("Record a payment"),
    explanation=_("Money came that names no open order: it becomes the player's credit."),
    done=_("recorded as credit"),
    permission="record_payment",
    tone="success",
    form=RecordPaymentForm,
    act=_record,
)
REQUEST_REFUND = MoneyStep(
    name="refund",
    label=_("Give credit back"),
    explanation=_("The credit is set apart and waits in the list of refunds until it was sent."),
    done=_("to be refunded"),
    permission="request_refund",
    tone="warning",
    form=RequestRefundForm,
    act=_request,
    is_open_for=lambda player: bool(credits_of(player.pk)),
)
MAKE_REFUND = MoneyStep(
    name="make",
    label=_("Money was sent"),
    explanation=_("Write the number of the transfer or add a picture of it; the player is told."),
    done=_("noted as sent"),
    permission="make_refund",
    tone="success",
    form=MakeRefundForm,
    act=_make,
    is_open_for=_is_due,
)
DROP_REFUND = MoneyStep(
    name="drop",
    label=_("Drop the refund"),
    explanation=_("The money is not sent and becomes the player's credit again; the player is told why."),
    done=_("dropped"),
    permission="drop_refund",
    tone="danger",
    form=DropRefundForm,
    act=_drop,
    is_open_for=_is_due,
)
OF_PLAYERS = (RECORD_PAYMENT, REQUEST_REFUND)
OF_REFUNDS = (MAKE_REFUND, DROP_REFUND)
