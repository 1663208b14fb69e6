from __future__ import annotations

from datetime import datetime

from django.db import transaction

from raffles.sales import ledger
from raffles.sales.errors import PlayerNotFound
from raffles.sales.models import Order, Player

ATTRIBUTES = ("name", "phone", "email", "city")


def merge_players(*, keep_id: int, gone_id: int, now: datetime) -> Player:
    """Two players turned out to be one person. Running it again changes nothing.

    A limit per player may be exceeded afterwards: what each bought in good faith stays theirs.
    """
    with transaction.atomic():
        keep, gone = _locked(keep_id, gone_id)
        gone_ids = {gone_id, gone.pk} - {keep.pk}
        Order.objects.filter(player_id__in=gone_ids).update(player=keep)
        ledger.hand_over(keep, gone_ids)
        if keep.pk == gone.pk:
            return keep
        Player.objects.filter(merged_into=gone).update(merged_into=keep)
        Player.objects.filter(pk=gone.pk, merged_into=None).update(merged_into=keep, merged_at=now)
        _fill_gaps(keep, gone)
        return keep


def _locked(keep_id: int, gone_id: int) -> tuple[Player, Player]:
    """Both rows in order of id; a player who was merged away earlier stands for the one who was kept."""
    ids = {keep_id, gone_id}
    twins = Player.objects.filter(pk__in=ids).values_list("pk", "merged_into_id")
    into = {pk: merged_into or pk for pk, merged_into in twins}
    for player_id in ids - into.keys():
        raise PlayerNotFound(player_id)
    wanted = Player.objects.filter(pk__in=into.values()).select_for_update(no_key=True)
    found = {player.pk: player for player in wanted.order_by("pk")}
    return found[into[keep_id]], found[into[gone_id]]


def _fill_gaps(keep: Player, gone: Player) -> None:
    for name in ATTRIBUTES:
        setattr(keep, name, getattr(keep, name) or getattr(gone, name))
    stops = [stop for stop in (keep.news_stopped_at, gone.news_stopped_at) if stop is not None]
    keep.news_stopped_at = min(stops, default=None)
    keep.save(update_fields=[*ATTRIBUTES, "news_stopped_at"])
