"""Two workers reach for one receipt: one reads it, and what was found is written once."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db.models import QuerySet
from pytest_django import Settings

from raffles.evidence import copies, readings
from raffles.evidence.actions import await_reading, read_proofs
from raffles.evidence.models import Evidence, Mark
from raffles.evidence.reader import Reader
from tests.evidence.receipts import as_jpeg, drawn, transfers
from tests.factories import NOW, make_order, make_proof
from tests.races.conftest import Race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
READING = sys.modules["raffles.evidence.actions.read_proofs"]
WORKERS = 2


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the readers were asked for; they answer as they always do."""
    found: list[str] = []
    ask = Reader.ask

    def noted(reader: Reader, what: str, *args: Any, **options: Any) -> Any:
        found.append(what)
        return ask(reader, what, *args, **options)

    monkeypatch.setattr(Reader, "ask", noted)
    return found


@pytest.fixture
def evidence() -> Evidence:
    order = make_order(status="PENDING_PAYMENT")
    make_proof(order, content=as_jpeg(drawn(transfers(1)[0])))
    await_reading(now=NOW)
    return Evidence.objects.get()


@pytest.fixture
def both_have_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody claims before everybody has found the same receipt waiting."""
    gate = threading.Barrier(WORKERS, timeout=60)
    update: Callable[..., int] = QuerySet.update

    def together(rows: QuerySet[Any], **values: Any) -> int:
        if rows.model is Evidence and "tries" in values:
            gate.wait()
        return update(rows, **values)

    monkeypatch.setattr(QuerySet, "update", together)


def unclaimed(now: datetime) -> Iterator[Evidence]:
    """Without the claim by the old lease."""
    yield from Evidence.objects.filter(status="WAITING", due_at__lte=now).select_related("proof__order")


@pytest.fixture
def nobody_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Barrier(WORKERS, timeout=60)

    def read_together(evidence: Evidence, *args: Any) -> None:
        gate.wait()
        readings.read_one(evidence, *args)

    monkeypatch.setattr(READING, "_claimed", unclaimed)
    monkeypatch.setattr(READING, "read_one", read_together)


def kept(settings: Settings) -> list[str]:
    root = Path(settings.MEDIA_ROOT)
    return sorted(str(path.relative_to(root)) for path in (root / "evidence").rglob("*.jpg"))


def work(race: Race) -> int:
    """How many receipts the workers took together."""
    return sum(race([partial(read_proofs, now=NOW)] * WORKERS))


@pytest.mark.usefixtures("both_have_looked")
def test_one_of_two_workers_reads(
    race: Race, asked: list[str], evidence: Evidence, settings: Settings
) -> None:
    assert work(race) == 1
    assert asked.count("read") == 1
    evidence.refresh_from_db()
    assert (evidence.status, evidence.tries) == ("READ", 1)
    assert kept(settings) == sorted(evidence.pages)


@pytest.mark.usefixtures("nobody_claims")
def test_without_the_claim_both_read_and_the_result_is_still_written_once(
    race: Race, asked: list[str], evidence: Evidence, settings: Settings
) -> None:
    assert work(race) == 2
    assert asked.count("read") == 2
    evidence.refresh_from_db()
    assert evidence.status == "READ"
    assert kept(settings) == sorted(evidence.pages)
    assert Mark.objects.count() == len(set(Mark.objects.values_list("value", flat=True)))


@pytest.mark.usefixtures("nobody_claims")
def test_without_the_look_at_the_status_the_second_leaves_copies_that_nobody_names(
    race: Race, evidence: Evidence, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep_whatever_is_there(row: Evidence, _marks: Any, pages: list[bytes], now: datetime) -> None:
        Evidence.objects.filter(pk=row.pk).update(pages=copies.kept(pages, now), status="READ")

    monkeypatch.setattr(readings, "_keep", keep_whatever_is_there)
    assert work(race) == 2
    evidence.refresh_from_db()
    assert len(kept(settings)) == 2 * len(evidence.pages)
