from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.fixture
def catalog(settings: Settings, tmp_path: Path) -> Path:
    settings.LOCALE_PATHS = [tmp_path, tmp_path / "not-there"]
    source = tmp_path / "es" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(HEAD + 'msgid "Raffles"\nmsgstr "Rifas"\n')
    return source


def test_texts_are_compiled_without_gnu_gettext(catalog: Path) -> None:
    call_command("compile_texts", verbosity=0)
    with catalog.with_suffix(".mo").open("rb") as stream:
        assert gettext.GNUTranslations(stream).gettext("Raffles") == "Rifas"


def test_what_did_not_change_is_left_alone(catalog: Path) -> None:
    call_command("compile_texts")
    target = catalog.with_suffix(".mo")
    later = catalog.stat().st_mtime + 10
    os.utime(target, (later, later))
    call_command("compile_texts")
    assert target.stat().st_mtime == later


def test_a_text_that_loses_a_placeholder_is_refused(catalog: Path) -> None:
    broken = '#, python-format\nmsgid "%(count)s left"\nmsgstr "quedan %(cuenta)s"\n'
    catalog.write_text(HEAD + broken)
    with pytest.raises(CommandError, match=r"django\.po:6"):
        call_command("compile_texts")
    assert not catalog.with_suffix(".mo").exists()
