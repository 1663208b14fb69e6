from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.draws.awarding import open_award
from raffles.draws.errors import AwardUnpaid
from raffles.draws.models import Award
from raffles.draws.notices import AwardHandedOver, announce
from raffles.sales.lifecycle import required_reason
from raffles.sales.models import Order
from raffles.sales.proof_files import StoredProof, discard, judged, store

Status = Award.Status


def hand_over_award(
    *, award_id: int, by: User, note: str, now: datetime, proof: bytes | None = None
) -> Award:
    """With what shows it: a note of who received it and how, and where there is one a photo or PDF."""
    note = required_reason(note)
    stored = store(proof, judged(proof), now, folder="awards") if proof is not None else None
    try:
        return _hand_over(award_id, by, note, stored, now)
    except BaseException:
        if stored is not None:
            discard(stored)
        raise


@transaction.atomic
def _hand_over(award_id: int, by: User, note: str, stored: StoredProof | None, now: datetime) -> Award:
    award = open_award(award_id)
    if award.order.status != Order.Status.PAID:
        raise AwardUnpaid(award.order.code)
    changes = {
        "status": Status.HANDED_OVER.value,
        "handed_over_at": now,
        "handed_over_by": by,
        "hand_over_note": note,
        "hand_over_proof": stored.name if stored else "",
        "hand_over_sha256": stored.sha256 if stored else "",
        "claimed_at": award.claimed_at or now,
    }
    for name, value in changes.items():
        setattr(award, name, value)
    award.save(update_fields=list(changes))
    # Without the note: it names people, the log is for good, and a winner may be forgotten.
    record(
        Deed.AWARD_HANDED_OVER,
        subject=award,
        label=f"{award.draw.code} {award.number}",
        user=by,
        now=now,
    )
    announce(AwardHandedOver(award))
    return award
