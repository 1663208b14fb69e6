"""What staff decide about an order: one list for the buttons of the page and the bulk actions of the list."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from raffles.sales.actions import (
    approve_payment,
    cancel_order,
    confirm_payment,
    pay_with_credit,
    record_payment,
    refund_order,
    reject_proof,
)
from raffles.sales.admin import reasons
from raffles.sales.admin.additions import doubts_about
from raffles.sales.admin.forms import ConfirmForm, DecisionForm, ReasonFields, RecordForm
from raffles.sales.admin.refusals import told_to
from raffles.sales.admin.showing import money
from raffles.sales.errors import ReasonNeeded, Refusal, SecondPersonNeeded, UnitsNotHeld
from raffles.sales.lifecycle import MOVES
from raffles.sales.models import OVER, Actor, Order
from raffles.sales.queries import credit_of, missing_of
from raffles.sales.rights import may_decide

logger = logging.getLogger(__name__)

Status = Order.Status


class RejectFields(ReasonFields):
    reasons = reasons.REJECT


class CancelFields(ReasonFields):
    reasons = reasons.CANCEL


class RefundFields(ReasonFields):
    reasons = reasons.REFUND
    destination = forms.CharField(
        label=_("Where to"),
        required=False,
        max_length=200,
        help_text=_("Account or wallet that the money goes to."),
    )


class RejectForm(DecisionForm, RejectFields):
    field_order = ("ready", "words", "seen")


class CancelForm(DecisionForm, CancelFields):
    field_order = ("ready", "words", "seen")


class RefundForm(DecisionForm, RefundFields):
    field_order = ("ready", "words", "destination", "seen")


@dataclass(frozen=True)
class Decision:
    name: str
    label: Promise
    explanation: Promise
    done: Promise
    counted: Any
    permission: str
    leads_to: str
    tone: str
    form: type[DecisionForm]
    fields: type[forms.Form]
    act: Callable[[Order, forms.Form, User, datetime], object]

    def is_open_for(self, order: Order) -> bool:
        if self.name == "record":
            return order.status in OVER
        if self.name == "reject":
            return order.status == Status.UNDER_REVIEW
        has_credit = self.name != "credit" or credit_of(order.player_id, order.currency) >= order.total_minor
        return self.leads_to in MOVES[order.status] and has_credit

    def is_permitted(self, user: Any) -> bool:
        return may_decide(user, f"sales.{self.permission}")


@dataclass(frozen=True)
class Outcome:
    is_done: bool
    words: str


def carry_out(decision: Decision, order: Order, form: forms.Form, user: User, now: datetime) -> Outcome:
    try:
        decision.act(order, form, user, now)
    except Refusal as refusal:
        return Outcome(False, f"{order.code}: {told_to(user, refusal, currency=order.currency)}")
    except UnitsNotHeld:
        logger.exception("order %s holds something else than it charges for", order.pk)
        return Outcome(
            False, f"{order.code}: " + _now("it does not hold what it charges for; tell the technician")
        )
    return Outcome(True, f"{order.code}: {_outcome(decision, order)}")


def _outcome(decision: Decision, order: Order) -> str:
    """Confirmed money need not have paid the order: staff are told where it is."""
    order.refresh_from_db()
    if decision.name != "confirm" or order.status == Status.PAID:
        return str(decision.done)
    if order.status == Status.CANCELLED:
        return _now("the numbers cannot be had any more: the money is the player's credit, the order is over")
    missing = money(missing_of(order), order.currency)
    return _now("recorded, but %(missing)s is missing; the numbers stay held") % {"missing": missing}


def _confirm(order: Order, form: forms.Form, user: User, now: datetime) -> object:
    """Without a form, as in bulk, exactly the total came."""
    given = getattr(form, "cleaned_data", {})
    if doubts_about(order, user) and not given.get("why"):
        raise ReasonNeeded(order.code)
    try:
        return confirm_payment(
            order_id=order.pk,
            by=user,
            amount_minor=given.get("amount"),
            method=given.get("method", ""),
            reference=given.get("reference", ""),
            reason=given.get("why", ""),
            now=now,
        )
    except SecondPersonNeeded:
        approve_payment(
            order_id=order.pk,
            by=user,
            amount_minor=given.get("amount"),
            reason=given.get("why", ""),
            now=now,
        )
        raise


def _credit(order: Order, _form: forms.Form, user: User, now: datetime) -> object:
    try:
        return pay_with_credit(order_id=order.pk, by=user, now=now)
    except SecondPersonNeeded:
        approve_payment(order_id=order.pk, by=user, amount_minor=order.total_minor, now=now)
        raise


def _record(order: Order, form: forms.Form, user: User, now: datetime) -> object:
    given = form.cleaned_data
    return record_payment(
        player_id=order.player_id,
        order_id=order.pk,
        currency=order.currency,
        amount_minor=given["amount"],
        method=given["method"],
        reference=given["reference"],
        by=user,
        now=now,
    )


def _reject(order: Order, form: forms.Form, user: User, now: datetime) -> object:
    return reject_proof(order_id=order.pk, by=user, reason=_reason(order, form), now=now)


def _cancel(order: Order, form: forms.Form, user: User, now: datetime) -> object:
    return cancel_order(order_id=order.pk, actor=Actor.staff(user), reason=_reason(order, form), now=now)


def _refund(order: Order, form: forms.Form, user: User, now: datetime) -> object:
    return refund_order(
        order_id=order.pk,
        by=user,
        reason=_reason(order, form),
        destination=form.cleaned_data["destination"],
        now=now,
    )


def _reason(order: Order, form: forms.Form) -> str:
    assert isinstance(form, ReasonFields)  # noqa: S101 - for the type checker
    language = order.player.language
    return form.reason_in(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)


CONFIRM = Decision(
    name="confirm",
    label=_("Confirm payment"),
    explanation=_(
        "The money is there: the numbers are sold and the player is told. Too little is recorded and the "
        "rest is waited for; what comes too much stays as the player's credit."
    ),
    done=_("confirmed"),
    counted=ngettext_lazy("%(count)d confirmed", "%(count)d confirmed", "count"),
    permission="confirm_payment",
    leads_to=Status.PAID,
    tone="success",
    form=ConfirmForm,
    fields=forms.Form,
    act=_confirm,
)
REJECT = Decision(
    name="reject",
    label=_("Reject proof"),
    explanation=_("The player is told why and can send another proof; the numbers stay held for a while."),
    done=_("rejected"),
    counted=ngettext_lazy("%(count)d rejected", "%(count)d rejected", "count"),
    permission="reject_proof",
    leads_to=Status.PENDING_PAYMENT,
    tone="warning",
    form=RejectForm,
    fields=RejectFields,
    act=_reject,
)
CANCEL = Decision(
    name="cancel",
    label=_("Cancel order"),
    explanation=_("The numbers are free again and the player is told why."),
    done=_("cancelled"),
    counted=ngettext_lazy("%(count)d cancelled", "%(count)d cancelled", "count"),
    permission="cancel_order",
    leads_to=Status.CANCELLED,
    tone="danger",
    form=CancelForm,
    fields=CancelFields,
    act=_cancel,
)
REFUND = Decision(
    name="refund",
    label=_("Refund"),
    explanation=_(
        "The numbers are free again and the player is told why. The money is then due: send it, and note "
        "that in the list of refunds."
    ),
    done=_("to be refunded"),
    counted=ngettext_lazy("%(count)d refunded", "%(count)d refunded", "count"),
    permission="refund_order",
    leads_to=Status.REFUNDED,
    tone="danger",
    form=RefundForm,
    fields=RefundFields,
    act=_refund,
)
CREDIT = Decision(
    name="credit",
    label=_("Pay with credit"),
    explanation=_("The player's credit pays the order: the numbers are sold and the player is told."),
    done=_("paid with credit"),
    counted=ngettext_lazy("%(count)d paid with credit", "%(count)d paid with credit", "count"),
    permission="pay_with_credit",
    leads_to=Status.PAID,
    tone="success",
    form=DecisionForm,
    fields=forms.Form,
    act=_credit,
)
RECORD = Decision(
    name="record",
    label=_("Record another payment"),
    explanation=_("Money came for an order that is over: it becomes the player's credit."),
    done=_("recorded as credit"),
    counted=ngettext_lazy("%(count)d recorded", "%(count)d recorded", "count"),
    permission="record_payment",
    leads_to="",
    tone="secondary",
    form=RecordForm,
    fields=forms.Form,
    act=_record,
)
DECISIONS = (CONFIRM, CREDIT, REJECT, CANCEL, REFUND, RECORD)
