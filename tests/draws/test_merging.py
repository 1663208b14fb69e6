"""Two players who are one: what both have won and wait to hear is one person's, through the merge itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from raffles.draws.actions import claim_award, tell_outcomes
from raffles.draws.invariants import violations
from raffles.draws.models import Award, Draw, Outcome
from raffles.draws.notices import DrawFact, OutcomeDue
from raffles.sales.actions import merge_players
from raffles.sales.models import Player
from tests.draws.staging import STAFF, at_draw, committed_raffle, held_draw, sold
from tests.factories import make_player

pytestmark = pytest.mark.django_db

heard: list[DrawFact] = []


def hear(fact: DrawFact) -> None:
    heard.append(fact)


@pytest.fixture(autouse=True)
def listening(settings: object) -> None:
    settings.DRAW_LISTENERS = [f"{__name__}.hear"]  # type: ignore[attr-defined]
    heard.clear()


def drawn(keep: Player, gone: Player) -> Draw:
    """Both have one number, and both numbers win."""
    raffle = committed_raffle(prizes=[("A car", 1), ("A bicycle", 1)])
    sold(raffle, 1, player=keep)
    sold(raffle, 2, player=gone)
    return held_draw(raffle)


def merge(keep: Player, gone: Player, draw: Draw) -> None:
    merge_players(keep_id=keep.pk, gone_id=gone.pk, now=at_draw(draw.raffle))


def told(player: Player) -> list[int]:
    """How many prizes this player heard of, each time."""
    facts = [fact for fact in heard if isinstance(fact, OutcomeDue) and fact.outcome.player_id == player.pk]
    return [len(fact.awards) for fact in facts]


def test_the_product_hears_of_it_before_chats_become_one() -> None:
    listeners = settings.RAFFLES_LISTENERS
    ours = listeners.index("raffles.draws.listeners.hear")
    assert ours < listeners.index("whatsapp.contacts.hear")


def test_prizes_and_what_is_to_be_told_are_one_persons() -> None:
    keep, gone = make_player(), make_player()
    draw = drawn(keep, gone)
    merge(keep, gone, draw)
    assert set(Award.objects.values_list("player", flat=True)) == {keep.pk}
    tell_outcomes(now=at_draw(draw.raffle))
    assert (told(keep), told(gone)) == ([2], [])
    assert Outcome.objects.get(player=keep).numbers == 2
    assert claim_award(draw_id=draw.pk, player_id=keep.pk, actor=STAFF, now=at_draw(draw.raffle)) != []
    assert violations(at_draw(draw.raffle) + timedelta(minutes=1)) == []


def test_who_played_in_another_draw_only_takes_that_along() -> None:
    keep, gone = make_player(), make_player()
    raffle = committed_raffle()
    sold(raffle, 7, player=gone)
    draw = held_draw(raffle)
    merge(keep, gone, draw)
    assert Outcome.objects.get().player == keep
    tell_outcomes(now=at_draw(raffle))
    assert told(keep) == [1]


def test_who_has_heard_already_hears_again_of_what_the_other_won() -> None:
    keep, gone = make_player(), make_player()
    draw = drawn(keep, gone)
    Outcome.objects.filter(player=keep).update(told_at=at_draw(draw.raffle))
    merge(keep, gone, draw)
    tell_outcomes(now=at_draw(draw.raffle))
    assert told(keep) == [2]
    assert not Outcome.objects.filter(told_at=None).exists()


def test_who_has_heard_that_nothing_was_won_hears_it_once() -> None:
    keep, gone = make_player(), make_player()
    raffle = committed_raffle()
    sold(raffle, 1, player=keep)
    sold(raffle, 2, player=gone)
    draw = held_draw(raffle)
    loser, winner = (keep, gone) if draw.awards.get().player == gone else (gone, keep)
    Outcome.objects.filter(player=winner).update(told_at=at_draw(raffle))
    merge(winner, loser, draw)
    tell_outcomes(now=at_draw(raffle))
    assert told(winner) == []
