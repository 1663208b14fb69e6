from typing import Any

Json = dict[str, Any]


def units(text: str) -> int:
    """Meta does not document its unit; UTF-16 is the strictest reading that matches its refusals."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
