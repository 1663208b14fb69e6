"""Inside the window words, outside it an approved template, and where there is none a message that waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from raffles.numbers.models import Raffle
from tests.whatsapp.chat import make_contact
from tests.whatsapp.graph import Answer, Graph
from tests.whatsapp.meta import ANA, NOW, Json, body, receive, said, status, statuses, value, words
from whatsapp import outbox, switch, templates
from whatsapp.messages import Button, Buttons, TemplateCall, Text
from whatsapp.models import BusinessNumber, Contact, MessageTemplate, OutboundMessage
from whatsapp.templates.catalogue import definitions

VALUES = {"code": "K7M2XQ", "title": "Moto", "numbers": "05, 12", "draw": "sábado, 20:00"}
EXPIRED = {"code": "K7M2XQ", "title": "Moto", "numbers": "05, 12"}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def approved(transactional_db: None) -> None:
    rows = [
        MessageTemplate(
            key=each.key,
            name=each.name,
            language=each.language,
            status="APPROVED",
            category="UTILITY",
            body=each.body,
            parameters=each.parameters,
        )
        for each in definitions()
    ]
    MessageTemplate.objects.bulk_create(rows)


def ana(hours_silent: int, language: str = "es") -> Contact:
    contact = make_contact(ANA, last_inbound_at=NOW - timedelta(hours=hours_silent))
    contact.player.language = language
    contact.player.save()
    return contact


def queue_paid(contact: Contact, **values: str) -> OutboundMessage:
    call = TemplateCall("order_paid", VALUES | values)
    outbox.queue(contact, Text("¡Pago confirmado!"), dedupe_key="order:1:paid", now=NOW, template=call)
    return OutboundMessage.objects.get(dedupe_key="order:1:paid")


def row() -> OutboundMessage:
    return OutboundMessage.objects.get(dedupe_key="order:1:paid")


def shown(sent: Json) -> dict[str, str]:
    (component,) = [part for part in sent["template"]["components"] if part["type"] == "body"]
    return {each["parameter_name"]: each["text"] for each in component["parameters"]}


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize(("hours", "kind"), [(23, "text"), (25, "template")])
def test_after_25_hours_a_template_leaves_and_after_23_the_words(graph: Graph, hours: int, kind: str) -> None:
    queue_paid(ana(hours))
    outbox.flush(now=NOW)
    assert [sent["type"] for sent in graph.sent] == [kind]
    assert row().status == "SENT"


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize(("language", "code"), [("es", "es"), ("pt-br", "pt_BR"), ("en", "en"), ("xx", "es")])
def test_the_template_is_in_the_language_of_the_player(graph: Graph, language: str, code: str) -> None:
    queue_paid(ana(25, language))
    outbox.flush(now=NOW)
    (sent,) = graph.sent
    assert sent["template"]["name"] == "raffle_order_paid_v1"
    assert sent["template"]["language"] == {"code": code}
    assert shown(sent) == VALUES


def test_without_a_template_the_notice_waits_visibly_and_leaves_with_the_next_message(
    graph: Graph, moto: Raffle
) -> None:
    queue_paid(ana(25))
    outbox.flush(now=NOW)
    assert (graph.sent, row().status) == ([], "WAITING")
    receive(said(ANA, words("hola")))
    outbox.flush(now=NOW)
    assert graph.sent_words[0] == "¡Pago confirmado!"
    assert row().status == "SENT"


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize("state", ["DRAFT", "PENDING", "REJECTED", "PAUSED", "DISABLED", "GONE"])
def test_only_an_approved_template_is_used(graph: Graph, state: str) -> None:
    MessageTemplate.objects.filter(key="order_paid", language="es").update(status=state)
    queue_paid(ana(25))
    outbox.flush(now=NOW)
    assert (graph.sent, row().status) == ([], "WAITING")


@pytest.mark.usefixtures("approved")
def test_another_language_does_not_stand_in(graph: Graph) -> None:
    MessageTemplate.objects.filter(language="es").delete()
    queue_paid(ana(25))
    outbox.flush(now=NOW)
    assert row().status == "WAITING"


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize(
    ("newer", "name"), [("APPROVED", "raffle_order_paid_v2"), ("PENDING", "raffle_order_paid_v1")]
)
def test_the_newest_approved_version_is_used(graph: Graph, newer: str, name: str) -> None:
    MessageTemplate.objects.create(
        key="order_paid",
        name="raffle_order_paid_v2",
        language="es",
        status=newer,
        body="Sí, {{code}} pagado.",
    )
    queue_paid(ana(25))
    outbox.flush(now=NOW)
    assert graph.sent[0]["template"]["name"] == name


@pytest.mark.usefixtures("approved")
def test_a_text_that_asks_for_a_value_nobody_gives_is_not_used(graph: Graph) -> None:
    text = "Hola {{name}}, el pedido {{code}} está pagado."
    MessageTemplate.objects.filter(key="order_paid", language="es").update(body=text)
    queue_paid(ana(25))
    outbox.flush(now=NOW)
    assert row().status == "WAITING"


@pytest.mark.usefixtures("approved")
def test_while_templates_are_paused_notices_wait(graph: Graph) -> None:
    BusinessNumber.objects.filter(pk=switch.number().pk).update(templates_paused_at=NOW)
    queue_paid(ana(25))
    outbox.flush(now=NOW)
    assert row().status == "WAITING"


@pytest.mark.usefixtures("approved")
def test_values_leave_as_meta_takes_them(graph: Graph) -> None:
    queue_paid(ana(25), title="Moto\n\t0     km", draw="", numbers="7, " * 900)
    outbox.flush(now=NOW)
    values = shown(graph.sent[0])
    assert (values["title"], values["draw"]) == ("Moto 0 km", "–")
    assert len(values["numbers"]) < 1024


@pytest.mark.usefixtures("approved")
def test_the_buttons_of_a_template_answer_with_the_ids_of_the_bubble(graph: Graph) -> None:
    again, menu = Button("open:MOTO:0", "Elegir de nuevo"), Button("menu::0", "Menú")
    call = TemplateCall("order_expired", EXPIRED)
    outbox.queue(ana(25), Buttons("x", (again, menu)), dedupe_key="k", now=NOW, template=call)
    outbox.flush(now=NOW)
    buttons = [part for part in graph.sent[0]["template"]["components"] if part["type"] == "button"]
    assert [(each["index"], each["parameters"][0]["payload"]) for each in buttons] == [
        ("0", "open:MOTO:0"),
        ("1", "menu::0"),
    ]


@pytest.mark.usefixtures("approved")
def test_what_was_sent_is_kept_as_the_player_read_it(graph: Graph) -> None:
    queue_paid(ana(25))
    outbox.flush(now=NOW)
    sent_as = row().sent_as
    assert sent_as is not None
    assert sent_as == {"type": "template", "template": graph.sent[0]["template"]}
    read = templates.words_read(sent_as)
    assert "*K7M2XQ* está pagado" in read
    assert "Sorteo: sábado, 20:00" in read


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize(("code", "state"), [(132001, "GONE"), (132015, "PAUSED"), (132016, "DISABLED")])
def test_a_template_that_meta_refuses_is_not_tried_again(graph: Graph, code: int, state: str) -> None:
    graph.will_answer(Answer.refusal(code))
    contact = ana(25)
    queue_paid(contact)
    outbox.flush(now=NOW)
    known = MessageTemplate.objects.get(key="order_paid", language="es")
    assert (known.status, known.reason) == (state, f"code {code}")
    assert row().status == "WAITING"
    call = TemplateCall("order_paid", VALUES)
    outbox.queue(contact, Text("otro"), dedupe_key="order:2:paid", now=NOW, template=call)
    outbox.flush(now=NOW)
    assert len(graph.sent) == 1


@pytest.mark.usefixtures("approved")
def test_a_template_refused_by_a_late_status_is_marked_too(graph: Graph) -> None:
    queue_paid(ana(25))
    outbox.flush(now=NOW)
    wamid = row().wamid
    assert wamid is not None
    receive(statuses(status(wamid, "failed", errors=[{"code": 132015, "title": "paused"}])))
    assert MessageTemplate.objects.get(key="order_paid", language="es").status == "PAUSED"
    assert row().status == "WAITING"


def test_the_refused_version_is_marked_and_no_other(transactional_db: None) -> None:
    for version in (1, 2):
        MessageTemplate.objects.create(
            key="order_paid", name=f"raffle_order_paid_v{version}", language="es", status="APPROVED", body="x"
        )
    assert templates.mark_unusable("order_paid", "es", 132015, NOW, name="raffle_order_paid_v1")
    states = MessageTemplate.objects.order_by("pk").values_list("status", flat=True)
    assert list(states) == ["PAUSED", "APPROVED"]


@pytest.mark.usefixtures("approved")
def test_a_reinstated_template_takes_along_what_waited(graph: Graph) -> None:
    MessageTemplate.objects.filter(key="order_paid", language="es").update(status="PAUSED")
    queue_paid(ana(25))
    outbox.flush(now=NOW)
    told = {
        "event": "REINSTATED",
        "message_template_name": "raffle_order_paid_v1",
        "message_template_language": "es",
    }
    receive(body(value() | told, field="message_template_status_update"))
    outbox.flush(now=NOW)
    assert [sent["type"] for sent in graph.sent] == ["template"]
    assert row().status == "SENT"
