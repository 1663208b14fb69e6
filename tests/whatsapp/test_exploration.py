"""The whole map: every state, everything that can be said there, and where it leads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import transaction

from raffles.numbers.models import Raffle
from raffles.sales.models import Order
from tests.whatsapp.chat import reply_ids, state_of
from tests.whatsapp.explorer import PLACES, Heard, arrive, buttons_ever_shown, ledger, photo, turn
from tests.whatsapp.meta import NOW
from tests.whatsapp.turns import make_turn
from whatsapp.conversation import flow
from whatsapp.conversation.engine import UndeclaredEdge, decide
from whatsapp.conversation.states import Kind, State, Word
from whatsapp.conversation.turn import Step, leads_to, read_tap
from whatsapp.conversation.words import ES, WORDS
from whatsapp.messages import choices_of, words_of
from whatsapp.models import Conversation
from whatsapp.payloads import FileSent, Inbound, Said, Silent, Tapped, Unsupported
from whatsapp.simulator.limits import check_message

pytestmark = pytest.mark.django_db

SPOKEN = {
    meaning: next(word for word, (found, languages) in WORDS.items() if found is meaning and ES in languages)
    for meaning in Word
}
# These look, ask or choose how to talk; whatever they answer, nobody gains or loses a number.
HARMLESS = set(Word) - {Word.CONFIRM, Word.CHANGE, Word.CANCEL}
TEXTS = (
    "1", "2", "99", "5,12", "7", "0", "10-14", "al azar 3", "٥", "500", "-3", "MOTO", "sí", "ok", "no sé",
    "participar TV", "join NADA", "verificar", "verificar MOTO", "verificar pago", "premio", "premio SOL",
    "Ana G.", "0981 234567", "nada", "🙂🙂", "bla " * 800, "\u200b", "'; DROP TABLE", "%(name)s {0}",
)  # fmt: skip
OTHERS = (
    "audio",
    "video",
    "sticker",
    "location",
    "contacts",
    "order",
    "edit",
    "unsupported",
    "interactive",
    "hologram",
)
SILENCES = ("reaction", "revoke", "group")
FORGED = (
    "",
    "x",
    "::",
    "confirm:ZZZZZZ:99999",
    "random:MOTO-5:0",
    "open:NONE:1",
    "raffles:99:1",
    "order::1",
    "row::1",
    "show_nothing:NONE:0",
    "show_name:MOTO:0",
    "show_city::0",
)


def test_every_state_has_a_route_for_every_kind_and_every_word_has_one() -> None:
    assert set(flow.ROUTES) == set(flow.TEXT) == set(State)
    assert all(set(kinds) == set(Kind) for kinds in flow.ROUTES.values())
    assert set(flow.WORDS) == set(Word)
    assert not set(flow.SHOWING) & set(flow.LASTING)
    assert not set(flow.ALWAYS) & set(flow.CHANGING)
    assert set(flow.OFFERED) <= set(flow.WORDS)


def test_every_state_is_a_place_that_is_explored() -> None:
    assert {state for _, state in PLACES.values()} == set(State)


def checked(heard: Heard) -> Heard:
    """Whatever was said: a reply that Meta takes and that shows a way on; silence only beside a person."""
    if heard.content is None:
        assert State.AGENT in (heard.before, heard.state)
        return heard
    check_message({"messaging_product": "whatsapp", "to": "+595981000001", **heard.content})
    if heard.state in (State.PAYMENT, State.AGENT):
        assert words_of(heard.content).strip()  # words that say what to do: send the receipt, write "menu"
    else:
        assert heard.has_way_on
    return heard


def undone(message: Inbound) -> Heard:
    """What it would do; the chat stays where it was. On the way back, menu works."""
    with transaction.atomic():
        heard = checked(turn(message))
        back = checked(turn(Said("menu")))
        assert (back.state, len(choices_of(back.content or {}))) == (State.MENU, 3)
        transaction.set_rollback(True)
    return heard


def everything() -> Iterator[Inbound]:
    yield from (Said(spoken) for spoken in SPOKEN.values())
    yield from (Said(text) for text in TEXTS)
    yield from (Unsupported(kind) for kind in OTHERS)
    yield from (Tapped(reply_id, "button") for reply_id in FORGED)
    yield from (Tapped(reply_id, title) for reply_id, title in buttons_ever_shown())
    yield from (
        photo(),
        photo(b"MZ no picture"),
        FileSent("image", "77", "image/png", "", problem="too large"),
    )


@pytest.mark.parametrize("place", PLACES)
def test_whatever_is_said_there_is_an_answer_with_a_way_on(place: str) -> None:
    """The engine itself refuses an edge that no step declares."""
    state = arrive(place)
    assert state_of() == state
    for message in everything():
        assert undone(message).before == state


@pytest.mark.parametrize("place", PLACES)
def test_menu_help_and_the_like_lose_no_order_wherever_they_are_said(place: str) -> None:
    arrive(place)
    before = ledger()
    for meaning in HARMLESS:
        undone(Said(SPOKEN[meaning]))
        turn(Said(SPOKEN[meaning]))
        assert ledger() == before, meaning


@pytest.mark.parametrize("place", PLACES)
def test_what_makes_no_sound_changes_nothing_at_all(place: str) -> None:
    arrive(place)
    before = ledger(), list(Conversation.objects.values())
    for kind in SILENCES:
        assert turn(Silent(kind)).content is None
    assert (ledger(), list(Conversation.objects.values())) == before


@pytest.mark.parametrize("place", PLACES)
def test_what_cannot_be_read_changes_no_order_and_leaves_the_chat_in_its_place(place: str) -> None:
    state = arrive(place)
    before = ledger()
    for kind in OTHERS:
        assert undone(Unsupported(kind)).state == state
    undone(Said("🙂🙂"))
    assert ledger() == before


@pytest.mark.parametrize("place", PLACES)
def test_old_buttons_and_forged_ones_change_nothing(place: str) -> None:
    """Every button of every bubble so far, after one more turn: it explains itself or shows something."""
    arrive(place)
    turn(Said("ayuda"))
    before = ledger()
    old = [reply_id for reply_id, _ in buttons_ever_shown()[:-3]]
    for reply_id in [*old, *FORGED]:
        heard = undone(Tapped(reply_id, "button"))
        assert ledger() == before, reply_id
        if read_tap(reply_id).verb in flow.CHANGING:
            assert "Ese botón es de un mensaje anterior" in words_of(heard.content or {})


@pytest.mark.parametrize("place", PLACES)
def test_every_button_ever_shown_is_one_the_map_knows(place: str) -> None:
    arrive(place)
    for message in list(everything()):
        with transaction.atomic():
            heard = turn(message)
            verbs = {read_tap(reply_id).verb for reply_id, _ in buttons_ever_shown()}
            if heard.state == State.MENU:  # where no such button is taken
                shown = {read_tap(reply_id).verb for reply_id in reply_ids(heard.content or {}).values()}
                assert not shown & set(flow.CHANGING)
            transaction.set_rollback(True)
        assert verbs <= set(flow.ALWAYS) | set(flow.CHANGING)


def test_a_step_that_leads_where_its_declaration_does_not_say_is_refused() -> None:
    arrive("menu")
    straying = leads_to(State.MENU)(lambda turn: Step(State.PAYMENT, None))
    with pytest.raises(UndeclaredEdge):
        decide(straying, make_turn())


def test_a_held_order_can_be_confirmed_after_menu_help_and_a_look_around() -> None:
    arrive("confirm")
    for text in ("menu", "ayuda", "rifas", "1", "idioma", "mis pedidos", "menu"):
        turn(Said(text))
    turn(Said("confirmar"))
    assert Order.objects.get().status == Order.Status.PENDING_PAYMENT


def test_a_person_s_silence_ends_by_itself_and_by_menu() -> None:
    arrive("agent")
    assert turn(Said("¿hay alguien?")).content is None
    assert turn(Said("gracias")).content is None
    assert turn(Said("sigue ahí"), now=NOW + timedelta(hours=13)).state == State.MENU


def test_a_language_chosen_is_the_language_of_the_answer_and_stays() -> None:
    arrive("menu")
    assert "English" in words_of(turn(Said("english")).content or {})
    assert words_of(turn(Said("hola")).content or {}).startswith("Hello")


def _said(text: str) -> Callable[[], Heard]:
    return lambda: turn(Said(text))


@pytest.mark.parametrize("word", ["cancelar", "cancel", "cancela"])
@pytest.mark.parametrize("place", ["confirm", "payment"])
def test_cancel_gives_an_unpaid_order_in_hand_back_at_once(place: str, word: str) -> None:
    arrive(place)
    assert _said(word)().state == State.MENU
    assert Order.objects.get().status == Order.Status.CANCELLED
    assert not Order.objects.get().tickets.exclude(status="RELEASED").exists()


def test_cancel_asks_first_when_no_order_is_in_hand() -> None:
    arrive("cancel")
    assert Order.objects.get().status == Order.Status.PENDING_PAYMENT
    turn(Said("sí"))
    assert Order.objects.get().status == Order.Status.CANCELLED


def test_cancel_with_a_receipt_is_for_a_person_to_decide() -> None:
    arrive("review")
    turn(Said("cancelar"))
    assert Order.objects.get().status == Order.Status.UNDER_REVIEW


def test_taken_numbers_are_named_and_nothing_is_held_without_consent() -> None:
    arrive("numbers of which one is taken")
    mine = Order.objects.exclude(tickets__number=5)
    assert not mine.exists()
    offered = [reply_id for reply_id, _ in buttons_ever_shown() if reply_id.startswith("rest:")]
    turn(Tapped(offered[-1], "Take the free"))
    assert [ticket.number for ticket in mine.get().tickets.all()] == [12]


def _close_moto() -> None:
    Raffle.objects.filter(code="MOTO").update(sales_close_at=NOW)


def _status_of_the_other_order() -> str:
    return Order.objects.get(tickets__raffle__code="TV").status


@pytest.mark.parametrize("is_closed", [False, True])
def test_where_nothing_is_offered_any_more_confirm_means_the_order_that_waits(is_closed: bool) -> None:
    arrive("offer beside an order" if is_closed else "too few left")
    if is_closed:
        _close_moto()
    assert turn(Said("confirmar")).state == State.PAYMENT
    assert _status_of_the_other_order() == Order.Status.PENDING_PAYMENT


def test_beside_an_order_confirm_asks_again_and_yes_takes_the_offer() -> None:
    arrive("offer beside an order")
    assert "¿Te los reservo?" in words_of(turn(Said("confirmar")).content or {})
    assert Order.objects.count() == 1
    assert turn(Said("sí")).state == State.CONFIRM
    assert _status_of_the_other_order() == Order.Status.DRAFT


@pytest.mark.parametrize("word", ["sí", "confirmar"])
@pytest.mark.parametrize("place", ["offer", "random offer", "count or number"])
def test_an_offer_whose_sale_ended_meanwhile_says_so(place: str, word: str) -> None:
    arrive(place)
    _close_moto()
    heard = turn(Said(word))
    assert heard.state == State.RAFFLES
    assert "Moto 0 km" in words_of(heard.content or {})
    assert not Order.objects.exists()
