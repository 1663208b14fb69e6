"""What staff may do to a prize that somebody won."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from raffles.draws.actions import claim_award, forget_winner, hand_over_award, lose_award, show_winner
from raffles.draws.admin.steps import Step, StepForm
from raffles.draws.models import Award, Draw
from raffles.draws.models.awards import LONGEST_SHOWN
from raffles.sales.models import Actor
from raffles.sales.proof_files import LARGEST_PROOF

Status, Shown = Award.Status, Award.Shown


class HandOverForm(StepForm):
    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Who received it, where and how. Only who may see prizes reads it."),
    )
    proof = forms.FileField(
        label=_("Photo or PDF"), required=False, help_text=_("Of the signed receipt or of the transfer.")
    )

    def clean_proof(self) -> bytes | None:
        """Read no further than what is taken; whether it is a picture is judged by its bytes later."""
        file = self.cleaned_data["proof"]
        return file.read(LARGEST_PROOF + 1) if file else None


class LoseForm(StepForm):
    why = forms.ChoiceField(label=_("Why"), choices=Award.Lost.choices)
    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What shows it. Only who may see prizes reads it."),
    )

    def notes(self) -> Iterator[str]:
        if self.row.draw.redraw == Draw.Redraw.RESERVES:
            yield _now("The rule says: it goes to the next reserve that is still paid, who is told at once.")
        else:
            yield _now("The rule says: it stays with the organiser, and nobody else gets it.")


class ShowForm(StepForm):
    shown = forms.ChoiceField(
        label=_("What everybody may see"), choices=Shown.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("As"),
        max_length=LONGEST_SHOWN,
        required=False,
        help_text=_("The name of their choice or the city, as they said it."),
    )

    def __init__(self, *args: Any, row: Award, **options: Any) -> None:
        kept = {"shown": row.shown, "text": row.shown_text}
        super().__init__(*args, row=row, **{**options, "initial": kept | (options.get("initial") or {})})


def _is_open(award: Award, now: datetime) -> bool:
    return award.status == Status.OPEN


def _claim(award: Award, given: dict[str, Any], user: User, now: datetime) -> str:
    claim_award(draw_id=award.draw_id, player_id=award.player_id, actor=Actor.staff(user), now=now)
    return _now("Noted: the winner has come forward, and the deadline is kept")


def _show(award: Award, given: dict[str, Any], user: User, now: datetime) -> str:
    show_winner(
        draw_id=award.draw_id,
        player_id=award.player_id,
        shown=given["shown"],
        text=given["text"],
        actor=Actor.staff(user),
        now=now,
    )
    return _now("Shown like this from now on")


def _hand_over(award: Award, given: dict[str, Any], user: User, now: datetime) -> str:
    hand_over_award(award_id=award.pk, by=user, note=given["note"], proof=given["proof"], now=now)
    return _now("Noted as handed over")


def _lose(award: Award, given: dict[str, Any], user: User, now: datetime) -> str:
    following = lose_award(award_id=award.pk, by=user, why=given["why"], note=given["note"], now=now)
    if following is None:
        return _now("The prize is lost, and nobody else gets it")
    return _now("The prize went to the next reserve")


def _forget(award: Award, given: dict[str, Any], user: User, now: datetime) -> str:
    forget_winner(award_id=award.pk, by=user, now=now)
    return _now("What was written of the winner is erased")


STEPS = (
    Step(
        name="hand_over",
        label=_("Hand over"),
        explanation=_(
            "The prize is with its winner. Write who received it and add what shows it; it is final."
        ),
        permission="draws.hand_over_award",
        tone="success",
        form=HandOverForm,
        is_open_for=_is_open,
        act=_hand_over,
    ),
    Step(
        name="claim",
        label=_("The winner has come forward"),
        explanation=_(
            "Somebody who knows the winner has heard from them, by phone or in person: the deadline is kept "
            "for all that they won in this draw."
        ),
        permission="draws.hand_over_award",
        tone="primary",
        is_open_for=lambda award, now: award.status == Status.OPEN and award.claimed_at is None,
        act=_claim,
    ),
    Step(
        name="show",
        label=_("What is shown of the winner"),
        explanation=_("On the public page of the draw stands the number, and of its winner what they allow."),
        warning=_("Only on their own word. What they take back is hidden at once."),
        permission="draws.hand_over_award",
        tone="secondary",
        form=ShowForm,
        is_open_for=lambda award, now: award.status != Status.LOST,
        act=_show,
    ),
    Step(
        name="lose",
        label=_("Pass on"),
        explanation=_("The winner does not get the prize any more; that it was lost, and why, is public."),
        permission="draws.lose_award",
        tone="danger",
        form=LoseForm,
        is_open_for=_is_open,
        act=_lose,
    ),
    Step(
        name="forget",
        label=_("Forget the winner"),
        explanation=_(
            "What was written of the winner is erased, for all that they won in this draw: the name or city "
            "that everybody sees, the notes, and the proof of the hand-over with its file. Number, prize, "
            "order and the published draw stay, and so do the player and the chat."
        ),
        warning=_("Nothing brings it back but a backup. Keep what the law tells you to keep."),
        permission="draws.forget_winner",
        tone="danger",
        is_open_for=lambda award, now: award.tells_of_winner,
        act=_forget,
    ),
)
