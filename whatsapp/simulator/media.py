import base64
import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing

from .models import Media, Phone
from .refusals import GraphRefusal, no_such_object, wrong_parameter
from .shapes import Json

INBOUND_LIFE = timedelta(days=7)
UPLOAD_LIFE = timedelta(days=30)
LINK_LIFE = timedelta(minutes=5)
MEGABYTE = 1024 * 1024
LINK_SALT = "simulator.media.link"

OFFICE = "application/vnd.openxmlformats-officedocument."
ALLOWED: dict[str, tuple[int, tuple[str, ...]]] = {
    "image": (5 * MEGABYTE, ("image/jpeg", "image/png")),
    "video": (16 * MEGABYTE, ("video/mp4", "video/3gpp")),
    "audio": (16 * MEGABYTE, ("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg")),
    "sticker": (500 * 1024, ("image/webp",)),
    "document": (
        100 * MEGABYTE,
        (
            "text/plain",
            "application/pdf",
            "application/msword",
            "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint",
            f"{OFFICE}wordprocessingml.document",
            f"{OFFICE}spreadsheetml.sheet",
            f"{OFFICE}presentationml.presentation",
        ),
    ),
}
MAGIC = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/webp": (b"RIFF",),
    "application/pdf": (b"%PDF",),
    "audio/ogg": (b"OggS",),
}


def bare_mime(mime: str) -> str:
    return mime.partition(";")[0].strip().lower()


def keep(
    *, content: bytes, mime: str, now: datetime, owner: Phone | None = None, filename: str = ""
) -> Media:
    return Media.objects.create(
        media_id=str(secrets.randbelow(9 * 10**15) + 10**15),
        owner=owner,
        mime=mime,
        filename=filename,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        content=content,
        created_at=now,
        expires_at=now + (INBOUND_LIFE if owner else UPLOAD_LIFE),
    )


def upload(*, content: bytes, mime: str, filename: str, now: datetime) -> Media:
    kinds = [kind for kind, (_, mimes) in ALLOWED.items() if bare_mime(mime) in mimes]
    if not kinds:
        known = ", ".join(mime for _, mimes in ALLOWED.values() for mime in mimes)
        raise wrong_parameter(f"Param file must be a file with one of the following types: {known}.")
    if not content:
        raise wrong_parameter("Param file must not be empty.")
    if len(content) > ALLOWED[kinds[0]][0]:
        raise GraphRefusal(131053, f"{kinds[0]} file size exceeds {ALLOWED[kinds[0]][0]} bytes")
    return keep(content=content, mime=mime, filename=filename, now=now)


def living(media_id: str, now: datetime) -> Media:
    media = Media.objects.filter(media_id=media_id, expires_at__gt=now).first()
    if media is None:
        raise no_such_object(media_id)
    return media


def unfit(media: Media, kind: str) -> str:
    """Why Meta would give up on this file after it has accepted the message; empty when it would not."""
    limit, mimes = ALLOWED[kind]
    mime = bare_mime(media.mime)
    if mime not in mimes:
        return f"{kind} does not accept {mime}"
    if media.size > limit:
        return f"{kind} is larger than {limit} bytes"
    if not bytes(media.content).startswith(MAGIC.get(mime, (b"",))):
        return f"the file's content is not {mime}"
    return ""


def link_path(media: Media, now: datetime) -> str:
    token = signing.dumps([media.media_id, (now + LINK_LIFE).timestamp()], salt=LINK_SALT)
    return f"/simulator/lookaside/{token}"


def linked(token: str, now: datetime) -> Media | None:
    try:
        media_id, until = signing.loads(token, salt=LINK_SALT)
    except signing.BadSignature:
        return None
    if now.timestamp() > until:
        return None
    return Media.objects.filter(media_id=media_id, expires_at__gt=now).first()


def description(media: Media, *, url: str) -> Json:
    return {
        "url": url,
        "mime_type": media.mime,
        "sha256": media.sha256,
        "file_size": media.size,
        "id": media.media_id,
        "messaging_product": "whatsapp",
    }


def inbound_object(media: Media, now: datetime) -> Json:
    digest = base64.b64encode(bytes.fromhex(media.sha256)).decode()
    return {
        "mime_type": media.mime,
        "sha256": digest,
        "id": media.media_id,
        "url": settings.SITE_URL + link_path(media, now),
    }
