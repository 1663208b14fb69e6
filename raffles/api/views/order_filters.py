from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field

from raffles.api.filtering import Id, Instant
from raffles.api.views.amount_filters import AmountFilters
from raffles.sales.models import Order, OrderChange, Payment, PaymentProof, Player


class OrderFilters(AmountFilters):
    minor_column = "total_minor"

    status = filters.MultipleChoiceFilter(choices=Order.Status.choices)
    code = filters.CharFilter(lookup_expr="iexact")
    kind = filters.CharFilter()
    player = Id(field_name="player_id")
    raffle = Id(method="of_raffle")
    created_after = Instant(field_name="created_at", lookup_expr="gte")
    created_before = Instant(field_name="created_at", lookup_expr="lt")
    modified_since = Instant(method="changed_since")
    currency = filters.CharFilter(lookup_expr="iexact")
    reference = filters.CharFilter(method="with_reference")
    has_proof = extend_schema_field({"type": "boolean"})(
        filters.TypedChoiceFilter(
            choices=(("true", "true"), ("false", "false")), coerce="true".__eq__, method="with_proof"
        )
    )

    class Meta:
        model = Order
        fields: tuple[str, ...] = ()

    def of_raffle(self, rows: QuerySet[Order], _name: str, raffle_id: Any) -> QuerySet[Order]:
        return rows.filter(pk__in=Order.objects.filter(tickets__raffle_id=raffle_id).values("pk"))

    def changed_since(self, rows: QuerySet[Order], _name: str, since: Any) -> QuerySet[Order]:
        """Whatever somebody who keeps a copy must read again: moves, proofs, money, and whose it is."""
        of_order = {"order": OuterRef("pk")}
        moved = Exists(OrderChange.objects.filter(at__gte=since, **of_order))
        proofs = PaymentProof.objects.filter(Q(received_at__gte=since) | Q(decided_at__gte=since), **of_order)
        paid = Exists(Payment.objects.filter(confirmed_at__gte=since, **of_order))
        joined = Exists(Player.objects.filter(merged_into=OuterRef("player"), merged_at__gte=since))
        return rows.filter(Q(created_at__gte=since) | moved | Exists(proofs) | paid | joined)

    def with_reference(self, rows: QuerySet[Order], _name: str, reference: str) -> QuerySet[Order]:
        return rows.filter(Exists(Payment.objects.filter(order=OuterRef("pk"), reference__iexact=reference)))

    def with_proof(self, rows: QuerySet[Order], _name: str, wanted: bool) -> QuerySet[Order]:
        has = Exists(PaymentProof.objects.filter(order=OuterRef("pk")))
        return rows.filter(has if wanted else ~has)


def narrow_orders_by(name: str, narrowing: filters.Filter) -> None:
    """A filter by what a room outside knows of an order; named before the first call is answered."""
    OrderFilters.base_filters[name] = narrowing
