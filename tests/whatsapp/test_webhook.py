from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from huey import SqliteHuey
from pytest_django import Settings

from tests.whatsapp.meta import (
    ANA,
    NOW,
    NUMBER_ID,
    OLD_SECRET,
    URL,
    Person,
    body,
    message,
    post,
    said,
    signature,
    value,
    words,
)
from whatsapp import inbox
from whatsapp.inbox import answering, nudges
from whatsapp.models import Contact, InboundEvent, OutboundMessage
from whatsapp.webhook import is_signed

WITHOUT_SLASH = "/whatsapp/webhook"
TOKEN = "test-verify-token"
HELLO = said(ANA, words("hola"))
RAW = json.dumps(HELLO).encode()


def handshake(client: Client, url: str = URL, **query: str) -> Any:
    given = {"hub.mode": "subscribe", "hub.verify_token": TOKEN, "hub.challenge": "1158201444"}
    given |= {f"hub.{name}": text for name, text in query.items()}
    return client.get(url, {name: text for name, text in given.items() if text != "(missing)"})


@pytest.mark.parametrize("url", [URL, WITHOUT_SLASH])
def test_the_right_token_gets_the_challenge_back_word_for_word(client: Client, url: str) -> None:
    answer = handshake(client, url)
    assert (answer.status_code, answer.content) == (200, b"1158201444")


def test_a_challenge_of_markup_comes_back_as_plain_text(client: Client) -> None:
    answer = handshake(client, challenge="<script>alert(1)</script>")
    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "query",
    [
        {"verify_token": "wrong"},
        {"verify_token": ""},
        {"verify_token": "(missing)"},
        {"verify_token": "test-verify-tokén"},
        {"verify_token": TOKEN + " "},
        {"mode": "unsubscribe"},
        {"mode": "(missing)"},
    ],
)
def test_any_other_handshake_is_forbidden(client: Client, query: dict[str, str]) -> None:
    answer = handshake(client, **query)
    assert answer.status_code == 403
    assert b"1158201444" not in answer.content


@pytest.mark.parametrize("given", ["", "(missing)", "anything"])
def test_an_empty_configured_token_matches_nothing(client: Client, settings: Settings, given: str) -> None:
    settings.WHATSAPP_VERIFY_TOKEN = ""
    assert handshake(client, verify_token=given).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("url", [URL, WITHOUT_SLASH])
def test_a_signed_message_is_stored_and_answered_without_a_redirect(client: Client, url: str) -> None:
    assert post(client, HELLO, url=url).status_code == 200
    assert InboundEvent.objects.get().status == "NEW"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "header",
    [
        "",
        signature(RAW).removeprefix("sha256="),
        signature(RAW).replace("sha256=", "sha1="),
        signature(RAW)[:-1],
        signature(RAW, "somebody else's secret"),
        signature(RAW + b" "),
        signature(b""),
        "sha256=",
        "sha256=ñandú" + "0" * 58,
        "sha256=" + "０" * 64,
    ],
)
def test_a_wrong_signature_is_forbidden_and_nothing_is_stored(client: Client, header: str) -> None:
    assert post(client, RAW, header=header).status_code == 403
    assert not InboundEvent.objects.exists()


@pytest.mark.django_db
def test_a_missing_signature_is_forbidden(client: Client) -> None:
    assert client.post(URL, RAW, content_type="application/json").status_code == 403
    assert not InboundEvent.objects.exists()


@pytest.mark.django_db
def test_one_altered_byte_is_forbidden(client: Client) -> None:
    altered = RAW.replace(b"hola", b"hole")
    assert post(client, altered, header=signature(RAW)).status_code == 403


@pytest.mark.django_db
def test_the_old_secret_is_accepted_while_secrets_rotate(client: Client) -> None:
    assert post(client, RAW, header=signature(RAW, OLD_SECRET)).status_code == 200


@pytest.mark.django_db
def test_the_signature_covers_the_bytes_as_they_came(client: Client) -> None:
    """Meta escapes accents and slashes; read and written again they would be other bytes."""
    raw = json.dumps(said(ANA, words("¿cuánto? 1/2 🙂")), ensure_ascii=True).replace("/", "\\/").encode()
    assert post(client, raw).status_code == 200
    stored = InboundEvent.objects.get().payload
    assert stored["message"]["text"]["body"] == "¿cuánto? 1/2 🙂"


@pytest.mark.django_db
@pytest.mark.parametrize("secrets", [[], [""], ["", ""]])
def test_without_a_secret_nobody_is_let_in(client: Client, settings: Settings, secrets: list[str]) -> None:
    settings.WHATSAPP_APP_SECRETS = secrets
    assert post(client, RAW, header=signature(RAW, "")).status_code == 403
    assert not is_signed(b"", "sha256=", secrets)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_only_get_and_post_are_heard(client: Client, method: str) -> None:
    assert getattr(client, method)(URL).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("raw", [RAW[:-20], b"", b"hello", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 5_000])
def test_what_is_signed_but_no_json_is_a_bad_request(client: Client, raw: bytes) -> None:
    assert post(client, raw).status_code == 400
    assert not InboundEvent.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "odd", [[], 5, "text", None, {}, {"entry": 5}, {"entry": [1, None, {"changes": "x"}]}]
)
def test_json_of_another_shape_is_accepted(client: Client, odd: object) -> None:
    assert post(client, odd).status_code == 200


