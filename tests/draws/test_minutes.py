"""The minutes say what was drawn and what was taken, to the unit, and name nobody."""

from __future__ import annotations

import hashlib
import json

import pypdfium2
import pytest
from django.db import connection
from django.db.models import F, QuerySet
from django.utils.translation import override

from raffles.audit.models import AuditEntry, Deed
from raffles.draws.actions import exclude_order, hold_draw, issue_minutes, lose_award, type_result
from raffles.draws.errors import DrawMoveNotAllowed, EntriesChanged, RecordChanged, TotalsDiffer
from raffles.draws.minutes import Minutes, minutes_of
from raffles.draws.minutes.ranges import count_of, each_of, gaps, in_ranges
from raffles.draws.minutes_pdf import pdf_of
from raffles.draws.models import Draw, EntryPage
from raffles.numbers.models import Ticket
from raffles.sales.actions import refund_order
from raffles.sales.models import CreditEntry, Order
from tests.draws.staging import (
    STAFF,
    after_sales,
    at_draw,
    closed_draw,
    committed_raffle,
    draw_of,
    held_draw,
    sold,
    without_guards,
)
from tests.factories import NOW, make_order, make_player, make_staff

pytestmark = pytest.mark.django_db

ANA = {"name": "Ana Benítez", "phone": "+595981222333", "city": "Luque", "email": "ana@example.com"}
LANGUAGES = {"es": "Acta del sorteo", "pt-br": "Ata do sorteio", "en": "Draw minutes"}


def issued(draw: Draw) -> Minutes:
    return issue_minutes(draw_id=draw.pk, actor=STAFF, now=at_draw(draw.raffle))


def paper(minutes: Minutes, language: str = "en") -> str:
    """What a reader sees of all pages, without line ends."""
    with override(language):
        content = pdf_of(minutes, issued_at=NOW)
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content)]
    return " ".join(" ".join(pages).split())


def eventful() -> Draw:
    """A hundred numbers: some sold, one excluded, one refunded before the draw and one after it."""
    raffle = committed_raffle(prizes=[("Una moto — ñandú ã €", 1), ("Bicicleta", 2)])
    ana = make_player(**ANA)
    sold(raffle, *range(10), player=ana)
    sold(raffle, 40, 42)
    back = sold(raffle, 50)
    refund_order(order_id=back.pk, by=make_staff(), reason="sold by mistake", now=NOW)
    late = make_order(raffle=raffle, player=ana, numbers=[60], status=Order.Status.UNDER_REVIEW)
    staff = make_staff()
    exclude_order(
        draw_id=draw_of(raffle).pk, order_id=late.pk, by=staff, reason="no money", now=after_sales(raffle)
    )
    held_draw(raffle)
    after = Order.objects.get(tickets__number=42, tickets__raffle=raffle)
    refund_order(order_id=after.pk, by=staff, reason="cannot take part", now=at_draw(raffle))
    return draw_of(raffle)


def test_every_number_is_sold_void_or_free_and_the_takings_are_the_orders() -> None:
    draw = eventful()
    minutes = minutes_of(draw)
    numbers = minutes.numbers
    assert numbers.sold == ((0, 9), (40, 40), (42, 42))
    assert (numbers.sold_count, numbers.free_count) == (12, 86)
    assert [each.numbers for each in numbers.excluded] == [((60, 60),)]
    assert [each.numbers for each in numbers.refunded_before] == [((50, 50),)]
    # With 42 goes 40: an order is refunded whole.
    assert [each.numbers for each in numbers.refunded_since] == [((40, 40), (42, 42))]
    assert numbers.sold_count + numbers.free_count + 2 == 100
    paid = Order.objects.filter(status=Order.Status.PAID)
    assert [(each.currency, each.orders, each.numbers, each.amount_minor) for each in minutes.takings] == [
        ("PYG", paid.count(), 10, sum(order.total_minor for order in paid))
    ]
    assert [(each.numbers, each.amount_minor) for each in minutes.refunded_since] == [(2, 100_000)]


