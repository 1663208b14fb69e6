"""Our own copy of what players send: fetched by Meta's two steps, checked, and never from a foreign host."""

from __future__ import annotations

import base64
import hashlib
from collections import deque
from datetime import timedelta

import pytest
from django.db import transaction
from pytest_django import Settings

from raffles.desk.models import StaffNotification
from raffles.numbers.models import Raffle
from raffles.sales.models import Order, PaymentProof
from tests.factories import make_order, pdf_bytes, png_bytes
from tests.whatsapp.chat import contact_of, heard, say
from tests.whatsapp.graph import HANG_UP, Answer, Graph
from tests.whatsapp.meta import ANA, NOW, picture_of, receive, said
from whatsapp import cloud_api, inbox, media, switch
from whatsapp.cloud_api import MediaRefused
from whatsapp.inbox.trouble import RETRY_SECONDS
from whatsapp.inbox.turns import fetch_lease
from whatsapp.invariants import violations
from whatsapp.models import InboundEvent, InboundMedia
from whatsapp.payloads import FileSent

PICTURE = png_bytes()
INFO, FILE = "/v25.0/77", "/file/77"
PLEASE_AGAIN = "No pude abrir ese archivo"
NOT_GIVEN = "WhatsApp no nos entregó ese archivo"
DAMAGED = "vacío o dañado"
EXPIRED = Answer(404, b"URL signature expired")


@pytest.fixture
def order(moto: Raffle) -> Order:
    """Ana's, waiting for her receipt."""
    say("menu")
    return make_order(raffle=moto, player=contact_of().player, status="PENDING_PAYMENT")


def sends_picture(**more: str) -> None:
    receive(said(ANA, picture_of(PICTURE, **more)))


def status_of(order: Order) -> str:
    return Order.objects.get(pk=order.pk).status


def test_a_picture_becomes_a_proof_with_the_same_bytes(order: Order, graph: Graph) -> None:
    graph.has_media("77", PICTURE, sha256=hashlib.sha256(PICTURE).hexdigest())
    sends_picture()
    proof = PaymentProof.objects.get()
    with proof.file.open("rb") as stream:
        assert hashlib.sha256(stream.read()).hexdigest() == proof.sha256 == InboundMedia.objects.get().sha256
    assert status_of(order) == "UNDER_REVIEW"
    link = graph.asked[-1]
    assert link.headers["authorization"] == "Bearer test-access-token"
    assert link.headers["user-agent"]


