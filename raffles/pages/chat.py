"""Where a visitor goes on: to the chat, with the words already typed that lead to this raffle."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

import segno
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext


def words_for(code: str) -> str:
    return gettext("join %(code)s") % {"code": code}


def link_for(code: str) -> str:
    """Empty where the site names no number of its own."""
    template: str = settings.CHAT_LINK
    return template.format(text=quote(words_for(code))) if template else ""


def square_for(code: str, *, here: str) -> SafeString:
    """For a phone held before a screen or a poster; without a number it leads to this page."""
    link = link_for(code)
    return _square(settings.SITE_URL + link if link.startswith("/") else link or here)


@lru_cache(maxsize=512)
def _square(address: str) -> SafeString:
    code = segno.make(address, error="m")
    drawn = code.svg_inline(omitsize=True, border=2, dark="#000", light="#fff")
    return mark_safe(drawn)  # noqa: S308 - drawn here, of squares alone
