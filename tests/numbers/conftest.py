from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from raffles.sales.notices import Fact
from tests import ear


@pytest.fixture(autouse=True)
def heard(settings: Settings, tmp_path: Path) -> list[Fact]:
    settings.RAFFLES_LISTENERS = ["tests.ear.hear"]
    settings.MEDIA_ROOT = tmp_path
    ear.heard.clear()
    return ear.heard
