"""Signature, one INSERT, 200; and the same with one POST out, as a bot would do that thinks nothing."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from typing import Any

import requests
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.env import DEVELOPMENT
from tests.bench.bare.settings import GRAPH_URL

SECRET = DEVELOPMENT["WHATSAPP_APP_SECRET"].encode()
INSERT = "INSERT INTO bench_event (key, payload) VALUES (%s, %s) ON CONFLICT DO NOTHING"

_threads = threading.local()


def webhook(request: HttpRequest) -> HttpResponse:
    event = stored(request)
    return HttpResponse("forbidden", status=403) if event is None else accepted()


def echo(request: HttpRequest) -> HttpResponse:
    event = stored(request)
    if event is None:
        return HttpResponse("forbidden", status=403)
    for message in event.get("messages", []):
        answer(message["from_user_id"])
    return accepted()


def accepted() -> HttpResponse:
    return HttpResponse("ok", headers={"Content-Length": "2"})


def stored(request: HttpRequest) -> Any:
    raw = request.body
    digest = "sha256=" + hmac.new(SECRET, raw, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(digest, request.headers.get("X-Hub-Signature-256", "")):
        return None
    value = json.loads(raw)["entry"][0]["changes"][0]["value"]
    event = (value.get("messages") or value["statuses"])[0]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [f"{event['id']}:{event.get('status', '')}", raw.decode()])
    return value


def answer(recipient: str) -> None:
    line: requests.Session | None = getattr(_threads, "line", None)
    if line is None:
        line = _threads.line = requests.Session()
        line.trust_env = False
    body = {"recipient": recipient, "type": "text", "text": {"body": "ok"}}
    line.post(GRAPH_URL, json=body, timeout=10).raise_for_status()


urlpatterns = [path("whatsapp/webhook/", webhook), path("echo/", echo)]
