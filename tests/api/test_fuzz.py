"""Everything the document allows, and much that it does not, is answered as the document says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings, strategies
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from raffles.api.scopes import Scope, is_of_staff, opens
from tests.api.conftest import CONSUMER, token_for
from tests.api.documented import operations, undocumented
from tests.api.fuzzing import Rows, led_to_rows, opened, owner

pytestmark = pytest.mark.django_db

OPERATIONS = operations()
STAFF = tuple(filter(is_of_staff, Scope.values))
CALLERS: dict[str, tuple[str, ...]] = {
    "anonymous": (),
    **{scope: (scope,) for scope in (*CONSUMER, *STAFF)},
}
# `make fuzz-api` asks for more of them.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "3"))
APART = 16
CHECKS: Any = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(autouse=True)
def _no_quota(settings: LazySettings) -> None:
    settings.API_RATE = settings.API_RATE_ANONYMOUS = (10**6, 60)


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """The rows are in a transaction of the test, which the end of a request must not end."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def rows() -> Rows:
    return Rows.made()


def headers_of(caller: str, rows: Rows) -> dict[str, str]:
    if not CALLERS[caller]:
        return {}
    token, secret = token_for(owner("fuzz"), *CALLERS[caller])
    rows.give_to(token.client)
    return {"Authorization": f"Token {secret}"}


def is_let_in(caller: str, operation: dict[str, Any]) -> bool:
    wanted = {scope for way in operation.get("security", ()) for scope in way.get("Token", ())}
    own = {scope for scope in wanted if opens(CALLERS[caller], scope)}
    return bool(own) or (not wanted and caller == "anonymous")


@pytest.mark.parametrize("caller", CALLERS)
def test_what_is_answered_is_in_the_document(caller: str, rows: Rows) -> None:
    headers, schema = headers_of(caller, rows), opened()
    for name in tried_by(caller):
        operation = schema.find_operation_by_id(name)
        ways = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]
        call_often(ways, headers, rows, OPERATIONS[name])


def tried_by(caller: str) -> list[str]:
    """All that it may do, and some that it may not: each caller others, of which all together try all."""
    may = [name for name, operation in OPERATIONS.items() if is_let_in(caller, operation)]
    closed = [name for name in OPERATIONS if name not in may]
    return may + (closed if caller == "anonymous" else closed[list(CALLERS).index(caller) % APART :: APART])


def call_often(ways: Any, headers: dict[str, str], rows: Rows, told: dict[str, Any]) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=strategies.one_of(ways), data=strategies.data())
    def call(case: Any, data: Any) -> None:
        led_to_rows(case, rows, data.draw)
        answer = case.call_and_validate(headers=headers, checks=CHECKS)
        if answer.status_code >= 400:
            assert undocumented(told, answer.status_code, answer.json()) == ""

    call()
