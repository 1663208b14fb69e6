from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from config.env import ROOT
from whatsapp.account_notices import HEARERS

DOCS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


def links(document: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", document.read_text(), flags=re.DOTALL)
    return re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", text)


def anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    for link in links(document):
        if re.match(r"https?://|mailto:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("document", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_target_and_command_in_the_docs_exists(document: Path) -> None:
    text = document.read_text()
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", text)) - targets == set()


@pytest.mark.parametrize("document", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_of_manage_py_in_the_docs_exists(document: Path) -> None:
    named = set(re.findall(r"manage\.py ([a-z_]+)", document.read_text()))
    assert named - get_commands().keys() == set()


@pytest.mark.parametrize("document", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_that_the_docs_run_is_there(document: Path) -> None:
    for module in re.findall(r"python -m (config[.a-z_]*)", document.read_text()):
        assert (ROOT / f"{module.replace('.', '/')}.py").exists(), module


def test_the_web_process_is_started_alike_in_the_docs_and_in_the_image() -> None:
    guide = re.sub(r"\\\n\s+", "", (ROOT / "docs" / "operations.md").read_text())
    command = re.search(r"\.venv/bin/(python -m config\.web .*)$", guide, flags=re.MULTILINE)
    image = re.search(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    assert command
    assert image
    assert command[1].replace("127.0.0.1", "0.0.0.0").split() == json.loads(image[1])  # noqa: S104


def test_meta_is_asked_for_every_notice_that_is_understood() -> None:
    guide = (ROOT / "docs" / "operations.md").read_text()
    found = re.search(r"Subscribe to the fields (.*?), at\s+version", guide, flags=re.DOTALL)
    assert found is not None
    assert set(re.findall(r"`(\w+)`", found[1])) == {*HEARERS, "messages", "user_id_update"}
