"""Every refusal as one shape: `detail` in the caller's language, a stable `code`, and details."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.exceptions import ValidationError as ModelError
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error
from rest_framework.views import exception_handler

from raffles.api.errors import REFUSALS, SecondFactorNeeded, TooLarge, UnknownField
from raffles.api.serializing import money_of
from raffles.sales.admin.refusals import in_words
from raffles.sales.errors import Refusal
from raffles.sales.rights import SecondFactorMissing


def handle(problem: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(problem, Refusal):
        return _refused(problem, getattr(context.get("view"), "currency", ""))
    response = exception_handler(_as_known(problem), context)
    if response is not None:
        response.data = _body(_as_known(problem), response.data)
    return response


def _as_known(problem: Exception) -> Exception:
    if isinstance(problem, SecondFactorMissing):
        return SecondFactorNeeded()
    if isinstance(problem, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return TooLarge()
    if isinstance(problem, ModelError):
        return ValidationError(as_serializer_error(problem))
    return problem


def _refused(refusal: Refusal, currency: str) -> Response:
    status, code = REFUSALS[type(refusal)]
    sentence = in_words(refusal, currency=currency)
    params: dict[str, Any] = asdict(refusal) if is_dataclass(refusal) else {}
    if currency:
        params = dict(_as_money(name, value, currency) for name, value in params.items())
    return Response(
        {"code": code, "detail": sentence[:1].upper() + sentence[1:], "params": params}, status=status
    )


def _as_money(name: str, value: Any, currency: str) -> tuple[str, Any]:
    if not name.endswith("_minor"):
        return name, value
    return name.removesuffix("_minor"), money_of(value, currency)


def _body(problem: Exception, data: Any) -> dict[str, Any]:
    if isinstance(problem, ValidationError):
        return _invalid(problem)
    detail = getattr(problem, "detail", None)
    body: dict[str, Any] = {"code": _code_of(problem, detail), "detail": _sentence(detail, data)}
    params: dict[str, Any] = getattr(problem, "params", {})
    return body | ({"params": params} if params else {})


def _invalid(problem: ValidationError) -> dict[str, Any]:
    errors = problem.detail if isinstance(problem.detail, dict) else {"non_field_errors": problem.detail}
    listed = {name: _flat(found) for name, found in errors.items()}
    first = next(iter(listed.items()), ("", [""]))
    return {
        "code": "unknown_field" if _codes(errors) == {UnknownField.default_code} else "invalid",
        "detail": _("%(field)s: %(error)s") % {"field": first[0], "error": first[1][0]},
        "errors": listed,
    }


def _codes(found: Any) -> set[str]:
    """By its parts: a serializer makes an error of its own out of what was raised in it."""
    if isinstance(found, dict):
        return set().union(*map(_codes, found.values()))
    if isinstance(found, list | tuple):
        return set().union(*map(_codes, found))
    return {str(getattr(found, "code", ""))}


def _flat(found: Any) -> list[str]:
    if isinstance(found, dict):
        return [f"{name}: {each}" for name, inner in found.items() for each in _flat(inner)]
    if isinstance(found, list | tuple):
        return [each for inner in found for each in _flat(inner)]
    return [str(found)]


def _code_of(problem: Exception, detail: Any) -> str:
    if isinstance(detail, ErrorDetail):
        return str(detail.code)
    if isinstance(problem, APIException):
        return str(problem.default_code)
    return "permission_denied" if isinstance(problem, PermissionDenied) else "not_found"


def _sentence(detail: Any, data: Any) -> str:
    return str(detail) if isinstance(detail, ErrorDetail) else str(data.get("detail", ""))
