"""What a client made is its own: it sees its orders, and buys for the players it brought."""

from __future__ import annotations

from django.db.models import QuerySet

from raffles.api.authentication import Grant
from raffles.api.models import MadeOrder, MadePlayer, MadeSubscription
from raffles.hooks.models import Delivery, Subscription
from raffles.sales.errors import PlayerNotFound
from raffles.sales.models import Order, Player


def orders_of(grant: Grant) -> QuerySet[Order]:
    return (
        Order.objects.none()
        if grant.client is None
        else Order.objects.filter(made_by_client__client=grant.client)
    )


def players_of(grant: Grant) -> QuerySet[Player]:
    """Whom it may read and change: those that were nobody's before."""
    if grant.client is None:
        return Player.objects.none()
    return Player.objects.filter(made_by_clients__client=grant.client, made_by_clients__is_new=True)


def subscriptions_of(grant: Grant) -> QuerySet[Subscription]:
    if grant.client is None:
        return Subscription.objects.none()
    return Subscription.objects.filter(made_by_client__client=grant.client)


def deliveries_of(grant: Grant) -> QuerySet[Delivery]:
    return Delivery.objects.filter(subscription__in=subscriptions_of(grant))


def require_player(grant: Grant, player_id: int) -> int:
    """Whom it may buy for. Somebody else's player is as unknown as none."""
    if not MadePlayer.objects.filter(client=grant.client, player_id=player_id).exists():
        raise PlayerNotFound(player_id)
    return player_id


def note_order(grant: Grant, order: Order) -> None:
    if grant.client is not None:
        MadeOrder.objects.create(order=order, client=grant.client)


def note_player(grant: Grant, player: Player, *, is_new: bool) -> None:
    if grant.client is not None:
        MadePlayer.objects.get_or_create(player=player, client=grant.client, defaults={"is_new": is_new})


def note_subscription(grant: Grant, subscription: Subscription) -> None:
    if grant.client is not None:
        MadeSubscription.objects.create(subscription=subscription, client=grant.client)
