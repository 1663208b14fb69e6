"""Facts of draws that a player should hear: what came of their numbers, and what becomes of a prize."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import assert_never

from raffles.draws.models import Award, Outcome
from raffles.draws.notices import (
    AwardClaimed,
    AwardHandedOver,
    AwardLost,
    AwardPassedOn,
    DrawCalledOff,
    DrawClosed,
    DrawFact,
    DrawHeld,
    DrawTroubled,
    EntriesWait,
    OutcomeDue,
    RulePublished,
)
from raffles.draws.queries import will_hear_outcome, winning_numbers
from raffles.draws.subjects import Terms, subject_of
from raffles.draws.winners import winnings
from whatsapp.messages import Bubble, Button, Buttons, Text
from whatsapp.telling import NO_TURN, Notice, in_language_of, tell_player
from whatsapp.templates import calls
from whatsapp.texts import draws, links, prizes

# Who has won nothing need not read of it much later; a winner must, however late.
NOT_WON_LIFE = timedelta(days=30)


def hear(fact: DrawFact) -> None:
    match fact:
        case OutcomeDue(outcome, awards):
            _tell_outcome(outcome, awards)
        case AwardPassedOn(award, lost):
            _tell_lost(lost)
            _tell_passed_on(award)
        case AwardLost(award):
            _tell_lost(award)
        case AwardHandedOver(award):
            _tell_handed_over(award)
        case RulePublished() | EntriesWait() | DrawClosed() | DrawTroubled() | DrawHeld() | AwardClaimed():
            pass  # for staff; a changed rule is told by a sweep, and who claims is answered in the chat
        case DrawCalledOff():
            pass  # a sweep tells everybody who played
        case _:
            assert_never(fact)


def _tell_outcome(outcome: Outcome, awards: Sequence[Award]) -> None:
    """One message a player and draw. Who said stop and has won nothing is left in peace."""
    at = outcome.draw.drawn_at
    if at is None or (not awards and outcome.player.news_stopped_at is not None):
        return
    with in_language_of(outcome.player):
        notice = _won(awards) if awards else _not_won(outcome)
    life = None if awards else NOT_WON_LIFE
    tell_player(outcome.player_id, f"draw:{outcome.draw_id}:outcome:{outcome.player_id}", notice, at, life)


def _won(awards: Sequence[Award]) -> Notice:
    terms, until, won = _terms(awards[0]), awards[0].claim_until, winnings(awards)
    said = prizes.won(title=terms.title, lines=prizes.win_lines(won), until=until, zone=terms.time_zone)
    template = calls.draw_won(
        title=terms.title, labels=_labels(awards), prize=_prize(awards), until=until, zone=terms.time_zone
    )
    return Notice(_asking(said, awards[0]), template)


def _not_won(outcome: Outcome) -> Notice:
    draw = outcome.draw
    terms, link = subject_of(draw).terms(draw), links.draw_page(draw.code)
    winners = terms.labels(winning_numbers(draw))
    said = draws.not_won(title=terms.title, winners=winners, link=link)
    result = draws.who_won(winners)
    return Notice(Text(said), calls.draw_not_won(title=terms.title, result=result, link=link))


def _tell_passed_on(award: Award) -> None:
    """Who has not yet heard what came of the draw hears of this prize with it."""
    if will_hear_outcome(award.draw_id, award.player_id):
        return
    with in_language_of(award.player):
        tell_player(award.player_id, f"award:{award.pk}:passed_on", _passed_on(award), award.won_at)


def _passed_on(award: Award) -> Notice:
    terms, until, won = _terms(award), award.claim_until, winnings([award])
    said = prizes.passed_on(title=terms.title, lines=prizes.win_lines(won), until=until, zone=terms.time_zone)
    template = calls.prize_passed_on(
        title=terms.title,
        labels=_labels([award]),
        prize=award.prize.label,
        until=until,
        zone=terms.time_zone,
    )
    return Notice(_asking(said, award), template)


def _tell_lost(award: Award) -> None:
    """Only who let the deadline pass: of any other reason they know, or staff speak with them."""
    if award.lost_why != Award.Lost.UNCLAIMED or award.lost_at is None:
        return
    title = _terms(award).title
    with in_language_of(award.player):
        line = prizes.win_line(award.prize.label, _labels([award]))
        template = calls.prize_lost(title=title, labels=_labels([award]), prize=award.prize.label)
        notice = Notice(Text(prizes.lost(title=title, line=line)), template)
    tell_player(award.player_id, f"award:{award.pk}:lost", notice, award.lost_at)


def _tell_handed_over(award: Award) -> None:
    if award.handed_over_at is None:
        return
    title = _terms(award).title
    with in_language_of(award.player):
        line = prizes.win_line(award.prize.label, _labels([award]))
        template = calls.prize_handed_over(title=title, labels=_labels([award]), prize=award.prize.label)
        notice = Notice(Text(prizes.handed_over(title=title, line=line)), template)
    tell_player(award.player_id, f"award:{award.pk}:handed_over", notice, award.handed_over_at)


def _terms(award: Award) -> Terms:
    return subject_of(award.draw).terms(award.draw)


def _labels(awards: Sequence[Award]) -> tuple[str, ...]:
    return _terms(awards[0]).labels(sorted(award.number for award in awards))


def _prize(awards: Sequence[Award]) -> str:
    """In one line, for a template; of several each with its numbers."""
    won = winnings(awards)
    if len(won) == 1:
        return won[0][0]
    return "; ".join(f"{prize} ({', '.join(labels)})" for prize, labels in won)


def _asking(said: str, award: Award) -> Bubble:
    code = award.draw.code
    buttons = (
        Button(f"show_nothing:{code}:{NO_TURN}", prizes.nothing_button()),
        Button(f"show_name:{code}:{NO_TURN}", prizes.name_button()),
        Button(f"show_city:{code}:{NO_TURN}", prizes.city_button()),
    )
    return Buttons(said, buttons)
