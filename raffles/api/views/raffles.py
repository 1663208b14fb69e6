from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from raffles.api import made
from raffles.api.door import Door
from raffles.api.filtering import Instant
from raffles.api.once import once
from raffles.api.parsing import takes_nothing
from raffles.api.permissions import Need
from raffles.api.scopes import Scope
from raffles.api.serializing import told
from raffles.api.taken import WIDEST_WINDOW, taken
from raffles.api.views.draw_fields import ChangeRule, DrawDetail, change_of
from raffles.api.views.order_fields import OrderShown, given, read_numbers
from raffles.api.views.pictures import FORM, sent_picture
from raffles.api.views.raffle_fields import RaffleShown, RaffleWritten, columns_of
from raffles.api.views.reserving import Availability, Reserve, TicketFilters, TicketShown, Window
from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.draws import errors as draws
from raffles.numbers import errors as numbers
from raffles.numbers.actions import (
    change_rule,
    close_raffle,
    delete_raffle,
    open_raffle,
    pause_raffle,
    plan_draw,
    publish_rule,
    reserve_numbers,
    reserve_random_numbers,
    set_raffle_picture,
)
from raffles.numbers.models import Raffle
from raffles.numbers.queries import availability, live_tickets
from raffles.sales import errors as sales
from raffles.sales.errors import PlayerNotFound
from raffles.sales.models import Actor
from raffles.sales.sight import seen_by

READ = Need((Scope.STAFF_RAFFLES, Scope.RAFFLES_READ), "raffles.view_raffle")
CHANGE = Need((Scope.STAFF_RAFFLES,), "raffles.change_raffle")
MOVES = (numbers.RaffleNotFound, numbers.RaffleMoveNotAllowed)
# Of the rule that is published with the first opening.
RULE = (
    draws.DrawMoveNotAllowed, draws.PrizesMissing, draws.RuleUnfair, draws.RuleIncomplete, draws.DrawTooSoon,
)  # fmt: skip
CHANGE_RULE = Need((Scope.STAFF_DRAWS,), "draws.change_rule", decides=True)


class RaffleFilters(filters.FilterSet):
    status = filters.MultipleChoiceFilter(choices=Raffle.Status.choices)
    code = filters.CharFilter(lookup_expr="iexact")
    currency = filters.CharFilter(lookup_expr="iexact")
    draw_after = Instant(field_name="draw_at", lookup_expr="gte")
    draw_before = Instant(field_name="draw_at", lookup_expr="lt")

    class Meta:
        model = Raffle
        fields: tuple[str, ...] = ()


