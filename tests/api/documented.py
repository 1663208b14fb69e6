"""The document as tests read it: what an answer may be."""

from __future__ import annotations

from typing import Any

from config.api_pages import document

METHODS = ("get", "post", "patch", "put", "delete")


def operations() -> dict[str, dict[str, Any]]:
    """By id, each with its address and method."""
    return {
        operation["operationId"]: {**operation, "path": path, "method": method}
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }


def undocumented(operation: dict[str, Any], status: int, body: Any) -> str:
    """What the document does not say about an answer; empty when all is said."""
    told = operation["responses"].get(str(status))
    if told is None:
        return f"{operation['operationId']} answered {status}: {body}"
    codes = told.get("x-codes")
    if codes is not None and body.get("code") not in codes:
        return f"{operation['operationId']} answered {status} {body.get('code')}, told are {codes}"
    return ""
