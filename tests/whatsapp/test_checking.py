"""Draws in the chat: joining by a link, whether one's numbers take part, who won; within Meta's limits."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.utils.translation import override

from raffles.draws.actions import close_entries, exclude_order, show_winner
from raffles.draws.entries import receipt_of
from raffles.draws.models import Draw
from raffles.numbers.models import Raffle
from raffles.numbers.queries import paid_numbers_of
from raffles.sales.models import Order
from tests.draws.staging import STAFF, after_sales, at_draw, closed_draw, committed_raffle, draw_of, sold
from tests.factories import make_order, make_player, make_raffle, make_staff
from tests.whatsapp.chat import bubbles, contact_of, say, state_of
from tests.whatsapp.meta import ANA
from tests.whatsapp.test_messages import checked
from tests.whatsapp.turns import make_turn
from tests.whatsapp.winning import a_raffle, ana, hold, won_by
from whatsapp.conversation import screens
from whatsapp.messages import words_of

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _ in settings.LANGUAGES]
LONG_TITLE = ("Gran *rifa* anual del Club_Social " * 4)[:120]


def uncut(step: Any) -> str:
    content = checked(step.bubble)
    told = words_of(content)
    assert not told.endswith("…"), told
    return told


@pytest.mark.parametrize(
    "text", ["join MOTO", "Join: moto!", "participar MOTO", "PARTICIPAR   móto.", "¡participar en MOTO! 🙂"]
)
@pytest.mark.parametrize("before", ["menu", "rifas", "TV", "mis pedidos"])
def test_a_link_opens_what_the_code_alone_would_open(moto: Raffle, before: str, text: str) -> None:
    ana()
    make_raffle(code="TV", title="Televisor")
    say(before, "MOTO")
    by_code, state = bubbles()[-1], state_of()
    say(before)
    say(text)
    again = bubbles()[-1]
    assert (words_of(again), state_of()) == (words_of(by_code), state)


def test_a_link_to_a_raffle_that_is_not_there_says_so_and_shows_what_is(moto: Raffle) -> None:
    ana()
    told = say("participar MOTOO")
    assert "No encuentro la rifa *MOTOO*" in told
    assert "Moto 0 km" in told
    assert state_of() == "RAFFLES"


def test_a_link_to_what_is_still_being_planned_is_a_link_to_nothing() -> None:
    ana()
    make_raffle(code="PLAN", title="Secreta", status="DRAFT")
    assert "Secreta" not in say("join PLAN")


def test_before_a_person_a_link_is_left_to_them(moto: Raffle) -> None:
    ana()
    say("agente")
    before = len(bubbles())
    say("participar MOTO", "verificar pago", "premio mayor")
    assert (len(bubbles()), state_of()) == (before, "AGENT")


def test_place_and_mark_are_those_of_the_receipt() -> None:
    contact = ana()
    raffle = a_raffle()
    sold(raffle, 3, 77)
    sold(raffle, 5, 90, player=contact.player)
    draw = closed_draw(raffle)
    told = say("verificar")
    for number, label in ((5, "05"), (90, "90")):
        receipt = receipt_of(draw, number)
        assert f"*{label}*: lugar {receipt.position + 1}, marca {receipt.entry.mark[:8]}…" in told
    assert f"{draw.root[:8]}…{draw.root[-8:]}" in told
    assert "*77*" not in told


def test_who_was_excluded_reads_why() -> None:
    contact = ana()
    raffle = a_raffle()
    order = make_order(raffle=raffle, player=contact.player, numbers=[7], status=Order.Status.UNDER_REVIEW)
    sold(raffle, 8)
    draw, at = draw_of(raffle), after_sales(raffle)
    exclude_order(draw_id=draw.pk, order_id=order.pk, reason="no money came", by=make_staff(), now=at)
    close_entries(draw_id=draw.pk, actor=STAFF, now=at)
    told = say("verificar moto")
    assert f"El pedido *{order.code}* no participa: no money came" in told
    assert "no tienes números pagados" in told


def test_nobody_reads_of_another_s_numbers_or_orders() -> None:
    ana()
    raffle = a_raffle()
    others = sold(raffle, 3, 77)
    closed_draw(raffle)
    told = say("verificar moto")
    assert others.code not in told
    assert "lugar" not in told
    assert "No encuentro" in say(f"verificar {others.code}")


def test_the_list_closed_last_comes_first_and_the_others_are_named() -> None:
    contact = ana()
    for code in ("UNO", "DOS"):
        raffle = a_raffle(code=code, title=f"Rifa {code}")
        sold(raffle, 5, player=contact.player)
    closed_draw(Raffle.objects.get(code="UNO"))
    told = say("verificar")
    assert told.startswith("*Rifa UNO*: la lista")
    assert "*verificar DOS*" in told


def test_results_name_only_who_allowed_it() -> None:
    draw = won_by(ana())
    assert "(" not in say("resultados").split("2026): ")[1].split("\n")[0]
    at = at_draw(draw.raffle)
    player_id = contact_of(ANA).player_id
    show_winner(draw_id=draw.pk, player_id=player_id, shown="ALIAS", text="La *Negra*", actor=STAFF, now=at)
    assert "12 (La *\u200bNegra*\u200b)" in say("results")


def test_a_plan_shows_no_prizes_and_a_promise_shows_what_the_title_does_not_say() -> None:
    ana()
    committed_raffle(code="UNA", title="Una moto", prizes=[("Una moto", 1)])
    committed_raffle(code="DOS", title="Dos motos", prizes=[("Una moto", 2)])
    assert "Premios" not in say("UNA")
    assert "1. Una moto × 2\nRegla y fotos: http" in say("DOS")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_of_everything_is_said_whole(settings: Any, language: str) -> None:
    settings.SITE_URL = "https://sorteos.una-organizacion-con-nombre-largo.example"
    contact = ana()
    draw = _long_draw(contact.player)
    turn = make_turn(player_id=contact.player_id, now=draw.raffle.sales_open_at)
    with override(language):
        uncut(screens.raffle(turn, draw.raffle))
        own = paid_numbers_of(contact.player_id)
        uncut(screens.own_draw(turn, own))
        closed = _held(draw)
        own = paid_numbers_of(contact.player_id)
        assert str(closed.entry_count) in uncut(screens.own_draw(turn, own))
        assert "example/results/" in uncut(screens.results(turn))
        awards = list(draw.awards.filter(player=contact.player).select_related("draw", "prize"))
        uncut(screens.prize(turn, awards, draw.code))
        uncut(screens.ask_shown(turn, draw.code, "ALIAS", intro=screens.standing(awards)))


def _long_draw(player: Any) -> Draw:
    for number in range(4):
        other = a_raffle(code=f"LARGA{number}LARGA", title=LONG_TITLE, last_number=9_999_999)
        sold(other, 1_000_000 + number, player=player)
        _shown(hold(other, 1_000_000 + number), player)
    raffle = a_raffle(
        code="LARGUISIMA99",
        title=LONG_TITLE,
        description="d" * 400,
        prizes=[(f"{rank} {LONG_TITLE}"[:120], 9) for rank in range(1, 9)],
        last_number=9_999_999,
        price_minor=99_999_999_999,
    )
    for start in range(1_000_001, 1_000_041, 10):
        sold(raffle, *range(start, start + 9, 2), player=player)
    return draw_of(raffle)


def _held(draw: Draw) -> Draw:
    numbers = [number for start in range(1_000_001, 1_000_041, 10) for number in range(start, start + 9, 2)]
    held = hold(draw.raffle, *numbers)
    _shown(held, held.awards.first().player)  # type: ignore[union-attr]
    return held


def _shown(draw: Draw, player: Any) -> None:
    name = "W" * 40
    at = at_draw(draw.raffle)
    show_winner(draw_id=draw.pk, player_id=player.pk, shown="ALIAS", text=name, actor=STAFF, now=at)


def test_a_player_of_very_many_numbers_is_answered_with_few_queries(
    django_assert_max_num_queries: Any,
) -> None:
    player = make_player()
    raffle = a_raffle(last_number=9_999, max_per_order=500)
    for start in range(0, 3_000, 500):
        sold(raffle, *range(start, start + 500), player=player)
    closed_draw(raffle)
    with django_assert_max_num_queries(8):
        told = uncut(screens.own_draw(make_turn(player_id=player.pk), paid_numbers_of(player.pk)))
    assert "2990" in told.replace(".", "").replace(",", "")


def test_a_code_that_is_also_a_number_in_words_opens_its_raffle() -> None:
    ana()
    committed_raffle(code="UNA", title="Una moto", prizes=[("Una moto", 1)])
    committed_raffle(code="DOS", title="Bicicletas", prizes=[("Una bicicleta", 1)])
    say("UNA")
    assert "Bicicletas" in say("dos")
    say("rifas")
    assert "Bicicletas" in say("dos")
