"""A rule that changed after numbers were paid: a sweep tells their owners, a hundred at a time.

There may be thousands of them, so publishing writes nothing for them. Who was told is known by the message.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max, QuerySet

from raffles.draws.models import Draw, RuleVersion
from raffles.draws.subjects import subject_of
from raffles.numbers.queries import buyers_before
from raffles.sales.models import Player
from whatsapp.messages import Text
from whatsapp.telling import Notice, in_language_of, tell_player, untold
from whatsapp.templates import calls
from whatsapp.texts import draws, links

AT_ONCE = 100
# Later it is no news, and the rows by which it is known who was told may be gone.
NEWS_FOR = timedelta(days=3)


def tell_rule_changes(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Those who paid before the newest version of a rule; returns how many were told now."""
    told = 0
    for version in _fresh(now):
        with transaction.atomic():
            buyers = buyers_before(version.draw, version.published_at)
            players = untold(buyers, _key(version, ""))[: limit - told]
            for player in players:
                _tell(version, player, now)
            told += len(players)
    return told


def _fresh(now: datetime) -> QuerySet[RuleVersion]:
    versions = RuleVersion.objects.filter(draw__status=Draw.Status.COMMITTED, version__gt=1)
    newest = versions.annotate(newest=Max("draw__rules__version")).filter(version=F("newest"))
    return newest.filter(published_at__gt=now - NEWS_FOR).select_related("draw").order_by("pk")


def _tell(version: RuleVersion, player: Player, now: datetime) -> None:
    """Also to who said stop: it is about what they have bought."""
    terms, link = subject_of(version.draw).terms(version.draw), links.draw_page(version.draw.code)
    with in_language_of(player):
        about: dict[str, Any] = {
            "title": terms.title,
            "reason": version.reason,
            "draw_at": terms.draws_at,
            "zone": terms.time_zone,
            "link": link,
        }
        notice = Notice(Text(draws.rule_changed(**about)), calls.rule_changed(**about))
    tell_player(player.pk, _key(version, str(player.pk)), notice, now)


def _key(version: RuleVersion, player: str) -> str:
    return f"rule:{version.pk}:{player}"
