"""The wordings as Meta lists them, and the command that submits them."""

from __future__ import annotations

import io
from collections import deque
from typing import Any

from django.core.management import call_command

from tests.whatsapp.graph import Answer, Graph
from tests.whatsapp.meta import Json
from whatsapp.models import MessageTemplate
from whatsapp.templates.catalogue import Definition, definition_of

NAME = "raffle_order_paid_v1"
PATH = "/v25.0/200000000000002/message_templates"


def run(*options: str) -> str:
    told = io.StringIO()
    call_command("submit_templates", *options, stdout=told)
    return told.getvalue()


def at_meta(ours: Definition, status: str = "APPROVED", **more: Any) -> Json:
    listed = {"name": ours.name, "language": ours.language, "status": status, "category": "UTILITY"}
    return {"id": "7", "components": ours.request()["components"], **listed, **more}


def meta_lists(graph: Graph, *rows: Json) -> None:
    graph.gets[PATH] = deque([Answer.json({"data": list(rows)})])


def paid() -> Definition:
    found = definition_of(NAME, "es")
    assert found is not None
    return found


def row() -> MessageTemplate:
    return MessageTemplate.objects.get(name=NAME, language="es")
