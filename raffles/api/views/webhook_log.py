"""What was sent to whom and what came of it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from raffles.api.door import Door
from raffles.api.filtering import Id, Instant
from raffles.api.made import deliveries_of
from raffles.api.once import once
from raffles.api.parsing import takes_nothing
from raffles.api.views.webhook_fields import DeliveryDetail, DeliveryShown
from raffles.api.views.webhooks import webhook_need
from raffles.hooks import errors as hooks
from raffles.hooks.actions import replay_delivery
from raffles.hooks.catalogue import ALL_KINDS
from raffles.hooks.models import Delivery
from raffles.sales.sight import seen_by


class DeliveryFilters(filters.FilterSet):
    webhook = Id(field_name="subscription_id")
    status = filters.MultipleChoiceFilter(choices=Delivery.Status.choices)
    event = filters.MultipleChoiceFilter(field_name="event__kind", choices=ALL_KINDS)
    event_id = filters.CharFilter(field_name="event__public_id")
    object = filters.CharFilter(field_name="subject")
    made_after = Instant(field_name="made_at", lookup_expr="gte")
    made_before = Instant(field_name="made_at", lookup_expr="lt")

    class Meta:
        model = Delivery
        fields: tuple[str, ...] = ()


class DeliveryDoor(Door):
    tag = "webhook-deliveries"
    queryset = Delivery.objects.all()
    serializer_class = DeliveryShown
    filterset_class = DeliveryFilters
    ordering_fields = ("id",)
    needs = {
        **dict.fromkeys(("list", "retrieve"), webhook_need("hooks.view_delivery")),
        "replay": webhook_need("hooks.replay_delivery"),
    }
    refuses = {"replay": (hooks.DeliveryNotFound, hooks.NotGivenUp, hooks.SubscriptionOff)}

    def get_queryset(self) -> QuerySet[Delivery]:
        rows = seen_by(self.request.user, Delivery.objects.all()) if self.as_staff else None
        found = deliveries_of(self.grant) if rows is None else rows
        return found.select_related("event", "subscription")

    def list(self, request: Request) -> Response:
        return self.page_of(self.filter_queryset(self.get_queryset()), DeliveryShown)

    @extend_schema(responses=DeliveryDetail, summary="Read one webhook delivery")
    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(DeliveryDetail(self.get_object()).data)

    @extend_schema(request=None, responses=DeliveryDetail, summary="Send again what was given up")
    @action(detail=True, methods=["post"])
    @once
    @takes_nothing
    def replay(self, request: Request, pk: str) -> Response:
        """The same bytes under the same id, with all its tries before it."""
        key = self.get_object().pk
        done = replay_delivery(delivery_id=key, by=self.staff, now=timezone.now())
        return Response(DeliveryDetail(done).data)
