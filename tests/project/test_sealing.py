"""Secrets outlive a change of SECRET_KEY as long as the old one is known."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from config import env
from config.env import BadSetting
from raffles.sealing import Unreadable, opened, sealed

OLD, NEW = "o" * 50, "n" * 50


def test_what_an_old_key_sealed_is_opened_and_only_the_new_one_seals(settings: Settings) -> None:
    settings.SECRET_KEY = OLD
    kept = sealed("secret", purpose="draws")
    settings.SECRET_KEY = NEW
    with pytest.raises(Unreadable):
        opened(kept, purpose="draws")
    settings.SECRET_KEY_FALLBACKS = [OLD]
    assert opened(kept, purpose="draws") == "secret"
    with pytest.raises(Unreadable):
        opened(kept, purpose="webhooks")
    newly = sealed("secret", purpose="draws")
    settings.SECRET_KEY_FALLBACKS = []
    assert opened(newly, purpose="draws") == "secret"


@pytest.mark.parametrize(("given", "found"), [("", []), (f"{OLD}, {NEW} ,", [OLD, NEW])])
def test_old_keys_are_a_list(monkeypatch: pytest.MonkeyPatch, given: str, found: list[str]) -> None:
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", given)
    assert env.old_secrets("SECRET_KEY_FALLBACKS", shortest=50) == found


def test_a_short_old_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", f"{OLD},short")
    with pytest.raises(BadSetting, match="50 characters or more"):
        env.old_secrets("SECRET_KEY_FALLBACKS", shortest=50)
