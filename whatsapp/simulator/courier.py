"""Carries webhooks to the product by real HTTP as Meta does: signed, repeated until 200, no redirects."""

import logging
import os
import threading
from datetime import datetime, timedelta

import requests
from django.conf import settings
from django.db import close_old_connections, connection, transaction
from django.utils import timezone

from .envelopes import serialise, signature
from .journal import note
from .models import ChatMessage, WebhookDelivery
from .shapes import Json

WEBHOOK_PATH = "/whatsapp/webhook/"
TIMEOUT = (3.05, 20)
GIVE_UP_AFTER = 20
LONGEST_PAUSE = timedelta(minutes=10)
LOOK_AGAIN_SECONDS = 1.0

logger = logging.getLogger(__name__)


def enqueue(payload: Json, *, at: datetime, wamid: str = "") -> WebhookDelivery:
    delivery = WebhookDelivery.objects.create(payload=serialise(payload), not_before=at, wamid=wamid)
    transaction.on_commit(wake)
    return delivery


def deliver_due(now: datetime, base_url: str | None = None) -> int:
    delivered = 0
    with requests.Session() as session:
        session.trust_env = False
        while (delivery := _claim_next(now)) is not None:
            delivered += _deliver(delivery, session, (base_url or settings.SITE_URL) + WEBHOOK_PATH, now)
    return delivered


def _claim_next(now: datetime) -> WebhookDelivery | None:
    """Claiming moves the row to its next attempt: no two couriers carry one row, a killed one loses none."""
    waiting = WebhookDelivery.objects.filter(
        delivered_at=None, not_before__lte=now, attempts__lt=GIVE_UP_AFTER
    )
    while (delivery := waiting.order_by("pk").first()) is not None:
        tries = delivery.attempts
        claimed = WebhookDelivery.objects.filter(pk=delivery.pk, attempts=tries, delivered_at=None).update(
            attempts=tries + 1, not_before=now + min(timedelta(seconds=2**tries), LONGEST_PAUSE)
        )
        if claimed:
            return delivery
    return None


def _deliver(delivery: WebhookDelivery, session: requests.Session, url: str, now: datetime) -> bool:
    answer = _post(session, url, delivery.payload.encode("ascii"))
    accepted = answer == "200"
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        last_answer=answer[:200], **({"delivered_at": now} if accepted else {})
    )
    kind = "webhook_accepted" if accepted else "webhook_refused"
    note(kind=kind, at=now, wamid=delivery.wamid, detail={"answer": answer, "delivery": delivery.pk})
    if accepted and delivery.wamid:
        mine = ChatMessage.objects.filter(wamid=delivery.wamid, direction="in", status="sent")
        mine.update(status="delivered")
    return accepted


def _post(session: requests.Session, url: str, raw: bytes) -> str:
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "facebookexternalua",
        "X-Hub-Signature-256": signature(raw),
    }
    try:
        answer = session.post(url, data=raw, headers=headers, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        return type(error).__name__
    return str(answer.status_code)


class Courier:
    def __init__(self) -> None:
        self._news = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._pid = 0

    def wake(self) -> None:
        with self._lock:
            # A forked worker inherits the object but not the thread.
            if self._thread is None or self._pid != os.getpid() or not self._thread.is_alive():
                self._pid = os.getpid()
                self._thread = threading.Thread(target=self._work, name="simulator-courier", daemon=True)
                self._thread.start()
        self._news.set()

    def _work(self) -> None:
        while True:
            self._news.wait(timeout=LOOK_AGAIN_SECONDS)
            self._news.clear()
            self._round()

    def _round(self) -> None:
        close_old_connections()
        try:
            deliver_due(timezone.now())
        except Exception:  # whatever happened, the next webhook must still leave
            logger.exception("the simulator's courier stumbled and goes on")
            connection.close()


_courier = Courier()


def wake() -> None:
    if settings.SIMULATOR_COURIER:
        _courier.wake()
