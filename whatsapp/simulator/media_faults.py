"""What goes wrong with a file behind its link."""

from datetime import datetime

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from . import broken_answers, faults
from .models import Media


def is_dead(media: Media, now: datetime) -> bool:
    return faults.strike("media_link_dead", media.sha256, now) is not None


def answer(request: HttpRequest, media: Media, now: datetime) -> HttpResponseBase | None:
    content = bytes(media.content)
    if faults.strike("media_cut", media.sha256, now) is not None:
        return broken_answers.cut_short(request, content, media.mime)
    if (slow := faults.strike("media_slow", media.sha256, now)) is not None:
        return broken_answers.trickle(content, media.mime, seconds=slow.get("seconds", 1))
    return None
