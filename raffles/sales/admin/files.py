"""Files of players, shown to staff only: no address of theirs says anything to anybody else."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse

SHOWN = (
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"%PDF-", "application/pdf", "pdf"),
)
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
# Of these there are copies to show.
DRAWN = PICTURES | {"application/pdf"}
UNKNOWN = "application/octet-stream", "bin"
# Chromium shows no PDF in a sandbox; what a PDF may do is up to the viewer, outside our origin.
SEALED = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox"
SEALED_PDF = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
PRIVATE = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": SEALED,
}


def require_staff(site: AdminSite, request: HttpRequest, *, may_view: bool) -> None:
    """Who is not staff learns not even that there is such an address."""
    if not site.has_permission(request):
        raise Http404
    if not may_view:
        raise PermissionDenied


def private_file(file: FieldFile, name: str) -> FileResponse:
    """Judged by its bytes, not by what was said of it; what cannot be shown safely is a download."""
    if not file:
        raise Http404
    try:
        stream = file.storage.open(file.name or "", "rb")
    except FileNotFoundError:
        raise Http404 from None
    content_type, extension = _kind(stream.read(12))
    stream.seek(0)
    return FileResponse(
        stream,
        as_attachment=content_type == UNKNOWN[0],
        filename=f"{name}.{extension}",
        content_type=content_type,
        headers=PRIVATE | ({"Content-Security-Policy": SEALED_PDF} if extension == "pdf" else {}),
    )


def private_copy(name: str, shown_name: str) -> FileResponse:
    """A JPEG that we drew anew from such a file."""
    try:
        stream = default_storage.open(name, "rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(stream, filename=shown_name, content_type="image/jpeg", headers=PRIVATE)


def still_prepared() -> HttpResponse:
    """The worker makes a copy that takes long; the page that shows it asks again."""
    return HttpResponse(status=503, headers={"Retry-After": "3", "Cache-Control": PRIVATE["Cache-Control"]})


def _kind(head: bytes) -> tuple[str, str]:
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp", "webp"
    for magic, content_type, extension in SHOWN:
        if head.startswith(magic):
            return content_type, extension
    return UNKNOWN
