"""Winners in the chat: a prize is claimed wherever they say so, and only what they allow is shown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from raffles.draws.models import Award, Draw
from raffles.draws.queries import shown_winners
from raffles.sales.actions import merge_players
from tests.draws.staging import at_draw
from tests.factories import make_player
from tests.whatsapp.chat import bubbles, contact_of, heard, make_contact, reply_ids, say, state_of
from tests.whatsapp.meta import ANA, NOW, Person, press, receive, said, words
from tests.whatsapp.winning import LUZ, ana, told, won_by
from whatsapp.admin.changes import mute, take_chats

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def draw() -> Draw:
    return won_by(ana())


def tap(reply_id: str, person: Person = ANA) -> None:
    receive(said(person, press(reply_id)))


def is_claimed(draw: Draw) -> bool:
    return not draw.awards.filter(claimed_at=None).exists()


def shown(draw: Draw) -> list[str]:
    return [each.name for each in shown_winners(draw)]


@pytest.mark.parametrize("word", ["premio", "Prêmio!", "PRIZE", "mi premio", "premio MOTO", "premio XYZ"])
@pytest.mark.parametrize("before", ["menu", "rifas", "agente"])
def test_the_word_claims_wherever_the_chat_stands(draw: Draw, before: str, word: str) -> None:
    say(before)
    assert "¡Anotado!" in say(word)
    assert is_claimed(draw)


@pytest.mark.parametrize("title", ["Nada", "Un nombre", "Mi ciudad"])
@pytest.mark.parametrize("before", ["menu", "rifas", "agente"])
def test_each_button_of_the_notice_claims_whenever_it_is_pressed(draw: Draw, before: str, title: str) -> None:
    told(draw)
    pressed = reply_ids(bubbles()[0])[title]
    say("hola", before)
    tap(pressed)
    assert "¡Anotado!" in heard()[-1]
    assert is_claimed(draw)
    assert shown(draw) == [""]


def test_one_word_claims_what_was_won_in_every_draw(draw: Draw) -> None:
    other = won_by(contact_of(ANA), code="TV", title="Televisor")
    said_last = say("premio")
    assert is_claimed(draw)
    assert is_claimed(other)
    assert "premio MOTO" in said_last or "premio TV" in said_last


def test_a_button_of_somebody_else_s_draw_gives_nothing(draw: Draw) -> None:
    make_contact(LUZ)
    for verb in ("show_nothing", "show_name", "show_city"):
        tap(f"{verb}:MOTO:0", LUZ)
        assert "No encuentro ningún premio" in heard(LUZ)[-1]
    assert not is_claimed(draw)
    say("Luz", person=LUZ)
    assert shown(draw) == [""]


def test_a_name_is_shown_changed_to_a_city_and_hidden_again(draw: Draw) -> None:
    tap("show_name:MOTO:0")
    assert state_of() == "SHOWN_AS"
    say("  Ana   G. ")
    assert (shown(draw), state_of()) == (["Ana G."], "MENU")
    tap("show_city:MOTO:0")
    say("San Lorenzo")
    assert shown(draw) == ["San Lorenzo"]
    say("rifas", "ocultar")
    assert shown(draw) == [""]
    assert draw.awards.get().claimed_at is not None


@pytest.mark.parametrize(
    "text", ["0981 234 5678901", "ana@correo.com", "www.ana.com", "¿y mi premio?", "🙂", "x" * 41, "a\u202eb"]
)
def test_what_is_no_name_is_asked_for_again_and_never_shown(draw: Draw, text: str) -> None:
    tap("show_name:MOTO:0")
    assert say(text).startswith("Eso no lo puedo mostrar")
    assert (shown(draw), state_of()) == ([""], "SHOWN_AS")


def test_a_word_that_works_everywhere_is_no_name(draw: Draw) -> None:
    tap("show_name:MOTO:0")
    assert "¿Qué te gustaría hacer?" in say("menu")
    say("Ana")
    assert shown(draw) == [""]


def test_hide_takes_back_what_is_shown_in_every_draw(draw: Draw) -> None:
    other = won_by(contact_of(ANA), code="TV", title="Televisor")
    for code in ("MOTO", "TV"):
        tap(f"show_name:{code}:0")
        say("Ana")
    assert shown(draw) + shown(other) == ["Ana", "Ana"]
    say("agente", "esconder")
    assert shown(draw) + shown(other) == ["", ""]


def test_nothing_claims_a_second_prize_of_the_same_draw_and_hides_both(draw: Draw) -> None:
    tap("show_name:MOTO:0")
    say("Ana")
    Award.objects.filter(pk=draw.awards.get().pk).update(claimed_at=None)
    tap("show_nothing:MOTO:0")
    assert is_claimed(draw)
    assert shown(draw) == [""]


def test_a_prize_said_to_a_person_is_claimed_though_the_bot_is_silent(draw: Draw) -> None:
    say("hola")
    before = len(heard())
    take_chats([contact_of(ANA).pk], now=NOW)
    receive(said(ANA, words("premio"), at=LATER), now=LATER)
    assert is_claimed(draw)
    assert len(heard()) == before


def test_a_muted_winner_claims_by_button_and_hides_by_word(draw: Draw) -> None:
    tap("show_name:MOTO:0")
    say("Ana")
    Award.objects.filter(pk=draw.awards.get().pk).update(claimed_at=None)
    before = len(heard())
    mute([contact_of(ANA).pk], now=NOW)
    tap("show_city:MOTO:0")
    assert is_claimed(draw)
    assert shown(draw) == ["Ana"]
    say("ocultar")
    assert shown(draw) == [""]
    assert len(heard()) == before


def test_after_a_merge_the_prize_is_of_whoever_stays(draw: Draw) -> None:
    keep = make_player(name="Ana María")
    gone = contact_of(ANA).player
    merge_players(keep_id=keep.pk, gone_id=gone.pk, now=at_draw(draw.raffle))
    assert "¡Anotado!" in say("premio")
    assert is_claimed(draw)
