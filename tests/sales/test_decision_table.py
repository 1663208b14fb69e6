from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def test_every_test_that_the_decision_table_names_is_there() -> None:
    table = (ROOT / "docs/scarce-goods.md").read_text()
    named = set(re.findall(r"test_[a-z_]+(?![a-z_.])", table)) - set(re.findall(r"(test_[a-z_]+)\.py", table))
    files = [file for room in ("sales", "draws", "races") for file in (ROOT / "tests" / room).glob("*.py")]
    written = {name for file in files for name in re.findall(r"def (test_\w+)", file.read_text())}
    assert len(named) > 25
    assert named - written == set()
