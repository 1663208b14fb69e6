"""SIGTERM to web and worker while they are at work."""

from __future__ import annotations

import os
import signal
import socket
import threading
from pathlib import Path

import pytest
import requests
from django.db import connection, transaction
from django.utils import timezone

from config.rehearsal.processes import HOST, Process
from tests.production.stage import HeldGraph, Site, running, until, wait_for_web
from whatsapp.models import InboundEvent, OutboundMessage
from whatsapp.simulator import phones
from whatsapp.simulator.courier import deliver_due
from whatsapp.simulator.envelopes import signature
from whatsapp.simulator.models import WebhookDelivery

pytestmark = pytest.mark.django_db(transaction=True)
Sent = OutboundMessage.Status


def pid_of(process: Process) -> int:
    assert process._child is not None
    return process._child.pid


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_asked_to_stop_finishes_what_it_sends(number: int, tmp_path: Path) -> None:
    meta = HeldGraph()
    with meta.served() as graph:
        site = Site(tmp_path, queue_url=f"sqlite:///{tmp_path}/queue.sqlite3", graph=graph)
        web, worker = site.web(), site.worker()
        with running(web, worker):
            wait_for_web(site, web)
            phones.say(phones.create_phone(profile_name="Ana", wa_id="595981000001"), "menu")
            deliver_due(timezone.now(), site.address)
            assert meta.asked.wait(timeout=20)
            os.kill(pid_of(worker), number)
            assert worker.is_alive
            assert OutboundMessage.objects.get().status == Sent.SENDING
            meta.let_go.set()
            until(lambda: not worker.is_alive, seconds=25, told="the worker ends by itself")
    assert worker._child is not None
    assert worker._child.returncode == 0
    assert OutboundMessage.objects.get().status not in {Sent.QUEUED, Sent.SENDING, Sent.FAILED}


def listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


@pytest.mark.postgres
def test_a_web_process_that_is_asked_to_stop_answers_what_it_has_taken(tmp_path: Path) -> None:
    site = Site(tmp_path, queue_url=f"sqlite:///{tmp_path}/queue.sqlite3")
    web = site.web()
    phones.say(phones.create_phone(profile_name="Ana", wa_id="595981000001"), "menu")
    raw = WebhookDelivery.objects.get().payload.encode()
    answers: list[int] = []

    def post() -> None:
        headers = {"X-Hub-Signature-256": signature(raw)}
        answers.append(
            requests.post(f"{site.address}/whatsapp/webhook/", raw, headers=headers, timeout=30).status_code
        )

    with running(web):
        wait_for_web(site, web)
        caller = threading.Thread(target=post)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {InboundEvent._meta.db_table} IN EXCLUSIVE MODE")
            caller.start()
            until(a_request_waits, seconds=10, told="the webhook waits for the lock")
            os.kill(pid_of(web), signal.SIGTERM)
            until(lambda: not listens(site.port), seconds=10, told="no new request is taken")
            assert web.is_alive
        caller.join(timeout=20)
        until(lambda: not web.is_alive, seconds=15, told="the web process ends by itself")
    assert answers == [200]
    assert InboundEvent.objects.count() == 1


def a_request_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
