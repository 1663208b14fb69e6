from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from raffles.api.actions import make_token, revoke_token, rotate_token
from raffles.api.door import Door
from raffles.api.issuing import read_networks
from raffles.api.models import Client, Token
from raffles.api.parsing import takes_nothing
from raffles.api.permissions import Need
from raffles.api.refusals import NetworkUnreadable, ScopeUnknown, TokenOver
from raffles.api.scopes import Scope, is_of_staff, opens
from raffles.api.serializing import Instant, PlainText, Strict
from raffles.api.tokens import are_within
from raffles.api.views import examples
from raffles.api.views.order_fields import given

LONGEST_OVERLAP_HOURS = 24 * 30
MANAGE = Need((Scope.STAFF_TOKENS,), "api.manage_token", decides=True)


class TokenShown(serializers.ModelSerializer[Token]):
    client = serializers.CharField(source="client.name", read_only=True)
    user = serializers.CharField(source="client.user.username", read_only=True)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices), read_only=True)
    networks = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Token
        fields: tuple[str, ...] = (
            "id", "prefix", "client", "user", "scopes", "networks", "created_at", "expires_at", "revoked_at",
            "last_used_at",
        )  # fmt: skip
        read_only_fields = fields


class TokenMade(TokenShown):
    token = serializers.CharField(read_only=True, help_text="Shown here and never again.")

    class Meta(TokenShown.Meta):
        fields = (*TokenShown.Meta.fields, "token")
        read_only_fields = fields


@extend_schema_serializer(examples=examples.TOKEN)
class MakeToken(Strict):
    client = PlainText(max_length=80)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices), min_length=1)
    networks = serializers.ListField(child=PlainText(max_length=50), required=False, max_length=50)
    expires_at = Instant(required=False, allow_null=True)


class RotateToken(Strict):
    overlap_hours = serializers.IntegerField(min_value=0, max_value=LONGEST_OVERLAP_HOURS, default=24)


class TokenDoor(Door):
    """Tokens of the user who asks. A token gives no more than it has itself: none of another program that is
    there already, unless it may do all that staff may."""

    queryset = Token.objects.all()
    serializer_class = TokenShown
    ordering_fields = ("id", "created_at")
    needs = dict.fromkeys(("list", "retrieve", "create", "rotate", "revoke"), MANAGE)
    refuses = {"create": (ScopeUnknown, NetworkUnreadable), "rotate": (TokenOver,), "revoke": (TokenOver,)}

    def get_queryset(self) -> QuerySet[Token]:
        return Token.objects.filter(client__user=self.staff).select_related("client__user")

    def list(self, request: Request) -> Response:
        return self.page_of(self.filter_queryset(self.get_queryset()), TokenShown)

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(TokenShown(self.get_object()).data)

    @extend_schema(request=MakeToken, responses={201: TokenMade})
    def create(self, request: Request) -> Response:
        """The secret is in this answer alone, and is kept for no repetition."""
        words = given(MakeToken, request.data)
        networks, expires_at = self._within(words.get("networks", ()), self._later(words.get("expires_at")))
        self._require_no_more(words["scopes"], networks)
        self._require_own_name(words["client"])
        self._require_own_program(words["client"])
        token, secret = make_token(
            client_name=words["client"],
            user=self.staff,
            scopes=words["scopes"],
            networks=networks,
            expires_at=expires_at,
            by=self.staff,
            now=timezone.now(),
        )
        return self._shown_once(token, secret)

    @extend_schema(request=RotateToken, responses={201: TokenMade}, summary="Replace a token")
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, pk: str) -> Response:
        """A new one with the same scopes; the old one is good until the overlap is over."""
        token, words = self.get_object(), given(RotateToken, request.data)
        _networks, not_after = self._within(token.networks, None)
        self._require_no_more(token.scopes, token.networks)
        self._require_own_program(token.client.name)
        fresh, secret = rotate_token(
            token=token,
            overlap=timedelta(hours=words["overlap_hours"]),
            by=self.staff,
            now=timezone.now(),
            not_after=not_after,
        )
        return self._shown_once(fresh, secret)

    @extend_schema(request=None, responses=TokenShown, summary="Revoke a token")
    @action(detail=True, methods=["post"])
    @takes_nothing
    def revoke(self, request: Request, pk: str) -> Response:
        """At once, and for good."""
        token = revoke_token(token=self.get_object(), by=self.staff, now=timezone.now())
        return Response(TokenShown(token).data)

    def _shown_once(self, token: Token, secret: str) -> Response:
        token.token = secret  # type: ignore[attr-defined]
        return Response(TokenMade(token).data, status=201)

    def _within(
        self, networks: Collection[str], expires_at: datetime | None
    ) -> tuple[Collection[str], datetime | None]:
        """What is not said is as with the token that asks."""
        own = self.grant.token
        if own is None:
            return networks, expires_at
        if expires_at is not None and own.expires_at is not None and expires_at > own.expires_at:
            raise PermissionDenied
        return networks or own.networks, expires_at or own.expires_at

    def _require_no_more(self, scopes: Collection[str], networks: Collection[str]) -> None:
        """A person in an app has no scopes of programs, and may give them as in the admin."""
        own = self.grant.token
        if own is not None and not are_within(read_networks(networks), own.networks):
            raise PermissionDenied
        given = [scope for scope in scopes if own is not None or is_of_staff(scope)]
        if any(not opens(self.grant.scopes, scope) for scope in given):
            raise PermissionDenied

    def _require_own_program(self, name: str) -> None:
        """What another one made, its orders and players, would lie open to who has a token of it."""
        own, others = self.grant.client, Client.objects.filter(name=name.strip())
        if own is None or opens(self.grant.scopes, Scope.STAFF_ALL):
            return
        if others.exclude(pk=own.pk).exists():
            raise PermissionDenied

    def _require_own_name(self, name: str) -> None:
        others = Client.objects.filter(name=name.strip()).exclude(user=self.staff)
        if others.exists():
            raise ValidationError({"client": [_("There is a client of that name already.")]})

    def _later(self, at: Any) -> Any:
        if at is not None and at <= timezone.now():
            raise ValidationError({"expires_at": [_("This moment is over.")]})
        return at
