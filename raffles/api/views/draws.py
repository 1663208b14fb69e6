from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from raffles.api.door import Door, stream
from raffles.api.filtering import Instant, refuse_unknown
from raffles.api.made import orders_of
from raffles.api.once import once
from raffles.api.parsing import takes_nothing
from raffles.api.permissions import Need
from raffles.api.scopes import Scope
from raffles.api.serializing import told
from raffles.api.views.draw_fields import (
    DrawDetail,
    DrawShown,
    ExcludeOrder,
    MinutesShown,
    PublicReason,
    ReceiptShown,
    RecordBeacon,
    TypeResult,
)
from raffles.api.views.order_fields import given
from raffles.api.views.pictures import FORM, sent_picture
from raffles.draws import errors as draws
from raffles.draws.actions import (
    call_off_draw,
    close_entries,
    exclude_order,
    fall_back,
    hold_draw,
    issue_minutes,
    record_beacon,
    set_prize_picture,
    type_result,
)
from raffles.draws.entries import receipt_of
from raffles.draws.models import Draw, Prize
from raffles.draws.published import pieces_of, receipt_document, tag_of_proof
from raffles.numbers.models import Raffle, Ticket
from raffles.sales import errors as sales
from raffles.sales.models import Actor
from raffles.sales.sight import orders_seen_by, seen_by

READ = Need((Scope.STAFF_DRAWS, Scope.RAFFLES_READ), "draws.view_draw")
NUMBER = OpenApiParameter("number", int, OpenApiParameter.PATH)
RANK = OpenApiParameter("rank", int, OpenApiParameter.PATH)
MOVES = (draws.DrawNotFound, draws.DrawMoveNotAllowed)
RECORDS = (draws.RecordChanged, draws.EntriesChanged, draws.TermsDiffer)


def _deciding(right: str) -> Need:
    return Need((Scope.STAFF_DRAWS,), right, decides=True)


class DrawFilters(filters.FilterSet):
    status = filters.MultipleChoiceFilter(choices=Draw.Status.choices)
    code = filters.CharFilter(lookup_expr="iexact")
    draws_after = Instant(field_name="draws_at", lookup_expr="gte")
    draws_before = Instant(field_name="draws_at", lookup_expr="lt")

    class Meta:
        model = Draw
        fields: tuple[str, ...] = ()