def test_winners_are_named_by_number_and_order_and_reserves_follow() -> None:
    draw = held_draw()
    award = draw.awards.get()
    lose_award(award_id=award.pk, by=make_staff(), why="GIVEN_UP", note="by phone", now=at_draw(draw.raffle))
    minutes = minutes_of(draw)
    sequence = list(minutes.sequence)
    assert [(won.number, won.status) for won in minutes.winners] == [
        (sequence[0], "LOST"),
        (sequence[1], "OPEN"),
    ]
    assert [won.order for won in minutes.winners] == [
        Order.objects.get(tickets__number=number).code for number in sequence[:2]
    ]
    assert [each.number for each in minutes.reserves] == sequence[1:]


def changed_by_sql(charges: QuerySet[CreditEntry], amount_minor: int) -> None:
    """As somebody would who writes past the product: its own rows refuse."""
    QuerySet(CreditEntry).filter(pk__in=[each.pk for each in charges]).update(amount_minor=amount_minor)


@pytest.mark.parametrize(
    "book",
    ["price of a ticket", "total of an order", "charge of an account"],
)
def test_one_unit_off_in_any_book_and_nothing_is_issued(book: str) -> None:
    draw = held_draw()
    assert issued(draw).takings[0].amount_minor == 250_000
    order = Order.objects.filter(status=Order.Status.PAID)[0]
    if book == "price of a ticket":
        Ticket.objects.filter(order=order).update(price_minor=F("price_minor") + 1)
    elif book == "total of an order":
        Order.objects.filter(pk=order.pk).update(total_minor=F("total_minor") + 1)
    else:
        charge = CreditEntry.objects.filter(order=order, kind="ORDER")
        changed_by_sql(charge, -50_001)
    with pytest.raises(TotalsDiffer):
        issued(draw)
    assert AuditEntry.objects.filter(action=Deed.MINUTES_ISSUED).count() == 1


def test_two_errors_do_not_make_up_for_each_other() -> None:
    draw = held_draw()
    one, two = Ticket.objects.filter(raffle=draw.raffle)[:2]
    Ticket.objects.filter(pk=one.pk).update(price_minor=one.price_minor + 7)
    Ticket.objects.filter(pk=two.pk).update(price_minor=two.price_minor - 7)
    with pytest.raises(TotalsDiffer):
        issued(draw)


def test_numbers_that_are_not_those_that_were_frozen_are_refused() -> None:
    draw = held_draw()
    with without_guards():
        Ticket.objects.filter(raffle=draw.raffle, number=3).update(status="RELEASED")
        Order.objects.filter(tickets__number=3).update(status="CANCELLED")
    with pytest.raises(EntriesChanged):
        issued(draw)


def test_numbers_that_changed_hands_by_sql_are_refused() -> None:
    """As many are sold as before, to others."""
    draw = held_draw()
    first, second = (Ticket.objects.get(raffle=draw.raffle, number=number) for number in (3, 5))
    with without_guards():
        Ticket.objects.filter(pk=first.pk).update(order=second.order)
        Ticket.objects.filter(pk=second.pk).update(order=first.order)
    with pytest.raises(EntriesChanged) as refusal:
        issued(draw)
    assert refusal.value.numbers == (3, 5)


def test_other_pages_than_those_that_were_published_are_refused() -> None:
    draw = held_draw()
    with without_guards(), connection.cursor() as cursor:
        cursor.execute("UPDATE draws_entrypage SET lines = replace(lines, '3:', '4:')")
    assert EntryPage.objects.count() == 1
    with pytest.raises(RecordChanged):
        issued(draw)


def test_there_are_none_before_the_result() -> None:
    draw = closed_draw()
    with pytest.raises(DrawMoveNotAllowed):
        issued(draw)


def test_each_issue_is_in_the_log_by_the_digest_of_its_json() -> None:
    draw = held_draw()
    minutes = issued(draw)
    assert minutes.digest == hashlib.sha256(minutes.text.encode()).hexdigest() == issued(draw).digest
    entry = AuditEntry.objects.filter(action=Deed.MINUTES_ISSUED)[0]
    assert (entry.subject_label, entry.after) == (draw.code, {"sha256": minutes.digest})
    told = json.loads(minutes.text)
    assert (told["format"], told["code"], told["root"]) == ("raffle-draw-minutes/1", draw.code, draw.root)
    assert told["drawn_at"] == "2026-11-29T15:01:00Z"


