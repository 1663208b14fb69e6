"""Our own copy of what players send, taken at once: Meta's link lives five minutes, its id seven days."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.db import IntegrityError

from whatsapp import cloud_api
from whatsapp.cloud_api import TOO_LARGE, CloudApiError, MediaRefused
from whatsapp.models import InboundEvent, InboundMedia
from whatsapp.payloads import FileSent

MAX_BYTES = 10 * 1024 * 1024
DAMAGED, GONE = "damaged", "gone"
# Meta has it still and did not give it: it can be asked for again for seven days.
UNREACHED = "unreached"


def fetch(event: InboundEvent, message: FileSent) -> InboundMedia:
    """Download once; a second call finds the copy. Raises CloudApiError when it may work later.

    Runs outside every transaction: it waits for the network.
    """
    known = copy_of(event)
    if known is not None:
        return known
    try:
        found: bytes | MediaRefused = download(message)
    except MediaRefused as refusal:
        found = refusal
    return keep(event, message, found)


def copy_of(event: InboundEvent) -> InboundMedia | None:
    return InboundMedia.objects.filter(event=event).first()


def keep(event: InboundEvent, message: FileSent, found: bytes | MediaRefused) -> InboundMedia:
    """What has come, or why nothing will."""
    if isinstance(found, bytes):
        return _store(event, message, found)
    return _keep(InboundMedia(event=event, status=InboundMedia.Status.REFUSED, reason=str(found)[:255]))


def download(message: FileSent) -> bytes:
    """From Meta, and held against what was announced. Touches no row."""
    info = cloud_api.media_info(message.media_id)
    if info.size > MAX_BYTES:
        raise MediaRefused(TOO_LARGE)
    content = _from_link_or_fresh_link(message, info.url, info.size)
    announced = [digest for digest in (info.sha256, message.sha256) if digest]
    if not content or not all(cloud_api.is_same_hash(content, digest) for digest in announced):
        raise MediaRefused(DAMAGED)
    return content


def _from_link_or_fresh_link(message: FileSent, url: str, size: int) -> bytes:
    """An expired link answers with an error, a bad line with half a file; the id gives a fresh link."""
    try:
        content = cloud_api.download(url, limit=MAX_BYTES)
    except CloudApiError:
        content = b""
    if content and len(content) >= size:
        return content
    return cloud_api.download(cloud_api.media_info(message.media_id).url, limit=MAX_BYTES)


def _store(event: InboundEvent, message: FileSent, content: bytes) -> InboundMedia:
    media = InboundMedia(
        event=event,
        status=InboundMedia.Status.STORED,
        content_type=message.mime_type[:100],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    # Named by ourselves: the player's file name is not to be trusted.
    media.file.save(f"{event.pk}-{media.sha256[:16]}", ContentFile(content), save=False)
    return _keep(media)


def _keep(media: InboundMedia) -> InboundMedia:
    """Two workers may fetch the same file; the first row stands and the other's copy goes."""
    try:
        media.save(force_insert=True)
    except IntegrityError:
        if media.file:
            media.file.delete(save=False)
        return InboundMedia.objects.get(event_id=media.event_id)
    return media


def read(ref: int) -> bytes:
    media = InboundMedia.objects.get(pk=ref)
    with media.file.open("rb") as stream:
        return bytes(stream.read())
