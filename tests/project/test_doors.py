from __future__ import annotations

import asyncio
import importlib
import re
import socket
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.management import get_commands, load_command_class
from django.test import Client

OURS = {"config", "whatsapp", "whatsapp.simulator", "raffles.sales", "raffles.numbers", "raffles.desk"} | {
    "raffles.hooks",
    "raffles.draws",
}
COMMANDS = sorted((name, str(app)) for name, app in get_commands().items() if app in OURS)


@pytest.mark.django_db(transaction=True)
def test_the_wsgi_door_answers_a_request() -> None:
    environ: dict[str, Any] = {"PATH_INFO": "/health/"}
    setup_testing_defaults(environ)
    statuses: list[str] = []
    application = importlib.import_module("config.wsgi").application
    body = b"".join(application(environ, lambda status, headers: statuses.append(status)))
    assert (statuses, body) == (["200 OK"], b"ok")


def test_the_asgi_door_answers_a_request() -> None:
    assert asyncio.run(status_through_asgi("/whatsapp/webhook/")) == 403


async def status_through_asgi(path: str) -> int:
    waiting = [{"type": "http.request", "body": b"", "more_body": False}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.Event().wait()  # the caller stays on the line
        return waiting.pop()

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"host", b"testserver")]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": headers}
    await importlib.import_module("config.asgi").application(scope, receive, send)
    return int(sent[0]["status"])


@pytest.mark.django_db
def test_a_form_without_its_csrf_token_is_refused() -> None:
    answer = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "ana", "password": "x"})
    assert answer.status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("en", "Nothing was done"), ("es", "No se hizo nada")])
def test_a_form_from_before_the_last_sign_in_says_what_to_do(language: str, words: str) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": language})
    assert words in client.post("/admin/sales/order/1/confirm/", {"amount": "1"}).content.decode()


def test_a_test_reaches_this_machine_only() -> None:
    with pytest.raises(UserWarning, match=r"tried to use socket\.socket\.connect"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_the_commands_of_the_product_are_found() -> None:
    wanted = {"chat", "compile_texts", "conversation_map", "create_admin", "demo", "demo_data", "doctor"} | {
        "worker"
    }
    assert wanted <= {name for name, _ in COMMANDS}


@pytest.mark.parametrize(("name", "app"), COMMANDS)
def test_every_command_explains_itself_with_an_example(
    name: str, app: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        load_command_class(app, name).run_from_argv(["manage.py", name, "--help"])
    assert end.value.code == 0
    assert re.search(rf"Examples?:.*manage\.py\s+{name}", capsys.readouterr().out, flags=re.DOTALL)
