"""What goes wrong with a send, an account and a file, as the business sees it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.conf import LazySettings
from pytest_django.live_server_helper import LiveServer

from tests.simulator.conftest import NOW, PHONE_ID, TOKEN, Json, Receiver
from whatsapp.simulator import fault_plan, faults, journal, phones
from whatsapp.simulator.codes import CODES, RATE_LIMITS
from whatsapp.simulator.models import ChatMessage, JournalEntry, Phone

Call = Callable[..., Any]
TEXT = {"type": "text", "text": {"body": "hi"}, "biz_opaque_callback_data": "outbox:1"}


@pytest.fixture(autouse=True)
def _quiet(request: pytest.FixtureRequest) -> Iterator[None]:
    """A live server sees rows of real transactions only."""
    request.getfixturevalue("transactional_db" if "line" in request.fixturenames else "db")
    faults.clear()
    yield
    fault_plan.forget()


@dataclass(frozen=True)
class Line:
    """A real socket to the simulator."""

    url: str

    def post(self, body: Json) -> requests.Response:
        return requests.post(
            f"{self.url}/simulator/graph/v25.0/{PHONE_ID}/messages",
            json={"messaging_product": "whatsapp", "to": "+595981000001", **body},
            headers={"Authorization": f"Bearer {TOKEN}"},
            timeout=5,
        )

    def get(self, url: str) -> requests.Response:
        return requests.get(url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=5)


@pytest.fixture
def line(live_server: LiveServer) -> Line:
    return Line(str(live_server.url))


def code_of(answer: Any) -> int:
    return int(answer.json()["error"]["code"])


def arrives_whole(ask: Callable[[], requests.Response]) -> bool:
    try:
        return ask().json()["messages"] is not None
    except (requests.RequestException, ValueError, KeyError):
        return False


def test_a_lost_answer_breaks_on_the_line_and_the_message_is_accepted(line: Line, ana: Phone) -> None:
    faults.next_time("answer_lost")

    assert not arrives_whole(lambda: line.post(TEXT))

    assert [sent.words for sent in journal.accepted()["outbox:1"]] == ["hi"]
    assert journal.texts_to(ana) == ["hi"]
    assert arrives_whole(lambda: line.post(TEXT))
    assert {key: len(sent) for key, sent in journal.doubles().items()} == {"outbox:1": 2}


def test_a_reset_line_leaves_nothing_accepted(line: Line, ana: Phone) -> None:
    faults.next_time("connection_reset")

    assert not arrives_whole(lambda: line.post(TEXT))

    assert journal.accepted() == {}
    assert not ChatMessage.objects.filter(direction="out").exists()


def test_an_outage_is_told_by_a_proxy_without_an_error_body(send: Call, ana: Phone) -> None:
    faults.next_time("http_503")

    answer = send(**TEXT)

    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (503, "text/html")
    assert journal.accepted() == {}


def test_a_server_error_has_metas_error_body(send: Call, ana: Phone) -> None:
    faults.next_time("http_500")

    answer = send(**TEXT)

    assert (answer.status_code, code_of(answer)) == (500, 131000)


@pytest.mark.parametrize("code", RATE_LIMITS)
def test_a_rate_limit_comes_as_400_with_its_code(send: Call, ana: Phone, code: int) -> None:
    faults.next_time("http_429", code=code)

    answer = send(**TEXT)

    assert (answer.status_code, code_of(answer)) == (400, code)


def test_a_rate_limit_may_come_as_a_bare_429(send: Call, ana: Phone) -> None:
    faults.next_time("http_429")

    assert (send(**TEXT).status_code, send(**TEXT).status_code) == (429, 200)


def test_drawn_rate_limits_come_in_every_form(send: Call, ana: Phone) -> None:
    faults.arrange(2, http_429=1)

    seen = {send(**TEXT).status_code for _ in range(30)}

    assert seen == {400, 429}
    assert set(journal.refusals()) == set(RATE_LIMITS)


@pytest.mark.parametrize("code", CODES)
def test_every_code_can_be_answered_with_its_status(send: Call, ana: Phone, code: int) -> None:
    faults.next_time("error_answer", code=code)

    answer = send(**TEXT)

    assert (code_of(answer), answer.status_code) == (code, CODES[code][0])
    assert journal.accepted() == {}
    refused = JournalEntry.objects.get(kind="refused")
    assert refused.callback_data == "outbox:1"
    assert refused.detail["asked"]["text"] == {"body": "hi"}


@pytest.mark.parametrize("code", CODES)
def test_every_code_can_come_as_a_failed_status(
    send: Call, ana: Phone, receiver: Receiver, code: int
) -> None:
    receiver.collect()
    faults.next_time("error_status", code=code)

    assert send(**TEXT).status_code == 200

    (status,) = receiver.statuses()
    assert (status["status"], status["biz_opaque_callback_data"]) == ("failed", "outbox:1")
    assert [error["code"] for error in status["errors"]] == [code]
    assert journal.texts_to(ana) == []


def test_an_expired_token_stops_every_call_until_it_is_taken_back(
    send: Call, ana: Phone, client: Any
) -> None:
    faults.account_is("token_expired")

    answer = send(**TEXT)
    fields = client.get(f"/simulator/graph/v25.0/{PHONE_ID}", headers={"Authorization": f"Bearer {TOKEN}"})

    assert (answer.status_code, code_of(answer)) == (401, 190)
    assert (fields.status_code, code_of(fields)) == (401, 190)
    faults.account_is("")
    assert send(**TEXT).status_code == 200


def test_a_payment_problem_stops_messages_only(send: Call, ana: Phone) -> None:
    faults.account_is("billing")

    assert code_of(send(**TEXT)) == 131042
    read = {"status": "read", "message_id": ana.messages.get(direction="in").wamid}
    assert send(**read).json() == {"success": True}


def test_an_account_state_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="asleep"):
        faults.account_is("asleep")


def media_link(line: Line, phone: Phone, content: bytes) -> str:
    phones.send_media(phone, content, "image/png", now=NOW)
    media = phone.media.get()
    info = line.get(f"{line.url}/simulator/graph/v25.0/{media.media_id}")
    return str(info.json()["url"])


def test_a_files_link_is_dead_once(line: Line, ana: Phone) -> None:
    link = media_link(line, ana, b"\x89PNG" * 100)
    faults.next_time("media_link_dead")

    assert [line.get(link).status_code for _ in range(2)] == [404, 200]


def test_a_file_breaks_off_halfway(line: Line, ana: Phone) -> None:
    content = b"\x89PNG" * 10_000
    link = media_link(line, ana, content)
    faults.next_time("media_cut")

    try:
        got = line.get(link).content
    except requests.RequestException:
        got = b""

    assert len(got) < len(content)
    assert line.get(link).content == content


def test_a_file_trickles_in_whole(line: Line, ana: Phone, time_machine: Any) -> None:
    content = b"\x89PNG" * 10_000
    link = media_link(line, ana, content)
    faults.next_time("media_slow", seconds=0.2)

    answer = line.get(link)

    assert answer.content == content
    assert journal.faults() == {"media_slow": 1}


def test_one_player_gets_45_messages_at_once_and_then_one_in_six_seconds(
    send: Call, ana: Phone, time_machine: Any
) -> None:
    faults.limits(on=True)

    burst = [send(**TEXT).status_code for _ in range(46)]
    assert (burst.count(200), burst[-1]) == (45, 400)
    assert journal.refusals() == {131056: 1}

    time_machine.move_to(NOW + timedelta(seconds=5), tick=False)
    assert code_of(send(**TEXT)) == 131056
    time_machine.move_to(NOW + timedelta(seconds=6), tick=False)
    assert [send(**TEXT).status_code for _ in range(2)] == [200, 400]


def test_a_number_passes_80_messages_a_second_in_and_out_together(
    send: Call, ana: Phone, time_machine: Any
) -> None:
    for number in range(8):
        phones.say(phones.phone_for(f"5959820000{number:02d}", now=NOW), "hola", now=NOW)
    faults.limits(on=True)
    for _ in range(20):
        phones.say(ana, "hola", now=NOW)

    answers = [send(**TEXT, to=f"+5959820000{n % 8:02d}") for n in range(61)]

    assert [answer.status_code for answer in answers] == [200] * 60 + [400]
    assert code_of(answers[-1]) == 130429
    time_machine.move_to(NOW + timedelta(seconds=1), tick=False)
    assert send(**TEXT, to="+595982000001").status_code == 200


def test_nothing_is_paced_while_the_limits_are_off(send: Call, ana: Phone) -> None:
    assert {send(**TEXT).status_code for _ in range(100)} == {200}


def test_two_addresses_of_one_player_share_the_limit(send: Call, ana: Phone) -> None:
    faults.limits(on=True)
    for _ in range(45):
        send(**TEXT)

    assert code_of(send(**TEXT, recipient=ana.bsuid)) == 131056


def test_switching_the_limits_on_is_no_arrangement(settings: LazySettings) -> None:
    faults.arrange(3, duplicate=0.5)

    faults.limits(on=True)

    assert dict(fault_plan.current().rates) == {"duplicate": 0.5}
