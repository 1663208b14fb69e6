from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.pages.looking import LANGUAGES, SECRET_MAIL, SECRET_NAME, SECRET_PHONE, Place, get

STATIC = Path(settings.BASE_DIR) / "raffles" / "pages" / "static" / "pages"
LARGEST = 100_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_anybody_can_open_every_page_in_every_language(place: Place, client: Client, language: str) -> None:
    for path in place.pages:
        answer = get(client, path, accept_language=language)
        assert answer.status_code == 200, path
        body = answer.content.decode()
        assert f'<html lang="{language}">' in body, path
        assert answer["Content-Language"] == language
        assert not answer.cookies, "reading leaves no cookie"


# Told to whoever wants to look there, never asked: the policy of every page forbids that.
NAMED = {"verify_draw.js": ["https://api.drand.sh"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_asked_of_another_site(place: Place, client: Client, language: str) -> None:
    for path in place.pages:
        body = get(client, path, accept_language=language).content.decode()
        links = re.findall(r"(?:src|href|action|srcset)=[\"']?([^\"'\s>]+)", body)
        foreign = [link for link in links if re.match(r"(?:[a-z]+:)?//", link)]
        ours = [link for link in foreign if link.startswith(settings.SITE_URL)]
        assert [link for link in foreign if link not in ours] == [], path
    for file in STATIC.rglob("*"):
        if file.suffix in {".css", ".js"} and "vendor" not in file.parts:
            assert re.findall(r"https?://[^\"'`\s]*", file.read_text()) == NAMED.get(file.name, []), file


def test_the_pages_say_what_may_run_on_them(place: Place, client: Client) -> None:
    for path in place.pages:
        answer = get(client, path)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"
        body = answer.content.decode()
        assert re.findall(r"\son[a-z]+=|\sstyle=|javascript:", body) == [], path
        inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", body)
        assert all("application/json" in kind or "importmap" in kind for kind in inline), path


def test_nothing_is_wider_than_a_cheap_phone() -> None:
    css = (STATIC / "pages.css").read_text()
    assert len(css.encode()) < 20_000
    # What counts is what holds without a condition on the width of the screen.
    always = re.sub(r"@media \(min-width.*?\n}\n", "", css, flags=re.DOTALL)
    for name, value, unit in re.findall(r"(?<!max-)\b((?:min-)?width):\s*([\d.]+)(px|rem)", always):
        assert float(value) * (16 if unit == "rem" else 1) <= 360, (name, value, unit)


def test_a_raffle_page_is_light(place: Place, client: Client) -> None:
    body = get(client, f"/r/{place.open.code}/").content
    files = sum((STATIC / name).stat().st_size for name in ("pages.css", "clock.js", "board.js", "icon.svg"))
    assert len(body) + files < LARGEST


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_and_no_file_tells_who_plays(place: Place, client: Client, language: str) -> None:
    public = [path for path in (*place.pages, *place.files) if not path.startswith("/t/")]
    for path in (*place.pages, *place.files):
        body = get(client, path, accept_language=language).content
        for private in (SECRET_NAME, "Wilhelmina", SECRET_PHONE, "981555777", SECRET_MAIL):
            assert private.encode() not in body, path
        assert path not in public or place.order.code.encode() not in body, path


def test_the_language_is_asked_for_remembered_or_the_browsers(place: Place, client: Client) -> None:
    assert 'lang="en"' in get(client, "/?lang=en", accept_language="es").content.decode()
    assert 'lang="en"' in get(client, "/draws/", accept_language="es").content.decode()
    assert 'lang="pt-br"' in get(client, "/draws/?lang=pt-br").content.decode()
    client.cookies.clear()
    assert 'lang="pt-br"' in get(client, "/", accept_language="pt-BR,pt;q=0.9").content.decode()
    assert 'lang="es"' in get(client, "/?lang=klingon").content.decode()


def test_every_page_offers_the_other_languages_as_links(place: Place, client: Client) -> None:
    for path in place.pages:
        body = get(client, path).content.decode()
        for code in LANGUAGES:
            assert re.search(rf'href="\?[^"]*lang={code}"', body), path
    body = get(client, "/results/?q=moto&page=1").content.decode()
    assert "?q=moto&amp;page=1&amp;lang=en" in body


def test_what_is_missing_looks_like_the_rest(place: Place, client: Client) -> None:
    for path in ("/r/NOWHERE/", "/draws/NOWHERE/", "/t/ZZZZZZ/", "/nothing/at/all/", "/r/%00/", "/r/ÑANDU/"):
        answer = get(client, path, accept_language="en")
        assert answer.status_code == 404, path
        assert "There is nothing here" in answer.content.decode()
        assert "pages.css" in answer.content.decode()
        assert answer["Cache-Control"] == "private, no-store"


def test_a_mistake_of_ours_is_told_without_the_database(
    place: Place, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("raffles.pages.views.raffles.raffles_on_sale", breaks)
    client.raise_request_exception = False
    answer = get(client, "/", accept_language="en")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.content.decode()
    assert "broken on purpose" not in answer.content.decode()


def test_only_reading_is_possible(place: Place, client: Client) -> None:
    for path in (*place.pages, *place.files):
        assert client.post(path).status_code == 405, path
        assert client.head(path).status_code in {200, 302, 404}, path
