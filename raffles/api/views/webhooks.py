"""Webhooks through the REST door: of a program its own, of staff those that they see in the admin."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from raffles.api.door import Door
from raffles.api.errors import KeyReused
from raffles.api.made import note_subscription, subscriptions_of
from raffles.api.once import once, once_after
from raffles.api.parsing import takes_nothing
from raffles.api.permissions import Need
from raffles.api.scopes import Scope
from raffles.api.views.order_fields import given
from raffles.api.views.webhook_fields import (
    ChangeWebhook,
    DeliveryDetail,
    MakeWebhook,
    ReplayAll,
    Replayed,
    RotateSecret,
    WebhookMade,
    WebhookShown,
)
from raffles.hooks import errors as hooks
from raffles.hooks.actions import (
    change_subscription,
    disable_subscription,
    enable_subscription,
    make_subscription,
    replay_given_up,
    rotate_secret,
    send_test,
)
from raffles.hooks.errors import SecretUnreadable
from raffles.hooks.issuing import Issued
from raffles.hooks.models import Subscription
from raffles.hooks.rules import require_address
from raffles.hooks.sealing import opened, sealed
from raffles.sales.sight import seen_by

CHANGE = "hooks.change_subscription"
STEPS = ("partial_update", "rotate_secret", "disable", "enable", "test")
# What is wrong with what was asked for.
WRONG = (hooks.AddressRefused, hooks.EventsUnknown, hooks.NoEventChosen)
GONE = (hooks.SubscriptionNotFound,)


def webhook_need(right: str) -> Need:
    return Need((Scope.STAFF_WEBHOOKS, Scope.WEBHOOKS_OWN), right)


class WebhookFilters(filters.FilterSet):
    is_on = extend_schema_field({"type": "boolean"})(
        filters.TypedChoiceFilter(
            choices=(("true", "true"), ("false", "false")),
            coerce="true".__eq__,
            field_name="disabled_at",
            lookup_expr="isnull",
        )
    )

    class Meta:
        model = Subscription
        fields: tuple[str, ...] = ()


def _look_at_address(view: WebhookDoor, request: Request, pk: str = "") -> None:
    """Where it leads is asked of others, who take their time."""
    if pk:
        view.get_object()
    words = given(ChangeWebhook if pk else MakeWebhook, request.data)
    if "url" in words:
        words["url"] = require_address(words["url"])
    view.words = words


class WebhookDoor(Door):
    queryset = Subscription.objects.all()
    serializer_class = WebhookShown
    filterset_class = WebhookFilters
    ordering_fields = ("id", "created_at")
    needs = {
        **dict.fromkeys(("list", "retrieve"), webhook_need("hooks.view_subscription")),
        "create": webhook_need("hooks.add_subscription"),
        **dict.fromkeys(STEPS, webhook_need(CHANGE)),
        "replay": webhook_need("hooks.replay_delivery"),
    }
    refuses = {
        "create": (*WRONG, hooks.TooManySubscriptions),
        "partial_update": (*GONE, *WRONG),
        "rotate_secret": GONE,
        "disable": GONE,
        "enable": (*GONE, hooks.TooManySubscriptions),
        "test": (*GONE, hooks.SubscriptionOff, hooks.TooManyTests),
        "replay": (*GONE, hooks.SubscriptionOff),
    }
    # Their answers hold a secret, and are kept sealed for whoever makes the same call again.
    secret_answers = frozenset({"create", "rotate_secret"})
    # What was sent, with an address that was looked at.
    words: dict[str, Any]

    def get_queryset(self) -> QuerySet[Subscription]:
        rows = seen_by(self.request.user, Subscription.objects.all()) if self.as_staff else None
        return (subscriptions_of(self.grant) if rows is None else rows).select_related("owner")

    def get_serializer_context(self) -> dict[str, Any]:
        in_full = not self.as_staff or self.request.user.has_perm(CHANGE)
        return {**super().get_serializer_context(), "in_full": in_full}

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        shown = WebhookShown(page, many=True, context=self.get_serializer_context())
        return self.get_paginated_response(shown.data)

    def retrieve(self, request: Request, pk: str) -> Response:
        return self._shown(self.get_object())

    @extend_schema(request=MakeWebhook, responses={201: WebhookMade})
    @once_after(_look_at_address)
    def create(self, request: Request) -> Response:
        """The secret is in this answer, and in that to the same call made again with its Idempotency-Key."""
        client = self.grant.client
        with transaction.atomic():
            issued = make_subscription(
                owner=self.staff, program=client.name if client else "", now=timezone.now(), **self.words
            )
            note_subscription(self.grant, issued.subscription)
        return self._shown_once(issued)

    @extend_schema(request=ChangeWebhook, responses=WebhookShown)
    @once_after(_look_at_address)
    def partial_update(self, request: Request, pk: str) -> Response:
        """What is on its way already leaves for the new address."""
        key = self.get_object().pk
        return self._shown(
            change_subscription(subscription_id=key, by=self.staff, now=timezone.now(), **self.words)
        )

    @extend_schema(request=RotateSecret, responses={201: WebhookMade}, summary="Renew a webhook's secret")
    @action(detail=True, methods=["post"], url_path="rotate-secret")
    @once
    def rotate_secret(self, request: Request, pk: str) -> Response:
        """Until the overlap is over both secrets sign."""
        webhook, words = self.get_object(), given(RotateSecret, request.data)
        overlap = timedelta(hours=words["overlap_hours"])
        return self._shown_once(
            rotate_secret(subscription_id=webhook.pk, overlap=overlap, by=self.staff, now=timezone.now())
        )

    @extend_schema(request=None, responses=WebhookShown, summary="Switch a webhook off")
    @action(detail=True, methods=["post"])
    @once
    @takes_nothing
    def disable(self, request: Request, pk: str) -> Response:
        """It hears of nothing new; what is on its way waits."""
        key = self.get_object().pk
        return self._shown(disable_subscription(subscription_id=key, by=self.staff, now=timezone.now()))

    @extend_schema(request=None, responses=WebhookShown, summary="Switch a webhook on")
    @action(detail=True, methods=["post"])
    @once
    @takes_nothing
    def enable(self, request: Request, pk: str) -> Response:
        """What waits leaves at once, in its order. What happened while it was off is not told."""
        key = self.get_object().pk
        return self._shown(enable_subscription(subscription_id=key, by=self.staff, now=timezone.now()))

    @extend_schema(request=None, responses={201: DeliveryDetail}, summary="Send a test event to a webhook")
    @action(detail=True, methods=["post"])
    @once
    @takes_nothing
    def test(self, request: Request, pk: str) -> Response:
        """A `webhook.test` leaves as every event does. Read its delivery again to see the tries."""
        key = self.get_object().pk
        delivery = send_test(subscription_id=key, by=self.staff, now=timezone.now())
        return Response(DeliveryDetail(delivery).data, status=201)

    @extend_schema(request=ReplayAll, responses=Replayed, summary="Send again all that was given up")
    @action(detail=True, methods=["post"])
    @once
    def replay(self, request: Request, pk: str) -> Response:
        """In its order, under the same ids; `replayed` says how many."""
        webhook, words = self.get_object(), given(ReplayAll, request.data)
        count = replay_given_up(subscription_id=webhook.pk, by=self.staff, now=timezone.now(), **words)
        return Response({"replayed": count})

    def rendered(self, answer: Response) -> str:
        kept = super().rendered(answer)
        return sealed(kept) if self.action in self.secret_answers else kept

    def reread(self, kept: str) -> Any:
        """What was sealed with another SECRET_KEY is lost; so is the secret that it holds."""
        if self.action not in self.secret_answers:
            return super().reread(kept)
        try:
            return json.loads(opened(kept))
        except SecretUnreadable:
            raise KeyReused from None

    def _shown(self, webhook: Subscription) -> Response:
        return Response(WebhookShown(webhook, context=self.get_serializer_context()).data)

    def _shown_once(self, issued: Issued) -> Response:
        webhook: Any = issued.subscription
        webhook.secret = issued.secret
        made = WebhookMade(webhook, context=self.get_serializer_context())
        return Response(made.data, status=201)
