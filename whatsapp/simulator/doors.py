"""What every door of the phone page does alike."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from .models import Phone
from .shapes import Json

P = ParamSpec("P")
WRONG_WISHES = (LookupError, ValueError, TypeError, ObjectDoesNotExist)


def act(view: Callable[Concatenate[HttpRequest, Phone, P], Json]) -> Callable[..., HttpResponse]:
    @require_POST
    @wraps(view)
    def door(request: HttpRequest, player_id: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        phone = get_object_or_404(Phone, pk=player_id)
        try:
            return JsonResponse(view(request, phone, *args, **kwargs))
        except WRONG_WISHES as problem:
            return JsonResponse({"problem": str(problem)}, status=400)

    return door


def json_of(request: HttpRequest) -> Json:
    body = json.loads(request.body)
    if not isinstance(body, dict):
        raise ValueError("a JSON object is expected")
    return body


def wish(view: Callable[Concatenate[HttpRequest, P], Json]) -> Callable[..., HttpResponse]:
    """A door that belongs to no player."""

    @wraps(view)
    def door(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return JsonResponse(view(request, *args, **kwargs))
        except WRONG_WISHES as problem:
            return JsonResponse({"problem": str(problem)}, status=400)

    return door
