from __future__ import annotations

import ast
import re
from pathlib import Path

import decouple
import pytest

from config.env import DEVELOPMENT, ROOT
from tests.project.environment import NAMES, read_settings

EXAMPLE = ROOT / ".env.example"


def names_read() -> set[str]:
    """The first argument of every `env.<reader>("NAME", ...)` and `stores.<reader>(...)` in the settings."""
    tree = ast.parse((ROOT / "config" / "settings.py").read_text())
    return {
        str(call.args[0].value)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in {"env", "stores"}
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def names_listed() -> list[str]:
    return re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", EXAMPLE.read_text(), flags=re.MULTILINE)


def test_the_example_lists_exactly_the_settings_that_are_read() -> None:
    assert sorted(names_listed()) == sorted(names_read()) == sorted(NAMES)


def test_the_example_marks_what_production_must_own() -> None:
    """The mark stands in the remark above the setting."""
    marked = re.findall(
        r"^# \(own\).*\n(?:# (?![A-Z_]+=).*\n)*# ([A-Z_]+)=", EXAMPLE.read_text(), flags=re.MULTILINE
    )
    assert set(marked) == {*DEVELOPMENT, "SITE_URL"}


def test_a_line_whose_mark_is_taken_away_is_the_value_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A remark behind it would be a part of it. What has no default shows nothing, which is refused alone."""
    shown = re.findall(r"^# ([A-Z][A-Z_]+=.+)$", EXAMPLE.read_text(), flags=re.MULTILINE)
    assert [line for line in shown if re.search(r"[\s#$'\"]", line)] == []
    (tmp_path / ".env").write_text("DEBUG=1\nSIMULATOR=0\n" + "\n".join(shown))
    given = read_settings(monkeypatch, dict(decouple.RepositoryEnv(str(tmp_path / ".env")).data))
    alone = read_settings(monkeypatch, {"DEBUG": "1", "SIMULATOR": "0"})
    assert {name: given[name] for name in NAMES & given.keys()} == {
        name: alone[name] for name in NAMES & alone.keys()
    }


def test_a_copy_of_the_example_starts_a_development_copy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(EXAMPLE.read_text())
    values = dict(decouple.RepositoryEnv(str(tmp_path / ".env")).data)
    settings = read_settings(monkeypatch, values)
    assert settings["DEBUG"]
    assert settings["SIMULATOR"]


def test_every_setting_is_explained_in_the_operations_guide() -> None:
    guide = (ROOT / "docs" / "operations.md").read_text()
    assert sorted(name for name in names_read() if f"`{name}`" not in guide) == []
