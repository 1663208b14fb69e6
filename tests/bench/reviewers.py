"""A queue of proofs on the payment desk, and reviewers who are signed in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django

django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402 - after setup
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from config.people.groups import make_groups  # noqa: E402
from config.people.roles import OPERATOR  # noqa: E402
from config.rehearsal.lines import answer_until_the_end  # noqa: E402
from config.rehearsal.office_desk import open_for_sale  # noqa: E402
from config.rehearsal.processes import HOST  # noqa: E402
from raffles.evidence.models import Evidence  # noqa: E402
from raffles.numbers.models import Raffle  # noqa: E402
from tests.bench.picker import CLEAN_UP  # noqa: E402
from tests.factories import Status, make_order, make_player  # noqa: E402

NUMBERS, EACH = 100_000, 3
# The receipts of a draw's day have come in over so long a time.
OVER = timedelta(hours=3)
BACKEND = "django.contrib.auth.backends.ModelBackend"


def prepare(waiting: int, staff: int, path: str) -> dict[str, Any]:
    """`keys`: one for the cookie of each reviewer. `statements`: how many one poll costs."""
    make_groups()
    _fill(waiting)
    signed_in = [_signed_in(f"operadora{place}") for place in range(staff)]
    with CaptureQueriesContext(connection) as captured:
        answer = signed_in[0].get(path, headers={"host": HOST})
    assert answer.json()["waiting"] == waiting
    keys = [client.cookies["sessionid"].value for client in signed_in]
    return {"keys": keys, "statements": len(captured)}


def _fill(waiting: int) -> None:
    """Every proof came at a moment of its own, in an order that was made then."""
    now = timezone.now()
    open_for_sale(numbers=NUMBERS, most_per_order=EACH, hold_minutes=600, now=now)
    raffle = Raffle.objects.get()
    for place in range(waiting):
        numbers = range(place * EACH, (place + 1) * EACH)
        player = make_player(name=f"Ana {place}")
        at = now - OVER * ((place + 1) / waiting)
        make_order(raffle=raffle, player=player, numbers=numbers, status=Status.UNDER_REVIEW, now=at)
    Evidence.objects.update(status=Evidence.Status.READ)
    with connection.cursor() as cursor:
        cursor.execute(CLEAN_UP[connection.vendor])


def _signed_in(name: str) -> Client:
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=OPERATOR))
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


if __name__ == "__main__":
    answer_until_the_end({"prepare": prepare})