def test_while_one_worker_fetches_the_others_pass_the_sender_by(
    order: Order, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph.has_media("77", PICTURE)
    really, seen = media.fetch, []

    def fetch_while_another_looks(event: InboundEvent, message: FileSent) -> InboundMedia:
        seen.append(inbox.drain(now=NOW))
        return really(event, message)

    monkeypatch.setattr(media, "fetch", fetch_while_another_looks)
    sends_picture()
    assert seen == [0]
    assert len([asked for asked in graph.asked if asked.path.startswith(FILE)]) == 1
    assert status_of(order) == "UNDER_REVIEW"


def test_a_fetch_whose_worker_died_is_taken_up_again(
    order: Order, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph.has_media("77", PICTURE)

    def die(*_: object) -> InboundMedia:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(media, "fetch", die)
        with pytest.raises(SystemExit):
            sends_picture()
    assert inbox.drain(now=NOW + timedelta(seconds=10)) == 0
    assert inbox.drain(now=NOW + fetch_lease()) == 1
    assert status_of(order) == "UNDER_REVIEW"


def test_a_document_announced_in_base64_is_the_same(order: Order, graph: Graph) -> None:
    content = pdf_bytes()
    graph.has_media("77", content)
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    part = {"id": "77", "mime_type": "application/pdf", "sha256": digest, "filename": "../../etc/passwd"}
    receive(said(ANA, {"type": "document", "document": part}))
    assert status_of(order) == "UNDER_REVIEW"
    assert "passwd" not in str(InboundMedia.objects.get().file.name)


@pytest.mark.parametrize("failure", [Answer(500, b"<html>"), HANG_UP, Answer.refusal(131000, status=500)])
def test_a_download_that_fails_is_tried_again(order: Order, graph: Graph, failure: Answer) -> None:
    graph.has_media("77", PICTURE)
    graph.gets[INFO].appendleft(failure)
    sends_picture()
    assert InboundEvent.objects.latest("pk").status == "NEW"
    inbox.drain(now=NOW + timedelta(seconds=RETRY_SECONDS[0]))
    assert status_of(order) == "UNDER_REVIEW"


@pytest.mark.parametrize("failure", [Answer(500, b"<html>"), HANG_UP, Answer.refusal(131000, status=500)])
def test_a_download_that_keeps_failing_is_asked_for_again(
    order: Order, graph: Graph, failure: Answer
) -> None:
    graph.gets[INFO] = deque([failure])
    sends_picture()
    at = NOW
    for delay in RETRY_SECONDS:
        at += timedelta(seconds=delay)
        inbox.drain(now=at)
    assert NOT_GIVEN in heard()[-1]
    event = InboundEvent.objects.latest("pk")
    assert (event.status, event.error) == ("FAILED", media.UNREACHED)
    assert status_of(order) == "PENDING_PAYMENT"
    assert list(StaffNotification.objects.values_list("kind", flat=True)) == ["EVENT_FAILED"]
    graph.has_media("77", PICTURE)
    assert inbox.replay([event.pk], now=at) == 1
    assert violations(at) == []
    inbox.drain(now=at)
    assert status_of(order) == "UNDER_REVIEW"
    assert "revis" in heard()[-1]


def test_a_dead_token_costs_no_receipt(order: Order, graph: Graph) -> None:
    """Whatever is asked of Meta is refused until somebody has put in another, which may take hours."""
    graph.gets[INFO] = deque([Answer.refusal(190, status=401)])
    sends_picture()
    for minute in range(1, 180):
        inbox.drain(now=NOW + timedelta(minutes=minute))
    event = InboundEvent.objects.latest("pk")
    assert (event.status, event.attempts, event.error) == ("NEW", 0, "code 190")
    assert list(StaffNotification.objects.values_list("kind", flat=True)) == ["SENDING_PAUSED"]
    assert switch.number().paused_at is not None
    graph.has_media("77", PICTURE)
    inbox.drain(now=NOW + timedelta(minutes=181))
    assert PaymentProof.objects.count() == 1


def test_a_file_that_meta_no_longer_has_is_asked_for_again_at_once(order: Order, graph: Graph) -> None:
    graph.gets[INFO] = deque([Answer.refusal(100)])
    sends_picture()
    assert PLEASE_AGAIN in heard()[-1]


def test_an_expired_link_is_fetched_anew(order: Order, graph: Graph) -> None:
    graph.has_media("77", PICTURE)
    graph.gets[FILE].appendleft(EXPIRED)
    sends_picture()
    assert [each.path.partition("?")[0] for each in graph.asked] == [INFO, FILE, INFO, FILE]
    assert status_of(order) == "UNDER_REVIEW"


@pytest.mark.parametrize("where", ["webhook", "description"])
def test_other_bytes_than_announced_are_refused(order: Order, graph: Graph, where: str) -> None:
    other = hashlib.sha256(b"other").hexdigest()
    if where == "webhook":
        graph.has_media("77", PICTURE + b"!")
    else:
        graph.has_media("77", PICTURE, sha256=other)
    sends_picture()
    assert DAMAGED in heard()[-1]
    assert (status_of(order), PaymentProof.objects.count()) == ("PENDING_PAYMENT", 0)
    assert InboundMedia.objects.get().status == "REFUSED"


def test_an_empty_file_is_refused(order: Order, graph: Graph) -> None:
    graph.has_media("77", b"")
    receive(said(ANA, {"type": "image", "image": {"id": "77", "mime_type": "image/png"}}))
    assert DAMAGED in heard()[-1]
    assert InboundMedia.objects.get().status == "REFUSED"
    assert status_of(order) == "PENDING_PAYMENT"


def test_no_file_is_fetched_inside_a_transaction(order: Order, graph: Graph) -> None:
    graph.has_media("77", PICTURE)
    with transaction.atomic():
        sends_picture()
    assert graph.asked == []
    assert InboundEvent.objects.latest("pk").error == "RuntimeError"


@pytest.mark.parametrize("is_announced", [True, False])
def test_a_file_that_is_too_large_is_refused(
    order: Order, graph: Graph, monkeypatch: pytest.MonkeyPatch, is_announced: bool
) -> None:
    """Announced as too large it is not even fetched; otherwise reading stops at the limit."""
    monkeypatch.setattr(media, "MAX_BYTES", len(PICTURE) - 1)
    graph.has_media("77", PICTURE, file_size=len(PICTURE) if is_announced else 1)
    sends_picture()
    assert "10 MB" in heard()[-1]
    assert ([each.path for each in graph.asked if each.path == FILE] == []) == is_announced


@pytest.mark.parametrize(
    "link", ["https://evil.example/x", "https://fbsbx.com.evil.example/", "file:///etc/x", ""]
)
def test_a_link_to_a_foreign_host_is_refused(order: Order, graph: Graph, link: str) -> None:
    graph.has_media("77", PICTURE, url=link)
    sends_picture()
    assert PLEASE_AGAIN in heard()[-1]
    assert [each.path.partition("?")[0] for each in graph.asked] == [INFO]


def test_a_redirect_to_a_foreign_host_is_not_followed(order: Order, graph: Graph, foreign: Graph) -> None:
    graph.has_media("77", PICTURE)
    foreign.has_media("77", PICTURE)
    graph.gets[FILE] = deque([Answer(302, headers={"Location": f"{foreign.url}{FILE}"})])
    sends_picture()
    assert foreign.asked == []
    assert PLEASE_AGAIN in heard()[-1]


def test_a_redirect_within_the_host_is_followed_but_not_for_ever(order: Order, graph: Graph) -> None:
    graph.has_media("77", PICTURE)
    graph.gets["/there"] = graph.gets[FILE]
    graph.gets[FILE] = deque([Answer(302, headers={"Location": "/there"})])
    sends_picture()
    assert status_of(order) == "UNDER_REVIEW"
    graph.gets["/there"] = deque([Answer(302, headers={"Location": "/there"})])
    with pytest.raises(MediaRefused):
        cloud_api.download(f"{graph.url}/there", limit=100)


@pytest.mark.parametrize(
    ("url", "is_ours"),
    [
        ("https://lookaside.fbsbx.com/x", True),
        ("https://mmg.whatsapp.net/x", True),
        ("https://graph.facebook.com/x", True),
        ("http://lookaside.fbsbx.com/x", False),
        ("https://evilfbsbx.com/x", False),
        ("https://lookaside.fbsbx.com@evil.example/x", False),
        ("https://evil.example/?.fbsbx.com", False),
        ("https://evil.example#.fbsbx.com", False),
    ],
)
def test_the_token_goes_to_hosts_of_meta_only(url: str, is_ours: bool, settings: Settings) -> None:
    settings.WHATSAPP_GRAPH_URL = "https://graph.facebook.com"
    if is_ours:
        cloud_api._refuse_foreign(url)
    else:
        with pytest.raises(MediaRefused):
            cloud_api._refuse_foreign(url)


@pytest.mark.parametrize("media_id", ["../me", "77?x=1", "", "a/b"])
def test_an_id_that_is_none_of_meta_s_is_not_asked_for(order: Order, graph: Graph, media_id: str) -> None:
    with pytest.raises(MediaRefused):
        cloud_api.media_info(media_id)
    assert graph.asked == []
