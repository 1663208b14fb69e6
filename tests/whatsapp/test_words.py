"""The words that work everywhere, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raffles.numbers.picks import BadPick, NumbersShape, parse_pick
from whatsapp.conversation.flow import WORDS as ROUTES
from whatsapp.conversation.states import Word
from whatsapp.conversation.words import EN, ES, PT, WORDS, code_in, is_no, is_yes, meaning_of, spoken

ACCENTS = ("", "\u0301", "\u0303", "\u0308")
AROUND = ("", " ", "!", "¡", "¿", "...", "🙂", "👍🏽", "\n", "*", "\u200b", "\u200f", ", ")


@given(
    word=st.sampled_from(sorted(set(WORDS) - {"?"})),
    shouted=st.booleans(),
    accents=st.lists(st.sampled_from(ACCENTS), min_size=1, max_size=4),
    before=st.sampled_from(AROUND),
    after=st.sampled_from(AROUND),
)
def test_case_accents_punctuation_and_emoji_change_no_meaning(
    word: str, shouted: bool, accents: list[str], before: str, after: str
) -> None:
    letters = word.upper() if shouted else word
    accented = "".join(
        letter + (accents[place % len(accents)] if letter.isalpha() else "")
        for place, letter in enumerate(letters)
    )
    written = before + accented.replace(" ", "  ") + after
    assert meaning_of(written) == WORDS[word]


@given(text=st.text())
def test_any_text_has_a_meaning_or_none(text: str) -> None:
    found = meaning_of(text)
    assert found is None or found[0] in Word
    assert spoken(spoken(text)) == spoken(text)


@given(text=st.text(min_size=61))
def test_a_long_text_is_never_a_word(text: str) -> None:
    assert meaning_of(text) is None


@pytest.mark.parametrize(
    "text", ["5", "5,12,99", "10-15", "random 3", "al azar 3", "٥", "1.", "👍", "", "   ", "MOTO"]
)
def test_numbers_codes_and_signs_are_no_words(text: str) -> None:
    assert meaning_of(text) is None


@pytest.mark.parametrize("word", sorted(WORDS))
def test_no_word_is_a_pick_of_numbers(word: str) -> None:
    shape = NumbersShape(first=0, last=99, width=2, max_count=50)
    assert isinstance(parse_pick(word, shape), BadPick)


def test_every_meaning_can_be_said_in_every_language_and_has_a_route() -> None:
    assert set(ROUTES) == set(Word) == {meaning for meaning, _ in WORDS.values()}
    for meaning in Word:
        languages = {
            each for word, each_languages in WORDS.values() if word is meaning for each in each_languages
        }
        assert languages == {ES, PT, EN}, meaning


@pytest.mark.parametrize(
    ("text", "meaning", "languages"),
    [
        ("¡Menú! 🙂", Word.MENU, (ES, PT, EN)),
        ("HOLA", Word.HELLO, (ES,)),
        ("Olá", Word.HELLO, (PT,)),
        ("hello", Word.HELLO, (EN,)),
        ("Español", Word.SPANISH, (ES, PT, EN)),
        ("PORTUGUÊS", Word.PORTUGUESE, (ES, PT, EN)),
        ("english", Word.ENGLISH, (ES, PT, EN)),
        ("rifas", Word.RAFFLES, (ES, PT)),
        ("raffles", Word.RAFFLES, (EN,)),
        ("mis pedidos", Word.ORDERS, (ES,)),
        ("??", Word.HELP, (ES, PT, EN)),
        ("STOP", Word.STOP, (ES, PT, EN)),
        ("Hola, buenas tardes", Word.HELLO, (ES,)),
        ("holaaa, que tal?", Word.HELLO, (ES,)),
        ("menuuu por favor", Word.MENU, (ES, PT, EN)),
        ("hola, mis números por favor", Word.ORDERS, (ES,)),
        ("¿Cuánto sale?", Word.TERMS, (ES,)),
        ("quando é o sorteio?", Word.TERMS, (PT,)),
        ("ya pagué", Word.PAID, (ES,)),
        ("bank details", Word.PAY, (EN,)),
        ("¡muchas gracias!", Word.THANKS, (ES,)),
        ("hola, gracias", Word.THANKS, (ES,)),
        ("quiero hablar con alguien", Word.AGENT, (ES,)),
        ("no quiero más mensajes", Word.STOP, (ES,)),
        ("¿Quién ganó?", Word.RESULTS, (ES,)),
    ],
)
def test_what_players_say_means_what_they_mean(text: str, meaning: Word, languages: tuple[str, ...]) -> None:
    assert meaning_of(text) == (meaning, languages)


@pytest.mark.parametrize(
    ("text", "meaning", "code"),
    [
        ("join MOTO", Word.JOIN, "MOTO"),
        ("PARTICIPAR   móto.", Word.JOIN, "MOTO"),
        ("¡Participar: en la rifa MOTO! 🙂", Word.JOIN, "MOTO"),
        ("participar", Word.JOIN, ""),
        ("quiero participar", Word.JOIN, ""),
        ("Quiero participar CLUB", Word.JOIN, "CLUB"),
        ("quero participar na rifa CLUB", Word.JOIN, "CLUB"),
        ("Hola, participar CLUB", Word.JOIN, "CLUB"),
        ("¡Buenas tardes! Quiero participar en CLUB", Word.JOIN, "CLUB"),
        ("hi join CLUB", Word.JOIN, "CLUB"),
        ("Verificar mis números k7m2xq", Word.VERIFY, "K7M2XQ"),
        ("Verificar: k7m2xq", Word.VERIFY, "K7M2XQ"),
        ("verificar mis números", Word.VERIFY, ""),
        ("prêmio TV", Word.PRIZE, "TV"),
        ("Prize", Word.PRIZE, ""),
    ],
)
def test_a_code_may_stand_behind_some_words(text: str, meaning: Word, code: str) -> None:
    found = meaning_of(text)
    assert found is not None
    assert (found[0], code_in(text)) == (meaning, code)


@pytest.mark.parametrize(
    "text",
    [
        "verificar el pago por favor",
        "premio de la moto",
        "menu MOTO",
        "join",
        "MOTO",
        "",
        "x" * 61,
        "hola MOTO",
    ],
)
def test_no_code_is_read_where_none_is_meant(text: str) -> None:
    assert code_in(text) == ""


@pytest.mark.parametrize(
    "text", ["sí", "Siii!", "sí, por favor", "dale, gracias", "isso", "yes please", "Está bien 👍"]
)
def test_a_yes_is_heard_however_it_is_said(text: str) -> None:
    assert is_yes(text)
    assert not is_no(text)


@pytest.mark.parametrize("text", ["no", "Não, obrigado", "no gracias", "nope"])
def test_a_no_is_never_a_yes(text: str) -> None:
    assert is_no(text)
    assert not is_yes(text)


@pytest.mark.parametrize("text", ["si el 5 está libre", "no sé", "ok pero mañana", "sim ou não", ""])
def test_what_only_begins_like_an_answer_is_none(text: str) -> None:
    assert not is_yes(text)
    assert not is_no(text)


def test_a_sentence_that_begins_like_a_word_is_none() -> None:
    assert meaning_of("verificar el pago por favor") is None
    assert meaning_of("premio de la moto") is None
    assert meaning_of("participar es lo que yo quería hacer hoy") is None
