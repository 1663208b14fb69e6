"""`manage.py submit_templates`: once, again, and when Meta says no."""

from __future__ import annotations

from collections import deque
from pathlib import Path

import pytest
from django.core.management import CommandError
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.whatsapp.graph import HANG_UP, Answer, Graph
from tests.whatsapp.meta import NOW, Json
from tests.whatsapp.wordings import NAME, PATH, at_meta, meta_lists, paid, row, run
from whatsapp import account_notices, cloud_api, inbox
from whatsapp.models import MessageTemplate
from whatsapp.simulator.courier import deliver_due
from whatsapp.simulator.template_review import reason_to_reject
from whatsapp.templates import syncing
from whatsapp.templates.catalogue import Definition, definitions

pytestmark = pytest.mark.django_db(transaction=True)

ALL = list(definitions())
PENDING = Answer.json({"id": "1", "status": "PENDING", "category": "UTILITY"})


def asked(graph: Graph, method: str) -> list[Json]:
    return [each.body for each in graph.asked if each.method == method]


def test_what_meta_lacks_is_submitted_as_meta_wants_it(graph: Graph) -> None:
    meta_lists(graph, *(at_meta(each) for each in ALL if each != paid()))
    graph.will_answer(PENDING)
    assert "PENDING" in run()
    (sent,) = asked(graph, "POST")
    assert (sent["name"], sent["language"], sent["category"]) == (NAME, "es", "UTILITY")
    assert sent["parameter_format"] == "NAMED"
    assert sent["components"][0]["text"] == paid().body
    named = sent["components"][0]["example"]["body_text_named_params"]
    assert [each["param_name"] for each in named] == paid().parameters
    assert (row().status, row().meta_id, row().body) == ("PENDING", "1", paid().body)


@pytest.mark.parametrize("ours", ALL, ids=lambda ours: f"{ours.name}-{ours.language}")
def test_the_review_as_we_know_it_approves_each_wording(ours: Definition) -> None:
    request = ours.request()
    assert reason_to_reject(request["name"], request["category"], request["components"]) == ""


def test_run_again_it_submits_nothing_and_says_the_same(graph: Graph) -> None:
    meta_lists(graph, *(at_meta(each) for each in ALL))
    first, second = run(), run()
    assert asked(graph, "POST") == []
    assert f"{len(ALL)} changed" in first
    assert second == first.replace(f"{len(ALL)} changed", "0 changed")


def test_a_dry_run_shows_what_would_be_submitted_and_changes_nothing(graph: Graph) -> None:
    meta_lists(graph, at_meta(paid()))
    told = run("--dry-run")
    assert told.count("would be submitted") == len(ALL) - 1
    assert asked(graph, "POST") == []
    assert not MessageTemplate.objects.exists()


def test_a_sync_submits_nothing(graph: Graph) -> None:
    more = {"rejected_reason": "INVALID_FORMAT", "quality_score": {"score": "YELLOW"}}
    meta_lists(graph, at_meta(paid(), "REJECTED", **more))
    run("--sync-only")
    assert asked(graph, "POST") == []
    assert (row().status, row().reason, row().quality) == ("REJECTED", "INVALID_FORMAT", "YELLOW")


def test_every_page_of_the_list_is_read(graph: Graph) -> None:
    paging = {"cursors": {"after": "abc"}, "next": "https://elsewhere.example/next?access_token=secret"}
    first = Answer.json({"data": [at_meta(paid())], "paging": paging})
    second = Answer.json({"data": [at_meta(ALL[1]), "odd", {"name": 7}], "paging": {"cursors": {}}})
    graph.gets[PATH] = deque([first, second])
    run("--sync-only")
    assert MessageTemplate.objects.count() == 2
    assert ["after=abc" in each.path for each in graph.asked] == [False, True]


def test_templates_of_other_products_are_left_alone(graph: Graph) -> None:
    meta_lists(graph, {"name": "hello_world", "language": "en_US", "status": "APPROVED"})
    run("--sync-only")
    assert not MessageTemplate.objects.exists()


def test_what_meta_no_longer_lists_is_gone_and_is_submitted_anew(graph: Graph) -> None:
    meta_lists(graph, *(at_meta(each) for each in ALL))
    run()
    meta_lists(graph, *(at_meta(each) for each in ALL if each != paid()))
    run("--sync-only")
    assert row().status == "GONE"
    graph.will_answer(PENDING)
    run()
    assert row().status == "PENDING"


