"""Each of the sixty known traps has a test, or a line that says why it cannot happen here; none has both."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.urls import URLPattern, URLResolver

from config.urls import urlpatterns

DECISION = Path(settings.BASE_DIR) / "docs" / "decisions" / "0007-traps-that-cannot-happen.md"
# Whatever a player's browser or a preview could ask for would be here.
STAFF_DOORS = {"admin/", "admin/desk/", "admin/dashboard/", "admin/evidence/"}
DOORS = {*STAFF_DOORS, "whatsapp/", "language/", "health/", "api/health-check/", "api/", "simulator/"}


def proved() -> set[int]:
    sources = "".join(path.read_text() for path in Path(__file__).parent.glob("test_traps_*.py"))
    return {int(number) for number in re.findall(r"^def test_trap_(\d\d)_", sources, flags=re.MULTILINE)}


def decided() -> set[int]:
    return {
        int(number) for number in re.findall(r"^- \*\*Trap (\d+)\*\*", DECISION.read_text(), re.MULTILINE)
    }


def test_tests_and_decisions_cover_all_sixty_and_none_twice() -> None:
    assert proved() | decided() == set(range(1, 61))
    assert proved() & decided() == set()


def test_there_is_no_page_for_players() -> None:
    def door(pattern: URLPattern | URLResolver) -> str:
        return re.sub(r"^\^|(live|ready)/\?\$$", "", str(pattern.pattern))

    assert {door(pattern) for pattern in urlpatterns} <= DOORS


def test_no_service_for_error_reports_is_installed() -> None:
    wanted = (Path(settings.BASE_DIR) / "pyproject.toml").read_text().lower()
    assert not [name for name in ("sentry", "rollbar", "bugsnag", "newrelic") if name in wanted]
