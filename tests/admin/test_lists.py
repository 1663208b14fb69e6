from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from raffles.numbers.models import NumberBlock, Raffle, Ticket
from raffles.sales.models import Order, OrderChange, Payment, PaymentProof, Player, Refund
from tests.admin.chats import make_contact, photographed, said, sent
from tests.admin.pages import fetch, list_of, listed, page_of, text
from tests.factories import NOW, make_order, make_player, make_proof, make_raffle
from whatsapp.models import Contact, InboundEvent, OutboundMessage


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_an_order_is_found_by_whatever_staff_have_in_hand(desk: Client) -> None:
    player = make_player(name="Bruno Díaz", phone="+595981222333")
    make_contact(player=player, wa_id="595981222333", bsuid="PY.77", username="bruno_d")
    raffle = make_raffle(code="BIKE", title="Mountain bike")
    order = make_order(player=player, raffle=raffle)
    make_order(player=make_player(name="Zoe"), raffle=make_raffle(code="SCOOTER", title="Scooter"))
    for words in (
        order.code,
        order.code.lower(),
        f"  {order.code} ",
        "bruno",
        "Bruno Díaz",
        "+595981222333",
        "595981222333",
        "981222333",
        "PY.77",
        "bruno_d",
        "@bruno_d",
        "BIKE",
        "bike",
        "mountain bike",
    ):
        assert listed(desk, Order, q=words) == {order.pk}, words
    for words in ("nobody", "%", "'; DROP TABLE"):
        assert listed(desk, Order, q=words) == set(), words
    for words in (" ", "\x00"):
        assert len(listed(desk, Order, q=words)) == 2


def test_the_line_of_an_order_says_it_all_in_words(desk: Client) -> None:
    make_order(raffle=make_raffle(title="Mountain bike"), numbers=range(6), status="PENDING_PAYMENT")
    make_order(raffle=make_raffle(title="Scooter"), numbers=(7,), status="UNDER_REVIEW")
    page = text(desk.get(list_of(Order)))
    for words in (
        "Mountain bike: 00, 01, 02, 03 +2",
        "PYG\xa0300,000",
        "Waiting for payment",
        "15 min left",
        "Scooter: 07",
        "Under review",
        "1 · under 1 min ago",
    ):
        assert words in page, words


def test_orders_near_their_end_and_past_it_are_filtered(desk: Client) -> None:
    raffle = make_raffle(hold_minutes=20)
    soon = make_order(raffle=raffle, numbers=(1,), now=NOW - timedelta(minutes=16))
    later = make_order(raffle=raffle, numbers=(2,), now=NOW)
    over = make_order(raffle=raffle, numbers=(3,), now=NOW - timedelta(minutes=21))
    assert listed(desk, Order, expiry="soon") == {soon.pk}
    assert listed(desk, Order, expiry="overdue") == {over.pk}
    page = text(desk.get(list_of(Order)))
    assert "4 min left" in page
    assert "20 min left" in page
    assert "overdue" in page
    assert later.pk in listed(desk, Order, status__exact="DRAFT")


def test_proofs_that_wait_are_filtered_by_their_age(desk: Client) -> None:
    raffle = make_raffle()
    long_ago = NOW - timedelta(hours=2)
    old = make_order(raffle=raffle, numbers=(1,), status="UNDER_REVIEW", now=long_ago)
    fresh = make_order(raffle=raffle, numbers=(2,), status="UNDER_REVIEW")
    paid = make_order(raffle=raffle, numbers=(3,), status="PAID")
    none = make_order(raffle=raffle, numbers=(4,))
    Order.objects.filter(pk=old.pk).update(late_since=long_ago)
    assert listed(desk, Order, proof="waiting") == {old.pk, fresh.pk}
    assert listed(desk, Order, proof="long") == {old.pk}
    assert listed(desk, Order, proof="late") == {old.pk}
    assert listed(desk, Order, proof="none") == {none.pk}
    assert paid.pk in listed(desk, Order, kind="numbers")


def test_the_page_of_an_order_leads_to_all_that_belongs_to_it(desk: Client) -> None:
    contact = make_contact()
    order = make_order(player=contact.player, status="REFUNDED")
    ticket = Ticket.objects.filter(order=order)[0]
    page = text(desk.get(page_of(order)))
    linked = set(re.findall(r'href="(/admin/[^"]+)"', page))
    for address in (
        page_of(order.player),
        page_of(contact),
        page_of(ticket.raffle),
        page_of(order.proofs.get(), "file"),
        page_of(order.payments.get()),
        page_of(order.refunds.get()),
        f"{list_of(Ticket)}?order__id__exact={order.pk}",
        f"{list_of(OutboundMessage)}?contact__id__exact={contact.pk}",
        f"{list_of(InboundEvent)}?contact__id__exact={contact.pk}",
    ):
        assert address in linked, address
        assert fetch(desk, address).status_code == 200
    for row in (contact.player, contact):
        assert f"{list_of(Order)}?player__id__exact={contact.player.pk}" in text(desk.get(page_of(row)))
    for record in (ticket, order.payments.get(), order.refunds.get(), order.proofs.get()):
        assert page_of(order) in text(desk.get(page_of(record)))
    assert "the raffle was cancelled" in page


