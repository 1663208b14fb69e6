"""What Meta decides about a wording is on its row at once, and what it stops is used no more."""

from __future__ import annotations

import pytest

from raffles.desk.models import StaffNotification
from tests.whatsapp.chat import make_sent
from tests.whatsapp.meta import NOW, Json
from whatsapp import account_notices
from whatsapp.models import MessageTemplate, OutboundMessage
from whatsapp.templates.catalogue import definition_of

pytestmark = pytest.mark.django_db

NAME = "raffle_order_paid_v1"
OF_TEMPLATE: Json = {
    "message_template_id": 990011,
    "message_template_name": NAME,
    "message_template_language": "es",
}


def about_template(field: str, **told: object) -> bool:
    payload = {"field": field, "value": OF_TEMPLATE | told}
    return account_notices.hear(field, payload, now=NOW)


def a_template(status: str = "APPROVED", language: str = "es") -> MessageTemplate:
    ours = definition_of(NAME, language)
    assert ours is not None
    return MessageTemplate.objects.create(
        key=ours.key,
        name=ours.name,
        language=language,
        status=status,
        body=ours.body,
        parameters=ours.parameters,
        category="UTILITY",
    )


def template() -> MessageTemplate:
    return MessageTemplate.objects.get(name=NAME, language="es")


def alerts() -> list[str]:
    found = StaffNotification.objects.filter(kind="TEMPLATE_NOTICE").order_by("pk")
    return list(found.values_list("text", flat=True))


@pytest.mark.parametrize(
    ("event", "status", "is_told"),
    [
        ("APPROVED", "APPROVED", False),
        ("REINSTATED", "APPROVED", False),
        ("PENDING", "PENDING", False),
        ("IN_APPEAL", "PENDING", False),
        ("REJECTED", "REJECTED", True),
        ("PAUSED", "PAUSED", True),
        ("DISABLED", "DISABLED", True),
        ("LOCKED", "DISABLED", True),
        ("LIMIT_EXCEEDED", "DISABLED", True),
        ("PENDING_DELETION", "GONE", True),
        ("DELETED", "GONE", True),
        ("ARCHIVED", "GONE", True),
    ],
)
@pytest.mark.parametrize("before", ["APPROVED", "PENDING", None])
def test_the_state_of_a_template_follows_meta(
    event: str, status: str, is_told: bool, before: str | None
) -> None:
    if before is not None:
        a_template(before)
    assert about_template("message_template_status_update", event=event, reason="NONE")
    assert (template().status, template().meta_id, template().reason) == (status, "990011", "")
    assert bool(alerts()) is is_told


def test_a_flagged_template_is_told_and_still_used() -> None:
    a_template()
    assert about_template("message_template_status_update", event="FLAGGED")
    assert template().status == "APPROVED"
    assert len(alerts()) == 1


def test_why_meta_refuses_a_template_is_kept() -> None:
    about_template("message_template_status_update", event="REJECTED", reason="INCORRECT_CATEGORY")
    assert template().reason == "INCORRECT_CATEGORY"
    assert "INCORRECT_CATEGORY" in alerts()[0]


def test_a_verdict_on_a_template_of_another_product_is_none_of_ours() -> None:
    other = OF_TEMPLATE | {"message_template_name": "hello_world"}
    payload = {"value": other | {"event": "PAUSED"}}
    assert not account_notices.hear("message_template_status_update", payload, now=NOW)
    assert not StaffNotification.objects.exists()


def test_what_waited_for_an_approval_leaves_with_it() -> None:
    waiting = make_sent(status="WAITING", template_key="order_paid", wamid=None, sent_at=None)
    another = make_sent(status="WAITING", template_key="order_expired", wamid=None, sent_at=None)
    a_template("PAUSED")
    about_template("message_template_status_update", event="REINSTATED")
    statuses = OutboundMessage.objects.order_by("pk").values_list("status", flat=True)
    assert [waiting.pk < another.pk, *statuses] == [True, "QUEUED", "WAITING"]


def test_a_score_is_kept_and_a_red_one_is_told() -> None:
    a_template()
    assert about_template("message_template_quality_update", new_quality_score="YELLOW")
    assert (template().quality, alerts()) == ("YELLOW", [])
    assert about_template("message_template_quality_update", new_quality_score="RED")
    assert (template().quality, len(alerts())) == ("RED", 1)


def test_a_text_changed_at_meta_is_taken_over_and_told() -> None:
    a_template()
    text = "Pedido {{code}} pagado, gracias."
    assert about_template("message_template_components_update", message_template_element=text)
    assert (template().body, template().parameters) == (text, ["code"])
    assert len(alerts()) == 1


def test_a_category_to_come_is_told_and_one_that_came_is_kept() -> None:
    a_template()
    told = {"correct_category": "MARKETING", "category_update_timestamp": 1795300000}
    assert about_template("template_category_update", **told)
    assert template().category == "UTILITY"
    assert "MARKETING" in alerts()[0]
    StaffNotification.objects.update(seen_at=NOW)
    assert about_template("template_category_update", previous_category="UTILITY", new_category="MARKETING")
    assert template().category == "MARKETING"
    assert len(alerts()) == 2
