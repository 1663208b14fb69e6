"""The phone in the browser: the page and the doors its script knocks at. Development only, hence no login."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from . import courier, phones, receipts, samples
from .acceptance import digits_of
from .chat_view import screen
from .doors import act, json_of
from .graph import PHONE_NUMBER
from .media import bare_mime
from .models import Media, Phone
from .seed import seed_players
from .shapes import Json, units

LOOPBACK = "http://127.0.0.1:* http://localhost:*"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    f"img-src 'self' blob: data: {LOOPBACK}; media-src 'self' blob:; font-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
SHOWN_INLINE = frozenset(
    {"image/jpeg", "image/png", "image/webp", "application/pdf", "audio/ogg", "audio/mpeg", "video/mp4"}
)
LONGEST_TEXT = 4096


@require_GET
@ensure_csrf_cookie
def page(request: HttpRequest) -> HttpResponse:
    seed_players()
    courier.wake()
    answer = render(request, "simulator/phone.html")
    answer["Content-Security-Policy"] = POLICY
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
def state(request: HttpRequest) -> HttpResponse:
    chosen = request.GET.get("player", "")
    open_phone = Phone.objects.filter(pk=int(chosen)).first() if chosen.isdecimal() else None
    body = json.dumps(screen(open_phone, timezone.now())).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    return HttpResponse(
        body, content_type="application/json", headers={"ETag": tag, "Cache-Control": "no-store"}
    )


@require_POST
def new_player(request: HttpRequest) -> HttpResponse:
    try:
        phone = _made_from(json_of(request))
    except ValueError as problem:
        return JsonResponse({"problem": str(problem)}, status=400)
    return JsonResponse({"id": phone.pk})


def _made_from(wish: Json) -> Phone:
    name, number = str(wish.get("name", "")).strip(), digits_of(str(wish.get("number", "")))
    if not name:
        raise ValueError("a player needs a name")
    if number and Phone.objects.filter(wa_id=number).exists():
        raise ValueError("another player has this number")
    if number and not 8 <= len(number) <= 15:
        raise ValueError("a number has 8 to 15 digits")
    return phones.create_phone(
        profile_name=name[:255],
        wa_id=number,
        username=str(wish.get("username", "")).strip().lstrip("@")[:64],
        language=str(wish.get("language", "es"))[:10],
    )


@act
def say(request: HttpRequest, phone: Phone) -> Json:
    wish = json_of(request)
    text = str(wish.get("text", ""))
    if not text.strip() or units(text) > LONGEST_TEXT:
        raise ValueError(f"a message has 1 to {LONGEST_TEXT} characters")
    return {"wamid": phones.say(phone, text, reply_to=str(wish.get("reply_to") or ""))}


@act
def tap(request: HttpRequest, phone: Phone) -> Json:
    wish = json_of(request)
    return {"wamid": phones.tap(phone, str(wish["wamid"]), str(wish["reply_id"]))}


@act
def send_file(request: HttpRequest, phone: Phone) -> Json:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise ValueError("a file is expected")
    mime = file.content_type or "application/octet-stream"
    caption = request.POST.get("caption", "")[:1024]
    return {"wamid": phones.send_media(phone, file.read(), mime, filename=file.name, caption=caption)}


@act
def send_sample(request: HttpRequest, phone: Phone) -> Json:
    return {"wamid": SAMPLES[str(json_of(request).get("kind"))](phone)}


SAMPLES: dict[str, Callable[[Phone], str]] = {
    "voice": lambda phone: phones.send_media(
        phone, samples.voice_note(), "audio/ogg; codecs=opus", voice=True
    ),
    "sticker": lambda phone: phones.send_media(phone, samples.sticker(), "image/webp"),
    "location": lambda phone: phones.send_raw(
        phone,
        {"type": "location", "location": {"latitude": -25.2822, "longitude": -57.6351, "name": "Asunción"}},
    ),
    "poll": lambda phone: phones.send_raw(
        phone,
        {
            "type": "unsupported",
            "errors": [{"code": 131051, "title": "Message type unknown", "message": "Message type unknown"}],
            "unsupported": {"type": "poll_creation"},
        },
    ),
    "own_number": phones.share_own_number,
}


@act
def react(request: HttpRequest, phone: Phone) -> Json:
    wish = json_of(request)
    return {"wamid": phones.react(phone, str(wish["wamid"]), str(wish.get("emoji", ""))[:16])}


@act
def look(request: HttpRequest, phone: Phone) -> Json:
    return {"read": phones.read_all(phone)}


@act
def change(request: HttpRequest, phone: Phone) -> Json:
    wish = json_of(request)
    if "receipts_on" in wish:
        phone.receipts_on = bool(wish["receipts_on"])
        phone.save(update_fields=["receipts_on"])
    if number := digits_of(str(wish.get("number", ""))):
        if Phone.objects.filter(wa_id=number).exists():
            raise ValueError("another player has this number")
        phones.change_number(phone, number)
    return {"id": phone.pk}


@require_GET
def receipt(request: HttpRequest, player_id: int) -> HttpResponse:
    phone = get_object_or_404(Phone, pk=player_id)
    drawn = _receipt_of(phone, request)
    if request.GET.get("format") == "pdf":
        return HttpResponse(receipts.as_pdf(drawn), content_type="application/pdf")
    return HttpResponse(receipts.as_png(drawn), content_type="image/png")


def _receipt_of(phone: Phone, request: HttpRequest) -> receipts.Receipt:
    asked = request.GET.get
    try:
        made_at = datetime.fromisoformat(asked("made_at", ""))
    except ValueError:
        made_at = timezone.localtime()
    return receipts.Receipt(
        bank=asked("bank", "") or "Banco del Sur",
        amount=asked("amount", ""),
        reference=asked("reference", ""),
        payer=asked("payer", "") or phone.profile_name,
        payee=asked("payee", "") or PHONE_NUMBER["verified_name"],
        made_at=made_at,
        language=phone.language[:2],
    )


@require_GET
def file(request: HttpRequest, media_id: str) -> HttpResponse:
    """A phone keeps what it has once shown, however old the id is for the business."""
    media = get_object_or_404(Media, media_id=media_id)
    safe = bare_mime(media.mime) in SHOWN_INLINE
    answer = HttpResponse(
        bytes(media.content), content_type=bare_mime(media.mime) if safe else "application/octet-stream"
    )
    answer["Content-Disposition"] = "inline" if safe else "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=3600"
    return answer
