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

from raffles.sales.actions import cancel_order, confirm_payment, refund_order, reject_proof
from raffles.sales.admin import reasons
from raffles.sales.admin.forms import ConfirmForm, DecisionForm, ReasonFields
from raffles.sales.admin.refusals import in_words
from raffles.sales.errors import Refusal, UnitsNotHeld
from raffles.sales.lifecycle import MOVES
from raffles.sales.models import Actor, Order

logger = logging.getLogger(__name__)

Status = Order.Status


class RejectFields(ReasonFields):
    reasons = reasons.REJECT


class CancelFields(ReasonFields):
    reasons = reasons.CANCEL


class RefundFields(ReasonFields):
    reasons = reasons.REFUND


class RejectForm(DecisionForm, RejectFields):
    field_order = ("ready", "words", "seen")


class CancelForm(DecisionForm, CancelFields):
    field_order = ("ready", "words", "seen")


class RefundForm(DecisionForm, RefundFields):
    field_order = ("ready", "words", "seen")


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
        if self.name == "reject":
            return order.status == Status.UNDER_REVIEW
        return self.leads_to in MOVES[order.status]

    def is_permitted(self, user: Any) -> bool:
        return bool(user.has_perm(f"sales.{self.permission}"))


@dataclass(frozen=True)
class Outcome:
    is_done: bool
    words: str


def carry_out(decision: Decision, order: Order, form: forms.Form, user: User, now: datetime) -> Outcome:
    try:
        decision.act(order, form, user, now)
    except Refusal as refusal:
        return Outcome(False, f"{order.code}: {in_words(refusal, currency=order.currency)}")
    except UnitsNotHeld:
        logger.exception("order %s holds something else than it charges for", order.pk)
        return Outcome(
            False, f"{order.code}: " + _now("it does not hold what it charges for; tell the technician")
        )
    return Outcome(True, f"{order.code}: {decision.done}")


def _confirm(order: Order, form: forms.Form, user: User, now: datetime) -> object:
    """Without a form, as in bulk, exactly the total came."""
    given = getattr(form, "cleaned_data", {})
    return confirm_payment(
        order_id=order.pk,
        by=user,
        amount_minor=given.get("amount"),
        method=given.get("method", ""),
        reference=given.get("reference", ""),
        now=now,
    )


def _reject(order: Order, form: forms.Form, user: User, now: datetime) -> object:
    return reject_proof(order_id=order.pk, by=user, reason=_reason(order, form), now=now)


def _cancel(order: Order, form: forms.Form, user: User, now: datetime) -> object:
    return cancel_order(order_id=order.pk, actor=Actor.staff(user), reason=_reason(order, form), now=now)


def _refund(order: Order, form: forms.Form, user: User, now: datetime) -> object:
    return refund_order(order_id=order.pk, by=user, reason=_reason(order, form), now=now)


def _reason(order: Order, form: forms.Form) -> str:
    assert isinstance(form, ReasonFields)  # noqa: S101 - for the type checker
    language = order.player.language
    return form.reason_in(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)


CONFIRM = Decision(
    name="confirm",
    label=_("Confirm payment"),
    explanation=_("The money is there: the numbers are sold and the player is told."),
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
    explanation=_("Note that the money went back: the numbers are free again and the player is told why."),
    done=_("refunded"),
    counted=ngettext_lazy("%(count)d refunded", "%(count)d refunded", "count"),
    permission="refund_order",
    leads_to=Status.REFUNDED,
    tone="danger",
    form=RefundForm,
    fields=RefundFields,
    act=_refund,
)
DECISIONS = (CONFIRM, REJECT, CANCEL, REFUND)
