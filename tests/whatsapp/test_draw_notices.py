"""What players hear of a draw: once each, in their language, whatever happens to others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction

from raffles.draws.actions import (
    call_off_draw,
    claim_award,
    expire_awards,
    hand_over_award,
    lose_award,
    tell_outcomes,
)
from raffles.draws.models import Award, Draw, Outcome
from raffles.draws.notices import OutcomeDue
from raffles.sales.models import Actor
from tests.draws.staging import at_draw, draw_of, sold
from tests.factories import make_player, make_staff
from tests.whatsapp.chat import contact_of, heard, make_contact, reply_ids
from tests.whatsapp.graph import Answer, Graph
from tests.whatsapp.meta import ANA, NOW
from tests.whatsapp.test_templates_notices import approve_all, wording
from tests.whatsapp.winning import BETO, LUZ, a_raffle, ana, award_of, hold, keys, told, won_by
from whatsapp import draw_notices, outbox, templates
from whatsapp.messages import units, words_of
from whatsapp.models import Contact, OutboundMessage
from whatsapp.simulator.limits import check_message

pytestmark = pytest.mark.django_db(transaction=True)
LANGUAGES = [code for code, _ in settings.LANGUAGES]
A_MONTH_LATER = timedelta(days=31)


def three_players() -> Draw:
    """Ana wins with 12, Luz and Beto win nothing."""
    raffle = a_raffle()
    sold(raffle, 5, 12, player=ana().player)
    sold(raffle, 40, player=make_contact(LUZ).player)
    sold(raffle, 77, player=make_contact(BETO).player)
    return hold(raffle, 12, 40)


def outcome_key(draw: Draw, contact: Contact) -> str:
    return f"draw:{draw.pk}:outcome:{contact.player_id}"


def stop_news(contact: Contact) -> None:
    contact.player.news_stopped_at = contact.created_at
    contact.player.save()


def test_everybody_hears_once_however_often_it_is_announced() -> None:
    draw = three_players()
    told(draw)
    assert sorted(keys()) == sorted(outcome_key(draw, contact) for contact in Contact.objects.all())
    for outcome in Outcome.objects.all():
        draw_notices.hear(OutcomeDue(outcome, tuple(draw.awards.filter(player=outcome.player))))
    told(draw)
    assert len(keys()) == 3


def test_a_winner_reads_numbers_deadline_and_what_to_do_and_the_others_who_won() -> None:
    draw = three_players()
    told(draw)
    (won,) = heard(ANA)
    assert all(words in won for words in ("¡Ganaste!", "*12*", "Moto 0 km", "*premio*", "23:59"))
    (lost,) = heard(LUZ)
    assert all(words in lost for words in ("*12*", "Gracias por participar", "/draws/MOTO/"))


def test_several_prizes_are_one_message_with_all_of_them() -> None:
    draw = won_by(ana(), prizes=[("Un auto", 1), ("Un casco", 2)], numbers=(12, 5, 40), draw={"reserves": 0})
    told(draw)
    (won,) = heard(ANA)
    assert "Número *12*: Un auto\nNúmero *05*: Un casco\n" in won


def test_the_same_prize_twice_is_one_line() -> None:
    draw = won_by(ana(), prizes=[("Un casco", 3)], numbers=(12, 5, 40), draw={"reserves": 0})
    told(draw)
    assert "Números *05, 12*: Un casco\n" in heard(ANA)[0]


def test_who_said_stop_hears_of_a_prize_and_of_nothing_else() -> None:
    draw = three_players()
    for person in (ANA, LUZ):
        stop_news(contact_of(person))
    told(draw)
    assert (len(heard(ANA)), len(heard(LUZ)), len(heard(BETO))) == (1, 0, 1)
    assert not Outcome.objects.filter(told_at=None).exists()


def test_who_has_no_contact_or_is_blocked_keeps_nobody_from_hearing() -> None:
    raffle = a_raffle()
    sold(raffle, 12, player=make_player(name="By paper"))
    sold(raffle, 40, player=make_contact(LUZ, blocked_at=raffle.sales_open_at).player)
    sold(raffle, 77, player=make_contact(BETO).player)
    draw = hold(raffle, 12, 40)
    told(draw)
    assert (len(heard(LUZ)), len(heard(BETO))) == (1, 1)
    assert draw.awards.get().status == Award.Status.OPEN


def test_one_player_whom_meta_refuses_keeps_nobody_from_hearing(graph: Graph) -> None:
    draw = three_players()
    told(draw)
    graph.will_answer(Answer.refusal(131026))
    at = at_draw(draw.raffle)
    Contact.objects.update(last_inbound_at=at)
    outbox.flush(now=at)
    assert sorted(OutboundMessage.objects.values_list("status", flat=True)) == ["FAILED", "SENT", "SENT"]
    assert Outcome.objects.filter(told_at=None).count() == 0


def test_what_is_undone_is_told_when_it_is_done() -> None:
    draw = three_players()
    with transaction.atomic():
        told(draw)
        transaction.set_rollback(True)
    assert (keys(), Outcome.objects.filter(told_at=None).count()) == ([], 3)
    told(draw)
    assert len(keys()) == 3


def test_who_won_nothing_need_not_read_of_it_after_a_month_but_a_winner_must(graph: Graph) -> None:
    draw = three_players()
    told(draw)
    late = at_draw(draw.raffle) + A_MONTH_LATER
    Contact.objects.update(last_inbound_at=late)
    outbox.flush(now=late)
    statuses = OutboundMessage.objects.values_list("contact__profile_name", "status")
    assert sorted(statuses) == [("Ana", "SENT"), ("Beto", "DROPPED"), ("Luz", "DROPPED")]


def test_a_prize_nobody_claimed_is_told_to_who_lost_it_and_to_who_has_it_now() -> None:
    draw = three_players()
    told(draw)
    expire_awards(now=at_draw(draw.raffle) + A_MONTH_LATER)
    assert "se acabó el plazo" in heard(ANA)[-1]
    assert "¡Ahora un premio es tuyo!" in heard(LUZ)[-1]
    assert "*40*" in heard(LUZ)[-1]
    assert "12" not in heard(LUZ)[-1].split("2026")[0]
    assert len(heard(BETO)) == 1
    expire_awards(now=at_draw(draw.raffle) + A_MONTH_LATER)
    assert (len(heard(ANA)), len(heard(LUZ))) == (2, 2)


def test_a_prize_that_nobody_else_gets_is_told_to_who_lost_it() -> None:
    draw = won_by(ana(), draw={"redraw": Draw.Redraw.STAYS})
    told(draw)
    expire_awards(now=at_draw(draw.raffle) + A_MONTH_LATER)
    assert "se acabó el plazo" in heard(ANA)[-1]


def test_who_gave_a_prize_up_is_not_told_that_it_is_gone() -> None:
    draw = three_players()
    told(draw)
    award, at = award_of(draw, 12), at_draw(draw.raffle)
    lose_award(award_id=award.pk, by=make_staff(), why="GIVEN_UP", note="by phone", now=at)
    assert len(heard(ANA)) == 1
    assert "¡Ahora un premio es tuyo!" in heard(LUZ)[-1]


def test_a_prize_passed_on_before_the_outcome_was_told_is_told_with_it() -> None:
    draw = three_players()
    award, at = award_of(draw, 12), at_draw(draw.raffle)
    lose_award(award_id=award.pk, by=make_staff(), why="BARRED", note="a member of staff", now=at)
    told(draw)
    (won,) = heard(LUZ)
    assert "¡Ganaste!" in won
    (lost,) = heard(ANA)
    assert "Gracias por participar" in lost


def test_a_handed_over_prize_is_confirmed_shortly() -> None:
    draw = three_players()
    told(draw)
    award, at = award_of(draw, 12), at_draw(draw.raffle)
    hand_over_award(award_id=award.pk, by=make_staff(), note="María, CI 1234567", now=at)
    assert "¡Premio entregado!" in heard(ANA)[-1]
    assert "CI" not in heard(ANA)[-1]


def test_a_draw_that_is_called_off_and_a_claim_say_nothing_by_themselves() -> None:
    raffle = a_raffle()
    sold(raffle, 5, player=ana().player)
    call_off_draw(draw_id=draw_of(raffle).pk, reason="a storm", by=make_staff(), now=NOW)
    draw = won_by(make_contact(LUZ), code="TV")
    claim_award(
        draw_id=draw.pk, player_id=contact_of(LUZ).player_id, actor=Actor.player(), now=at_draw(draw.raffle)
    )
    assert keys() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_late_each_is_said_by_its_template_with_the_same_buttons(graph: Graph, language: str) -> None:
    approve_all()
    draw = three_players()
    for contact in Contact.objects.select_related("player"):
        contact.player.language = language
        contact.player.save()
    told(draw)
    at = at_draw(draw.raffle)
    expire_awards(now=at + A_MONTH_LATER)
    hand_over_award(award_id=award_of(draw, 40).pk, by=make_staff(), note="here", now=at + A_MONTH_LATER)
    OutboundMessage.objects.update(not_after=None)
    outbox.flush(now=at + A_MONTH_LATER)
    told_as = [row.template_key for row in OutboundMessage.objects.order_by("pk")]
    assert told_as[:3] == ["draw_won", "draw_not_won", "draw_not_won"]
    assert told_as[3:] == ["prize_lost", "prize_passed_on", "prize_handed_over"]
    for row in OutboundMessage.objects.order_by("pk"):
        _check_late(row)


def _check_late(row: OutboundMessage) -> None:
    ours = wording(row.template_key, row.contact)
    assert row.sent_as is not None, row.template_key
    assert row.sent_as["template"]["name"] == ours.name
    assert "{{" not in templates.words_read(row.sent_as)
    assert list(reply_ids(row.content)) == list(ours.buttons)


@pytest.mark.parametrize("language", LANGUAGES)
def test_however_much_was_won_it_fits_and_the_deadline_is_in_it(language: str) -> None:
    contact = ana()
    contact.player.language = language
    contact.player.save()
    prizes = [(f"🏆 Premio {rank} " + "muy largo " * 11, 4) for rank in range(1, 9)]
    raffle = a_raffle(
        title=("Gran *rifa* anual " * 7)[:120],
        prizes=[(label[:120], quantity) for label, quantity in prizes],
        last_number=9_999_999,
        max_per_order=50,
        draw={"reserves": 0},
    )
    numbers = range(1_000_001, 1_000_065, 2)
    sold(raffle, *numbers, player=contact.player)
    draw = hold(raffle, *numbers)
    told(draw)
    content = OutboundMessage.objects.get().content
    check_message({"messaging_product": "whatsapp", "to": "+595981000001", **content})
    assert "2026" in words_of(content)
    assert not words_of(content).endswith("…")
    assert units(words_of(content)) <= 1024


def test_a_hundred_players_are_told_with_few_queries_each(django_assert_max_num_queries: object) -> None:
    raffle = a_raffle()
    for number in range(1, 21):
        sold(raffle, number, player=make_player(name=f"P{number}"))
    draw = hold(raffle, 1, 2)
    with django_assert_max_num_queries(20 * 7 + 10):  # type: ignore[operator]
        assert tell_outcomes(now=at_draw(draw.raffle)) == 20
