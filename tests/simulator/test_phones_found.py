from typing import Any

import pytest

from whatsapp.simulator import phones
from whatsapp.simulator.apps import simulator_is_for_development

pytestmark = pytest.mark.django_db


def test_a_phone_is_found_again_by_its_number() -> None:
    made = phones.phone_for("+595 981 000 001")

    assert phones.phone_for("595981000001") == made
    assert made.bsuid.startswith("PY.")


def test_the_check_refuses_the_simulator_outside_development(settings: Any) -> None:
    settings.SIMULATOR = True
    settings.DEBUG = True
    assert simulator_is_for_development() == []

    settings.DEBUG = False
    assert [problem.id for problem in simulator_is_for_development()] == ["simulator.E001"]