class RaffleDoor(Door):
    queryset = Raffle.objects.all()
    serializer_class = RaffleShown
    filterset_class = RaffleFilters
    ordering_fields = ("id", "code", "sales_open_at", "sales_close_at", "draw_at")
    search_fields = ("code", "title")
    uploads = frozenset({"picture"})
    needs = {
        "list": READ,
        "retrieve": READ,
        "availability": READ,
        "tickets": READ,
        "create": Need((Scope.STAFF_RAFFLES,), "raffles.add_raffle"),
        "partial_update": CHANGE,
        "open": CHANGE,
        "pause": CHANGE,
        "close": CHANGE,
        "destroy": Need((Scope.STAFF_RAFFLES,), "raffles.delete_raffle"),
        "reserve": Need((Scope.RAFFLES_RESERVE,)),
        "plan_draw": Need((Scope.STAFF_DRAWS,), "draws.change_draw"),
        "publish_rule": CHANGE_RULE,
        "change_rule": CHANGE_RULE,
        "picture": CHANGE,
        "remove_picture": CHANGE,
    }
    refuses = {
        "availability": ("invalid", "unknown_field"),
        "destroy": (numbers.RaffleNotFound, numbers.RaffleHasOrders, numbers.RafflePublished),
        "open": (*MOVES, *RULE),
        "pause": MOVES,
        "close": MOVES,
        "reserve": (
            PlayerNotFound, numbers.RaffleNotFound, numbers.SalesClosed, numbers.NumbersTaken,
            numbers.NotEnoughNumbers, numbers.TooManyPerPlayer, numbers.OutsideRange, numbers.TooManyPerOrder,
            numbers.TooFewPerOrder,
        ),
        "plan_draw": MOVES,
        "publish_rule": (numbers.RaffleNotFound, *RULE),
        "change_rule": (
            numbers.RaffleNotFound, *RULE, draws.RuleOnlyLater, draws.RuleUnchanged,
            draws.DrawingNotNamed, sales.ReasonMissing,
            sales.CurrencyUnknown,
        ),
    }  # fmt: skip

    def get_queryset(self) -> QuerySet[Raffle]:
        rows = Raffle.objects.all()
        if self.as_staff:
            return seen_by(self.request.user, rows)
        return rows.exclude(status=Raffle.Status.DRAFT)

    def list(self, request: Request) -> Response:
        return self.page_of(self.filter_queryset(self.get_queryset()), RaffleShown)

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(told(self.get_object(), RaffleShown))

    @extend_schema(request=RaffleWritten, responses={201: RaffleShown})
    @once
    def create(self, request: Request) -> Response:
        with transaction.atomic():
            raffle = self._written(None, request)
            raffle.save()
            raffle.organisers.add(self.staff)
            record(Deed.RAFFLE_ADDED, subject=raffle, user=request.user, after={"code": raffle.code})
        at = reverse("api:raffle-detail", args=[raffle.pk])
        return Response(RaffleShown(raffle).data, status=201, headers={"Location": at})

    @extend_schema(request=RaffleWritten, responses=RaffleShown)
    @once
    def partial_update(self, request: Request, pk: str) -> Response:
        with transaction.atomic():
            raffle = self._written(self.get_object(), request)
            raffle.save(update_fields=columns_of(request.data))
            changed = {name: str(value) for name, value in dict(request.data).items()}
            record(Deed.RAFFLE_CHANGED, subject=raffle, user=request.user, after=changed)
        return Response(RaffleShown(raffle).data)

    @extend_schema(responses={204: None})
    @once
    @takes_nothing
    def destroy(self, request: Request, pk: str) -> Response:
        """Only a draft without orders, which nobody outside has seen; the others are closed."""
        self._moved(delete_raffle)
        return Response(status=204)

    @extend_schema(request=None, responses=RaffleShown, summary="Open sales")
    @action(detail=True, methods=["post"])
    @once
    @takes_nothing
    def open(self, request: Request, pk: str) -> Response:
        return Response(RaffleShown(self._moved(open_raffle)).data)

    @extend_schema(request=None, responses=RaffleShown, summary="Pause sales")
    @action(detail=True, methods=["post"])
    @once
    @takes_nothing
    def pause(self, request: Request, pk: str) -> Response:
        return Response(RaffleShown(self._moved(pause_raffle)).data)

    @extend_schema(request=None, responses=RaffleShown, summary="End sales")
    @action(detail=True, methods=["post"])
    @once
    @takes_nothing
    def close(self, request: Request, pk: str) -> Response:
        return Response(RaffleShown(self._moved(close_raffle)).data)

    @extend_schema(parameters=[Window], responses=Availability, summary="Read which numbers are taken")
    @action(detail=True)
    def availability(self, request: Request, pk: str) -> Response:
        """How many numbers are free, and which are taken, in a window of at most 100,000 numbers."""
        raffle = self.get_object()
        window = Window.of(raffle, request)
        found = taken(raffle, window.first, min(window.last, window.first + WIDEST_WINDOW - 1))
        more = found.last + 1 if found.last < window.last else None
        return Response({**asdict(availability(raffle)), "taken": asdict(found), "next_first": more})

    @extend_schema(filters=True, responses=TicketShown(many=True), summary="List claims on numbers")
    @action(detail=True, filterset_class=TicketFilters, search_fields=(), ordering_fields=("number",))
    def tickets(self, request: Request, pk: str) -> Response:
        """Live claims on numbers. Who holds them is told to nobody here."""
        rows = self.filter_queryset(live_tickets(self.get_raffle()))
        return self.page_of(rows.select_related("raffle"), TicketShown)

    @extend_schema(request=Reserve, responses={201: OrderShown}, summary="Hold numbers for a player")
    @action(detail=True, methods=["post"])
    @once
    def reserve(self, request: Request, pk: str) -> Response:
        """Holds numbers for a player this token brought: those that are named, or as many by chance."""
        raffle, wish = self.get_object(), Reserve.of(request)
        player_id = made.require_player(self.grant, wish["player"])
        now = timezone.now()
        with transaction.atomic():
            if "numbers" in wish:
                order = reserve_numbers(
                    raffle_id=raffle.pk, player_id=player_id, numbers=wish["numbers"], now=now
                )
            else:
                order = reserve_random_numbers(
                    raffle_id=raffle.pk, player_id=player_id, count=wish["random"], now=now
                )
            made.note_order(self.grant, order)
        read_numbers(order)
        at = reverse("api:order-detail", args=[order.pk])
        return Response(told(order, OrderShown), status=201, headers={"Location": at})

    @extend_schema(request=None, responses=DrawDetail, summary="Plan the draw of a raffle")
    @action(detail=True, methods=["post"], url_path="plan-draw")
    @once
    @takes_nothing
    def plan_draw(self, request: Request, pk: str) -> Response:
        """With one prize to begin with; where there is one already, it is that one."""
        raffle = self.get_object()
        if raffle.draw_id is None and raffle.status == Raffle.Status.CLOSED:
            raise numbers.RaffleMoveNotAllowed(raffle.code, raffle.status, raffle.status)
        return Response(told(plan_draw(raffle_id=raffle.pk), DrawDetail))

    @extend_schema(request=None, responses=DrawDetail, summary="Publish the rule of a raffle")
    @action(detail=True, methods=["post"], url_path="publish-rule")
    @once
    @takes_nothing
    def publish_rule(self, request: Request, pk: str) -> Response:
        """For one that opened before rules were published; opening publishes it otherwise."""
        return Response(told(self._moved(publish_rule), DrawDetail))

    @extend_schema(request=ChangeRule, responses=DrawDetail, summary="Change the rule of a raffle")
    @action(detail=True, methods=["post"], url_path="change-rule")
    @once
    def change_rule(self, request: Request, pk: str) -> Response:
        """A new version, public with its reason; only while sales run, and only to a later draw."""
        raffle, words = self.get_object(), given(ChangeRule, request.data)
        version = change_rule(
            raffle_id=raffle.pk,
            change=change_of(words),
            reason=words["reason"],
            actor=Actor.staff(self.staff),
            now=timezone.now(),
        )
        return Response(told(version.draw, DrawDetail))

    @extend_schema(request=FORM, responses=RaffleShown, summary="Set the picture of a raffle")
    @action(detail=True, methods=["put"])
    @once
    def picture(self, request: Request, pk: str) -> Response:
        """At any time, for it is no term of the sale. A JPEG, PNG or WEBP of at most 10 MB."""
        raffle = self.get_object()
        self._set_picture(raffle, sent_picture(request))
        return Response(told(self.get_object(), RaffleShown))

    @extend_schema(request=None, responses={204: None}, summary="Remove the picture of a raffle")
    @picture.mapping.delete
    @once
    @takes_nothing
    def remove_picture(self, request: Request, pk: str) -> Response:
        self._set_picture(self.get_object(), None)
        return Response(status=204)

    def _set_picture(self, raffle: Raffle, picture: Any) -> None:
        set_raffle_picture(raffle_id=raffle.pk, picture=picture, by=self.staff, now=timezone.now())

    def get_raffle(self) -> Raffle:
        """By its key alone: the filters of the list behind it are not a raffle's."""
        raffle: Raffle = self.only(self.get_queryset(), self.kwargs["pk"])
        return raffle

    def _written(self, raffle: Raffle | None, request: Request) -> Raffle:
        given = RaffleWritten(raffle, data=request.data, partial=raffle is not None)
        given.is_valid(raise_exception=True)
        written: Raffle = given.validated_data["raffle"]
        return written

    def _moved(self, move: Any) -> Any:
        return move(raffle_id=self.get_object().pk, actor=Actor.staff(self.staff), now=timezone.now())
