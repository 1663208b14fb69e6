"""Winners: private, asked, told once, and replaced by the rule alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from raffles.audit.models import AuditEntry, Deed
from raffles.draws.actions import (
    claim_award,
    expire_awards,
    hand_over_award,
    lose_award,
    show_winner,
    tell_outcomes,
)
from raffles.draws.errors import AwardDecided, AwardNotFound, AwardUnpaid, NameMissing, NothingWon
from raffles.draws.invariants import violations
from raffles.draws.listeners import hear as hear_of_sales
from raffles.draws.models import Award, Draw, Outcome
from raffles.draws.notices import AwardLost, AwardPassedOn, DrawFact, OutcomeDue
from raffles.draws.queries import shown_winners
from raffles.sales.actions import refund_order
from raffles.sales.errors import ProofKindNotAllowed, ReasonMissing
from raffles.sales.models import Order, Player
from raffles.sales.notices import PlayersMerged
from tests.draws.staging import STAFF, at_draw, committed_raffle, held_draw, sold, without_guards
from tests.factories import NOW, make_player, make_staff, png_bytes

pytestmark = pytest.mark.django_db

heard: list[DrawFact] = []


def hear(fact: DrawFact) -> None:
    heard.append(fact)


@pytest.fixture(autouse=True)
def listening(settings: object) -> None:
    settings.DRAW_LISTENERS = [f"{__name__}.hear"]  # type: ignore[attr-defined]
    heard.clear()


def first_award(draw: Draw) -> Award:
    return draw.awards.order_by("place")[0]


def lose(award: Award, why: str = "GIVEN_UP") -> Award | None:
    return lose_award(
        award_id=award.pk, by=make_staff(), why=why, note="told us by phone", now=at_draw(award.draw.raffle)
    )


def test_everybody_hears_once_and_winners_with_all_they_won() -> None:
    raffle = committed_raffle(prizes=[("A car", 1), ("A bicycle", 1)])
    often = make_player()
    sold(raffle, 1, 2, player=often)
    held_draw(raffle)
    sold_to_others = [fact for fact in heard if isinstance(fact, OutcomeDue)]
    assert sold_to_others == []
    assert tell_outcomes(now=NOW) == 1
    assert tell_outcomes(now=NOW) == 0
    (fact,) = [fact for fact in heard if isinstance(fact, OutcomeDue)]
    assert sorted(award.prize.label for award in fact.awards) == ["A bicycle", "A car"]


def test_outcomes_are_told_bit_by_bit() -> None:
    held_draw()
    assert [tell_outcomes(now=NOW, limit=2) for _round in range(4)] == [2, 2, 1, 0]
    assert len({fact.outcome.player_id for fact in heard if isinstance(fact, OutcomeDue)}) == 5


def test_nothing_is_shown_of_a_winner_unless_allowed_and_it_is_taken_back_at_once() -> None:
    draw = held_draw()
    award = first_award(draw)

    def show(shown: str, text: str = "") -> str:
        show_winner(draw_id=draw.pk, player_id=award.player_id, shown=shown, text=text, actor=STAFF, now=NOW)
        return shown_winners(draw)[0].name

    assert shown_winners(draw)[0].name == ""
    assert show("CITY", " Ciudad   del Este ") == "Ciudad del Este"
    assert show("ALIAS", "La Negra") == "La Negra"
    assert show("NOTHING") == ""
    assert AuditEntry.objects.filter(action=Deed.AWARD_SHOWN).count() == 3


NO_NAMES = (
    *("", "  ", "x" * 41, "a\u202eb"),
    *("0981234567", "0981 123 456", "0981-123-456", "+595 981 12 34 56", "(0981) 123.456", "0 9 8 1 1"),
    *(
        "llamar 0981 y 123456",
        "０９８１ 123 456",
        "٠٩٨١ ١٢٣ ٤٥٦",
        "०९८१ १२३",
        "⓪⑨⑧① ①②③",
        "〇九八一 一二三四五六",
    ),
    *("me@mail.com", "ana＠mail", "@ana", "ana @ mail", "IG @ana.gomez", "ana.gomez"),
    *(
        "www.x.com",
        "wa.me/ana",
        "WA.ME",
        "t.me",
        "instagram.com/ana",
        "instagram.com",
        "ana。com",
        "ana．com",
    ),
    *("https:ana", "fb/ana", "fb／ana", "fb\\ana", "пример.рф"),
)
NAMES = (
    *("La Negra", "María-José", "D'Angelo", "O’Higgins", "J. R. Núñez", "J.R. Núñez", "Ma. Elena", "Ana M."),
    *("San Lorenzo 2", "São Paulo", "10 de Agosto", "25 de Mayo", "Dr. J. Eulogio Estigarribia", "Nº 7"),
    *("Km 1.000", "Lucky 777", "Promo 2026", "Ña Ñeca ❤️", "李一三", "Ольга", "ana_gomez", "Cnel. Oviedo, Py"),
)


def shown_as(draw: Draw, text: str) -> str:
    player = first_award(draw).player_id
    show_winner(draw_id=draw.pk, player_id=player, shown="ALIAS", text=text, actor=STAFF, now=NOW)
    return shown_winners(draw)[0].name


def test_what_is_no_name_or_leads_to_somebody_is_not_shown() -> None:
    draw = held_draw()
    for text in NO_NAMES:
        with pytest.raises(NameMissing):
            pytest.fail(f"shown as {shown_as(draw, text)}")
    assert first_award(draw).shown_at is None


def test_names_and_cities_are_shown_as_they_were_said() -> None:
    draw = held_draw()
    for text in NAMES:
        assert shown_as(draw, text) == text


def test_who_won_nothing_has_nothing_to_show_or_claim() -> None:
    draw, player = held_draw(), make_player()
    with pytest.raises(NothingWon):
        show_winner(draw_id=draw.pk, player_id=player.pk, shown="NOTHING", actor=STAFF, now=NOW)
    with pytest.raises(NothingWon):
        claim_award(draw_id=draw.pk, player_id=player.pk, actor=STAFF, now=NOW)


def test_a_deadline_is_the_end_of_a_day_where_the_raffle_is_at_home() -> None:
    """Drawn on 30 November at 15:01 UTC; 30 days later it is 30 December in Asunción, which is at UTC-3."""
    draw = held_draw(draw={"claim_days": 30}, draw_at=datetime(2026, 11, 30, 15, 0, tzinfo=UTC))
    assert first_award(draw).claim_until == datetime(2026, 12, 31, 2, 59, 59, tzinfo=UTC)


def test_a_deadline_in_another_zone_follows_its_summer_time() -> None:
    """Lisbon sets its clocks forward on 28 March 2027: the end of 30 March is 22:59:59 UTC."""
    draw_at = datetime(2027, 3, 20, 15, 0, tzinfo=UTC)
    draw = held_draw(draw={"claim_days": 10}, time_zone="Europe/Lisbon", draw_at=draw_at)
    assert first_award(draw).claim_until == datetime(2027, 3, 30, 22, 59, 59, tzinfo=UTC)


def test_what_is_not_claimed_in_time_goes_to_the_next_reserve_by_itself() -> None:
    draw = held_draw()
    award = first_award(draw)
    assert expire_awards(now=award.claim_until) == 0
    assert expire_awards(now=award.claim_until + timedelta(seconds=1)) == 1
    award.refresh_from_db()
    following = draw.awards.get(status=Award.Status.OPEN)
    assert (award.status, award.lost_why) == (Award.Status.LOST, "UNCLAIMED")
    assert draw.sequence is not None
    assert following.number == draw.sequence[1]
    assert any(isinstance(fact, AwardPassedOn) for fact in heard)


def test_who_has_come_forward_keeps_the_prize() -> None:
    draw = held_draw()
    award = first_award(draw)
    claim_award(draw_id=draw.pk, player_id=award.player_id, actor=STAFF, now=NOW)
    claim_award(draw_id=draw.pk, player_id=award.player_id, actor=STAFF, now=NOW)
    assert expire_awards(now=award.claim_until + timedelta(days=1)) == 0
    assert AuditEntry.objects.filter(action=Deed.AWARD_CLAIMED).count() == 1


def test_reserves_end_and_then_the_prize_stays() -> None:
    draw = held_draw()
    numbers = [first_award(draw).number]
    award: Award | None = first_award(draw)
    while award is not None:
        award = lose(award)
        numbers += [award.number] if award else []
    assert numbers == draw.sequence
    assert isinstance(heard[-1], AwardLost)


def test_the_rule_may_say_that_it_stays() -> None:
    draw = held_draw(draw={"redraw": "STAYS"})
    assert lose(first_award(draw)) is None


def test_two_prizes_that_are_lost_take_a_reserve_each() -> None:
    draw = held_draw(prizes=[("A car", 1), ("A bicycle", 1)])
    car, bicycle = draw.awards.order_by("place")
    after_bicycle, after_car = lose(bicycle), lose(car)
    assert draw.sequence is not None
    assert after_bicycle is not None and after_car is not None  # noqa: PT018
    assert [after_bicycle.number, after_car.number] == draw.sequence[2:4]
    assert (after_bicycle.prize, after_car.prize) == (bicycle.prize, car.prize)


def refund(draw: Draw, number: int) -> None:
    order = draw.raffle.tickets.get(number=number).order
    refund_order(order_id=order.pk, by=make_staff(), reason="the card was stolen", now=at_draw(draw.raffle))


def test_whoever_is_refunded_after_the_draw_loses_the_prize_and_a_refunded_reserve_is_passed_over() -> None:
    draw = held_draw()
    award, sequence = first_award(draw), draw.sequence
    assert sequence is not None
    for number in (sequence[1], sequence[0]):
        refund(draw, number)
    lost, following = draw.awards.order_by("place")
    assert (lost.pk, lost.status, lost.lost_why) == (award.pk, "LOST", "REFUNDED")
    assert (following.number, following.status) == (sequence[2], "OPEN")
    assert [type(fact) for fact in heard if isinstance(fact, AwardPassedOn | AwardLost)] == [AwardPassedOn]
    assert list(violations(at_draw(draw.raffle))) == []


def test_all_that_a_refunded_order_won_is_passed_on() -> None:
    raffle = committed_raffle(prizes=[("A car", 1), ("A bicycle", 1)], draw={"reserves": 3})
    sold(raffle, 3, 5)
    sold(raffle, 12, 40)
    draw = held_draw(raffle)
    winner = first_award(draw).order
    refund(draw, first_award(draw).number)
    alive = draw.awards.exclude(status="LOST").select_related("prize")
    assert sorted(award.prize.label for award in alive) == ["A bicycle", "A car"]
    assert all(award.order_id != winner.pk for award in alive)


def test_a_refund_changes_nothing_for_what_was_handed_over_or_for_others() -> None:
    draw = held_draw()
    award = first_award(draw)
    hand_over_award(award_id=award.pk, by=make_staff(), note="to herself", now=NOW)
    assert draw.sequence is not None
    refund(draw, award.number)
    refund(draw, next(number for number in (3, 5, 12, 40) if number not in draw.sequence))
    assert [each.status for each in draw.awards.all()] == ["HANDED_OVER"]


def test_without_money_nothing_is_handed_over() -> None:
    draw = held_draw()
    award = first_award(draw)
    with without_guards():
        Order.objects.filter(pk=award.order_id).update(status="REFUNDED")
    with pytest.raises(AwardUnpaid):
        hand_over_award(award_id=award.pk, by=make_staff(), note="to herself", now=NOW)


def test_what_was_lost_is_hidden_but_remains_to_be_seen_by_its_number() -> None:
    draw = held_draw()
    award = first_award(draw)
    show_winner(draw_id=draw.pk, player_id=award.player_id, shown="ALIAS", text="Ana", actor=STAFF, now=NOW)
    lose(award)
    lost, following = shown_winners(draw)
    assert (lost.is_lost, lost.number, lost.name) == (True, award.number, "")
    assert not following.is_lost


def test_a_prize_is_handed_over_once_with_a_note_and_a_picture() -> None:
    draw, by = held_draw(), make_staff()
    award = first_award(draw)
    handed = hand_over_award(award_id=award.pk, by=by, note="to herself", now=NOW, proof=png_bytes())
    assert (handed.status, handed.handed_over_by) == (Award.Status.HANDED_OVER, by)
    assert handed.hand_over_sha256
    with pytest.raises(AwardDecided):
        hand_over_award(award_id=award.pk, by=by, note="again", now=NOW)
    with pytest.raises(AwardDecided):
        lose(award)


def test_a_hand_over_needs_its_note_a_readable_file_and_an_award() -> None:
    award, by = first_award(held_draw()), make_staff()
    with pytest.raises(ReasonMissing):
        hand_over_award(award_id=award.pk, by=by, note=" ", now=NOW)
    with pytest.raises(ProofKindNotAllowed):
        hand_over_award(award_id=award.pk, by=by, note="to her", now=NOW, proof=b"MZ program")
    with pytest.raises(AwardNotFound):
        hand_over_award(award_id=0, by=by, note="to her", now=NOW)


def test_what_a_merged_player_won_and_waits_to_hear_goes_along() -> None:
    draw = held_draw()
    award = first_award(draw)
    gone, keep = Player.objects.get(pk=award.player_id), make_player()
    hear_of_sales(PlayersMerged(keep_id=keep.pk, gone_id=gone.pk))
    award.refresh_from_db()
    assert award.player == keep
    assert Outcome.objects.get(draw=draw, player=keep).numbers == 1


def test_two_merged_players_of_one_draw_hear_once() -> None:
    draw = held_draw()
    one, other = Outcome.objects.filter(draw=draw)[:2]
    hear_of_sales(PlayersMerged(keep_id=one.player_id, gone_id=other.player_id))
    assert Outcome.objects.get(pk=one.pk).numbers == 2
    assert tell_outcomes(now=NOW) == 4
