from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.desk.errors import UndoTooLate
from raffles.desk.models import Verdict

Status = Verdict.Status


def undo_verdict(*, verdict_id: int, by: User, now: datetime) -> Verdict:
    """One's own, until it is carried out: compare-and-set on the status, so that only one of both happens."""
    with transaction.atomic():
        mine = Verdict.objects.filter(pk=verdict_id, by=by, status=Status.PLANNED)
        if not mine.update(status=Status.UNDONE, closed_at=now):
            found = Verdict.objects.select_related("order").filter(pk=verdict_id, by=by).first()
            raise UndoTooLate(found.order.code if found else "")
        undone = Verdict.objects.select_related("order").get(pk=verdict_id)
        told = {"decision": undone.kind, "decided_at": undone.decided_at}
        record(Deed.VERDICT_UNDONE, subject=undone.order, user=by, before=told, now=now)
    return undone
