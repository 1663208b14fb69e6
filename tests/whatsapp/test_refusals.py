"""Every answer of Meta that is no yes, however odd, is read."""

from __future__ import annotations

import pytest

from whatsapp import cloud_api


@pytest.mark.parametrize(
    ("code", "http_status", "is_permanent"),
    [(131026, 400, True), (131056, 400, False), (190, 401, False), (999, 400, True), (999, 500, False)],
)
def test_every_refusal_is_permanent_or_not(code: int, http_status: int, is_permanent: bool) -> None:
    assert cloud_api.error_from({"code": code}, http_status).is_permanent == is_permanent


@pytest.mark.parametrize(
    "odd", [{}, {"code": "131026"}, {"code": None, "error_data": "text"}, {"error_data": []}]
)
def test_an_odd_refusal_is_read(odd: dict[str, object]) -> None:
    assert cloud_api.error_from(odd).code == -1
