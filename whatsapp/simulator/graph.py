"""The doors of graph.facebook.com that a business number needs, on loopback."""

import hmac
import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from . import acceptance, fault_plan, media_faults, sending_faults, template_desk
from . import media as media_store
from .envelopes import DISPLAY_PHONE_NUMBER
from .journal import note
from .refusals import (
    GraphRefusal,
    bad_token,
    expired_token,
    missing,
    no_such_object,
    unknown_path,
    wrong_parameter,
)
from .shapes import Json

VERSIONS = frozenset({"v21.0", "v22.0", "v23.0", "v24.0", "v25.0", "v26.0"})
PHONE_NUMBER: Json = {
    "verified_name": "Demo raffles",
    "display_phone_number": f"+{DISPLAY_PHONE_NUMBER}",
    "quality_rating": "GREEN",
    "status": "CONNECTED",
    "name_status": "APPROVED",
    "code_verification_status": "VERIFIED",
    "platform_type": "CLOUD_API",
    "account_mode": "LIVE",
    "throughput": {"level": "STANDARD"},
    "whatsapp_business_manager_messaging_limit": "TIER_2K",
    "health_status": {"can_send_message": "AVAILABLE", "entities": []},
}
BY_DEFAULT = ("verified_name", "display_phone_number", "quality_rating", "platform_type", "throughput")
P = ParamSpec("P")


