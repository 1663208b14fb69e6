"""What a winner may do: come forward, and say what of them may be shown in public."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from django.core.files.storage import default_storage

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.draws.errors import NameMissing, NothingWon
from raffles.draws.models import Award, Draw
from raffles.draws.models.awards import LONGEST_SHOWN
from raffles.draws.notices import AwardClaimed, announce
from raffles.draws.subjects import subject_of
from raffles.sales.models import Actor

# All that is written of the person who won, and no more.
WORDS_OF_WINNER = ("shown_text", "hand_over_note", "hand_over_proof", "hand_over_sha256", "lost_note")
# More make a phone, whatever stands between them: no name or city has so many.
MOST_DIGITS = 4
# Mail, a handle, a path, or a host: browsers take the ideographic stop for a dot too.
ADDRESS = re.compile(r"[@/\\]|https?:|[^\W_][.\u3002][^\W\d_]{2}", re.IGNORECASE)


def own_awards(draw: Draw, player_id: int) -> list[Award]:
    """Behind the lock of the draw. Raises NothingWon."""
    own = draw.awards.filter(player_id=player_id).exclude(status=Award.Status.LOST)
    awards = list(own.select_related("draw", "prize", "player"))
    if not awards:
        raise NothingWon(draw.code)
    return awards


def winnings(awards: Sequence[Award]) -> list[tuple[str, tuple[str, ...]]]:
    """Of one draw: each prize once, most valuable first, with the numbers that won it as they are written."""
    terms = subject_of(awards[0].draw).terms(awards[0].draw)
    numbers: dict[str, list[int]] = {}
    for award in sorted(awards, key=lambda award: (award.prize.rank, award.number)):
        numbers.setdefault(award.prize.label, []).append(award.number)
    return [(prize, terms.labels(won)) for prize, won in numbers.items()]


def come_forward(awards: Sequence[Award], actor: Actor, now: datetime) -> None:
    """Said twice it is said once."""
    for award in awards:
        if award.claimed_at is None:
            _claim(award, actor, now)


def show(awards: Sequence[Award], shown: str, text: str, actor: Actor, now: datetime) -> None:
    for award in awards:
        award.shown, award.shown_text, award.shown_at = shown, text, now
        award.save(update_fields=["shown", "shown_text", "shown_at"])
    draw = awards[0].draw
    record(
        Deed.AWARD_SHOWN,
        subject=draw,
        label=draw.code,
        user=actor.user,
        actor=actor.label,
        after={"shown": shown, "awards": [award.pk for award in awards]},
        now=now,
    )


def forget(award: Award) -> None:
    """The file goes before the row is kept: where that fails the row still names it, and one asks again."""
    proof = award.hand_over_proof.name
    award.shown, award.shown_text = Award.Shown.NOTHING, ""
    award.hand_over_note = award.hand_over_proof = award.hand_over_sha256 = award.lost_note = ""
    award.save(update_fields=[*WORDS_OF_WINNER, "shown"])
    if proof:
        default_storage.delete(proof)


def readable(shown: str, text: str) -> str:
    """Raises NameMissing where it cannot be shown."""
    if shown == Award.Shown.NOTHING:
        return ""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_SHOWN or not name.isprintable() or _leads_to_somebody(name):
        raise NameMissing
    return name


def _leads_to_somebody(name: str) -> bool:
    """Signs of any script and width count as what they stand for."""
    plain = unicodedata.normalize("NFKC", name)
    return sum(sign.isnumeric() for sign in plain) > MOST_DIGITS or ADDRESS.search(plain) is not None


def _claim(award: Award, actor: Actor, now: datetime) -> None:
    award.claimed_at = now
    award.save(update_fields=["claimed_at"])
    record(
        Deed.AWARD_CLAIMED,
        subject=award,
        label=f"{award.draw.code} {award.number}",
        user=actor.user,
        actor=actor.label,
        now=now,
    )
    announce(AwardClaimed(award))
