from __future__ import annotations

from django.utils.translation import gettext as _

from raffles.numbers.errors import RaffleMoveNotAllowed, RaffleNotFound
from raffles.numbers.models import Raffle
from raffles.sales.admin.refusals import in_words


@in_words.register
def _raffle_not_found(refusal: RaffleNotFound, *, currency: str = "") -> str:
    return _("there is no such raffle")


@in_words.register
def _move_not_allowed(refusal: RaffleMoveNotAllowed, *, currency: str = "") -> str:
    return _("not possible, the raffle is “%(status)s”") % {
        "status": Raffle.Status(refusal.from_status).label
    }
