from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.sales import ledger, trail
from raffles.sales.errors import MergedAlready, PlayerNotFound
from raffles.sales.lifecycle import hold_still
from raffles.sales.merging import require_mergeable
from raffles.sales.models import Actor, Order, Player
from raffles.sales.notices import PlayersMerged, announce

ATTRIBUTES = ("name", "phone", "email", "city")


def merge_players(*, keep_id: int, gone_id: int, now: datetime, by: User | None = None) -> Player:
    """Two players turned out to be one person. Running it again changes nothing.

    Without `by` it is the channel's word that a person has a new address, and nothing is asked. Staff can be
    mistaken or misled, and what was merged is not parted again: they are refused where it would go too far.
    A limit per player may be exceeded afterwards: what each bought in good faith stays theirs.
    """
    with transaction.atomic():
        living = _living({keep_id, gone_id})
        # The chats first: a turn locks its chat and then the rest, and so does this.
        if living[keep_id] != living[gone_id]:
            announce(PlayersMerged(living[keep_id], living[gone_id]))
        hold_still(living.values())
        found = Player.objects.in_bulk(living.values())
        keep, gone = found[living[keep_id]], found[living[gone_id]]
        if by is not None:
            _require_two((keep_id, gone_id), keep, gone)
        gone_ids = {gone_id, gone.pk} - {keep.pk}
        moved = {"orders": Order.objects.filter(player_id__in=gone_ids).update(player=keep)}
        moved |= ledger.hand_over(keep, gone_ids)
        if keep.pk != gone.pk:
            _end(gone, keep, now)
            trail.merged(keep, gone, moved=moved, actor=Actor.staff(by) if by else Actor.player(), now=now)
        return keep


def _living(ids: Collection[int]) -> dict[int, int]:
    """A player who was merged away earlier stands for the one who was kept."""
    twins = Player.objects.filter(pk__in=ids).values_list("pk", "merged_into_id")
    found = {pk: merged_into or pk for pk, merged_into in twins}
    for player_id in set(ids) - found.keys():
        raise PlayerNotFound(player_id)
    return found


def _require_two(asked: tuple[int, int], keep: Player, gone: Player) -> None:
    if asked[0] != asked[1] and asked != (keep.pk, gone.pk):
        raise MergedAlready
    require_mergeable(keep, gone)


def _end(gone: Player, keep: Player, now: datetime) -> None:
    Player.objects.filter(merged_into=gone).update(merged_into=keep)
    Player.objects.filter(pk=gone.pk, merged_into=None).update(merged_into=keep, merged_at=now)
    _fill_gaps(keep, gone)


def _fill_gaps(keep: Player, gone: Player) -> None:
    for name in ATTRIBUTES:
        setattr(keep, name, getattr(keep, name) or getattr(gone, name))
    stops = [stop for stop in (keep.news_stopped_at, gone.news_stopped_at) if stop is not None]
    keep.news_stopped_at = min(stops, default=None)
    keep.save(update_fields=[*ATTRIBUTES, "news_stopped_at"])
