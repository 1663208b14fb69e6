from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import ValidationError

from raffles.api.filtering import Id
from raffles.api.serializing import Amount, minor_of
from raffles.sales.models import Order, OrderChange, Payment, PaymentProof
from raffles.sales.money import is_currency


class OrderFilters(filters.FilterSet):
    status = filters.MultipleChoiceFilter(choices=Order.Status.choices)
    code = filters.CharFilter(lookup_expr="iexact")
    kind = filters.CharFilter()
    player = Id(field_name="player_id")
    raffle = Id(method="of_raffle")
    created_after = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_before = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")
    modified_since = filters.IsoDateTimeFilter(method="changed_since")
    currency = filters.CharFilter(lookup_expr="iexact")
    amount_min = filters.CharFilter(method="at_least")
    amount_max = filters.CharFilter(method="at_most")
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
        """Whatever somebody who keeps a copy must read again: moves, proofs and money."""
        of_order = {"order": OuterRef("pk")}
        moved = Exists(OrderChange.objects.filter(at__gte=since, **of_order))
        proofs = PaymentProof.objects.filter(Q(received_at__gte=since) | Q(decided_at__gte=since), **of_order)
        paid = Exists(Payment.objects.filter(confirmed_at__gte=since, **of_order))
        return rows.filter(Q(created_at__gte=since) | moved | Exists(proofs) | paid)

    def at_least(self, rows: QuerySet[Order], name: str, amount: str) -> QuerySet[Order]:
        return rows.filter(total_minor__gte=self._minor(name, amount))

    def at_most(self, rows: QuerySet[Order], name: str, amount: str) -> QuerySet[Order]:
        return rows.filter(total_minor__lte=self._minor(name, amount))

    def with_reference(self, rows: QuerySet[Order], _name: str, reference: str) -> QuerySet[Order]:
        return rows.filter(Exists(Payment.objects.filter(order=OuterRef("pk"), reference__iexact=reference)))

    def with_proof(self, rows: QuerySet[Order], _name: str, wanted: bool) -> QuerySet[Order]:
        has = Exists(PaymentProof.objects.filter(order=OuterRef("pk")))
        return rows.filter(has if wanted else ~has)

    def _minor(self, name: str, amount: str) -> int:
        """An amount means nothing without its currency."""
        currency = str(self.data.get("currency", "")).upper()
        if not is_currency(currency):
            raise ValidationError({"currency": [_("Name the currency that the amounts are in.")]})
        return minor_of(_amount(name, amount), currency, name)


def narrow_orders_by(name: str, narrowing: filters.Filter) -> None:
    """A filter by what a room outside knows of an order; named before the first call is answered."""
    OrderFilters.base_filters[name] = narrowing


def _amount(name: str, amount: str) -> str:
    try:
        return str(Amount().to_internal_value(amount))
    except ValidationError as problem:
        raise ValidationError({name: problem.detail}) from None
