"""Somebody else's raffle, and what belongs to it, is not there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from config.people.role_table import pages_of, shown_models
from config.people.roles import ROLES
from raffles.audit.models import AuditEntry, Deed
from raffles.desk.models import StaffNotification
from raffles.numbers.models import Raffle, Ticket
from raffles.sales.actions import record_payment
from raffles.sales.admin.pages import ModelPage
from raffles.sales.models import CreditEntry, Order, Payment, PaymentProof, Player, Refund
from raffles.sales.sight import has_belonging, may_see, orders_seen_by
from tests.admin.chats import make_contact, photographed
from tests.admin.pages import decide, fetch, list_of, listed, page_of, run_action, status_of, text
from tests.factories import NOW, make_order, make_player, make_raffle, make_staff
from whatsapp.models import Contact, InboundEvent, OutboundMessage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "own_files")]


@dataclass(frozen=True)
class House:
    """A raffle with an order under review, one that was refunded, and a buyer who wrote."""

    raffle: Raffle
    order: Order
    refunded: Order
    player: Player
    contact: Contact
    event: InboundEvent

    def rows(self) -> list[Model]:
        of_orders = {"order__in": [self.order, self.refunded]}
        return [
            self.raffle,
            self.order,
            self.player,
            self.contact,
            Ticket.objects.filter(**of_orders)[0],
            PaymentProof.objects.filter(**of_orders)[0],
            Payment.objects.filter(**of_orders)[0],
            Refund.objects.get(**of_orders),
            StaffNotification.objects.filter(**of_orders)[0],
        ]


def house(name: str) -> House:
    raffle, player = make_raffle(title=f"Raffle of {name}"), make_player(name=f"Buyer of {name}")
    contact = make_contact(player=player)
    return House(
        raffle,
        make_order(raffle=raffle, player=player, numbers=(1, 2), status="UNDER_REVIEW"),
        make_order(raffle=raffle, player=player, numbers=(3,), status="REFUNDED"),
        player,
        contact,
        photographed(contact),
    )


@pytest.fixture
def mine(ana: User) -> House:
    made = house("ana")
    made.raffle.organisers.add(ana)
    return made


@pytest.fixture
def theirs() -> House:
    made = house("rosa")
    made.raffle.organisers.add(User.objects.create_user("rosa", is_staff=True))
    return made


@pytest.fixture
def organiser(ana: User, browser: Client) -> Client:
    call_command("make_groups", verbosity=0)
    ana.groups.add(Group.objects.get(name="organiser"))
    browser.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def test_an_organiser_sees_the_rows_of_their_raffle_and_404_for_others(
    organiser: Client, mine: House, theirs: House
) -> None:
    for row in mine.rows():
        assert organiser.get(page_of(row)).status_code == 200, row._meta.label
    for row in theirs.rows():
        answer = organiser.get(page_of(row))
        assert answer.status_code in {302, 404}, row._meta.label
        if answer.status_code == 302:  # what Django answers for a row that is not there
            assert answer.headers["location"] == "/admin/", row._meta.label
        assert organiser.get(page_of(row, "history")).status_code in {302, 404}, row._meta.label


def test_their_lists_hold_nothing_of_others_also_when_searched_and_filtered(
    organiser: Client, mine: House, theirs: House
) -> None:
    for one, other in zip(mine.rows(), theirs.rows(), strict=True):
        found = listed(organiser, type(one))
        assert one.pk in found, one._meta.label
        assert other.pk not in found, one._meta.label
        page = text(organiser.get(list_of(type(one))))
        assert "of rosa" not in page, one._meta.label
    assert listed(organiser, Order, q=theirs.order.code) == set()
    assert listed(organiser, Order, player__id__exact=str(theirs.player.pk)) == set()
    others = set(Ticket.objects.filter(raffle=theirs.raffle).values_list("pk", flat=True))
    assert not others & listed(organiser, Ticket, raffle__id__exact=str(theirs.raffle.pk))


def test_a_player_s_credit_is_of_the_whole_house_and_no_organiser_s_to_read(
    organiser: Client, desk: Client, mine: House, theirs: House
) -> None:
    record_payment(
        player_id=mine.player.pk,
        currency="PYG",
        amount_minor=777_000,
        method="transfer",
        reference="",
        by=make_staff(),
        now=NOW,
    )
    pages = [page_of(mine.player), page_of(mine.order), reverse("desk_card", args=(mine.order.pk,))]
    amount = re.compile(r"777[.,]000")
    assert [bool(amount.search(text(organiser.get(page)))) for page in pages] == [False] * 3
    assert [bool(amount.search(text(desk.get(page)))) for page in pages] == [True] * 3
    assert "?credit=yes" not in text(organiser.get(list_of(Player)))
    assert listed(organiser, Player) == listed(organiser, Player, credit="yes") == {mine.player.pk}
    assert listed(desk, Player) == {mine.player.pk, theirs.player.pk}
    assert listed(desk, Player, credit="yes") == {mine.player.pk}


def test_files_of_others_are_404_and_leave_no_line_in_the_log(
    organiser: Client, mine: House, theirs: House
) -> None:
    def answers(one: House) -> list[int]:
        places = [
            ("admin:sales_paymentproof_file", PaymentProof.objects.get(order=one.order).pk),
            ("admin:whatsapp_inboundevent_file", one.event.pk),
        ]
        return [fetch(organiser, reverse(name, args=(key,))).status_code for name, key in places]

    assert answers(theirs) == [404, 404]
    assert not AuditEntry.objects.filter(action=Deed.FILE_SEEN).exists()
    assert answers(mine) == [200, 200]


def test_nobody_decides_about_others_orders_by_button_or_in_bulk(
    organiser: Client, mine: House, theirs: House
) -> None:
    for decision in ("confirm", "reject", "cancel"):
        answer = organiser.post(page_of(theirs.order, decision), {"seen": "x", "words": "x"})
        assert answer.status_code == 404, decision
    run_action(organiser, Order, "confirm_payments", [theirs.order, mine.order])
    assert (status_of(theirs.order), status_of(mine.order)) == ("UNDER_REVIEW", "PAID")
    assert organiser.get(page_of(theirs.refunded, "refund")).status_code == 404
    refund = Refund.objects.get(order=theirs.refunded)
    assert organiser.post(page_of(refund, "make"), {"reference": "1"}).status_code == 404
    assert organiser.post(page_of(refund, "drop"), {"reason": "1"}).status_code == 404


def test_nobody_opens_closes_or_changes_others_raffles(organiser: Client, theirs: House) -> None:
    for move in ("open", "pause", "close"):
        assert organiser.post(page_of(theirs.raffle, move)).status_code == 404, move
    assert organiser.get(reverse("admin:raffles_raffle_image", args=(theirs.raffle.pk,))).status_code == 404
    run_action(organiser, Raffle, "close_for_good", [theirs.raffle])
    assert Raffle.objects.get(pk=theirs.raffle.pk).status == "ACTIVE"


def test_the_desk_has_the_orders_of_their_raffles_only(
    organiser: Client, ana: User, mine: House, theirs: House
) -> None:
    page = text(organiser.get("/admin/desk/"))
    assert mine.order.code in page
    assert theirs.order.code not in page
    assert may_see(ana, mine.order)
    assert not may_see(ana, theirs.order)
    assert set(orders_seen_by(ana)) == {mine.order, mine.refunded}
    assert organiser.get(reverse("desk_card", args=(mine.order.pk,))).status_code == 200
    assert organiser.get(reverse("desk_card", args=(theirs.order.pk,))).status_code == 404


def test_the_first_page_counts_nothing_of_others(organiser: Client, mine: House, theirs: House) -> None:
    waiting = organiser.get("/admin/").content.decode()
    assert "<strong>1</strong> proofs to check" in waiting


def test_who_makes_a_raffle_organises_it_and_cannot_give_others_away(
    organiser: Client, ana: User, theirs: House
) -> None:
    page = organiser.get(reverse("admin:raffles_raffle_add"))
    assert "organisers" not in page.context["adminform"].form.fields
    given: dict[str, Any] = {
        "title": "New",
        "code": "NEW1",
        "price_minor": "5000",
        "currency": "PYG",
        "first_number": "0",
        "last_number": "99",
        "number_width": "2",
        "sales_open_at_0": "2026-11-21",
        "sales_open_at_1": "10:00",
        "sales_close_at_0": "2026-12-21",
        "sales_close_at_1": "10:00",
        "draw_at_0": "2026-12-22",
        "draw_at_1": "10:00",
        "time_zone": "America/Asuncion",
        "payment_instructions": "here",
        "hold_minutes": "15",
        "min_per_order": "1",
        "max_per_order": "50",
    }
    answer = organiser.post(reverse("admin:raffles_raffle_add"), {**given, "organisers": []})
    assert answer.status_code == 302, answer.context["errors"]
    raffle = Raffle.objects.get(code="NEW1")
    assert list(raffle.organisers.all()) == [ana]
    assert organiser.get(page_of(raffle)).status_code == 200
    told = AuditEntry.objects.filter(action=Deed.RAFFLE_CHANGED, subject_id=str(raffle.pk)).get()
    assert told.after == {"organisers": ["ana"]}


def test_an_administrator_says_whose_a_raffle_is(desk: Client, ana: User, theirs: House) -> None:
    page = desk.get(page_of(theirs.raffle))
    assert "ana" in str(page.context["adminform"].form["organisers"])


@pytest.mark.parametrize("role", ["operator", "auditor", "administrator"])
def test_the_other_roles_see_every_raffles_orders(
    ana: User, browser: Client, mine: House, theirs: House, role: str
) -> None:
    call_command("make_groups", verbosity=0)
    ana.groups.add(Group.objects.get(name=role))
    browser.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    assert {mine.order.pk, theirs.order.pk} <= listed(browser, Order)


def test_who_has_single_rights_and_no_raffle_sees_nothing(ana: User, browser: Client, theirs: House) -> None:
    """Fails closed: the right to look at a list is not yet the right to every row of it."""
    ana.user_permissions.add(*Permission.objects.filter(codename__startswith="view_"))
    browser.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    for model in (Order, Player, Ticket, Payment, CreditEntry, Contact, OutboundMessage, Raffle):
        assert listed(browser, model) == set(), model


def test_who_is_taken_off_a_raffle_loses_it_at_once(organiser: Client, ana: User, mine: House) -> None:
    mine.raffle.organisers.remove(ana)
    assert organiser.get(page_of(mine.order)).status_code in {302, 404}
    assert decide(organiser, mine.order, "confirm").status_code == 404


def test_every_list_that_organisers_have_knows_what_belongs_to_whom() -> None:
    for model in shown_models():
        if pages_of(model, ROLES["organiser"]) != "–":
            assert isinstance(admin.site._registry[model], ModelPage), model
            assert has_belonging(model), model


def test_an_organisers_lists_cost_no_query_for_each_row(
    organiser: Client, mine: House, django_assert_max_num_queries: Any
) -> None:
    for place in range(20):
        make_order(raffle=mine.raffle, player=mine.player, numbers=(10 + place,))
    organiser.get(list_of(Order))
    with django_assert_max_num_queries(22):
        organiser.get(list_of(Order))


def test_marking_all_as_seen_marks_nothing_of_others(organiser: Client, mine: House, theirs: House) -> None:
    newest = StaffNotification.objects.order_by("-pk")[0]
    organiser.post("/admin/desk/staffnotification/seen/", {"newest": newest.pk})
    unseen = set(StaffNotification.objects.filter(seen_at=None).values_list("order__code", flat=True))
    assert theirs.order.code in unseen
    assert mine.order.code not in unseen


def test_of_a_buyer_of_theirs_an_organiser_counts_no_orders_of_others(
    organiser: Client, desk: Client, mine: House
) -> None:
    for number in (91, 92):
        make_order(raffle=make_raffle(title="Elsewhere"), player=mine.player, numbers=[number])
    of_all = Order.objects.filter(player=mine.player).count()
    for page in (page_of(mine.player), list_of(Player)):
        assert f"{of_all} orders" not in text(organiser.get(page))
        assert f"{of_all} orders" in text(desk.get(page))
