from __future__ import annotations

from datetime import datetime, timedelta

from raffles.api.models import AppSession, KeptAnswer, RequestCount
from raffles.api.once import KEPT_FOR

COUNTED_FOR = timedelta(days=1)


def sweep(now: datetime) -> None:
    KeptAnswer.objects.filter(began_at__lte=now - KEPT_FOR).delete()
    # A token of a session that is gone is refused like one of a session that is closed.
    AppSession.objects.filter(expires_at__lte=now).delete()
    RequestCount.objects.filter(window__lt=int((now - COUNTED_FOR).timestamp())).delete()