def test_a_refused_wording_is_named_with_code_and_details_and_the_others_go_on(graph: Graph) -> None:
    meta_lists(graph, *(at_meta(each) for each in ALL[2:]))
    graph.will_answer(Answer.refusal(100, details="blocked for 30 days"), PENDING)
    with pytest.raises(CommandError) as told:
        run()
    assert str(told.value) == f"{NAME} (es) was not taken: code 100: blocked for 30 days"
    assert (row().status, row().reason) == ("DRAFT", "100: blocked for 30 days")
    assert len(asked(graph, "POST")) == 2
    assert MessageTemplate.objects.get(name=NAME, language="pt_BR").status == "PENDING"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer.refusal(190, status=401, details="expired"), "was not taken: code 190: expired"),
        (HANG_UP, "no answer (ConnectionError); run this again"),
        (Answer(502), "no answer (HTTP 502); run this again"),
    ],
)
def test_a_failure_of_account_or_network_ends_the_run_in_one_line(
    graph: Graph, answer: Answer, words: str
) -> None:
    meta_lists(graph)
    graph.will_answer(answer)
    with pytest.raises(CommandError) as told:
        run()
    assert words in str(told.value)
    assert "\n" not in str(told.value)
    assert len(asked(graph, "POST")) == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer.refusal(190, status=401, details="expired"), "code 190: expired"),
        (Answer(404), "no answer (HTTP 404)"),
        (Answer(500), "no answer (HTTP 500)"),
    ],
)
def test_a_list_that_does_not_come_changes_nothing(graph: Graph, answer: Answer, words: str) -> None:
    meta_lists(graph, at_meta(paid()))
    run("--sync-only")
    graph.gets[PATH] = deque([answer])
    with pytest.raises(CommandError, match="Meta did not list the templates") as told:
        run()
    assert words in str(told.value)
    assert row().status == "APPROVED"


@pytest.mark.parametrize(("is_guarded", "status"), [(True, "APPROVED"), (False, "PENDING")])
def test_a_verdict_that_overtakes_the_answer_stays(
    monkeypatch: pytest.MonkeyPatch, is_guarded: bool, status: str
) -> None:
    """Without the guard, a row that counts as a draft still, the older answer would win."""

    def approved_before_the_answer(_definition: Json) -> Json:
        told = {"message_template_name": NAME, "message_template_language": "es", "event": "APPROVED"}
        account_notices.hear("message_template_status_update", {"value": told}, now=NOW)
        if not is_guarded:
            MessageTemplate.objects.update(status="DRAFT")
        return {"id": "1", "status": "PENDING", "category": "UTILITY"}

    monkeypatch.setattr(cloud_api, "create_template", approved_before_the_answer)
    assert syncing.submit(paid(), now=NOW).status == status
    assert row().meta_id == "1"


def test_without_a_token_nothing_is_asked(graph: Graph, settings: Settings) -> None:
    settings.WHATSAPP_ACCESS_TOKEN = ""
    with pytest.raises(CommandError, match="WHATSAPP_ACCESS_TOKEN is missing"):
        run()
    assert graph.asked == []


def test_a_text_changed_on_one_side_and_another_category_are_remarked(graph: Graph) -> None:
    components = [{"type": "BODY", "text": "Otro {{code}} texto"}]
    meta_lists(graph, at_meta(paid(), category="MARKETING", components=components))
    told = run("--sync-only")
    assert "text differs from ours: raise the version" in told
    assert "not UTILITY" in told


def test_a_state_that_is_not_known_keeps_the_wording_from_being_used(graph: Graph) -> None:
    meta_lists(graph, at_meta(paid(), "FROZEN"))
    run("--sync-only")
    assert (row().status, row().reason) == ("PENDING", "FROZEN")


def test_the_document_is_written_only_where_it_has_its_mark(tmp_path: Path, settings: Settings) -> None:
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match="could not be written"):
        run("--write-docs")
    (tmp_path / "docs").mkdir()
    document = tmp_path / "docs/templates.md"
    document.write_text("# Templates\n")
    with pytest.raises(CommandError, match="lacks the line"):
        run("--write-docs")
    assert document.read_text() == "# Templates\n"


def test_all_are_submitted_reviewed_and_approved_by_webhook(
    live_server: LiveServer, settings: Settings
) -> None:
    settings.WHATSAPP_GRAPH_URL = f"{live_server.url}/simulator/graph"
    run()
    assert set(MessageTemplate.objects.values_list("status", flat=True)) == {"PENDING"}
    deliver_due(NOW, base_url=live_server.url)
    inbox.drain(now=NOW)
    assert MessageTemplate.objects.filter(status="APPROVED").count() == len(ALL)
    assert "0 changed" in run()
