from collections.abc import Callable
from typing import Any

import pytest

from tests.simulator.conftest import NOW, Json, Receiver
from whatsapp.simulator import phones
from whatsapp.simulator.approved_templates import add_template
from whatsapp.simulator.models import Phone

Call = Callable[..., Any]
pytestmark = pytest.mark.django_db


def template(language: str = "es", name: str = "paid", **given: Any) -> Json:
    return {"type": "template", "template": {"name": name, "language": {"code": language}, **given}}


def body_parameters(*parameters: Json) -> Json:
    return {"components": [{"type": "body", "parameters": [{"type": "text", **one} for one in parameters]}]}


@pytest.fixture(autouse=True)
def _paid_template(db: None) -> None:
    add_template(
        name="paid",
        language="es",
        components=[
            {"type": "BODY", "text": "Pagado: {{1}}, sorteo {{2}}."},
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Mis pedidos"}]},
        ],
    )


def test_a_template_goes_out_when_the_window_is_closed(send: Call, receiver: Receiver) -> None:
    phone = phones.create_phone(profile_name="Ana", wa_id="595981000001", now=NOW)

    answer = send(**template(**body_parameters({"text": "005"}, {"text": "1 de enero"})))

    assert answer.json()["messages"][0]["message_status"] == "accepted"
    (received,) = phones.inbox_of(phone)
    assert received.payload["shown"]["body"] == {"text": "Pagado: 005, sorteo 1 de enero."}
    assert {status["pricing"]["category"] for status in receiver.statuses()} == {"utility"}


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize(
    ("code", "status", "content"),
    [
        (132001, 404, template(name="unknown")),
        (132001, 404, template(language="es_PY")),
        (132000, 400, template()),
        (132000, 400, template(**body_parameters({"text": "005"}))),
        (132012, 400, template(**body_parameters({"text": "1", "parameter_name": "a"}, {"text": "2"}))),
        (132018, 400, template(**body_parameters({"text": "a\nb"}, {"text": "2"}))),
        (132018, 400, template(**body_parameters({"text": "a     b"}, {"text": "2"}))),
        (131008, 400, template(**body_parameters({"text": ""}, {"text": "2"}))),
        (132005, 400, template(**body_parameters({"text": "x" * 1020}, {"text": "2"}))),
    ],
)
def test_a_template_filled_wrongly_is_refused(send: Call, code: int, status: int, content: Json) -> None:
    answer = send(**content)

    assert (answer.json()["error"]["code"], answer.status_code) == (code, status)


def test_named_parameters_find_their_places_in_any_order(send: Call, ana: Phone) -> None:
    add_template(name="named", language="es", components=[{"type": "BODY", "text": "{{who}} y {{what}}"}])

    parameters = ({"text": "5", "parameter_name": "what"}, {"text": "Ana", "parameter_name": "who"})
    send(**template(name="named", **body_parameters(*parameters)))

    assert phones.inbox_of(ana)[0].payload["shown"]["body"] == {"text": "Ana y 5"}


def test_a_template_button_answers_as_a_button_message(send: Call, ana: Phone, receiver: Receiver) -> None:
    send(**template(**body_parameters({"text": "005"}, {"text": "x"})))
    receiver.collect()

    phones.tap(ana, None, "Mis pedidos", now=NOW)

    (message,) = receiver.messages()
    assert message["type"] == "button"
    assert message["button"] == {"payload": "Mis pedidos", "text": "Mis pedidos"}


def test_templates_can_be_created_and_listed_by_the_account(post: Call, client: Any) -> None:
    path = "200000000000002/message_templates"
    components = [{"type": "BODY", "text": "Hi"}]
    body = {"name": "a", "language": "en", "category": "UTILITY", "components": components}

    assert post(path, body).json()["status"] == "PENDING"

    headers = {"Authorization": "Bearer test-access-token"}
    listed = client.get(f"/simulator/graph/v25.0/{path}", headers=headers).json()["data"]
    assert [row["name"] for row in listed] == ["paid", "a"]


def test_metas_own_sample_template_is_always_there(send: Call, ana: Phone) -> None:
    assert send(**template(name="hello_world", language="en_US")).status_code == 200
