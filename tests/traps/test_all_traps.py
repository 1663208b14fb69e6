"""Each of the sixty known traps has a test, or a line that says why it cannot happen here; none has both."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

DECISION = Path(settings.BASE_DIR) / "docs" / "decisions" / "0007-traps-that-cannot-happen.md"


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


def test_no_service_for_error_reports_is_installed() -> None:
    wanted = (Path(settings.BASE_DIR) / "pyproject.toml").read_text().lower()
    assert not [name for name in ("sentry", "rollbar", "bugsnag", "newrelic") if name in wanted]
