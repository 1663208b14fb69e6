"""The document of the API, made from what the views declare: who may, what comes back, what may go wrong."""

from __future__ import annotations

import inspect
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from raffles.api.catalogue import Call, Codes, codes_of
from raffles.api.permissions import Need
from raffles.api.scopes import is_of_staff

NAMES = {"retrieve": "read", "partial_update": "change", "destroy": "delete"}
_RATE = {
    name: {"$ref": f"#/components/headers/{name}"}
    for name in ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
}
SUMMARIES = {
    "list": "List {many}",
    "retrieve": "Read one {one}",
    "create": "Make a {one}",
    "partial_update": "Change a {one}",
    "destroy": "Delete a {one}",
}
ERROR = {"$ref": "#/components/schemas/Error"}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Your own name for this call, kept for a day: the same call made again happens once and"
    " gets the same answer, with `Idempotent-Replayed: true`.",
    "schema": {"type": "string", "maxLength": 255},
}
KNOWN_TAG = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The `ETag` of what you have; the answer is 304 while it is still so.",
    "schema": {"type": "string"},
}
ADDRESS = {"type": "integer", "format": "int64", "minimum": 0, "maximum": 10**18 - 1}
# Parts of an address that are no key.
OTHER_ADDRESSES: dict[str, dict[str, Any]] = {
    "code": {"type": "string", "pattern": "^[A-Za-z0-9]{2,12}$"},
    "number": {"type": "integer", "minimum": 0, "maximum": 10**9 - 1},
    "rank": {"type": "integer", "minimum": 0, "maximum": 10**9 - 1},
}
DONE = {"200": "As it is now.", "201": "Made.", "204": "Done."}
MEANING = {
    400: "Something sent is not valid.",
    401: "Not signed in.",
    403: "Not allowed.",
    404: "Not there, or not yours.",
    406: "Only JSON is answered.",
    409: "Not possible as things stand.",
    411: "How long the body is was not said.",
    413: "Larger than is taken.",
    415: "A kind of body or file that is not taken.",
    422: "The Idempotency-Key was used for another call.",
    429: "Too many calls.",
}


class ProgramToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "raffles.api.authentication.TokenAuthentication"
    name = "Token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        told = "A program's token after the word `Token`: `Token raf_…`. Its scopes say what it may ask for."
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": told}


class AppToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "raffles.api.authentication.AppAuthentication"
    name = "Bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        told = "A person's token, from `/api/v1/auth/sign-in/`. It has all scopes of staff; rights decide."
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": told}


class Described(AutoSchema):
    def get_operation(self, *args: Any, **options: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **options)
        if operation is None:
            return None
        call = Call.of(
            self.view,
            self.method,
            self.path,
            pages=self._is_list_view() and self.view.paginator is not None,  # type: ignore[attr-defined]
        )
        self._complete(operation, call)
        return operation

    def get_tags(self) -> list[str]:
        """The first word of the address, where the view has no better one."""
        tag = getattr(self.view, "tag", "")
        return [tag] if tag else list(super().get_tags())

    def get_operation_id(self) -> str:
        action = getattr(self.view, "action", self.method.lower())
        return f"{self.get_tags()[0].replace('-', '_')}_{NAMES.get(action, action)}"

    def get_description(self) -> str:  # type: ignore[override]  # as the library itself does
        action: Any = getattr(self.view, getattr(self.view, "action", self.method.lower()), None)
        return inspect.getdoc(action) or ""

    def get_summary(self) -> str:
        action = getattr(self.view, "action", "")
        many = self.get_tags()[0].replace("-", " ")
        worded = SUMMARIES.get(action, action.replace("_", " ").capitalize())
        one = many.removesuffix("s")
        return worded.format(many=many, one=one).replace(" a o", " an o")

    def _complete(self, operation: dict[str, Any], call: Call) -> None:
        codes = codes_of(call)
        _add_parameters(operation, call, self.method)
        if call.is_known:
            need = call.view.needs.get(call.action, Need(()))
            operation["description"] = _with_scopes(operation.get("description", ""), need)
            operation["security"] = _asked_of(need)
        _add_answers(operation, codes, reads=_is_tagged(call, self.method))


def _add_parameters(operation: dict[str, Any], call: Call, method: str) -> None:
    parameters = operation.setdefault("parameters", [])
    for parameter in parameters:
        if parameter["in"] == "path":
            parameter["schema"] = OTHER_ADDRESSES.get(parameter["name"], ADDRESS)
    if call.is_once:
        parameters.append(KEY)
    if _is_tagged(call, method):
        parameters.append(KNOWN_TAG)


def _is_tagged(call: Call, method: str) -> bool:
    """Files are sent as they are."""
    return method == "GET" and call.is_known and call.action != "file"


def _with_scopes(description: str, need: Need) -> str:
    scopes = " or ".join(f"`{scope}`" for scope in need.scopes)
    return f"{description}\n\nScope: {scopes}.".strip()


def _asked_of(need: Need) -> list[dict[str, list[str]]]:
    """Any one of the scopes is enough; a person in an app has all of staff's."""
    tokens = [{"Token": [str(scope)]} for scope in need.scopes]
    person: list[dict[str, list[str]]] = [{"Bearer": []}]
    return tokens + (person if any(map(is_of_staff, need.scopes)) else [])


def _add_answers(operation: dict[str, Any], codes: Codes, *, reads: bool) -> None:
    answers = operation["responses"]
    for status, answer in answers.items():
        answer["description"] = answer.get("description") or DONE[status]
        answer.setdefault("headers", {}).update(_RATE)
        if reads:
            answer["headers"]["ETag"] = {"$ref": "#/components/headers/ETag"}
    if reads and "application/json" in answers.get("200", {}).get("content", {}):
        answers["304"] = {"description": "Still as you have it."}
    for status, known in codes.items():
        answers[str(status)] = _refusal(status, known)


def _refusal(status: int, codes: list[str]) -> dict[str, Any]:
    listed = ", ".join(f"`{code}`" for code in codes)
    answer: dict[str, Any] = {
        "description": f"{MEANING[status]} Codes: {listed}.",
        "content": {
            "application/json": {"schema": ERROR, "example": {"code": codes[0], "detail": MEANING[status]}}
        },
        "x-codes": codes,
    }
    if status == 429:
        answer["headers"] = {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}, **_RATE}
    if status == 401:
        answer["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    return answer
