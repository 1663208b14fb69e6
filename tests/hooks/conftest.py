from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.admin.conftest import boss, client_of, desk
from tests.hooks.receiving import open_partner

__all__ = ["boss", "client_of", "desk", "open_partner"]


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
