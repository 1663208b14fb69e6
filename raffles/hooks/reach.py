from __future__ import annotations

from django.conf import settings

from raffles.outside.addresses import Reach


def reach() -> Reach:
    """A copy for trying tells this machine only: with the rows of the live site it knows other people's."""
    return Reach.THIS_MACHINE if settings.HOOKS_LOCAL else Reach.INTERNET
