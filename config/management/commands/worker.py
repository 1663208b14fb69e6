from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from config.health_checks import Unwell, check_migrations
from config.queue_tables import make_queue_tables
from config.worker import FEWEST_THREADS, ProductConsumer
from whatsapp import inbox

MOST_THREADS = 64
# A thread that comes back from the database waits this long for the interpreter while another one computes.
# Python's own 5 ms, twenty times a turn, cost a sixth of all turns.
SWITCH_SECONDS = 0.0005


class Command(BaseCommand):
    help = (
        "Do what is queued and what is due, until SIGTERM or Ctrl-C; any number of workers may run. "
        "Example: manage.py worker --threads 4"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--threads", type=thread_count, default=4, help="how many tasks at once (4)")

    def handle(self, *args: Any, threads: int, **options: Any) -> None:
        refuse_old_tables()
        autodiscover_modules("tasks")
        make_queue_tables(settings.HUEY)
        sys.setswitchinterval(SWITCH_SECONDS)
        inbox.note_start(timezone.now())
        ProductConsumer(settings.HUEY, threads).run()


def refuse_old_tables() -> None:
    """Every task would fail, each minute anew."""
    try:
        check_migrations()
    except Unwell as unwell:
        told = f"The database is older than this release ({unwell}): run manage.py migrate first"
        raise CommandError(told) from None


def thread_count(word: str) -> int:
    if not (word.isascii() and word.isdigit() and FEWEST_THREADS <= int(word) <= MOST_THREADS):
        raise ArgumentTypeError(
            f"{word!r} is not a number of threads from {FEWEST_THREADS} to {MOST_THREADS}"
        )
    return int(word)
