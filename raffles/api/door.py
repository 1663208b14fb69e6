"""What every view of the API shares: closed by default, counted, deaf to unknown words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Any, ClassVar

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from raffles.api.authentication import AppAuthentication, Grant, TokenAuthentication
from raffles.api.describing import Described
from raffles.api.filtering import DeclaredFilters, Ordering, Search, refuse_unknown
from raffles.api.handler import handle
from raffles.api.paging import Cursor
from raffles.api.parsing import PlainJSON, in_utf8, refuse_too_large, require_length
from raffles.api.permissions import Need, Needs
from raffles.api.quotas import Standing
from raffles.api.serializing import told
from raffles.api.throttling import Quota, count_guess
from raffles.sales.errors import OrderNotFound, PlayerNotFound, Refusal
from raffles.sales.models import Player
from raffles.sales.sight import orders_seen_by, seen_by

READS = frozenset({"GET", "HEAD"})
ANY_ID = r"[0-9]{1,18}"


class AnyKind(BaseContentNegotiation):
    """For files: they have the kind that they have, whatever was asked for; a refusal is JSON."""

    def select_renderer(self, _request: Request, renderers: Any, _suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class Answering(APIView):
    """What opened and closed doors share: bodies that can be read, refusals of one shape, and a count."""

    schema = Described()
    throttle_classes = [Quota]
    parser_classes = [PlainJSON]
    # Codes that it may answer with beside those of every door: the document lists them.
    answers: ClassVar[tuple[str, ...]] = ()
    standing: Standing | None = None

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        return super().initialize_request(in_utf8(request), *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in READS:
            refuse_unknown(request, set())
            require_length(request)
        refuse_too_large(request, with_file=MultiPartParser in map(type, request.parsers or ()))

    def check_permissions(self, request: Request) -> None:
        """Counted before: who is refused has called as well."""
        super().check_throttles(request)
        super().check_permissions(request)

    def check_throttles(self, request: Request) -> None:
        pass

    def get_exception_handler(self) -> Any:
        return handle

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final: Any = super().finalize_response(request, response, *args, **kwargs)
        patch_cache_control(final, private=True, no_cache=True)
        self._tell_quota(final)
        return final

    def _tell_quota(self, response: HttpResponseBase) -> None:
        if self.standing is None:
            return
        response["X-RateLimit-Limit"] = str(self.standing.limit)
        response["X-RateLimit-Remaining"] = str(self.standing.left)
        response["X-RateLimit-Reset"] = str(self.standing.resets_in)


class PublicDoor(Answering):
    """Open to everybody, counted by address."""

    authentication_classes = ()
    permission_classes = ()

    def get_authenticate_header(self, _request: Request) -> str:
        """Without one a refused sign-in would be 403."""
        return "Bearer"


class Door(Answering, GenericViewSet[Any]):
    authentication_classes = [TokenAuthentication, AppAuthentication]
    permission_classes = [Needs]
    filter_backends = [DeclaredFilters, Search, Ordering]
    pagination_class = Cursor
    lookup_value_regex = ANY_ID
    # By action, in the router's words; an action without an entry is closed.
    needs: ClassVar[Mapping[str, Need]] = {}
    # By action: what the business may refuse, or a code of the catalogue. The document lists them.
    refuses: ClassVar[Mapping[str, tuple[type[Refusal] | str, ...]]] = {}
    # Actions that take a form with a file in it.
    uploads: ClassVar[frozenset[str]] = frozenset()
    ordering_fields: ClassVar[tuple[str, ...]] = ()
    as_staff = False
    # Of what is spoken about: a refusal names amounts in it.
    currency = ""

    @property
    def grant(self) -> Grant:
        return self.request.auth  # type: ignore[return-value]

    @property
    def staff(self) -> User:
        return self.request.user  # type: ignore[return-value]

    @property
    def caller(self) -> str:
        return self.grant.owner or f"user:{self.request.user.pk}"

    def get_object(self) -> Any:
        """By its key, among what the caller may see: the rest is not there."""
        if self.request.method in READS and self.action == "retrieve":
            refuse_unknown(self.request, set())
        return self.only(self.get_queryset(), self.kwargs["pk"])

    def only(self, rows: QuerySet[Any], key: str) -> Any:
        row = rows.filter(pk=int(key)).first()
        if row is None:
            raise Http404
        self.currency = getattr(row, "currency", "")
        return row

    def require_seen(self, player_id: int, order_id: int | None) -> None:
        if not seen_by(self.request.user, Player.objects.all()).filter(pk=player_id).exists():
            raise PlayerNotFound(player_id)
        if order_id is not None and not orders_seen_by(self.request.user).filter(pk=order_id).exists():
            raise OrderNotFound(order_id)

    def page_of(self, rows: QuerySet[Any, Any], shown: type[BaseSerializer[Any]]) -> Response:
        page = self.paginate_queryset(rows)
        return self.get_paginated_response([told(row, shown) for row in page or ()])

    def get_parsers(self) -> Any:
        """The action is not known yet when this is asked, only the method is."""
        method = getattr(self.request, "method", None) or ""
        action = (self.action_map or {}).get(method.lower())
        return [MultiPartParser(), PlainJSON()] if action in self.uploads else [PlainJSON()]

    def perform_authentication(self, request: Request) -> None:
        try:
            super().perform_authentication(request)
        except AuthenticationFailed:
            count_guess(request, self)
            raise

    def rendered(self, answer: Response) -> str:
        """As it is kept for the same call made again; `reread` takes it back."""
        return JSONRenderer().render(answer.data).decode() if answer.data is not None else ""

    def reread(self, kept: str) -> Any:
        return json.loads(kept) if kept else None

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final: Any = super().finalize_response(request, response, *args, **kwargs)
        if request.method in READS and final.status_code == 200 and isinstance(final, Response):
            known = parse_etags(request.headers.get("If-None-Match", ""))
            final.add_post_render_callback(partial(_tag, known))
        return final


def stream(request: Request, pieces: Iterable[str], tag: str) -> HttpResponseBase:
    """What is too large to be made whole, so its tag is known before it is made; 304 spares the making."""
    headers = {"ETag": tag}
    if _is_known(tag, parse_etags(request.headers.get("If-None-Match", ""))):
        return HttpResponse(status=304, headers=headers)
    return StreamingHttpResponse(pieces, content_type="application/json", headers=headers)


def _is_known(tag: str, known: Collection[str]) -> bool:
    """A proxy that packs an answer calls its tag a weak one."""
    return bool({tag, "*"} & {shown.removeprefix("W/") for shown in known})


def _tag(known: Collection[str], response: Response) -> None:
    """304 for who has it already. It spares the network, which is scarce, and not the work of making it.

    Asked once it is written out: to write it twice would cost as much as reading it.
    """
    tag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = tag
    if _is_known(tag, known):
        response.status_code, response.content = 304, b""
        del response["Content-Type"]