@pytest.mark.django_db
def test_three_megabytes_are_stored_whole(client: Client) -> None:
    posted = said(ANA, *(words("x" * 3_000) for _ in range(950)))
    assert len(json.dumps(posted)) > 2_900_000
    assert post(client, posted).status_code == 200
    assert InboundEvent.objects.count() == 950


def test_six_megabytes_are_too_large(client: Client) -> None:
    assert post(client, b" " * 6_000_000).status_code == 413


@pytest.mark.django_db
def test_a_thousand_events_in_one_post_need_one_insert(client: Client) -> None:
    posted = said(ANA, *(words(str(number)) for number in range(1_000)))
    with CaptureQueriesContext(connection) as queries:
        assert post(client, posted).status_code == 200
    assert InboundEvent.objects.count() == 1_000
    assert ["INSERT" in query["sql"] for query in queries] == [True]


@pytest.mark.django_db
def test_batches_of_several_entries_and_changes_are_stored_event_by_event(client: Client) -> None:
    one, two = said(ANA, words("a"), words("b")), said(Person("Beto", "595981000002", "PY.2"), words("c"))
    posted = {"object": "whatsapp_business_account", "entry": [*one["entry"], *two["entry"]]}
    posted["entry"][0]["changes"].append({"field": "account_alerts", "value": {"x": 1}})
    assert post(client, posted).status_code == 200
    assert sorted(InboundEvent.objects.values_list("kind", flat=True)) == ["MESSAGE"] * 3 + ["OTHER"]


@pytest.mark.django_db
def test_a_malformed_message_does_not_spoil_its_neighbours(client: Client) -> None:
    """The second of three is broken: the first and the third are answered."""
    broken = {"type": "text", "timestamp": ["?"], "text": "no id and no words"}
    first, third = message(ANA, words("hola")), message(ANA, words("rifas"))
    post(client, body(value(first, broken, third, contacts=[ANA.card])))
    inbox.drain(now=NOW)
    assert OutboundMessage.objects.count() == 2
    assert InboundEvent.objects.get(kind="OTHER").payload == {"malformed": broken}


@pytest.mark.django_db
def test_a_foreign_phone_number_id_is_kept_and_ignored(client: Client) -> None:
    assert post(client, body(value(message(ANA, words("hola")), number="999"))).status_code == 200
    inbox.drain(now=NOW)
    assert InboundEvent.objects.get().status == "IGNORED"
    assert not Contact.objects.exists()


@pytest.mark.django_db
def test_nul_lone_surrogates_and_numbers_that_are_none_can_be_stored(client: Client) -> None:
    raw = json.dumps(said(ANA, words("a\x00b\ud83d"))).replace(
        '"type"', '"odd": [NaN, Infinity, -1e999], "type"'
    )
    assert post(client, raw.encode()).status_code == 200
    stored = InboundEvent.objects.get().payload["message"]
    assert stored["text"]["body"] == "ab?"
    assert stored["odd"] == [None, None, None]


@pytest.mark.django_db
def test_deep_nesting_is_cut_and_the_message_is_read(client: Client) -> None:
    deep: Any = "core"
    for _ in range(200):
        deep = [deep]
    post(client, body(value(message(ANA, {**words("hola"), "odd": deep}), contacts=[ANA.card])))
    inbox.drain(now=NOW)
    assert InboundEvent.objects.get().status == "DONE"
    assert OutboundMessage.objects.count() == 1


@pytest.mark.django_db
def test_nothing_private_is_logged(
    client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def poisoned(**_: object) -> None:
        raise ValueError("secreto 595981000001 Ana")

    caplog.set_level("DEBUG")
    posted = said(Person(name="Anacleta"), words("mi secreto"))
    post(client, posted, header="sha256=0")
    post(client, json.dumps(posted).encode()[:-9])
    post(client, posted)
    monkeypatch.setattr(answering, "take_turn", poisoned)
    inbox.drain(now=NOW)
    told = "\n".join([caplog.text, *(str(record.__dict__) for record in caplog.records)])
    assert InboundEvent.objects.get().error == "ValueError"
    assert len(caplog.records) >= 3
    assert not [private for private in ("secreto", "595981000001", "Anacleta", ANA.bsuid) if private in told]


@pytest.mark.django_db(transaction=True)
def test_the_webhook_answers_while_graph_is_down_and_the_queue_is_broken(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.WHATSAPP_GRAPH_URL = "http://127.0.0.1:9"
    broken = SqliteHuey("broken", filename=str(tmp_path / "queue.sqlite3"), immediate=False)
    broken.storage.close()
    broken.storage.filename = str(tmp_path / "no such folder" / "queue.sqlite3")
    monkeypatch.setattr(nudges.drain_inbox, "huey", broken)
    assert post(client, HELLO).status_code == 200
    assert InboundEvent.objects.get().status == "NEW"
    assert inbox.drain(now=NOW) == 1


def test_the_test_settings_and_the_tests_agree_on_the_number(settings: Settings) -> None:
    assert settings.WHATSAPP_PHONE_NUMBER_ID == NUMBER_ID
