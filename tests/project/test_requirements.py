from __future__ import annotations

import re
import tomllib

import pytest

from config.env import ROOT

FILES = ("base", "production", "dev")


def pinned(name: str) -> dict[str, str]:
    """Each pinned line, joined with the hashes and remarks that follow it."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    parts = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
    return {part.split(" \\")[0]: part for part in parts if part.strip()}


def package(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower()


@pytest.mark.parametrize("name", FILES)
def test_every_package_is_pinned_with_its_hashes(name: str) -> None:
    lines = pinned(name)
    assert lines
    for line, whole in lines.items():
        assert re.match(r"[a-z0-9._-]+==[^ ]+( ; .+)?$", line), line
        assert "--hash=sha256:" in whole, line


@pytest.mark.parametrize("name", FILES)
def test_no_address_and_no_path_is_written_into_a_lock_file(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert re.findall(r"https?://|--index|--find-links|--trusted|(?:^|\s)/\w+", text) == []


@pytest.mark.parametrize("name", FILES)
def test_the_python_chosen_chooses_django(name: str) -> None:
    django = [line for line in pinned(name) if line.startswith("django==")]
    assert re.match(r"django==5\.2\.\d+ ; python_full_version < '3\.12'$", django[0])
    assert re.match(r"django==6\.\d[\d.]* ; python_full_version >= '3\.12'$", django[1])


def test_the_lock_files_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = {
        "base": project["dependencies"],
        "production": [*project["dependencies"], *extras["postgres"], *extras["redis"], *extras["ocr"]],
        "dev": [*project["dependencies"], *(one for extra in extras.values() for one in extra)],
    }
    for name in FILES:
        assert {package(one) for one in wanted[name]} - {package(line) for line in pinned(name)} == set()


def test_a_package_has_one_version_in_all_lock_files() -> None:
    """Where it is needed for some Pythons only, another file may need it for all."""
    base, production, everything = ({line.split(" ; ")[0] for line in pinned(name)} for name in FILES)
    assert base <= production <= everything
