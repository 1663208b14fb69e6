"""The desk in the hands of somebody tired, on a phone, with what a hostile player sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from babel.numbers import list_currencies
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from raffles.desk.actions.plan_verdict import UNDO
from raffles.desk.models import Card, StaffNotification, Verdict
from raffles.desk.verdicts import carry_out_due
from raffles.evidence.actions import read_proofs
from raffles.sales.actions import request_cancel
from raffles.sales.admin.amounts import UnreadableAmount, read_amount
from raffles.sales.models import Order, Payment, PaymentProof, Player
from raffles.sales.queries import credits_of, stamp_of
from tests.admin.conftest import ENGLISH
from tests.admin.pages import decide, fetch, list_of, page_of, status_of, text, told
from tests.evidence.hostile import pdf_of, png_bomb, polyglot
from tests.evidence.receipts import as_jpeg, drawn, transfers
from tests.factories import NOW, confirm, make_order, make_player, make_proof, picture_bytes

Status = Order.Status
SCRIPT = "<script>alert(1)</script>"
BACKWARDS = "\u202egnp.exe"
NAMES = [SCRIPT, '"><img src=x onerror=alert(1)>', "{{ 7|add:7 }}{% debug %}", BACKWARDS, "x" * 120]
PICTURE = as_jpeg(drawn(transfers(1)[0]))
HUGE = 10**30


def reviewed(**made: Any) -> Order:
    return make_order(status=Status.UNDER_REVIEW, **made)


def post(client: Client, name: str, key: int, **typed: Any) -> Any:
    return client.post(reverse(name, args=(key,)), typed)


def typed_for(order: Order, **typed: str) -> dict[str, str]:
    given = {"kind": "CONFIRM", "seen": stamp_of(Order.objects.get(pk=order.pk)), "method": "transfer"}
    return {**given, "amount": str(order.total_minor), **typed}


@pytest.mark.parametrize("name", NAMES, ids=["script", "image", "template", "backwards", "long"])
def test_a_name_is_text_wherever_staff_read_it(desk: Client, name: str) -> None:
    order = reviewed(player=make_player(name=name))
    request_cancel(order_id=order.pk, now=NOW)
    card = post(desk, "desk_open", order.pk).json()["html"]
    queue = desk.get(reverse("desk_queue")).json()["html"]
    rows = (Order, Player, PaymentProof, StaffNotification)
    pages = [text(desk.get(list_of(model))) for model in rows]
    pages += [text(desk.get(page_of(order, view))) for view in ("change", "confirm", "reject")]
    for page in (card, queue, text(desk.get(reverse("desk"))), *pages):
        assert SCRIPT not in page
        assert "<img src=x" not in page
    if name != BACKWARDS:  # shown without what turns the line around
        assert all(escape(name) in page for page in (card, queue, *pages[:2]))


def test_of_two_tabs_one_decides_and_the_other_reads_that_it_was_oneself(desk: Client) -> None:
    order = reviewed()
    for _tab in range(2):
        assert post(desk, "desk_open", order.pk).json()["mine"]
    given = typed_for(order)
    assert post(desk, "desk_decide", order.pk, **given).status_code == 200
    again = post(desk, "desk_decide", order.pk, **given)
    assert (again.status_code, "boss decided a moment ago" in again.json()["refused"]) == (409, True)
    assert Verdict.objects.count() == 1


def test_a_card_that_was_left_in_another_tab_is_not_decided_but_opened_again(desk: Client) -> None:
    order = reviewed()
    post(desk, "desk_open", order.pk)
    post(desk, "desk_leave", order.pk)
    refused = post(desk, "desk_decide", order.pk, **typed_for(order))
    assert (refused.status_code, "open it again" in refused.json()["refused"]) == (409, True)
    post(desk, "desk_open", order.pk)
    assert post(desk, "desk_decide", order.pk, **typed_for(order)).status_code == 200


def test_the_back_button_after_a_confirmation_confirms_nothing_more(desk: Client) -> None:
    order = reviewed()
    post(desk, "desk_open", order.pk)
    given = typed_for(order)
    post(desk, "desk_decide", order.pk, **given)
    carry_out_due(now=NOW + UNDO)
    assert post(desk, "desk_decide", order.pk, **given).status_code == 409
    assert post(desk, "desk_undo", Verdict.objects.get().pk).status_code == 409
    assert "not possible" in told(decide(desk, order, "confirm", amount="1", method="cash", reference=""))
    assert (Payment.objects.count(), status_of(order)) == (1, Status.PAID)


def test_a_session_that_ended_decides_nothing_and_goes_on_after_signing_in(desk: Client, boss: User) -> None:
    order = reviewed()
    post(desk, "desk_open", order.pk)
    given = typed_for(order)
    desk.logout()
    for name in ("desk_decide", "desk_open", "desk_leave"):
        answer = post(desk, name, order.pk, **given)
        assert (answer.status_code, "/admin/login/" in answer["location"]) == (302, True), name
    assert desk.get(reverse("desk_queue")).status_code == 302
    assert not Verdict.objects.exists()
    desk.force_login(boss)
    assert post(desk, "desk_decide", order.pk, **given).status_code == 200


def test_who_is_dismissed_while_a_card_is_open_decides_nothing_more(desk: Client, boss: User) -> None:
    order = reviewed()
    post(desk, "desk_open", order.pk)
    User.objects.filter(pk=boss.pk).update(is_active=False)
    assert post(desk, "desk_decide", order.pk, **typed_for(order)).status_code == 302
    assert not Verdict.objects.exists()


@pytest.mark.parametrize("whose", ["", "0", "-1", "abc", "٣", str(HUGE), "1 or 1=1"])
def test_a_take_over_from_nobody_takes_nothing(desk: Client, whose: str) -> None:
    order = reviewed()
    post(desk, "desk_open", order.pk)
    answer = post(desk, "desk_take_over", order.pk, **{"from": whose})
    assert answer.status_code in {200, 404}
    assert Card.objects.get().reviewer == User.objects.get(username="boss")


@pytest.mark.parametrize("name", ["desk_open", "desk_take_over", "desk_leave", "desk_decide", "desk_undo"])
@pytest.mark.parametrize("key", [404, HUGE])
def test_what_is_not_there_is_told_and_breaks_nothing(desk: Client, name: str, key: int) -> None:
    answer = post(desk, name, key, **{"from": "1", "kind": "REJECT"})
    assert answer.status_code == (409 if name == "desk_undo" else 404)


@pytest.mark.parametrize("view", ["evidence_receipt", "evidence_compare"])
def test_an_address_with_odd_numbers_is_not_found(desk: Client, view: str) -> None:
    proof = make_proof(make_order(status=Status.PENDING_PAYMENT))
    for keys in ((proof.pk, HUGE), (HUGE, 1), (HUGE, HUGE), (proof.pk, 0)):
        assert fetch(desk, reverse(view, args=keys)).status_code == 404, keys


@pytest.mark.parametrize(
    ("content", "pages"),
    [
        (pdf_of(200), 10),
        (polyglot(PICTURE), 1),
        (PICTURE[: len(PICTURE) // 20], 0),
        (png_bomb(), 0),
        (b"%PDF-1.7\nnothing", 0),
        (picture_bytes("PNG", (1, 1)), 1),
    ],
    ids=["200 pages", "two things", "cut off", "bomb", "no pdf", "a dot"],
)
def test_whatever_was_sent_the_card_opens_and_the_order_can_be_decided(
    desk: Client, content: bytes, pages: int
) -> None:
    """Its file is put in place as if no door had judged it; the original stays a download away."""
    order = reviewed()
    proof = order.proofs.get()
    default_storage.delete(str(proof.file.name))
    with default_storage.open(str(proof.file.name), "wb") as stream:
        stream.write(content)
    answer = fetch(desk, reverse("evidence_receipt", args=(proof.pk, 1)))
    assert answer.status_code == (200 if pages else 404)
    read_proofs(now=NOW + timedelta(minutes=10))
    card = post(desk, "desk_open", order.pk).json()["html"]
    assert card.count("review-frame") == pages  # of what nobody can read there is nothing to show
    assert ("The file cannot be read" in card) == (pages == 0)
    shown = fetch(desk, reverse("evidence_receipt", args=(proof.pk, 1)))
    assert (shown["Content-Type"] == "image/jpeg") == (pages > 0)
    assert not pages or b"<script" not in shown.body
    rejected = post(desk, "desk_decide", order.pk, **typed_for(order, kind="REJECT", words="No se lee"))
    assert rejected.status_code == 200


def test_a_file_that_vanished_stops_no_decision(desk: Client) -> None:
    order = reviewed()
    proof = order.proofs.get()
    default_storage.delete(str(proof.file.name))
    read_proofs(now=NOW + timedelta(minutes=10))
    assert fetch(desk, reverse("evidence_receipt", args=(proof.pk, 1))).status_code == 404
    assert fetch(desk, page_of(proof, "file")).status_code == 404
    assert "The file cannot be read" in post(desk, "desk_open", order.pk).json()["html"]
    assert desk.get(page_of(order)).status_code == 200
    assert post(desk, "desk_decide", order.pk, **typed_for(order)).status_code == 200


@pytest.mark.parametrize("amount", ["999999999999999", "999.999.999.999.999", "1000000000"])
def test_an_amount_of_a_slipped_finger_is_asked_about_and_never_an_error(desk: Client, amount: str) -> None:
    order = reviewed()
    post(desk, "desk_open", order.pk)
    asked = post(desk, "desk_decide", order.pk, **typed_for(order, amount=amount))
    assert asked.status_code == 422
    assert "is too much" in asked.json()["question"]
    agreed = asked.json()["agreed"]
    post(desk, "desk_decide", order.pk, **typed_for(order, amount=amount, agreed=agreed))
    carry_out_due(now=NOW + UNDO)
    assert Verdict.objects.get().status == "DONE"
    assert credits_of(order.player_id) == [(int(agreed) - order.total_minor, "PYG")]
    for page in (page_of(order), page_of(order.player), reverse("dashboard"), list_of(Payment)):
        assert desk.get(page).status_code == 200, page


def test_every_currency_keeps_an_amount_within_what_the_books_hold() -> None:
    for currency in list_currencies():
        try:
            minor = read_amount("9" * 15, currency)
        except UnreadableAmount:
            continue
        assert minor < 2**63 // 10, currency


@pytest.mark.parametrize("amount", ["100000 USD", "US$ 100", "€100", "1,00.00.00", "1e5", "0x10", "１００"])
def test_an_amount_in_another_currency_or_script_is_not_guessed(desk: Client, amount: str) -> None:
    order = reviewed()
    post(desk, "desk_open", order.pk)
    answer = post(desk, "desk_decide", order.pk, **typed_for(order, amount=amount))
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["amount"])
    response = decide(desk, order, "confirm", amount=amount, method="cash", reference="")
    assert response.context["form"].errors["amount"]
    assert not Payment.objects.exists()


def test_a_card_that_somebody_decided_on_the_order_s_own_page_says_so(desk: Client) -> None:
    order = reviewed()
    post(desk, "desk_open", order.pk)
    confirm(order)
    card = desk.get(reverse("desk_card", args=(order.pk,)), headers=ENGLISH).json()["html"]
    assert "Nothing is left to decide here" in card
    assert 'data-kind="CONFIRM"' not in card


def test_one_zero_too_many_on_the_page_of_an_order_is_asked_about_once(desk: Client) -> None:
    order = reviewed()
    much = {"amount": str(order.total_minor * 10), "method": "cash", "reference": ""}
    form = decide(desk, order, "confirm", **much).context["form"]
    assert "Press again" in str(form.errors["amount"])
    assert not Payment.objects.exists()
    agreed = str(form["agreed"].value())
    more = much | {"amount": str(order.total_minor * 100)}
    assert "amount" in decide(desk, order, "confirm", **more, agreed=agreed).context["form"].errors
    decide(desk, order, "confirm", **much, agreed=agreed)
    assert Payment.objects.get().amount_minor == order.total_minor * 10
