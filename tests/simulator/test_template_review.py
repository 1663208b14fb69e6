"""Templates at Meta's desk: submitted, reviewed, told by webhook, listed page by page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.simulator.conftest import ACCOUNT_ID, NOW, TOKEN, Json, Receiver
from whatsapp.simulator import template_desk
from whatsapp.simulator.approved_templates import add_template
from whatsapp.simulator.models import Phone, Template
from whatsapp.simulator.template_review import reason_to_reject

pytestmark = pytest.mark.django_db
Call = Callable[..., Any]
PATH = f"{ACCOUNT_ID}/message_templates"
BODY: Json = {
    "type": "BODY",
    "text": "Your order {{1}} is paid. Your numbers are {{2}}, good luck.",
    "example": {"body_text": [["K7M2QX", "005"]]},
}


def wish(**changes: Any) -> Json:
    return {"name": "order_paid", "language": "es", "category": "UTILITY", "components": [BODY]} | changes


@pytest.fixture
def listed(client: Client) -> Callable[..., Json]:
    def ask(**query: Any) -> Json:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer: Json = client.get(f"/simulator/graph/v25.0/{PATH}", query, headers=headers).json()
        return answer

    return ask


def told(receiver: Receiver) -> list[Json]:
    changes = [post.body["entry"][0]["changes"][0] for post in receiver.collect()]
    return [change["value"] for change in changes if change["field"] == "message_template_status_update"]


def test_a_good_template_is_pending_and_then_approved_by_webhook(
    post: Call, receiver: Receiver, listed: Callable[..., Json]
) -> None:
    answer = post(PATH, wish()).json()

    assert answer["status"] == "PENDING"
    (news,) = told(receiver)
    assert (news["event"], news["reason"]) == ("APPROVED", "NONE")
    assert (news["message_template_name"], news["message_template_language"]) == ("order_paid", "es")
    assert str(news["message_template_id"]) == answer["id"]
    assert listed()["data"][0]["status"] == "APPROVED"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": "Order-Paid"}, "small letters"),
        ({"category": "FUN"}, "category"),
        ({"components": []}, "body is required"),
        ({"components": [{"type": "BODY", "text": " "}]}, "empty"),
        ({"components": [{"type": "BODY", "text": "x" * 1025}]}, "1024"),
        ({"components": [{**BODY, "text": "{{1}} is paid, and {{2}} are your numbers."}]}, "start or end"),
        ({"components": [{**BODY, "text": "Your order {{1}} is paid, your numbers: {{2}}"}]}, "start or end"),
        ({"components": [{**BODY, "example": {}}]}, "example"),
        ({"components": [{**BODY, "example": {"body_text": [["one"]]}}]}, "example"),
        ({"components": [{**BODY, "example": {"body_text": [["one", " "]]}}]}, "example"),
        ({"components": [{**BODY, "text": "Order {{1}} {{2}} ok."}]}, "too many"),
        (
            {"components": [{**BODY, "text": "Your order {{1}} is paid. Numbers: {{3}}, good luck."}]},
            "1, 2, 3",
        ),
        ({"components": [{**BODY, "text": "Your {{Order}} is paid and good luck."}]}, "badly named"),
        ({"components": [BODY, {"type": "HEADER", "format": "TEXT", "text": "x" * 61}]}, "60"),
        ({"components": [BODY, {"type": "FOOTER", "text": "{{1}} x"}]}, "footer"),
        ({"components": [BODY, {"type": "BUTTONS", "buttons": []}]}, "1 to 10"),
        ({"components": [BODY, {"type": "BUTTONS", "buttons": "x"}]}, "list"),
        (
            {
                "components": [
                    BODY,
                    {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "x" * 26}]},
                ]
            },
            "label",
        ),
        (
            {
                "components": [
                    BODY,
                    {
                        "type": "BUTTONS",
                        "buttons": [{"type": "URL", "text": "x", "url": "https://a.b/{{1}}"}],
                    },
                ]
            },
            "example",
        ),
    ],
)
def test_a_template_against_the_rules_is_rejected_with_the_reason(
    post: Call, receiver: Receiver, changes: Json, reason: str
) -> None:
    assert post(PATH, wish(**changes)).json()["status"] == "PENDING"

    (news,) = told(receiver)
    assert (news["event"], news["reason"]) == ("REJECTED", "INVALID_FORMAT")
    assert reason in news["rejection_info"]["reason"]


def test_named_variables_pass_with_an_example_each() -> None:
    part = {
        "type": "BODY",
        "text": "Your order {{code}} is paid, good luck.",
        "example": {"body_text_named_params": [{"param_name": "code", "example": "K7M2QX"}]},
    }

    assert reason_to_reject("a", "UTILITY", [part]) == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": 5},
        {"language": None},
        {"components": "x"},
        {"components": ["x"]},
        {"name": "x" * 513},
        {"category": "x" * 21},
    ],
)
def test_a_submission_without_its_parts_is_refused_at_once(post: Call, changes: Json) -> None:
    answer = post(PATH, wish(**changes))

    assert answer.status_code == 400
    assert not Template.objects.exists()


def test_a_name_is_taken_once_a_language(post: Call) -> None:
    post(PATH, wish())

    assert post(PATH, wish()).status_code == 400
    assert post(PATH, wish(language="pt_BR")).status_code == 200


def test_a_changed_template_is_reviewed_anew(post: Call, receiver: Receiver) -> None:
    template_id = post(PATH, wish(components=[{**BODY, "example": {}}])).json()["id"]

    assert post(template_id, {"components": [BODY]}).json() == {"success": True}

    assert [news["event"] for news in told(receiver)] == ["REJECTED", "APPROVED"]
    assert Template.objects.get().status == "APPROVED"


def test_the_list_comes_page_by_page(client: Client, listed: Callable[..., Json]) -> None:
    for number in range(5):
        add_template(name=f"t{number}", language="es", components=[BODY])

    first = listed(limit=2)
    second = client.get(first["paging"]["next"], headers={"Authorization": f"Bearer {TOKEN}"}).json()
    third = listed(limit=2, after=second["paging"]["cursors"]["after"])

    pages = [[row["name"] for row in page["data"]] for page in (first, second, third)]
    assert pages == [["t0", "t1"], ["t2", "t3"], ["t4"]]
    assert "next" not in third["paging"]
    assert listed(limit=2, after=third["paging"]["cursors"]["after"]) == {"data": []}


def test_the_list_is_filtered(listed: Callable[..., Json]) -> None:
    for name, language in (("paid", "es"), ("paid", "pt_BR"), ("unpaid", "es"), ("won", "es")):
        add_template(name=name, language=language, components=[BODY])

    found = listed(name="paid", language="es", status="APPROVED")["data"]

    assert [row["name"] for row in found] == ["paid", "unpaid"]


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "many"}, {"limit": "9999"}, {"after": "é"}])
def test_a_page_that_cannot_be_is_refused(listed: Callable[..., Json], query: Json) -> None:
    assert listed(**query)["error"]["code"] == 100


def test_a_template_is_deleted_with_all_its_languages(client: Client, post: Call) -> None:
    post(PATH, wish())
    post(PATH, wish(language="en"))
    headers = {"Authorization": f"Bearer {TOKEN}"}

    gone = client.delete(f"/simulator/graph/v25.0/{PATH}?name=order_paid", headers=headers)
    again = client.delete(f"/simulator/graph/v25.0/{PATH}?name=order_paid", headers=headers)

    assert (gone.json(), again.status_code) == ({"success": True}, 400)


@pytest.mark.parametrize(
    ("status", "code"), [("PAUSED", 132015), ("DISABLED", 132016), ("REJECTED", 132001), ("PENDING", 132001)]
)
def test_what_staff_at_meta_decide_by_hand_is_told_and_obeyed(
    send: Call, ana: Phone, receiver: Receiver, status: str, code: int
) -> None:
    found = add_template(name="hi", language="es", components=[{"type": "BODY", "text": "Hi"}])

    template_desk.decide(found, status, NOW)

    assert [news["event"] for news in told(receiver)] == [status]
    answer = send(type="template", template={"name": "hi", "language": {"code": "es"}})
    assert answer.json()["error"]["code"] == code


def test_a_template_cannot_become_what_meta_does_not_know(client: Client) -> None:
    found = add_template(name="hi", language="es", components=[BODY])
    address = reverse("simulator:template", args=[found.pk])

    for wrong in ({"status": "LOVED"}, {"category": "FUN"}):
        assert client.post(address, wrong, content_type="application/json").status_code == 400
    with pytest.raises(ValueError, match="LOVED"):
        template_desk.decide(found, "LOVED", NOW)


def test_a_new_category_is_told(client: Client, receiver: Receiver) -> None:
    found = add_template(name="hi", language="es", components=[BODY])
    address = reverse("simulator:template", args=[found.pk])

    client.post(address, {"category": "MARKETING"}, content_type="application/json")

    (post,) = receiver.collect()
    value = post.value
    assert (value["previous_category"], value["new_category"]) == ("UTILITY", "MARKETING")
