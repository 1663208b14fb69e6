"""Paid numbers are frozen once; whoever is undecided is decided first, or named."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from raffles.audit.models import AuditEntry, Deed
from raffles.draws.actions import close_entries, exclude_order
from raffles.draws.beacon import chain_by_hash, round_at, time_of
from raffles.draws.entries import frozen_numbers, receipt_of, require_untouched
from raffles.draws.errors import (
    DrawMoveNotAllowed,
    EntriesChanged,
    EntriesFrozen,
    NotAnEntry,
    NotUndecided,
    OrdersUndecided,
    RecordChanged,
    SalesNotOver,
    TermsDiffer,
)
from raffles.draws.fairness import mark_of
from raffles.draws.merkle import leaf, root_by
from raffles.draws.models import Draw, EntryPage
from raffles.draws.published import proof_of, receipt_document
from raffles.numbers.actions import reserve_numbers
from raffles.numbers.errors import SalesClosed
from raffles.numbers.models import Raffle, Ticket
from raffles.sales.actions import cancel_order, expire_orders, record_payment, refund_order
from raffles.sales.errors import ReasonMissing
from raffles.sales.models import Order, PlayerCredit
from tests.draws.staging import (
    STAFF,
    after_sales,
    closed_draw,
    committed_raffle,
    draw_of,
    sold,
    without_guards,
)
from tests.factories import NOW, confirm, make_order, make_player, make_proof, make_staff

pytestmark = pytest.mark.django_db

S = Order.Status


def close(raffle: Raffle, **options: object) -> Draw:
    at = {"now": after_sales(raffle)} | options
    return close_entries(draw_id=draw_of(raffle).pk, actor=STAFF, **at)  # type: ignore[arg-type]


def test_closing_freezes_the_paid_numbers_in_their_order_and_ends_the_sales() -> None:
    raffle = committed_raffle()
    sold(raffle, 40, 3)
    sold(raffle, 12)
    make_order(raffle=raffle, numbers=(7,), status=S.EXPIRED)
    draw = close(raffle)
    assert frozen_numbers(draw) == [3, 12, 40]
    assert (draw.status, draw.entry_count) == (Draw.Status.CLOSED, 3)
    raffle.refresh_from_db()
    assert raffle.status == Raffle.Status.CLOSED
    assert AuditEntry.objects.filter(action=Deed.ENTRIES_FROZEN).count() == 1


def test_the_round_that_counts_comes_a_minute_after_closing_or_with_the_draw() -> None:
    in_time = closed_draw()
    late = committed_raffle()
    sold(late, 1)
    at = late.draw_at + timedelta(hours=2)
    late_draw = close(late, now=at)
    chain = chain_by_hash(in_time.chain)
    assert in_time.beacon_round is not None and late_draw.beacon_round is not None  # noqa: PT018
    assert (
        timedelta(0) <= time_of(chain, in_time.beacon_round) - in_time.raffle.draw_at < timedelta(seconds=30)
    )
    assert time_of(chain, late_draw.beacon_round) >= at + timedelta(seconds=60)


def test_the_round_follows_from_the_instant_as_it_is_published() -> None:
    """At a fraction of a second past a round the next one would count, and nobody outside could tell why."""
    raffle = committed_raffle()
    sold(raffle, 1)
    at = raffle.draw_at.replace(second=0, microsecond=0) + timedelta(hours=1, microseconds=400_000)
    draw = close(raffle, now=at)
    chain, base = chain_by_hash(draw.chain), at.replace(microsecond=0) + timedelta(seconds=60)
    assert draw.beacon_round == round_at(chain, base)
    assert draw.closed_at == at.replace(microsecond=0)


def test_before_the_end_of_sales_nothing_is_frozen() -> None:
    raffle = committed_raffle()
    with pytest.raises(SalesNotOver):
        close(raffle, now=raffle.sales_close_at - timedelta(seconds=1))


@pytest.mark.parametrize("status", [S.DRAFT, S.PENDING_PAYMENT, S.UNDER_REVIEW])
def test_an_undecided_order_is_decided_first_and_nothing_changes_meanwhile(status: str) -> None:
    raffle = committed_raffle()
    order = make_order(raffle=raffle, numbers=(7, 8), status=status)
    with pytest.raises(OrdersUndecided) as refusal:
        close(raffle)
    raffle.refresh_from_db()
    assert refusal.value.orders == (order.code,)
    assert (raffle.status, draw_of(raffle).status) == (Raffle.Status.ACTIVE, Draw.Status.COMMITTED)
    assert not EntryPage.objects.exists()


def test_a_hold_that_ran_out_keeps_nobody_waiting() -> None:
    raffle = committed_raffle()
    make_order(raffle=raffle, numbers=(7,))
    expire_orders(now=after_sales(raffle))
    assert close(raffle).entry_count == 0


def test_an_order_that_cannot_be_decided_is_excluded_by_name_and_reason() -> None:
    raffle, by = committed_raffle(), make_staff()
    sold(raffle, 1)
    order = make_order(raffle=raffle, numbers=(7, 8), status=S.UNDER_REVIEW)
    at, draw = after_sales(raffle), draw_of(raffle)
    exclude_order(draw_id=draw.pk, order_id=order.pk, by=by, reason="no money came", now=at)
    published = proof_of(close(raffle))["closing"]
    assert published["excluded"] == [{"order": order.code, "numbers": [7, 8], "reason": "no money came"}]
    assert [number for number, _mark in published["entries"]] == [1]
    order.refresh_from_db()
    assert order.status == S.CANCELLED
    assert AuditEntry.objects.get(action=Deed.ORDER_EXCLUDED).reason == "no money came"


def test_money_of_an_excluded_order_becomes_credit() -> None:
    raffle, by = committed_raffle(), make_staff()
    order = make_order(raffle=raffle, numbers=(7,), status=S.UNDER_REVIEW)
    at = after_sales(raffle)
    exclude_order(draw_id=draw_of(raffle).pk, order_id=order.pk, by=by, reason="too late", now=at)
    record_payment(
        player_id=order.player_id,
        currency="PYG",
        amount_minor=50_000,
        method="t",
        reference="",
        by=by,
        now=at,
        order_id=order.pk,
    )
    assert PlayerCredit.objects.get(player=order.player).balance_minor == 50_000


def test_late_money_does_not_take_a_number_back_that_was_excluded() -> None:
    """Its document says in public that the number takes no part."""
    raffle, by = committed_raffle(), make_staff()
    late = make_order(raffle=raffle, numbers=(40, 41), status=S.EXPIRED)
    excluded = make_order(raffle=raffle, player=make_player(name="B"), numbers=(40,), status=S.UNDER_REVIEW)
    make_proof(late)
    at = after_sales(raffle)
    exclude_order(draw_id=draw_of(raffle).pk, order_id=excluded.pk, by=by, reason="too late", now=at)
    confirm(late, by=by, now=at)
    late.refresh_from_db()
    assert (late.status, PlayerCredit.objects.get(player=late.player).balance_minor) == (S.CANCELLED, 100_000)
    assert not Ticket.objects.filter(raffle=raffle).exclude(status=Ticket.Status.RELEASED).exists()
    assert proof_of(close(raffle))["closing"]["excluded"][0]["numbers"] == [40]


def test_late_money_takes_back_what_is_not_excluded() -> None:
    raffle, by = committed_raffle(), make_staff()
    late = make_order(raffle=raffle, numbers=(41,), status=S.EXPIRED)
    other = make_order(
        raffle=raffle, player=make_player(name="B"), numbers=(40, 41), status=S.PENDING_PAYMENT
    )
    make_proof(late)
    cancel_order(order_id=other.pk, actor=STAFF, reason="asked for it", now=NOW)
    other = make_order(raffle=raffle, player=make_player(name="C"), numbers=(40,), status=S.UNDER_REVIEW)
    at = after_sales(raffle)
    exclude_order(draw_id=draw_of(raffle).pk, order_id=other.pk, by=by, reason="too late", now=at)
    confirm(late, by=by, now=at)
    assert frozen_numbers(close(raffle)) == [41]


def test_only_what_waits_is_excluded_only_after_sales_and_only_with_a_reason() -> None:
    raffle, by = committed_raffle(), make_staff()
    paid = sold(raffle, 1)
    waiting = make_order(raffle=raffle, numbers=(7,), status=S.UNDER_REVIEW)
    draw, at = draw_of(raffle), after_sales(raffle)
    with pytest.raises(NotUndecided):
        exclude_order(draw_id=draw.pk, order_id=paid.pk, by=by, reason="x", now=at)
    with pytest.raises(SalesNotOver):
        exclude_order(draw_id=draw.pk, order_id=waiting.pk, by=by, reason="x", now=NOW)
    with pytest.raises(ReasonMissing):
        exclude_order(draw_id=draw.pk, order_id=waiting.pk, by=by, reason=" ", now=at)


def test_closing_twice_is_refused() -> None:
    draw = closed_draw()
    with pytest.raises(DrawMoveNotAllowed):
        close_entries(draw_id=draw.pk, actor=STAFF, now=after_sales(draw.raffle))


def test_nothing_is_reserved_or_sold_once_the_entries_are_frozen() -> None:
    draw = closed_draw()
    with pytest.raises(SalesClosed):
        reserve_numbers(raffle_id=draw.raffle.pk, player_id=make_player().pk, numbers=[9], now=NOW)
    order = Ticket.objects.filter(raffle=draw.raffle)[0].order
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        Ticket.objects.create(raffle=draw.raffle, number=9, order=order, price_minor=1)


def test_sold_numbers_are_not_given_back_between_closing_and_draw() -> None:
    draw = closed_draw()
    ticket = Ticket.objects.filter(raffle=draw.raffle)[0]
    with pytest.raises(EntriesFrozen):
        refund_order(
            order_id=ticket.order_id, by=make_staff(), reason="changed his mind", now=after_sales(draw.raffle)
        )
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(status=Ticket.Status.RELEASED)
    ticket.order.refresh_from_db()
    assert ticket.order.status == S.PAID


def test_a_late_cancellation_of_a_hold_needs_no_draw() -> None:
    raffle = committed_raffle()
    order = make_order(raffle=raffle, numbers=(7,))
    cancel_order(order_id=order.pk, actor=STAFF, reason="", now=after_sales(raffle))
    assert close(raffle).entry_count == 0


@pytest.mark.parametrize("count", [0, 1, 2, 1023, 1024, 1025, 2500])
def test_every_number_has_a_receipt_that_leads_to_the_root(count: int) -> None:
    raffle = committed_raffle(last_number=4999, max_per_order=500)
    player = make_player()
    for start in range(0, count, 500):
        sold(raffle, *range(start * 2, min(start + 500, count) * 2, 2), player=player)
    draw = close(raffle)
    for number in {0, 2, 2046, 2048, (count - 1) * 2} & set(frozen_numbers(draw)):
        receipt = receipt_of(draw, number)
        assert root_by(leaf(receipt.entry.text), receipt.path).hex() == draw.root
        assert receipt.position == number // 2
        code = Ticket.objects.get(raffle=raffle, number=number).order.code
        assert mark_of(salt=receipt.salt, number=number, order=code) == receipt.entry.mark
        assert receipt_document(receipt, code)["root"] == draw.root
    with pytest.raises(NotAnEntry):
        receipt_of(draw, 1)


def test_what_is_published_names_nobody() -> None:
    raffle = committed_raffle()
    order = sold(raffle, 5, player=make_player(name="Herminia Benítez", phone="+595981000001"))
    text = str(proof_of(close(raffle)))
    assert all(private not in text for private in ("Herminia", "595981", order.code))


@pytest.mark.parametrize(
    ("change", "differ"),
    [
        ({"status": "RELEASED"}, (3,)),
        ({"number": 4}, (3, 4)),
    ],
)
def test_a_ticket_changed_by_sql_is_found_by_its_number(
    change: dict[str, object], differ: tuple[int, ...]
) -> None:
    draw = closed_draw()
    with without_guards():
        Ticket.objects.filter(raffle=draw.raffle, number=3).update(**change)
    with pytest.raises(EntriesChanged) as refusal:
        require_untouched(draw)
    assert refusal.value.numbers == differ


def test_a_ticket_moved_to_another_order_by_sql_is_found() -> None:
    draw = closed_draw()
    other = Ticket.objects.get(raffle=draw.raffle, number=5).order
    Ticket.objects.filter(raffle=draw.raffle, number=3).update(order=other)
    with pytest.raises(EntriesChanged) as refusal:
        require_untouched(draw)
    assert refusal.value.numbers == (3,)


def test_frozen_pages_do_not_change_and_where_they_did_it_is_noticed() -> None:
    draw = closed_draw()
    page = EntryPage.objects.get(draw=draw)
    lines = page.lines.replace("3:", "4:", 1)
    with pytest.raises(DatabaseError), transaction.atomic():
        EntryPage._base_manager.filter(pk=page.pk)._raw_delete(using="default")
    with without_guards():
        page.lines = lines
        page.save()
    with pytest.raises(RecordChanged):
        require_untouched(draw)


def test_a_raffle_changed_past_its_rule_is_not_closed() -> None:
    raffle = committed_raffle()
    Raffle.objects.filter(pk=raffle.pk).update(draw_at=raffle.draw_at + timedelta(days=1))
    with pytest.raises(TermsDiffer) as refusal:
        close(raffle)
    assert refusal.value.fields == ("draws_at", "beacon")


def late_order(raffle: Raffle, *, free: int, gone: int) -> Order:
    """Its hold ran out and others had its numbers when its money came; one of the two gave up since."""
    late = make_order(raffle=raffle, player=make_player(), numbers=(free, gone), status=S.EXPIRED)
    sold(raffle, gone)
    other = make_order(raffle=raffle, player=make_player(), numbers=(free,))
    make_proof(late)
    cancel_order(order_id=other.pk, actor=STAFF, reason="gave up", now=NOW)
    late.refresh_from_db()
    assert (late.status, late.late_since) == (S.UNDER_REVIEW, NOW)
    return late


def test_late_money_for_free_numbers_is_decided_before_the_entries_are_frozen() -> None:
    raffle = committed_raffle()
    late = late_order(raffle, free=7, gone=3)
    with pytest.raises(OrdersUndecided) as refusal:
        close(raffle)
    assert refusal.value.orders == (late.code,)
    draw, by, at = draw_of(raffle), make_staff(), after_sales(raffle)
    exclusion = exclude_order(draw_id=draw.pk, order_id=late.pk, by=by, reason="too late", now=at)
    assert exclusion.numbers == [7]
    assert frozen_numbers(close(raffle)) == [3]


def test_late_money_for_numbers_that_others_have_keeps_nothing_waiting() -> None:
    raffle = committed_raffle()
    late_order(raffle, free=7, gone=3)
    sold(raffle, 7)
    assert frozen_numbers(close(raffle)) == [3, 7]


def test_what_was_fixed_in_the_moment_of_freezing_is_in_the_log() -> None:
    draw = closed_draw()
    entry = AuditEntry.objects.get(action=Deed.ENTRIES_FROZEN)
    assert draw.closed_at is not None
    assert entry.after == {
        "entries": 5,
        "root": draw.root,
        "closed_at": draw.closed_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "round": draw.beacon_round,
    }
