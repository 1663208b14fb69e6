from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from raffles.audit.models import Deed
from raffles.audit.recording import record
from raffles.sales.models import Order
from tests.admin.pages import list_of, page_of, text
from tests.admin.wording import said_to_staff
from tests.factories import make_order

LOCALES = ("es", "pt_BR")


ROOMS = sorted(
    str(place.parent.relative_to(settings.BASE_DIR))
    for place in Path(settings.BASE_DIR).glob("raffles/*/locale")
)
STAFF = ("config", *ROOMS)


def catalog(room: str, locale: str) -> Catalog:
    source = Path(settings.BASE_DIR) / room / "locale" / locale / "LC_MESSAGES" / "django.po"
    with source.open("rb") as stream:
        return read_po(stream, locale=locale)


def translated(room: str, locale: str) -> set[object]:
    found = catalog(room, locale)
    known = (message for message in found if message.id and not message.context and not message.fuzzy)
    return {message.id for message in known if message.string}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sentence_for_staff_is_translated_and_no_other(locale: str) -> None:
    known = set().union(*(translated(room, locale) for room in STAFF))
    said = said_to_staff()
    of_chats = translated("whatsapp", locale)  # beside what players read: tests/whatsapp/test_texts.py
    missing = {sentence: files for sentence, files in said.items() if sentence not in known | of_chats}
    assert missing == {}
    assert known - set(said) == set()
    for room in STAFF:
        assert [errors for _message, errors in catalog(room, locale).check()] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_a_sentence_of_two_rooms_has_one_translation(locale: str) -> None:
    found: dict[object, object] = {}
    for room in STAFF:
        for message in catalog(room, locale):
            if message.id:
                assert found.setdefault(message.id, message.string) == message.string, message.id


@pytest.mark.parametrize("locale", LOCALES)
def test_a_sentence_that_players_read_too_has_one_translation(locale: str) -> None:
    chat = catalog("whatsapp", locale)
    for message in (each for room in STAFF for each in catalog(room, locale)):
        twin = chat.get(message.id) if message.id else None
        assert twin is None or twin.string == message.string, message.id


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", ("Pedidos", "En revisión", "Mesa de pagos", "hace menos de 1 min", "jugador")),
        ("pt-BR", ("Pedidos", "Em análise", "Mesa de pagamentos", "há menos de 1 min", "jogador")),
        ("en", ("Orders", "Under review", "Payment desk", "under 1 min ago", "player")),
    ],
)
def test_staff_read_the_language_of_their_browser(
    desk: Client, language: str, words: tuple[str, ...]
) -> None:
    order = make_order(status="UNDER_REVIEW")
    addresses = (list_of(Order), page_of(order), reverse("admin:index"))
    pages = [text(desk.get(address, headers={"accept-language": language})) for address in addresses]
    for each in words:
        assert any(each in page for page in pages), each


@pytest.mark.parametrize(
    ("language", "words"), [("es", "contraseña actual"), ("pt-BR", "senha atual"), ("en", "old password")]
)
def test_pages_of_the_theme_speak_the_language_too(desk: Client, language: str, words: str) -> None:
    page = text(desk.get(reverse("admin:password_change"), headers={"accept-language": language}))
    assert words in page
    assert ("security's sake" in page.replace("&#x27;", "'")) is (language == "en")


@pytest.mark.parametrize(("language", "words"), [("es", "inició sesión"), ("en", "signed in")])
def test_a_line_of_the_log_is_headed_by_words(desk: Client, language: str, words: str) -> None:
    entry = record(Deed.SIGNED_IN, subject=User.objects.get(), user=User.objects.get())
    page = text(desk.get(page_of(entry), headers={"accept-language": language}))
    assert "sign-in.done" not in page
    assert words in page
