"""Where a message leads on the public pages."""

from __future__ import annotations

from django.conf import settings


def raffle_page(code: str) -> str:
    return f"{settings.SITE_URL}/r/{code}/"


def draw_page(code: str) -> str:
    return f"{settings.SITE_URL}/draws/{code}/"


def draws_page() -> str:
    return f"{settings.SITE_URL}/draws/"


def ticket_page(code: str) -> str:
    return f"{settings.SITE_URL}/t/{code}/"


def results_page() -> str:
    return f"{settings.SITE_URL}/results/"
