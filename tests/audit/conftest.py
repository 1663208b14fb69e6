from __future__ import annotations

from tests.admin.conftest import boss, client_of, desk, own_files, today

__all__ = ["boss", "client_of", "desk", "own_files", "today"]
