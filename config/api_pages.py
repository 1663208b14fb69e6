"""The document of the API and two ways to read it, all from this host."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any, NoReturn

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerView
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from raffles.api.door import PublicDoor

Endpoint = tuple[str, str, str, Any]
FIRST = "/api/v1/"
# Nothing of these pages comes from elsewhere, and nothing in them could fetch it.
SEALED = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'"
)


def first_version_only(endpoints: Iterable[Endpoint]) -> list[Endpoint]:
    """The same doors without a version in their address are an alias, and told of once."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(FIRST)]


def without_titles(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """The admin's words for columns: they repeat the name, and generators would name types after them."""
    for schema in result["components"]["schemas"].values():
        _drop_title(schema)
    for path in result["paths"].values():
        _drop_title(path)
    return result


def _drop_title(part: Any) -> None:
    if isinstance(part, dict):
        if isinstance(part.get("title"), str):
            del part["title"]
        # Bodies that are shown have titles of their own.
        part = [inner for name, inner in part.items() if name != "examples"]
    for inner in part if isinstance(part, list) else ():
        _drop_title(inner)


@functools.lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """Made once in a process: it takes seconds, and says the same to everybody."""
    with translation.override("en"):
        made: dict[str, Any] = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    return made


def as_yaml(made: dict[str, Any]) -> str:
    written: bytes = OpenApiYamlRenderer().render(made, renderer_context={})  # type: ignore[no-untyped-call]
    return written.decode()


class Document(PublicDoor):
    renderer_classes = [OpenApiYamlRenderer, OpenApiJsonRenderer, OpenApiJsonRenderer2]

    @extend_schema(exclude=True)
    def get(self, _request: Request) -> Response:
        return Response(document())


class _Sealed:
    def finalize_response(self, *args: Any, **kwargs: Any) -> Any:
        final = super().finalize_response(*args, **kwargs)  # type: ignore[misc]
        final["Content-Security-Policy"] = SEALED
        return final


class Docs(_Sealed, SpectacularSwaggerView):
    url_name = "api:schema"


class Redoc(_Sealed, SpectacularRedocView):
    url_name = "api:schema"


class Nowhere(PublicDoor):
    """An address that there is not, told in the API's own words."""

    @extend_schema(exclude=True)
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:
        super().initial(request, *args, **kwargs)
        raise NotFound
