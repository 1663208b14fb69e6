from __future__ import annotations

from django.db.models import Q, QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import PermissionDenied

from raffles.api.filtering import Instant, Whole
from raffles.api.views.amount_filters import AmountFilters
from raffles.draws.models import Award

UNCLAIMED = Q(status=Award.Status.OPEN, claimed_at=None)
# Whose prize it is: asked one by one they would tell who won.
_of_winners: set[str] = set()


class AwardFilters(AmountFilters):
    minor_column = "prize__amount_minor"

    draw = filters.CharFilter(field_name="draw__code", lookup_expr="iexact")
    status = filters.MultipleChoiceFilter(choices=Award.Status.choices)
    rank = Whole(field_name="prize__rank", highest=100)
    currency = filters.CharFilter(field_name="prize__currency", lookup_expr="iexact")
    unclaimed = extend_schema_field({"type": "boolean"})(
        filters.TypedChoiceFilter(
            choices=(("true", "true"), ("false", "false")), coerce="true".__eq__, method="not_claimed"
        )
    )
    claim_after = Instant(field_name="claim_until", lookup_expr="gte")
    claim_before = Instant(field_name="claim_until", lookup_expr="lt")

    class Meta:
        model = Award
        fields: tuple[str, ...] = ()

    def filter_queryset(self, queryset: QuerySet[Award]) -> QuerySet[Award]:
        asked = {name for name, value in self.form.cleaned_data.items() if value is not None}
        if asked & _of_winners and not self.request.user.has_perm("sales.view_player"):
            raise PermissionDenied
        rows: QuerySet[Award] = super().filter_queryset(queryset)
        return rows

    def not_claimed(self, rows: QuerySet[Award], _name: str, wanted: bool) -> QuerySet[Award]:
        """Still to be claimed: neither handed over nor lost, and its winner has not come forward."""
        return rows.filter(UNCLAIMED if wanted else ~UNCLAIMED)


def narrow_awards_by(name: str, narrowing: filters.Filter) -> None:
    """A filter by whose prize it is, for who may see players; named before the first call is answered."""
    AwardFilters.base_filters[name] = narrowing
    _of_winners.add(name)
