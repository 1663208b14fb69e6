from __future__ import annotations

from django.db.models import QuerySet

from raffles.draws.notices import DrawFact
from raffles.hooks import nudges
from raffles.hooks.ears import hearing
from raffles.hooks.happenings import Happening, happenings, happenings_of_draw
from raffles.hooks.models import Subscription
from raffles.hooks.telling import tell, written
from raffles.sales.notices import Fact


def hear(fact: Fact) -> None:
    """Where nobody has subscribed a sale costs one look."""
    listening = list(_listening())
    if listening:
        _hear(happenings(fact), listening)


def hear_of_draw(fact: DrawFact) -> None:
    """Most facts of draws are one for each player, and no event."""
    found = happenings_of_draw(fact)
    if found:
        _hear(found, list(_listening()))


def _hear(found: list[Happening], listening: list[Subscription]) -> None:
    for happening in found:
        wanting = [one for one in listening if happening.kind in one.kinds]
        _tell(happening, hearing(wanting, happening))


def _listening() -> QuerySet[Subscription]:
    """Whoever works here no more hears no more."""
    return Subscription.objects.filter(disabled_at=None, owner__is_active=True).select_related("owner")


def _tell(happening: Happening, receivers: list[Subscription]) -> None:
    if receivers:
        event = written(happening.kind.value, at=happening.at, data=happening.ids, subject=happening.subject)
        tell(event, receivers)
        nudges.wake()
