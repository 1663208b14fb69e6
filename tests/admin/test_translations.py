from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client
from django.urls import reverse

from raffles.sales.models import Order
from tests.admin.pages import list_of, page_of, text
from tests.admin.wording import said_to_staff
from tests.factories import make_order

LOCALES = ("es", "pt_BR")


def catalog(room: str, locale: str) -> Catalog:
    source = Path(settings.BASE_DIR) / room / "locale" / locale / "LC_MESSAGES" / "django.po"
    with source.open("rb") as stream:
        return read_po(stream, locale=locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sentence_for_staff_is_translated_and_no_other(locale: str) -> None:
    spoken = catalog("config", locale)
    translated = {message.id for message in spoken if message.id and message.string and not message.fuzzy}
    said = said_to_staff()
    missing = {sentence: files for sentence, files in said.items() if sentence not in translated}
    assert missing == {}
    assert translated - set(said) == set()
    assert [errors for _message, errors in spoken.check()] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_a_sentence_that_players_read_too_has_one_translation(locale: str) -> None:
    staff, chat = catalog("config", locale), catalog("whatsapp", locale)
    for message in staff:
        twin = chat.get(message.id) if message.id else None
        assert twin is None or twin.string == message.string, message.id


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", ("Pedidos", "En revisión", "Comprobantes por revisar", "hace menos de 1 min", "jugador")),
        ("pt-BR", ("Pedidos", "Em análise", "Comprovantes a conferir", "há menos de 1 min", "jogador")),
        ("en", ("Orders", "Under review", "Proofs to check", "under 1 min ago", "player")),
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
