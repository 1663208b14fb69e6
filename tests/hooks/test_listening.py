"""Which facts become which events, for whom, and what they say."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, get_args

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction

from raffles.hooks.catalogue import EventKind
from raffles.hooks.happenings import happenings
from raffles.hooks.listeners import hear
from raffles.hooks.models import Delivery, Event
from raffles.sales.actions import (
    ask_for_proof,
    confirm_payment,
    drop_refund,
    make_refund,
    record_payment,
    reject_proof,
    request_cancel,
    request_refund,
)
from raffles.sales.models import Payment, PaymentProof, Refund
from raffles.sales.notices import Fact, MoneyKept, OrderPaid, PlayersMerged
from tests.factories import NOW, make_order, make_player, make_proof, make_raffle, make_staff
from tests.hooks.receiving import make_owner, make_webhook

pytestmark = pytest.mark.django_db

URL = "https://partner.example/"


def told() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def forget() -> None:
    Delivery.objects.all().delete()
    Event.objects.all().delete()


def test_a_sale_is_told_from_its_receipt_to_its_end() -> None:
    make_webhook(URL)
    order = make_order(status="REFUNDED")
    expected = ["proof.received", "payment.recorded", "order.paid", "order.refunded", "refund.due"]
    assert told() == expected
    assert set(Event.objects.values_list("subject", flat=True)) == {f"order:{order.pk}"}


@pytest.mark.parametrize(("status", "kind"), [("CANCELLED", "order.cancelled"), ("EXPIRED", "order.expired")])
def test_an_order_that_ends_without_money_is_told(status: str, kind: str) -> None:
    make_webhook(URL)
    make_order(status=status)
    assert told() == [kind]


def test_what_staff_say_of_a_receipt_is_told() -> None:
    make_webhook(URL)
    order = make_order(status="UNDER_REVIEW")
    ask_for_proof(order_id=order.pk, by=make_staff(), question="the whole page, please", now=NOW)
    reject_proof(order_id=order.pk, by=make_staff(), reason="blurred", now=NOW)
    request_cancel(order_id=make_order(numbers=(7,), status="UNDER_REVIEW").pk, now=NOW)
    assert told() == [
        *("proof.received", "proof.questioned", "proof.rejected"),
        *("proof.received", "order.cancel_requested"),
    ]


def test_too_little_money_is_told_as_money_and_as_too_little() -> None:
    make_webhook(URL)
    order = make_order(status="UNDER_REVIEW")
    confirm_payment(
        order_id=order.pk, by=make_staff(), amount_minor=1, method="transfer", reference="", now=NOW
    )
    assert told() == ["proof.received", "payment.recorded", "payment.short"]


def test_money_without_an_order_and_its_refund_are_told_about_themselves() -> None:
    make_webhook(URL)
    player, by = make_player(), make_staff()
    payment = record_payment(
        player_id=player.pk, currency="PYG", amount_minor=900, method="", reference="", by=by, now=NOW
    )
    first, second = (
        request_refund(
            player_id=player.pk,
            currency="PYG",
            amount_minor=100,
            destination="1",
            reason="x",
            by=by,
            now=NOW,
        )
        for _ in range(2)
    )
    make_refund(refund_id=first.pk, by=by, reference="7", evidence=None, now=NOW)
    drop_refund(refund_id=second.pk, by=by, reason="x", now=NOW)
    assert Counter(told()) == Counter(
        ["payment.recorded", "refund.due", "refund.due", "refund.made", "refund.dropped"]
    )
    subjects = Event.objects.order_by("pk").values_list("kind", "subject")
    assert ("payment.recorded", f"payment:{payment.pk}") in subjects
    assert ("refund.made", f"refund:{first.pk}") in subjects


def test_money_for_numbers_that_are_gone_is_told_as_kept() -> None:
    order = make_order(status="PAID")
    payment = Payment.objects.get(order=order)
    kinds = [one.kind for one in happenings(MoneyKept(order, payment, ("05",)))]
    assert kinds == [EventKind.PAYMENT_RECORDED, EventKind.PAYMENT_KEPT]


def test_an_order_paid_with_credit_tells_of_no_payment() -> None:
    order = make_order(status="PAID")
    assert [one.kind for one in happenings(OrderPaid(order, None))] == [EventKind.ORDER_PAID]


def every_fact() -> list[Fact]:
    """One of each, of real rows."""
    order = make_order(status="REFUNDED")
    payment, refund = Payment.objects.get(order=order), Refund.objects.get(order=order)
    rows: dict[str, Any] = {
        "order": order,
        "payment": payment,
        "refund": refund,
        "proof": PaymentProof.objects.filter(order=order)[0],
        "at": NOW,
    }
    return [
        fact(**{name: rows.get(name, "") for name in fact.__dataclass_fields__}) for fact in get_args(Fact)
    ]


def test_every_fact_is_an_event_and_every_event_comes_from_a_fact() -> None:
    found = [happenings(fact) for fact in every_fact() if not isinstance(fact, PlayersMerged)]
    assert all(found)
    assert happenings(PlayersMerged(1, 2)) == []
    of_draws = {kind for kind in EventKind if kind.startswith(("rule.", "draw.", "award."))}
    assert {one.kind for ones in found for one in ones} == set(EventKind) - of_draws


def test_an_event_says_ids_and_nothing_of_a_person_or_of_money() -> None:
    make_webhook(URL)
    player = make_player(name="Ana Núñez", phone="+595981222333", city="Luque", email="ana@example.com")
    order = make_order(player=player, status="PAID", raffle=make_raffle(price_minor=98_765))
    event = Event.objects.get(kind="order.paid")
    assert json.loads(event.body) == {
        "id": event.public_id,
        "type": "order.paid",
        "timestamp": "2026-11-21T15:00:00+00:00",
        "data": {"order": order.pk, "code": order.code},
    }
    # An event's own id is drawn by chance and may hold any digits.
    every = " ".join(str(json.loads(body)["data"]) for body in Event.objects.values_list("body", flat=True))
    for private in ("Ana", "Núñez", "Luque", "example.com", "595981", "98765", "197530"):
        assert private not in every
    payment, proof = Payment.objects.get(order=order), PaymentProof.objects.get(order=order)
    assert json.loads(Event.objects.get(kind="payment.recorded").body)["data"]["payment"] == payment.pk
    assert json.loads(Event.objects.get(kind="proof.received").body)["data"]["proof"] == proof.pk


def test_a_webhook_hears_what_it_asked_for_and_each_event_once() -> None:
    some = make_webhook(URL, "order.paid")
    make_webhook(URL, "order.expired")
    every = make_webhook(URL)
    make_order(status="PAID")
    assert [one.event.kind for one in some.deliveries.all()] == ["order.paid"]
    assert every.deliveries.count() == 3
    assert Event.objects.filter(kind="order.paid").count() == 1


def test_one_that_is_off_or_whose_owner_left_hears_nothing() -> None:
    make_webhook(URL, owner=make_owner(is_active=False))
    off = make_webhook(URL)
    off.disabled_at, off.disabled_why = NOW, "STAFF"
    off.save()
    make_order(status="PAID")
    assert told() == []


def organiser_of(*raffles: Any) -> User:
    call_command("make_groups", verbosity=0)
    owner = make_owner(is_superuser=False)
    owner.groups.add(*owner.groups.model.objects.filter(name="organiser"))
    for raffle in raffles:
        raffle.organisers.add(owner)
    return owner


def test_an_organisers_webhook_hears_of_their_raffles_only() -> None:
    mine, theirs = make_raffle(), make_raffle()
    webhook = make_webhook(URL, owner=organiser_of(mine))
    own = make_order(raffle=mine, status="PAID")
    make_order(raffle=theirs, status="PAID")
    assert {one.subject for one in webhook.deliveries.all()} == {f"order:{own.pk}"}


def test_an_organisers_webhook_hears_of_no_money_that_names_no_order() -> None:
    """It may have come for somebody else's raffle."""
    raffle = make_raffle()
    make_webhook(URL, owner=organiser_of(raffle))
    player = make_order(raffle=raffle, status="PAID").player
    forget()
    record_payment(
        player_id=player.pk, currency="PYG", amount_minor=1, method="", reference="", by=make_staff(), now=NOW
    )
    assert told() == []


def test_who_is_taken_off_a_raffle_hears_no_more_of_it() -> None:
    raffle = make_raffle()
    owner = organiser_of(raffle)
    make_webhook(URL, owner=owner)
    raffle.organisers.remove(owner)
    make_order(raffle=raffle, status="PAID")
    assert told() == []


def test_what_is_undone_was_never_told() -> None:
    make_webhook(URL)
    order = make_order(status="UNDER_REVIEW")
    forget()
    with transaction.atomic():
        make_proof(order)
        transaction.set_rollback(True)
    assert told() == []


def test_a_sale_that_nobody_listens_to_costs_one_look(django_assert_num_queries: Any) -> None:
    order = make_order(status="PAID")
    with django_assert_num_queries(1):
        hear(OrderPaid(order, Payment.objects.none().first()))


def test_a_sale_costs_the_same_however_often_an_owner_listens(django_assert_max_num_queries: Any) -> None:
    owner = make_owner()
    for _ in range(10):
        make_webhook(URL, owner=owner)
    order = make_order(status="DRAFT")
    fact = OrderPaid(order, None)
    # The list, one look for the owner, the event, its deliveries in one statement.
    with django_assert_max_num_queries(4):
        hear(fact)
    assert Delivery.objects.count() == 10
