"""What webhooks of programs hear: what the program may be told, as long as one of its tokens says so."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from raffles.api.models import Client, MadeOrder, MadeSubscription
from raffles.api.scopes import Scope, opens
from raffles.api.tokens import is_good
from raffles.hooks.ears import may_see
from raffles.hooks.happenings import Happening
from raffles.hooks.models import Subscription


def ear(subscriptions: Collection[Subscription], happening: Happening) -> set[int]:
    made = _with_clients(MadeSubscription.objects.filter(subscription__in=subscriptions))
    clients = {row.client_id: row.client for row in made}
    of_its_own = None if happening.order is None else _maker_of(happening.order.pk)
    allowed = {
        key for key, client in clients.items() if _may_hear(client, happening, is_own=key == of_its_own)
    }
    return {row.subscription_id for row in made if row.client_id in allowed}


def scopes_in_force(client: Client, now: datetime) -> set[str]:
    """Of all its tokens together; none when the last one is over."""
    return {scope for token in client.tokens.all() if is_good(token, now) for scope in token.scopes}


def deaf(now: datetime) -> list[Subscription]:
    """Switched on, and yet they hear nothing: no token of their program opens it any more."""
    rows = MadeSubscription.objects.filter(subscription__disabled_at=None).order_by("subscription_id")
    return [row.subscription for row in _with_clients(rows) if not _is_heard(row.client, now)]


def _is_heard(client: Client, now: datetime) -> bool:
    scopes = scopes_in_force(client, now)
    return Scope.WEBHOOKS_OWN in scopes or _is_staff(client, scopes)


def _is_staff(client: Client, scopes: Collection[str]) -> bool:
    """Who is no staff any more has no programs of staff."""
    return client.user.is_staff and opens(scopes, Scope.STAFF_WEBHOOKS)


def _with_clients(rows: QuerySet[MadeSubscription]) -> QuerySet[MadeSubscription]:
    found = rows.select_related("client__user", "subscription")
    return found.prefetch_related("client__tokens__client__user")


def _maker_of(order_id: int) -> int | None:
    return MadeOrder.objects.filter(order_id=order_id).values_list("client_id", flat=True).first()


def _may_hear(client: Client, happening: Happening, *, is_own: bool) -> bool:
    scopes = scopes_in_force(client, happening.at)
    if is_own and Scope.WEBHOOKS_OWN in scopes:
        return True
    if happening.is_public and Scope.WEBHOOKS_OWN in scopes:
        return opens(scopes, Scope.RAFFLES_READ)
    if happening.award is not None and Scope.AWARDS_READ not in scopes:
        return False
    return _is_staff(client, scopes) and may_see(client.user, happening)
