"""The libraries beside the pages are those of their makers, and every module finds what it imports."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.test import override_settings
from django.utils.module_loading import import_string

PAGES = Path(settings.BASE_DIR) / "raffles/pages/static/pages"
STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"
NOBLE = PAGES / "vendor/noble"
IMPORTS = re.compile(r"^(?:import|export)\b[^;]*?\bfrom\s*['\"]([^'\"]+)['\"]", re.MULTILINE | re.DOTALL)
MADE_RELATIVE = re.compile(r"^(import .* from ')(?:\.\./)+hashes/", re.MULTILINE)


def sums() -> dict[str, str]:
    lines = re.findall(r"^([0-9a-f]{64})  (\S+)$", (NOBLE / "README.md").read_text(), re.MULTILINE)
    return {name: digest for digest, name in lines}


def imports_of(file: Path) -> list[str]:
    return IMPORTS.findall(re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL))


def test_the_libraries_are_unchanged_but_for_four_lines() -> None:
    changed, found = 0, {}
    for file in NOBLE.rglob("*"):
        if file.is_file() and file.name != "README.md":
            text, count = MADE_RELATIVE.subn(r"\1@noble/hashes/", file.read_text())
            changed += count
            found[str(file.relative_to(NOBLE))] = hashlib.sha256(text.encode()).hexdigest()
    assert found == sums()
    assert changed == 4


def test_every_import_is_of_a_file_beside_it() -> None:
    """The policy of the pages allows no map of names."""
    for file in PAGES.rglob("*.js"):
        for name in imports_of(file):
            assert name.startswith("."), (file, name)
            assert (file.parent / name).resolve().is_file(), (file, name)


def test_no_library_is_there_for_nothing() -> None:
    seen, waiting = set(), [PAGES / "verify_draw.js"]
    while waiting:
        file = waiting.pop()
        if file not in seen:
            seen.add(file)
            waiting += [(file.parent / name).resolve() for name in imports_of(file)]
    assert set(NOBLE.rglob("*.js")) <= seen


def test_imports_still_find_their_files_where_names_carry_a_digest(tmp_path: Path) -> None:
    """In production a page asks for verify_draw.<digest>.js; what that imports lies beside it as it was."""
    shutil.copytree(PAGES, tmp_path / "pages")
    names = [str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file()]
    with override_settings(DEBUG=False):
        storage = import_string(STORAGE)(location=str(tmp_path), base_url="/static/")
        outcomes = list(storage.post_process({name: (storage, name) for name in names}))
        address = storage.url("pages/verify_draw.js")
    assert [found for _name, _hashed, found in outcomes if isinstance(found, Exception)] == []
    served = tmp_path / address.removeprefix("/static/")
    assert re.fullmatch(r"verify_draw\.[0-9a-f]{12}\.js", served.name)
    assert served.read_text() == (PAGES / "verify_draw.js").read_text()
    assert imports_of(served)
    assert all((served.parent / name).is_file() for name in imports_of(served))


def test_they_are_served() -> None:
    assert find("pages/verify_draw.js")
    assert find("pages/vendor/noble/curves/abstract/bls.js")
