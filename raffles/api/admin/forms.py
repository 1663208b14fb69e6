from __future__ import annotations

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from raffles.api.issuing import read_networks
from raffles.api.models import Client
from raffles.api.refusals import NetworkUnreadable
from raffles.api.scopes import Scope

DAYS = (("30", _("30 days")), ("90", _("90 days")), ("365", _("a year")), ("", _("until it is revoked")))
OVERLAPS = (("24", _("a day")), ("1", _("an hour")), ("0", _("not at all: it may have been stolen")))


class MakeTokenForm(forms.Form):
    client = forms.CharField(
        label=_("Program"),
        max_length=80,
        help_text=_("What will use it, such as “Website”. Tokens of one program see the same orders."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Never more than you may do yourself."),
    )
    networks = forms.CharField(
        label=_("Where it may come from"),
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Addresses or networks, one a line, such as 203.0.113.0/24. Empty: from anywhere."),
    )
    days = forms.ChoiceField(label=_("How long"), choices=DAYS, required=False, initial="365")

    def __init__(self, *args: object, user_id: int, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.user_id = user_id

    def clean_client(self) -> str:
        name = str(self.cleaned_data["client"]).strip()
        if Client.objects.filter(name=name).exclude(user_id=self.user_id).exists():
            raise forms.ValidationError(_("Somebody else has a program of that name."))
        return name

    def clean_networks(self) -> list[str]:
        try:
            return read_networks(str(self.cleaned_data["networks"]).split())
        except NetworkUnreadable:
            raise forms.ValidationError(_("Write addresses or networks, one a line.")) from None

    def lifetime(self) -> timedelta | None:
        days = self.cleaned_data["days"]
        return timedelta(days=int(days)) if days else None


class ReplaceForm(forms.Form):
    overlap = forms.ChoiceField(
        label=_("The old one works on for"),
        choices=OVERLAPS,
        help_text=_("Time to put the new one in place."),
    )

    def overlap_time(self) -> timedelta:
        return timedelta(hours=int(self.cleaned_data["overlap"]))