class DrawDoor(Door):
    """Found by its code, as everywhere in public."""

    queryset = Draw.objects.all()
    serializer_class = DrawShown
    filterset_class = DrawFilters
    ordering_fields = ("id", "code")
    lookup_field = "code"
    lookup_value_regex = "[A-Za-z0-9]{2,12}"
    needs = {
        **dict.fromkeys(("list", "retrieve", "proof"), READ),
        "receipt": Need((Scope.STAFF_ORDERS, Scope.ORDERS_OWN), "sales.view_order"),
        **dict.fromkeys(("close", "exclude_order", "hold", "fall_back"), _deciding("draws.decide_entries")),
        **dict.fromkeys(("beacon", "results"), _deciding("draws.type_result")),
        "call_off": _deciding("draws.call_off_draw"),
        "minutes": _deciding("draws.issue_minutes"),
        **dict.fromkeys(("picture", "remove_picture"), Need((Scope.STAFF_DRAWS,), "draws.change_draw")),
    }
    uploads = frozenset({"picture"})
    refuses = {
        "proof": ("unknown_field",),
        "receipt": ("unknown_field", draws.NotAnEntry, draws.RecordChanged),
        "close": (
            *MOVES, draws.SalesNotOver, draws.LotteryOver, draws.OrdersUndecided, draws.TermsDiffer,
            draws.RecordChanged,
        ),
        "exclude_order": (
            *MOVES, draws.SalesNotOver, draws.NotUndecided, sales.OrderNotFound, sales.MoveNotAllowed,
            sales.OrderMoved, sales.ReasonMissing,
        ),
        "beacon": (*MOVES, draws.BeaconRefused),
        "results": (*MOVES, draws.DrawNotDue, draws.ResultsRefused, draws.WitnessesMissing),
        "hold": (*MOVES, *RECORDS, draws.DrawNotDue, draws.RandomnessMissing, draws.SecretLost),
        "fall_back": (*MOVES, draws.FallbackNotDue, draws.BeaconNotAsked),
        "call_off": (*MOVES, sales.ReasonMissing),
        "minutes": (*MOVES, draws.RecordChanged, draws.EntriesChanged, draws.TotalsDiffer),
    }  # fmt: skip

    def get_queryset(self) -> QuerySet[Draw]:
        rows = Draw.objects.filter(raffle__isnull=False).select_related("raffle")
        if self.as_staff:
            return seen_by(self.request.user, rows)
        return rows.exclude(rule_digest="").exclude(raffle__status=Raffle.Status.DRAFT)

    def get_object(self) -> Draw:
        if self.action in {"retrieve", "proof", "receipt"}:
            refuse_unknown(self.request, set())
        draw = self.get_queryset().filter(code=self.kwargs["code"].upper()).first()
        if draw is None:
            raise Http404
        self.currency = draw.raffle.currency
        return draw

    def list(self, request: Request) -> Response:
        return self.page_of(self.filter_queryset(self.get_queryset()), DrawShown)

    @extend_schema(responses=DrawDetail)
    def retrieve(self, request: Request, code: str) -> Response:
        return self._detail(self.get_object())

    @extend_schema(responses=OpenApiTypes.OBJECT, summary="Read the proof of a draw")
    @action(detail=True)
    def proof(self, request: Request, code: str) -> HttpResponseBase:
        """All that is published, for anybody to check: the format is in docs/draws.md."""
        draw = self.get_object()
        if not draw.rule_digest:
            raise Http404
        return stream(request, pieces_of(draw), tag_of_proof(draw))

    @extend_schema(parameters=[NUMBER], responses=ReceiptShown, summary="Read the receipt of a number")
    @action(detail=True, url_path="receipts/(?P<number>[0-9]{1,9})")
    def receipt(self, request: Request, code: str, number: str) -> Response:
        """For who may see its order: a program for the orders that it made."""
        draw = self.get_object()
        orders = orders_seen_by(request.user) if self.as_staff else orders_of(self.grant)
        sold = Ticket.objects.filter(raffle__draw=draw, number=int(number), status=Ticket.Status.SOLD)
        ticket = sold.filter(order__in=orders).select_related("order").first()
        if ticket is None:
            raise Http404
        return Response(receipt_document(receipt_of(draw, ticket.number), ticket.order.code))

    @extend_schema(request=None, responses=DrawDetail, summary="Freeze the entries now")
    @action(detail=True, methods=["post"])
    @once
    @takes_nothing
    def close(self, request: Request, code: str) -> Response:
        """It happens by itself within a minute once sales are over and no order is undecided."""
        return self._moved(close_entries)

    @extend_schema(request=ExcludeOrder, responses=DrawDetail, summary="Exclude an undecided order")
    @action(detail=True, methods=["post"], url_path="exclude-order")
    @once
    def exclude_order(self, request: Request, code: str) -> Response:
        """It is cancelled and takes no part; its code, its numbers and the reason are public."""
        draw, words = self.get_object(), given(ExcludeOrder, request.data)
        if not orders_seen_by(self.staff).filter(pk=words["order"]).exists():
            raise sales.OrderNotFound(words["order"])
        exclude_order(
            draw_id=draw.pk,
            order_id=words["order"],
            by=self.staff,
            reason=words["reason"],
            now=timezone.now(),
        )
        return self._detail(self.get_object())

    @extend_schema(request=RecordBeacon, responses=DrawDetail, summary="Record the round of the beacon")
    @action(detail=True, methods=["post"])
    @once
    def beacon(self, request: Request, code: str) -> Response:
        """Wherever it was got from: its signature says whether it is true."""
        self.get_object()  # whoever may not see the draw hears that before anything else
        words = given(RecordBeacon, request.data)
        return self._moved(record_beacon, round_number=words["round"], signature=words["signature"])

    @extend_schema(request=TypeResult, responses=DrawDetail, summary="Type the results of a draw")
    @action(detail=True, methods=["post"])
    @once
    def results(self, request: Request, code: str) -> Response:
        """Of a lottery or barrel. They count once a second person has typed the same on their own."""
        draw, words = self.get_object(), given(TypeResult, request.data)
        type_result(draw_id=draw.pk, by=self.staff, now=timezone.now(), **words)
        return self._detail(self.get_object())

    @extend_schema(request=None, responses=DrawDetail, summary="Hold the draw")
    @action(detail=True, methods=["post"])
    @once
    @takes_nothing
    def hold(self, request: Request, code: str) -> Response:
        """It is held by itself within a minute; whoever asks changes nothing of the result."""
        return self._moved(hold_draw)

    @extend_schema(request=None, responses=DrawDetail, summary="Use the fallback of the rule")
    @action(detail=True, methods=["post"], url_path="fall-back")
    @once
    @takes_nothing
    def fall_back(self, request: Request, code: str) -> Response:
        """For a secret that is lost or a beacon that did not come, once the rule allows it."""
        return self._moved(fall_back)

    @extend_schema(request=PublicReason, responses=DrawDetail, summary="Call a draw off")
    @action(detail=True, methods=["post"], url_path="call-off")
    @once
    def call_off(self, request: Request, code: str) -> Response:
        """For good, and only before the instant of the draw. Its paid orders are refunded one by one."""
        draw, words = self.get_object(), given(PublicReason, request.data)
        call_off_draw(draw_id=draw.pk, by=self.staff, now=timezone.now(), **words)
        return self._detail(self.get_object())

    @extend_schema(request=None, responses=MinutesShown, summary="Issue the minutes of a draw")
    @action(detail=True, methods=["post"])
    @once
    @takes_nothing
    def minutes(self, request: Request, code: str) -> Response:
        """Refused while the books differ by one unit. The paper to sign is in the admin."""
        draw = self.get_object()
        issued = issue_minutes(draw_id=draw.pk, actor=Actor.staff(self.staff), now=timezone.now())
        return Response({"sha256": issued.digest, "text": issued.text})

    @extend_schema(
        parameters=[RANK], request=FORM, responses=DrawDetail, summary="Set the picture of a prize"
    )
    @action(detail=True, methods=["put"], url_path="prizes/(?P<rank>[0-9]{1,9})/picture")
    @once
    def picture(self, request: Request, code: str, rank: str) -> Response:
        """At any time, for it is no term of the rule. A JPEG, PNG or WEBP of at most 10 MB."""
        prize = self._prize(rank)
        self._set_picture(prize, sent_picture(request))
        return self._detail(self.get_object())

    @extend_schema(
        parameters=[RANK], request=None, responses={204: None}, summary="Remove the picture of a prize"
    )
    @picture.mapping.delete
    @once
    @takes_nothing
    def remove_picture(self, request: Request, code: str, rank: str) -> Response:
        self._set_picture(self._prize(rank), None)
        return Response(status=204)

    def _prize(self, rank: str) -> Prize:
        prize = self.get_object().prizes.filter(rank=int(rank)).first()
        if prize is None:
            raise Http404
        return prize

    def _set_picture(self, prize: Prize, picture: Any) -> None:
        given = {"draw_id": prize.draw_id, "rank": prize.rank, "picture": picture}
        set_prize_picture(**given, by=self.staff, now=timezone.now())

    def _moved(self, move: Callable[..., Any], **words: Any) -> Response:
        draw = self.get_object()
        move(draw_id=draw.pk, actor=Actor.staff(self.staff), now=timezone.now(), **words)
        return self._detail(self.get_object())

    def _detail(self, draw: Draw) -> Response:
        return Response(told(draw, DrawDetail))
