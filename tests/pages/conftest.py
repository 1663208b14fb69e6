from __future__ import annotations

import pytest

from raffles.api import quotas
from tests.pages.looking import Place, make_place


@pytest.fixture
def place(db: None) -> Place:
    quotas.forget()
    return make_place()
