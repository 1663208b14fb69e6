"""What staff can still say when the 24-hour window is closed: a wording that Meta has approved, filled in.

Only the wordings made for persons: the others tell what the product has done, and whoever sent one by hand
would tell a player of a payment that nobody confirmed, or of numbers that nobody holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from raffles.sales.models import Order
from raffles.sales.sight import orders_seen_by
from whatsapp import templates
from whatsapp.admin.changes import PERSON_BY_TEMPLATE
from whatsapp.admin.writing import LinesField, PageHasSent, already_sent, queue_by_hand, take_over
from whatsapp.messages import TemplateCall, units
from whatsapp.models import Contact, MessageTemplate
from whatsapp.templates.filling import BODY_LIMIT, PLACE, filled, one_line, places
from whatsapp.texts.showing import plain

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

TITLES: dict[str, _StrPromise] = {
    "person_answers": _("Answer a question"),
    "person_about_order": _("Write about an order"),
}
LABELS: dict[str, _StrPromise] = {"code": _("Order"), "message": _("Your message")}
ORDERS_OFFERED = 20
BLANK = "…"
# A place with the marks around it that make it bold on the phone.
MARKED_PLACE = re.compile(rf"(\*?){PLACE.pattern}\1")


@dataclass(frozen=True)
class Piece:
    """Of a wording as it is previewed: fixed words, or what stands in a place of the form."""

    words: str
    field: str = ""
    is_bold: bool = False


def offered(contact: Contact, user: Any) -> list[MessageTemplate]:
    """In the player's language; one that names an order only to a player who has one."""
    found = templates.offered(list(TITLES), contact.player.language)
    has_orders = bool(found) and _orders(contact, user).exists()
    return [row for row in found if has_orders or "code" not in places(row.body)]


def _orders(contact: Contact, user: Any) -> QuerySet[Order]:
    """Whoever is limited to some raffles names no order of another."""
    return orders_seen_by(user).filter(player=contact.player_id)


def title_of(template: MessageTemplate) -> str:
    return str(TITLES[template.key])


class WordingForm(forms.Form):
    """A field for each place of the wording. The order is one of the player's own."""

    token = forms.UUIDField(widget=forms.HiddenInput({"autocomplete": "off"}))

    def __init__(
        self,
        template: MessageTemplate,
        contact: Contact,
        given: Mapping[str, Any] | None = None,
        *,
        user: Any,
    ) -> None:
        super().__init__(given, initial={"token": uuid4()})
        self.template = template
        for name in places(template.body):
            self.fields[name] = (
                _orders_field(_orders(contact, user)) if name == "code" else _words_field(name)
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        excess = units(filled(self.template.body, self.values())) - BODY_LIMIT
        if excess > 0:
            words = ngettext("Too long by %(count)d character.", "Too long by %(count)d characters.", excess)
            raise forms.ValidationError(words % {"count": excess})
        return given

    def values(self) -> dict[str, str]:
        """As Meta takes them and the phone shows them: one line, no formatting marks at work."""
        names = places(self.template.body)
        return {name: one_line(plain(self.cleaned_data[name])) for name in names if name in self.cleaned_data}

    def preview(self) -> Iterator[Piece]:
        """The last words typed, right or wrong; the page goes on with them while somebody types."""
        first, *rest = re.split(MARKED_PLACE, self.template.body)
        yield Piece(first)
        for mark, name, after in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
            typed = " ".join(str(self[name].value() or "").split())
            yield Piece(typed or BLANK, name, bool(mark))
            yield Piece(after)


def _orders_field(orders: QuerySet[Order]) -> forms.ChoiceField:
    codes = orders.order_by("-pk").values_list("code", flat=True)
    choices = [(code, code) for code in codes[:ORDERS_OFFERED]]
    return forms.ChoiceField(
        label=LABELS["code"], choices=choices, widget=forms.Select({"class": "form-select"})
    )


def _words_field(name: str) -> LinesField:
    attributes = {"rows": 3, "class": "form-control", "maxlength": BODY_LIMIT}
    return LinesField(label=LABELS.get(name, name), widget=forms.Textarea(attributes))


def send_wording(contact: Contact, form: WordingForm, *, by: User, now: datetime) -> bool:
    """False with the reason in the form. Should the window be open by then, the same words leave as usual."""
    if not form.is_valid():
        return False
    values = form.values()
    try:
        queue_by_hand(
            contact,
            filled(form.template.body, values),
            token=form.cleaned_data["token"],
            by=by,
            now=now,
            template=TemplateCall(form.template.key, values),
        )
    except PageHasSent:
        form.add_error(None, already_sent())
        return False
    take_over(contact, by=by, now=now, length=PERSON_BY_TEMPLATE)
    return True


def told_sent(contact: Contact) -> str:
    return _now("Sent to %(contact)s. A person has the chat for 24 hours.") % {"contact": contact}
