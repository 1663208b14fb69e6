from __future__ import annotations

from collections.abc import Iterable
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

from raffles.api.door import Door
from raffles.api.filtering import Instant
from raffles.api.made import note_player, players_of
from raffles.api.once import once
from raffles.api.permissions import Need
from raffles.api.scopes import Scope
from raffles.api.views.money_fields import (
    ChangePlayer,
    MergePlayers,
    PlayerDetail,
    PlayerShown,
    RegisterPlayer,
)
from raffles.api.views.order_fields import given
from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.numbers.errors import TogetherTooMany
from raffles.sales.actions import (
    change_language,
    change_phone,
    merge_players,
    register_player,
    resume_news,
    stop_news,
)
from raffles.sales.errors import BothHaveOpenOrders, MergedAlready, PlayerNotFound, SamePlayer
from raffles.sales.models import Player
from raffles.sales.sight import seen_by, wholly_seen_by

READ = Need((Scope.STAFF_PLAYERS, Scope.CONTACTS_WRITE), "sales.view_player")
MERGE_REFUSES = (PlayerNotFound, SamePlayer, MergedAlready, BothHaveOpenOrders, TogetherTooMany)
CHANGE = Need((Scope.STAFF_PLAYERS, Scope.CONTACTS_WRITE), "sales.change_player")


class PlayerFilters(filters.FilterSet):
    phone = filters.CharFilter()
    language = filters.ChoiceFilter(choices=Player._meta.get_field("language").choices)
    created_after = Instant(field_name="created_at", lookup_expr="gte")
    created_before = Instant(field_name="created_at", lookup_expr="lt")

    class Meta:
        model = Player
        fields: tuple[str, ...] = ()


class PlayerDoor(Door):
    """A program reads and changes the players it brought; staff those of the raffles they may see."""

    queryset = Player.objects.all()
    serializer_class = PlayerShown
    filterset_class = PlayerFilters
    ordering_fields = ("id", "created_at")
    search_fields = ("name", "phone")
    needs = {
        "list": READ,
        "retrieve": READ,
        "create": Need((Scope.CONTACTS_WRITE,)),
        "partial_update": CHANGE,
        "merge": Need((Scope.STAFF_PLAYERS,), "sales.merge_players", decides=True),
    }
    refuses = {
        "partial_update": (PlayerNotFound,),
        "merge": (PlayerNotFound, SamePlayer, MergedAlready, BothHaveOpenOrders, TogetherTooMany),
    }

    def get_queryset(self) -> QuerySet[Player]:
        if self.as_staff:
            return seen_by(self.request.user, Player.objects.all())
        return players_of(self.grant)

    def _detail(self, player: Player) -> Any:
        staff = self.request.user if self.as_staff else None
        return PlayerDetail(player, context={"staff": staff}).data

    def list(self, request: Request) -> Response:
        return self.page_of(self.filter_queryset(self.get_queryset()), PlayerShown)

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(self._detail(self.get_object()))

    @extend_schema(request=RegisterPlayer, responses={201: PlayerDetail})
    @once
    def create(self, request: Request) -> Response:
        words = given(RegisterPlayer, request.data)
        with transaction.atomic():
            player = register_player(now=timezone.now(), **words)
            note_player(self.grant, player, is_new=True)
        at = reverse("api:player-detail", args=[player.pk])
        return Response(self._detail(player), status=201, headers={"Location": at})

    @extend_schema(request=ChangePlayer, responses=PlayerDetail)
    @once
    def partial_update(self, request: Request, pk: str) -> Response:
        player, words = self.get_object(), given(ChangePlayer, request.data)
        with transaction.atomic():
            if words and self.as_staff:
                self._note_change(player, words)
            if "language" in words:
                change_language(player_id=player.pk, language=words["language"])
            if "phone" in words:
                change_phone(player_id=player.pk, old=player.phone, new=words["phone"])
            if words.get("news") is True:
                resume_news(player_id=player.pk)
            if words.get("news") is False:
                stop_news(player_id=player.pk, now=timezone.now())
        return Response(self._detail(self.get_object()))

    @extend_schema(request=MergePlayers, responses=PlayerDetail, summary="Make one player of two")
    @action(detail=True, methods=["post"])
    @once
    def merge(self, request: Request, pk: str) -> Response:
        """Two turned out to be one person: orders, money and chats of the other become this one's."""
        keep, gone_id = self.get_object(), given(MergePlayers, request.data)["gone"]
        self._require_wholly_seen(keep.pk, gone_id)
        merge_players(keep_id=keep.pk, gone_id=gone_id, by=self.staff, now=timezone.now())
        return Response(self._detail(self.get_object()))

    def _note_change(self, player: Player, words: Iterable[str]) -> None:
        """Which fields, and not what stood in them: the log is no second address book."""
        told = {"fields": sorted(words), "by": "api"}
        record(Deed.PLAYER_CHANGED, subject=player, label=f"#{player.pk}", user=self.staff, after=told)

    def _require_wholly_seen(self, *player_ids: int) -> None:
        """As in the admin: who sees some of a player's orders only would move the others with them."""
        seen = wholly_seen_by(self.staff, Player.objects.filter(pk__in=player_ids))
        missing = set(player_ids) - set(seen.values_list("pk", flat=True))
        if missing:
            raise PlayerNotFound(min(missing))
