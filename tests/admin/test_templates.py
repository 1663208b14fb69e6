from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.admin.chats import make_contact, sent
from tests.admin.conftest import ClientOf
from tests.admin.pages import list_of, page_of, text, told
from tests.whatsapp.graph import Answer, Graph
from whatsapp.models import MessageTemplate
from whatsapp.templates.catalogue import definition_of

NAME = "raffle_order_paid_v1"
SYNC = "admin:whatsapp_messagetemplate_sync"


@pytest.fixture
def graph(settings: Settings) -> Iterator[Graph]:
    found = Graph()
    settings.WHATSAPP_GRAPH_URL = found.url
    yield found
    found.close()


def a_template(**columns: str) -> MessageTemplate:
    known = {"key": "order_paid", "name": NAME, "language": "es", "status": "APPROVED", "body": "{{code}}"}
    return MessageTemplate.objects.create(**(known | columns))


def meta_lists(graph: Graph, answer: Answer) -> None:
    graph.gets["/v25.0/200000000000002/message_templates"].append(answer)


@pytest.fixture(autouse=True)
def _empty_lists(request: pytest.FixtureRequest) -> None:
    if "graph" in request.fixturenames:
        graph = request.getfixturevalue("graph")
        graph.gets["/v25.0/200000000000002/message_templates"] = type(graph.sends)()


def test_staff_see_what_meta_made_of_each_template(desk: Client) -> None:
    row = a_template(status="PAUSED", category="MARKETING", quality="RED", reason="code 132015")
    for page in (text(desk.get(list_of(MessageTemplate))), text(desk.get(page_of(row)))):
        for word in (NAME, "paused by Meta", "MARKETING", "RED", "code 132015"):
            assert word in page


def test_a_text_that_differs_from_the_catalogue_is_marked(desk: Client) -> None:
    ours = definition_of(NAME, "es")
    assert ours is not None
    row = a_template()
    assert "not the text of this product" in text(desk.get(page_of(row)))
    MessageTemplate.objects.update(body=ours.body)
    assert "not the text of this product" not in text(desk.get(page_of(row)))


def test_nothing_is_typed_added_or_deleted(desk: Client) -> None:
    row = a_template()
    assert desk.get(page_of(row, "delete")).status_code == 403
    assert desk.get(reverse("admin:whatsapp_messagetemplate_add")).status_code == 403
    assert desk.post(page_of(row), {"body": "x"}).status_code == 403


def test_a_sync_takes_over_what_meta_lists(desk: Client, graph: Graph) -> None:
    a_template()
    meta_lists(graph, Answer.json({"data": [{"name": NAME, "language": "es", "status": "DISABLED"}]}))
    assert told(desk.post(reverse(SYNC), follow=True)) == "1 template changed"
    assert MessageTemplate.objects.get().status == "DISABLED"


def test_a_refused_sync_says_why_and_changes_nothing(desk: Client, graph: Graph) -> None:
    a_template()
    meta_lists(graph, Answer.refusal(190, status=401, details="expired"))
    assert told(desk.post(reverse(SYNC), follow=True)) == "Meta did not list the templates: 190: expired"
    assert MessageTemplate.objects.get().status == "APPROVED"


def test_only_who_may_sync_sees_the_button_and_can_press_it(client_of: ClientOf, graph: Graph) -> None:
    reader = client_of("whatsapp.view_messagetemplate")
    assert f'action="{reverse(SYNC)}"' not in text(reader.get(list_of(MessageTemplate)))
    assert reader.post(reverse(SYNC)).status_code == 403
    syncer = client_of("whatsapp.view_messagetemplate", "whatsapp.sync_templates", username="eva")
    assert f'action="{reverse(SYNC)}"' in text(syncer.get(list_of(MessageTemplate)))
    assert syncer.get(reverse(SYNC)).status_code == 405
    assert graph.asked == []


def test_a_message_that_left_as_a_template_is_shown_as_the_player_read_it(desk: Client) -> None:
    a_template(body="El pedido *{{code}}* está pagado, gracias.")
    sent_as = {
        "type": "template",
        "template": {
            "name": NAME,
            "language": {"code": "es"},
            "components": [
                {
                    "type": "body",
                    "parameters": [{"type": "text", "parameter_name": "code", "text": "K7M2XQ"}],
                }
            ],
        },
    }
    contact = make_contact()
    message = sent(contact, "¡Pago confirmado!", sent_as=sent_as)
    chat = text(desk.get(page_of(contact)))
    assert "El pedido <b>K7M2XQ</b> está pagado, gracias." in chat
    assert "¡Pago confirmado!" not in chat
    page = text(desk.get(page_of(message)))
    assert "El pedido *K7M2XQ* está pagado, gracias." in page
    assert "parameter_name" in page