def graph(
    view: Callable[Concatenate[HttpRequest, P], Json | HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    @csrf_exempt
    @wraps(view)
    def door(request: HttpRequest, version: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            if version not in VERSIONS:
                raise unknown_path(request.path.partition("/graph/")[2])
            _check_token(request)
            answer = view(request, *args, **kwargs)
            return answer if isinstance(answer, HttpResponseBase) else JsonResponse(answer)
        except GraphRefusal as refusal:
            _note_refusal(request, refusal)
            return JsonResponse(refusal.body(), status=refusal.http_status)

    return door


def _note_refusal(request: HttpRequest, refusal: GraphRefusal) -> None:
    callback_data = refusal.asked.get("biz_opaque_callback_data", "")
    detail = {"path": request.path, "asked": refusal.asked, **refusal.body()}
    note(
        kind="refused",
        at=timezone.now(),
        callback_data=str(callback_data)[:512],
        detail=detail,
    )


def _check_token(request: HttpRequest) -> None:
    expected = f"Bearer {settings.WHATSAPP_ACCESS_TOKEN}".encode()
    given = request.headers.get("Authorization", "").encode("utf-8", "replace")
    if not hmac.compare_digest(expected, given):
        raise bad_token()
    if fault_plan.current().account_state == "token_expired":
        raise expired_token()


def _json(request: HttpRequest) -> Json:
    try:
        body = json.loads(request.body)
    except ValueError:
        raise wrong_parameter("The request body is not valid JSON.") from None
    if not isinstance(body, dict):
        raise wrong_parameter("The request body must be a JSON object.")
    return body


def _check_is_our_number(object_id: str) -> None:
    if object_id != settings.WHATSAPP_PHONE_NUMBER_ID:
        raise no_such_object(object_id)


def _check_is_our_account(object_id: str) -> None:
    if object_id != settings.WHATSAPP_BUSINESS_ACCOUNT_ID:
        raise no_such_object(object_id)


def _only(request: HttpRequest, *methods: str) -> None:
    if request.method not in methods:
        raise GraphRefusal(100, type="GraphMethodException", message=f"Unsupported {request.method} request.")


@graph
def messages(request: HttpRequest, object_id: str) -> Json | HttpResponseBase:
    _only(request, "POST")
    _check_is_our_number(object_id)
    body = _json(request)
    now = timezone.now()
    if "status" in body:
        return acceptance.mark_read(body, now)
    try:
        return _send(request, body, now)
    except GraphRefusal as refusal:
        refusal.asked = body
        raise


def _send(request: HttpRequest, body: Json, now: datetime) -> Json | HttpResponseBase:
    instead = sending_faults.before(request, body, now)
    if instead is not None:
        return instead
    answer = acceptance.accept(body, now)
    return sending_faults.after(request, body, now) or answer


@graph
def uploads(request: HttpRequest, object_id: str) -> Json:
    _only(request, "POST")
    _check_is_our_number(object_id)
    if request.POST.get("messaging_product") != "whatsapp":
        raise wrong_parameter("The parameter messaging_product is required.")
    file = request.FILES.get("file")
    if file is None:
        raise wrong_parameter("The parameter file is required.")
    mime = request.POST.get("type") or file.content_type or ""
    stored = media_store.upload(content=file.read(), mime=mime, filename=file.name or "", now=timezone.now())
    return {"id": stored.media_id}


@graph
def node(request: HttpRequest, object_id: str) -> Json:
    _only(request, "GET", "DELETE", "POST")
    if object_id == settings.WHATSAPP_PHONE_NUMBER_ID and request.method == "GET":
        return _fields(request)
    if request.method == "POST":
        return template_desk.rewrite(template_desk.found_by_id(object_id), _json(request), timezone.now())
    return _media_node(request, object_id, timezone.now())


def _fields(request: HttpRequest) -> Json:
    fields = [field for field in request.GET.get("fields", ",".join(BY_DEFAULT)).split(",") if field != "id"]
    for field in fields:
        if field not in PHONE_NUMBER:
            raise wrong_parameter(
                f"Tried accessing nonexisting field ({field}) on node type (WhatsAppBusinessPhoneNumber)"
            )
    return {**{field: PHONE_NUMBER[field] for field in fields}, "id": settings.WHATSAPP_PHONE_NUMBER_ID}


def _media_node(request: HttpRequest, media_id: str, now: datetime) -> Json:
    if "phone_number_id" in request.GET:
        _check_is_our_number(request.GET["phone_number_id"])
    found = media_store.living(media_id, now)
    if request.method == "DELETE":
        found.delete()
        return {"success": True}
    return media_store.description(found, url=request.build_absolute_uri(media_store.link_path(found, now)))


@graph
def subscribed_apps(request: HttpRequest, object_id: str) -> Json:
    _only(request, "GET", "POST")
    _check_is_our_account(object_id)
    if request.method == "POST":
        return {"success": True}
    app = {"id": "300000000000003", "name": "Simulated app", "link": "https://www.facebook.com/games/"}
    return {"data": [{"whatsapp_business_api_data": app}]}


@graph
def message_templates(request: HttpRequest, object_id: str) -> Json:
    _only(request, "GET", "POST", "DELETE")
    _check_is_our_account(object_id)
    if request.method == "GET":
        return template_desk.listing(request)
    if request.method == "DELETE":
        return template_desk.delete(request)
    return template_desk.submit(_json(request), timezone.now())


@graph
def debug_token(request: HttpRequest) -> Json:
    _only(request, "GET")
    if not request.GET.get("input_token"):
        raise missing("The parameter input_token is required.")
    valid = request.GET["input_token"] == settings.WHATSAPP_ACCESS_TOKEN
    scopes = ["whatsapp_business_management", "whatsapp_business_messaging"]
    return {"data": {"is_valid": valid, "expires_at": 0, "scopes": scopes if valid else []}}


@graph
def anything_else(request: HttpRequest, rest: str) -> Json:
    raise unknown_path(rest)


@csrf_exempt
def without_version(request: HttpRequest, **_: Any) -> HttpResponse:
    refusal = unknown_path(request.path.partition("/graph/")[2])
    return JsonResponse(refusal.body(), status=refusal.http_status)


@csrf_exempt
def lookaside(request: HttpRequest, token: str) -> HttpResponseBase:
    try:
        _check_token(request)
    except GraphRefusal:
        return HttpResponse(status=401)
    if not request.headers.get("User-Agent"):
        return HttpResponse(status=400)
    now = timezone.now()
    media = media_store.linked(token, now)
    if media is None or media_faults.is_dead(media, now):
        return HttpResponse("URL signature expired", status=404, content_type="text/plain")
    return media_faults.answer(request, media, now) or HttpResponse(
        bytes(media.content), content_type=media.mime
    )