def test_the_next_proof_to_check_is_one_tap_away(desk: Client) -> None:
    raffle = make_raffle()
    for number, minutes in ((1, 5), (2, 30), (3, 10)):
        make_order(
            raffle=raffle, numbers=(number,), status="UNDER_REVIEW", now=NOW - timedelta(minutes=minutes)
        )
    first, second, third = Order.objects.order_by("id")
    assert desk.get(page_of(first)).context["next_order"] == second
    assert desk.get(page_of(second)).context["next_order"] == third


def test_a_list_of_fifty_raffles_takes_twelve_queries_at_most(desk: Client) -> None:
    for _number in range(50):
        raffle = make_raffle()
        NumberBlock.objects.create(raffle=raffle, index=0, reserved=3, sold=10)
    assert queries(desk, list_of(Raffle)) <= 12
    page = text(desk.get(list_of(Raffle)))
    assert "10 % sold: 10 sold, 3 held, 87 free" in page


def test_a_list_costs_the_same_however_long_it_is(desk: Client) -> None:
    raffle = make_raffle(last_number=999)

    def more(count: int, start: int) -> None:
        for number in range(start, start + count):
            contact = make_contact()
            make_order(
                raffle=raffle if number % 2 else make_raffle(),
                player=contact.player,
                numbers=(number % 90, 95),
                status="REFUNDED",
            )
            reviewed = make_order(raffle=make_raffle(), player=contact.player, status="UNDER_REVIEW")
            make_proof(reviewed)
            photographed(contact)
            said(contact, "hola")
            sent(contact, "hola", "Menu")

    more(2, 1)
    models = (Order, Ticket, Payment, Refund, PaymentProof, Player, Contact, InboundEvent, OutboundMessage)
    before = {model: queries(desk, list_of(model)) for model in models}
    index = queries(desk, reverse("admin:index"))
    more(8, 100)
    after = {model: queries(desk, list_of(model)) for model in models}
    assert after == before
    assert queries(desk, reverse("admin:index")) == index
    assert max(after.values()) <= 14


def test_sold_out_and_open_raffles_are_filtered(desk: Client) -> None:
    full, free, over = make_raffle(), make_raffle(), make_raffle(sales_close_at=NOW)
    NumberBlock.objects.create(raffle=full, index=0, sold=100)
    NumberBlock.objects.create(raffle=free, index=0, sold=99, reserved=1)
    assert listed(desk, Raffle, sales="sold_out") == {full.pk}
    assert listed(desk, Raffle, sales="open") == {full.pk, free.pk}
    assert listed(desk, Raffle, sales="over") == {over.pk}
    page = text(desk.get(list_of(Raffle)))
    assert "Sold out" in page
    assert "Active, sales over" in page


def test_a_ticket_is_found_by_number_raffle_order_and_player(desk: Client) -> None:
    raffle = make_raffle(code="BIKE")
    order = make_order(raffle=raffle, player=make_player(name="Bruno"), numbers=(7,))
    make_order(raffle=make_raffle(code="CAR"), numbers=(7,))
    ticket = Ticket.objects.get(order=order)
    for words in ("BIKE", "bike 7", "BIKE 007", order.code, "Bruno"):
        assert listed(desk, Ticket, q=words) == {ticket.pk}, words
    assert len(listed(desk, Ticket, q="07")) == 2
    assert listed(desk, Ticket, q="99999999999999999999") == set()


KEPT = (Order, Payment, PaymentProof, Refund, Player, Ticket, Contact, InboundEvent, OutboundMessage)


@pytest.mark.parametrize("model", KEPT, ids=lambda model: model.__name__)
def test_nothing_about_money_or_words_is_added_or_deleted_here(desk: Client, model: type[Model]) -> None:
    contact = make_contact()
    make_order(player=contact.player, status="REFUNDED")
    photographed(contact)
    sent(contact, "hola")
    row = model._default_manager.first()
    assert row is not None
    assert desk.get(page_of(row, "delete")).status_code == 403
    assert desk.post(page_of(row, "delete"), {"post": "yes"}).status_code == 403
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_add"
    assert desk.get(reverse(name)).status_code == 403
    assert desk.post(reverse(name), {}).status_code == 403
    desk.post(list_of(model), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert model._default_manager.filter(pk=row.pk).exists()
    assert OrderChange not in admin.site._registry


@pytest.mark.parametrize("model", [Ticket, Payment, Refund, PaymentProof], ids=lambda model: model.__name__)
def test_a_post_to_a_record_changes_nothing(desk: Client, model: type[Model]) -> None:
    make_order(status="REFUNDED")
    row = model._default_manager.first()
    assert row is not None
    before = model._default_manager.values().get(pk=row.pk)
    assert desk.post(page_of(row), {"status": "SOLD", "amount_minor": "1", "reason": "x"}).status_code == 403
    assert model._default_manager.values().get(pk=row.pk) == before


def test_of_a_player_only_what_is_theirs_to_change_can_be_typed(desk: Client) -> None:
    player = make_player(name="Ana", language="es")
    given = {"name": "Ana María", "phone": "+595 981 123 456", "email": "a@example.com", "city": "Luque"}
    desk.post(page_of(player), {**given, "language": "en", "merged_into": str(player.pk)})
    player.refresh_from_db()
    assert (player.name, player.phone, player.language) == ("Ana María", "+595981123456", "es")
    wrong = desk.post(page_of(player), {**given, "phone": "12"})
    assert wrong.context["adminform"].form.errors["phone"]
