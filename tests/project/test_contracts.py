from __future__ import annotations

import tomllib
from typing import Any

from config.env import ROOT


def contract(name: str) -> dict[str, Any]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts: list[dict[str, Any]] = project["tool"]["importlinter"]["contracts"]
    return next(one for one in contracts if one["name"] == name)


def children(package: str) -> set[str]:
    folder = ROOT / package
    files = {path.stem for path in folder.glob("*.py")} | {
        path.parent.name for path in folder.glob("*/__init__.py")
    }
    return {f"{package}.{name}" for name in files - {"__init__", "migrations"}}


def test_no_module_of_ours_is_left_out_of_what_the_simulator_may_not_import() -> None:
    forbidden = set(contract("Meta played on this machine knows nothing of ours")["forbidden_modules"])
    assert children("whatsapp") - forbidden == {"whatsapp.simulator"}
    assert {"config", "raffles"} <= forbidden
