"""Once an hour: what a lost notice, or two that changed places, left behind on the row of a wording."""

from __future__ import annotations

from collections import deque
from typing import Any

import pytest
from pytest_django import Settings

from raffles.desk.models import StaffNotification
from tests.whatsapp.graph import Answer, Graph
from tests.whatsapp.meta import NOW
from tests.whatsapp.wordings import PATH, at_meta, meta_lists, paid, row, run
from whatsapp import account_notices, template_look
from whatsapp.models import MessageTemplate
from whatsapp.templates import mark_unusable

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def wording(graph: Graph) -> MessageTemplate:
    """Approved, and known to be."""
    meta_lists(graph, at_meta(paid()))
    run("--sync-only")
    graph.asked.clear()
    return row()


def alerts() -> list[str]:
    return list(StaffNotification.objects.filter(kind="TEMPLATE_NOTICE").values_list("text", flat=True))


def notice(event: str) -> None:
    told: dict[str, Any] = {"message_template_name": row().name, "message_template_language": "es"}
    payload = {"value": told | {"event": event}}
    assert account_notices.hear("message_template_status_update", payload, now=NOW)


def test_two_notices_that_changed_places_are_put_right(graph: Graph) -> None:
    notice("REINSTATED")
    notice("PAUSED")
    assert row().status == "PAUSED"
    meta_lists(graph, at_meta(paid()))
    template_look.look(now=NOW)
    assert row().status == "APPROVED"


@pytest.mark.parametrize("is_told", [False, True])
def test_what_may_not_be_used_any_more_is_one_piece_of_news(graph: Graph, is_told: bool) -> None:
    if is_told:
        notice("PAUSED")
    meta_lists(graph, at_meta(paid(), "PAUSED"))
    template_look.look(now=NOW)
    assert row().status == "PAUSED"
    (text,) = alerts()
    assert "PAUSED" in text
    meta_lists(graph, at_meta(paid(), "PAUSED"))
    template_look.look(now=NOW)
    assert len(alerts()) == 1


@pytest.mark.parametrize(("code", "is_lifted"), [(132012, False), (132000, False), (132015, True)])
def test_what_a_refusal_stopped_waits_for_a_person_unless_meta_stopped_it_too(
    graph: Graph, code: int, is_lifted: bool
) -> None:
    assert mark_unusable(row().key, "es", code, NOW)
    meta_lists(graph, at_meta(paid()))
    template_look.look(now=NOW)
    assert (row().status == "APPROVED") == is_lifted
    meta_lists(graph, at_meta(paid()))
    run("--sync-only")
    assert row().status == "APPROVED"


def test_an_empty_list_is_no_end(graph: Graph) -> None:
    meta_lists(graph)
    template_look.look(now=NOW)
    assert row().status == "GONE"
    meta_lists(graph, at_meta(paid()))
    template_look.look(now=NOW)
    assert row().status == "APPROVED"


def test_no_list_changes_nothing(graph: Graph, caplog: pytest.LogCaptureFixture) -> None:
    graph.gets[PATH] = deque([Answer.refusal(190, status=401)])
    template_look.look(now=NOW)
    assert (row().status, alerts()) == ("APPROVED", [])
    assert "code 190" in caplog.text


def test_who_has_submitted_nothing_asks_nothing(graph: Graph, settings: Settings) -> None:
    settings.WHATSAPP_ACCESS_TOKEN = ""
    template_look.look(now=NOW)
    settings.WHATSAPP_ACCESS_TOKEN = "token"
    MessageTemplate.objects.update(status="DRAFT")
    template_look.look(now=NOW)
    assert graph.asked == []
