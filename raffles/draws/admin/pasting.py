"""A round of the beacon as people find it: drand's answer as it stands, or its signature alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from raffles.draws.admin.refusals import BEACON
from raffles.draws.admin.steps import StepForm
from raffles.draws.drand import RoundUnreadable, read_round


class BeaconForm(StepForm):
    text = forms.CharField(
        label=_("Round"),
        max_length=5000,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false", "autocapitalize": "off"}),
        help_text=_("What drand answered, from { to }, or its signature alone."),
    )

    def notes(self) -> Iterator[str]:
        yield _now("Round %(round)d of chain %(chain)s is the one that counts.") % {
            "round": self.row.beacon_round,
            "chain": self.row.chain,
        }

    def clean(self) -> dict[str, Any]:
        """Which round a signature alone is of only the chain's key can tell; the action asks it."""
        given = super().clean() or self.cleaned_data
        if given.get("text"):
            try:
                given["round"] = read_round(given["text"])
            except RoundUnreadable:
                self.add_error("text", str(BEACON["unreadable"]))
        return given