@pytest.mark.parametrize(("language", "title"), LANGUAGES.items())
def test_the_paper_has_every_fact_in_the_language_of_who_reads_it(language: str, title: str) -> None:
    draw = eventful()
    minutes = minutes_of(draw)
    read = paper(minutes, language)
    joined = read.replace(" ", "")
    assert read.startswith(f"{title}: {draw.code}")
    for digest in (draw.root, draw.seed, draw.secret, draw.secret_hash, draw.rule_digest, minutes.digest):
        assert digest in joined
    assert draw.beacon_signature in joined
    assert str(draw.beacon_round) in read
    assert "Una moto — ñandú ã €" in read
    assert "00–09, 40, 42" in read
    for award in draw.awards.select_related("order"):
        assert f"{award.number:02} {award.order.code}" in read
    assert minutes.numbers.excluded[0].order in read
    assert "no money" in read


def test_the_words_of_each_language_are_its_own() -> None:
    minutes = minutes_of(held_draw())
    papers = {language: paper(minutes, language) for language in LANGUAGES}
    for spoken, words in {"es": "Firmas", "pt-br": "Assinaturas", "en": "Signatures"}.items():
        assert [language for language, read in papers.items() if words in read] == [spoken]
    for language in ("es", "pt-br"):
        for english in ("Issued", "Takings", "Organiser", "Witness", "Where the result", "To be claimed"):
            assert english not in papers[language], (language, english)


def test_no_paper_and_no_json_names_a_person() -> None:
    minutes = minutes_of(eventful())
    everything = minutes.text + paper(minutes, "es")
    for private in ANA.values():
        assert private not in everything
    assert "Benítez" not in everything


def test_results_typed_by_people_stand_with_their_witnesses() -> None:
    draw = closed_draw(draw={"method": "BARREL"})
    for _person in range(2):
        type_result(
            draw_id=draw.pk,
            values=["40", "5", "77"],
            witnesses="Escribana Rojas",
            by=make_staff(),
            now=at_draw(draw.raffle),
        )
    minutes = minutes_of(held_after(draw))
    read = paper(minutes)
    assert "40, 05, 77" in read
    assert "Escribana Rojas" in read
    assert minutes.chance.seed is None


def held_after(draw: Draw) -> Draw:
    return hold_draw(draw_id=draw.pk, actor=STAFF, now=at_draw(draw.raffle))


def test_letters_that_the_fonts_lack_are_told_by_their_number() -> None:
    raffle = committed_raffle(title="Moto 🏍 €", prizes=[("自転車", 1)])
    sold(raffle, 3)
    read = paper(minutes_of(held_draw(raffle)))
    assert "Moto [U+1F3CD] €" in read
    assert "[U+81EA][U+8EE2][U+8ECA]" in read


def many(sold_count: int, step: int) -> Draw:
    raffle = committed_raffle(last_number=sold_count * step)
    order = sold(raffle, 0)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO raffles_ticket (raffle_id, number, order_id, price_minor, status) "
            "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < %s) "
            "SELECT %s, n * %s, %s, 50000, 'SOLD' FROM counted",
            [sold_count - 1, raffle.pk, step, order.pk],
        )
    total = sold_count * 50_000
    Order.objects.filter(pk=order.pk).update(total_minor=total)
    charge = CreditEntry.objects.filter(order=order, kind="ORDER")
    changed_by_sql(charge, -total)
    return held_draw(raffle)


@pytest.mark.parametrize("step", [1, 2])
def test_of_100_000_sold_numbers_the_paper_is_short(step: int) -> None:
    """Also where every second number is sold, and no list of them would help on paper."""
    draw = many(100_000, step)
    minutes = minutes_of(draw)
    with override("es"):
        content = pdf_of(minutes, issued_at=NOW)
    assert len(content) < 100_000
    assert len(pypdfium2.PdfDocument(content)) <= 3
    assert minutes.numbers.sold_count == 100_000


def test_ranges_and_their_gaps_are_everything_once() -> None:
    taken = in_ranges([0, 1, 2, 5, 9])
    assert taken == ((0, 2), (5, 5), (9, 9))
    free = tuple(gaps(0, 11, taken))
    assert free == ((3, 4), (6, 8), (10, 11))
    assert sorted([*each_of(taken), *each_of(free)]) == list(range(12))
    assert (count_of(taken), count_of(free), tuple(gaps(0, 2, ((0, 2),)))) == (5, 7, ())
