from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings
from time_machine import Traveller, travel

from raffles.numbers.models import Raffle
from tests.factories import make_raffle
from tests.whatsapp.graph import Graph
from tests.whatsapp.meta import NOW


@pytest.fixture(autouse=True)
def clock() -> Iterator[Traveller]:
    with travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def graph(settings: Settings) -> Iterator[Graph]:
    found = Graph()
    settings.WHATSAPP_GRAPH_URL = found.url
    yield found
    found.close()


@pytest.fixture
def moto(transactional_db: None) -> Raffle:
    return make_raffle(code="MOTO", title="Moto 0 km", price_minor=20_000)


@pytest.fixture
def is_postgres(db: None) -> bool:
    return connection.vendor == "postgresql"


@pytest.fixture
def foreign() -> Iterator[Graph]:
    """Somebody else's host, on another port."""
    found = Graph()
    yield found
    found.close()
