from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.desk.errors import NothingToReview
from raffles.desk.leases import LEASE, taken
from raffles.desk.models import Card, Handover


def take_over_card(*, order_id: int, from_user_id: int, by: User, now: datetime) -> Card:
    """From the reviewer who was named on the screen: from anybody else it needs another look."""
    with transaction.atomic():
        card = Card.objects.filter(order=order_id).first()
        if card is None:
            raise NothingToReview(str(order_id))
        theirs = Card.objects.filter(pk=card.pk, reviewer=from_user_id)
        if not theirs.update(reviewer=by, opened_at=now, lease_until=now + LEASE):
            raise taken(card.pk)
        handover = Handover.objects.create(order_id=order_id, from_user_id=from_user_id, to_user=by, at=now)
        _note(handover)
        return Card.objects.get(pk=card.pk)


def _note(handover: Handover) -> None:
    record(
        Deed.CARD_TAKEN,
        subject=handover.order,
        user=handover.to_user,
        before={"reviewer": handover.from_user.get_username()},
        after={"reviewer": handover.to_user.get_username()},
        now=handover.at,
    )
