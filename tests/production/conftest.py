from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from raffles.numbers.models import Raffle
from tests.factories import NOW, make_raffle


@pytest.fixture(autouse=True)
def _folder_of_its_own(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def raffle(transactional_db: None) -> Raffle:
    """Open for years: the processes of these tests live by the real clock."""
    years = {"sales_close_at": NOW.replace(year=2099), "draw_at": NOW.replace(year=2100)}
    return make_raffle(sales_open_at=NOW.replace(year=2020), **years)
