"""How tests press what stands on the page of a draw."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import time_machine
from django.test import Client

from raffles.draws.models import Draw
from tests.admin.pages import page_of


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with time_machine.travel(moment, tick=False):
        yield


def press(client: Client, draw: Draw, step: str, **answers: Any) -> Any:
    return client.post(page_of(draw, step), answers, follow=True)


def refused(response: Any) -> str:
    """What the page says that asks again."""
    return str(response.context["form"].errors)


def steps_shown(client: Client, draw: Draw) -> set[str]:
    urls = [button.url for button in client.get(page_of(draw)).context["buttons"]]
    return {url.rstrip("/").rpartition("/")[2] for url in urls}


def base_of(draw: Draw) -> datetime:
    draw.refresh_from_db()
    assert draw.base is not None
    return draw.base
