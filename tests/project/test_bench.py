"""The bench runs, here with numbers too small to mean anything; its figures come from `make bench`."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from config.env import ROOT
from config.rehearsal import office_desk
from tests.bench.figures import Figure, percentile, table
from tests.bench.memory import taken_by
from tests.bench.planner import scanned
from tests.bench.talk import CODE, begun
from tests.bench.wire import LONGEST_SILENCE, Line


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.bench", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)


def figure(**changes: object) -> Figure:
    plain = {"group": "webhook", "name": "events", "value": 90.0, "unit": "/s"}
    return Figure(**(plain | changes))  # type: ignore[arg-type]


@pytest.mark.own_database
def test_every_figure_comes_with_its_ceiling_in_table_json_and_picture(tmp_path: Path) -> None:
    record, picture = tmp_path / "bench.json", tmp_path / "bench.svg"
    names = ("webhook", "reservations", "picks", "turns", "api", "desk")
    chosen = [word for name in names for word in ("--only", name)]
    done = run("--quick", *chosen, "--json", str(record), "--picture", str(picture))
    assert done.returncode == 0, done.stderr
    told = json.loads(record.read_text())
    assert told["is_quick"] is True
    groups = {each["group"] for each in told["figures"]}
    assert groups == {"webhook", "reservations", "random pick", "reply", "turns", "storm", "api", "desk"}
    assert all(each["value"] > 0 for each in told["figures"] if each["unit"] in {"/s", "ms"})
    assert all(each["ceiling"] for each in told["figures"] if each["goal_is_share"])
    assert all(each["name"] in done.stdout for each in told["figures"])
    assert ElementTree.parse(picture).getroot().tag.endswith("svg")  # noqa: S314 - our own file


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--database", "mysql://x/y"], "is not a postgres://user@host:5432/name address"),
        (["--database", "postgres://nobody@127.0.0.1:1/x"], "127.0.0.1"),
        (["--queue", "amqp://x"], "is no redis://host:port/number address"),
        (["--only", "speed"], "invalid choice"),
    ],
)
def test_what_cannot_be_measured_is_refused_in_one_line(words: list[str], told: str) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert told in done.stderr.splitlines()[-1]


def test_a_share_of_the_ceiling_is_judged_by_the_ceiling_of_the_same_run() -> None:
    assert figure(ceiling=100.0, goal=0.8, goal_is_share=True).is_met is True
    assert figure(ceiling=120.0, goal=0.8, goal_is_share=True).is_met is False


def test_less_is_better_where_somebody_waits() -> None:
    assert figure(unit="ms", goal=80, less_is_better=True).is_met is False
    assert figure(unit="ms", goal=100, less_is_better=True).is_met is True
    assert figure(unit="rows", value=0.0, goal=0, less_is_better=True).is_met is True


def test_a_figure_without_a_goal_is_not_judged() -> None:
    assert figure().is_met is None
    assert "MISSED" not in "\n".join(table([figure()]))


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([5, 1, 4, 2, 3], 0.5) == 3
    assert percentile([5, 1, 4, 2, 3], 0.99) == 5
    assert percentile([], 0.5) == 0


def test_the_memory_of_a_session_is_that_of_all_its_processes() -> None:
    child = "import subprocess, sys; b = bytearray(60_000_000); print(flush=True); sys.stdin.read()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with subprocess.Popen(
        [sys.executable, "-c", parent],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as session:
        assert session.stdout is not None
        session.stdout.readline()
        assert taken_by(session.pid) > 60
        session.communicate()


@pytest.mark.django_db
def test_a_statement_that_reads_a_whole_table_is_seen() -> None:
    sql = "SELECT id FROM whatsapp_inboundevent WHERE error = %s"
    assert scanned(sql, ["x"]) == ["whatsapp_inboundevent"]
    assert scanned("SELECT id FROM raffles_raffle WHERE title = %s", ["x"]) == []


def test_players_buy_all_the_way_and_half_of_them_come_by_the_link() -> None:
    first, second = begun(0, 1000), begun(1, 1000)
    words = [next(first) for _ in range(5)]
    assert (words[0], words[1], words[3], words[4]) == ("menu", CODE, "confirmar", "menu")
    assert len(set(words[2].split())) == 3
    assert next(second) == CODE == office_desk.CODE


class Wire(asyncio.Transport):
    def is_closing(self) -> bool:
        return False


def test_a_line_that_was_silent_for_long_is_not_used_again() -> None:
    """The server may be hanging up on it, and what is written just then is lost."""
    line = Line()
    states = [line.is_open]
    line.connection_made(Wire())
    states.append(line.is_open)
    line._heard_at -= LONGEST_SILENCE
    states.append(line.is_open)
    line.data_received(b"")
    states.append(line.is_open)
    assert states == [False, True, False, True]
