"""The command's doors, and the parts of the stage that can be seen without a run."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from config.env import ROOT
from config.management.commands.rehearse import Command, folder_of_run, planned
from config.rehearsal.books import Books
from config.rehearsal.databases import NoDatabase, check_database, fresh_database
from config.rehearsal.held_answers import HELD, WISH, HeldAnswers
from config.rehearsal.history import History, Said
from config.rehearsal.judge import judge
from config.rehearsal.lines import Partner, Silent
from config.rehearsal.mishaps import Mishaps
from config.rehearsal.processes import DidNotStart, Process, free_port, kill_session, wait_for_answer
from config.rehearsal.run import Plan, Rehearsal, Report
from config.rehearsal.stage import MOST_OWN_ENDS, Places, Stage, staged
from config.rehearsal.waits import measured
from tests.project.environment import NAMES

ECHO = """
from config.rehearsal.lines import answer_until_the_end
def stumble(): raise ValueError("no")
answer_until_the_end({"add": lambda a, b: a + b, "stumble": stumble})
"""


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--players", "0"], "'0' is not a whole number from 1 to 5000"),
        (["--players", "many"], "'many' is not a whole number from 1 to 5000"),
        (["--numbers", "1000001"], "'1000001' is not a whole number from 1 to 1000000"),
        (["--hold-minutes", "31"], "'31' is not a whole number from 1 to 30"),
        (["--seed", "-1"], "'-1' is not a whole number"),
        (["--database", "mysql://root@127.0.0.1/x"], "is not a postgres://user@host:5432/name address"),
        (["--queue", "amqp://127.0.0.1"], "is not a sqlite://, redis:// or postgres:// address"),
    ],
)
def test_a_bad_argument_gets_one_clear_line(arguments: list[str], complaint: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("rehearse", *arguments)
    assert complaint in str(refused.value)
    assert "\n" not in str(refused.value).removeprefix("Error: ")


@pytest.mark.parametrize("faults", [True, False])
def test_numbers_are_held_as_long_as_one_says(faults: bool) -> None:
    plan = planned(players=3, numbers=20, seed=1, hold_minutes=7, faults=faults)
    assert (plan.hold_minutes, bool(plan.faults)) == (7, faults)


def test_a_database_that_does_not_answer_is_named_in_one_line() -> None:
    with pytest.raises(NoDatabase) as refused:
        check_database(f"postgres://postgres@127.0.0.1:{free_port()}/postgres")
    assert str(refused.value).startswith("127.0.0.1: ")
    assert "\n" not in str(refused.value)


def test_without_an_address_the_rows_are_a_file_in_the_folder(tmp_path: Path) -> None:
    with fresh_database("", tmp_path) as url:
        assert url == f"sqlite:///{tmp_path}/rows.sqlite3"


@pytest.fixture
def partner(tmp_path: Path) -> Partner:
    command = [sys.executable, "-c", ECHO]
    return Partner(command, environment=dict(os.environ), folder=ROOT, log=tmp_path / "echo.log")


def test_a_process_is_asked_line_by_line(partner: Partner) -> None:
    assert partner.ask("add", a=2, b=3) == 5
    assert partner.ask("add", a="x", b="y") == "xy"
    partner.dismiss()
    assert partner.child.wait(timeout=20) == 0


def test_a_process_that_stumbles_is_named_with_its_log(partner: Partner, tmp_path: Path) -> None:
    with pytest.raises(Silent, match="stopped at 'stumble'"):
        partner.ask("stumble")
    partner.child.wait(timeout=20)
    partner.dismiss()
    assert "ValueError: no" in (tmp_path / "echo.log").read_text()


def test_a_server_that_dies_at_its_start_is_named(tmp_path: Path) -> None:
    process = Process("web", [sys.executable, "-c", ""], environment={}, log=tmp_path / "web.log")
    process.start()
    with pytest.raises(DidNotStart, match="web did not start"):
        wait_for_answer(f"http://127.0.0.1:{free_port()}/", process)


def test_a_killed_process_is_gone_with_its_children_and_can_be_started_again(tmp_path: Path) -> None:
    sleeper = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'], stdin=sys.stdin)"
    process = Process("worker", [sys.executable, "-c", sleeper], environment={}, log=tmp_path / "worker.log")
    for _ in range(2):
        process.start()
        process.kill()
        assert not process.is_alive


SLEEPS, ENDS = "import signal; signal.pause()", ""


def process(words: str, folder: Path) -> Process:
    command = [sys.executable, "-c", words]
    return Process("worker", command, environment={}, log=folder / "worker.log")


def ended(worker: Process) -> None:
    assert worker._child is not None
    worker._child.wait(timeout=20)


def test_only_what_nobody_ended_has_ended_by_itself(tmp_path: Path) -> None:
    killed, stopped, own = (process(words, tmp_path) for words in (SLEEPS, SLEEPS, ENDS))
    assert not own.has_ended_itself, "it was never begun"
    for each in (killed, stopped, own):
        each.start()
    killed.kill()
    stopped.stop()
    ended(own)
    assert [each.has_ended_itself for each in (killed, stopped, own)] == [False, False, True]
    own.stop()
    assert [each.own_ends for each in (killed, stopped, own)] == [0, 0, 1]


def test_what_ended_by_itself_is_started_again_but_not_for_ever(tmp_path: Path) -> None:
    stage = Stage(places(tmp_path))
    stage.web, stage.worker = process(SLEEPS, tmp_path), process(ENDS, tmp_path)
    for each in (stage.web, stage.worker):
        each.start()
    for times in range(1, MOST_OWN_ENDS + 1):
        ended(stage.worker)
        stage.keep_up()
        assert stage.own_ends == times
    ended(stage.worker)
    with pytest.raises(DidNotStart, match="worker ended 6 times by itself; see"):
        stage.keep_up()
    stage.web.stop()
    ended(stage.worker)


def places(folder: Path) -> Places:
    return Places(folder, f"sqlite:///{folder}/rows.sqlite3", f"sqlite:///{folder}/queue.sqlite3")


def test_the_same_seed_breaks_the_same_things_at_the_same_sales(tmp_path: Path) -> None:
    def agenda(seed: int) -> str:
        stage = Stage(places(tmp_path))
        return Mishaps(stage, seed=seed, sales=200, rounds=3, restart=lambda: None).agenda

    assert agenda(1) == agenda(1)
    assert agenda(1) != agenda(2)
    assert agenda(1).count("kill_worker_while_it_sends at") == 3
    assert max(int(each.rpartition(" ")[2]) for each in agenda(1).split(", ")) < 180


def test_no_setting_of_a_real_site_reaches_the_stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, "https://real.example")
    environment = Stage(places(tmp_path)).web_environment
    left = {name for name in NAMES if environment[name] == "https://real.example"}
    assert left == {"DEBUG", "SIMULATOR"}, "the settings of the rehearsal set these two themselves"
    assert environment["WHATSAPP_GRAPH_URL"].startswith("http://127.0.0.1:")
    assert environment["DATABASE_URL"].startswith(f"sqlite:///{tmp_path}")


@pytest.fixture
def _watched_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REHEARSAL_FOLDER", str(tmp_path))
    monkeypatch.setattr("config.rehearsal.held_answers.LONGEST", 0.05)


ACCEPTED = json.dumps({"messages": [{"id": "wamid.1"}]})


@pytest.mark.usefixtures("_watched_folder")
@pytest.mark.parametrize(
    ("path", "response", "is_held"),
    [
        ("/simulator/graph/v25.0/1/messages", HttpResponse(ACCEPTED), True),
        ("/simulator/graph/v25.0/1/messages", HttpResponse('{"success": true}'), False),
        ("/simulator/graph/v25.0/1/messages", HttpResponse(ACCEPTED, status=500), False),
        ("/simulator/graph/v25.0/1/messages", StreamingHttpResponse([ACCEPTED]), False),
        ("/simulator/graph/v25.0/1/media", HttpResponse(ACCEPTED), False),
    ],
)
def test_only_the_answer_to_an_accepted_message_is_held_back(
    path: str, response: HttpResponse, is_held: bool, tmp_path: Path
) -> None:
    (tmp_path / WISH).touch()
    assert HeldAnswers(lambda request: response)(RequestFactory().post(path)) is response
    assert (tmp_path / HELD).exists() is is_held
    assert (tmp_path / WISH).exists() is not is_held


@pytest.mark.usefixtures("_watched_folder")
def test_without_a_wish_no_answer_is_held(tmp_path: Path) -> None:
    HeldAnswers(lambda request: HttpResponse(ACCEPTED))(RequestFactory().post("/x/messages"))
    assert not (tmp_path / HELD).exists()


def played(command: Command, plan: Plan, folder: Path, *addresses: str) -> Report:
    """As a run that loses a message."""
    (folder / "worker.log").write_text("why")
    history = History(said=[Said("in.1", 1.0, is_accepted=plan.seed == 1)])
    return Report(judge(history, Books()), measured(history, Books()), 1.0, 1)


def test_the_folder_of_a_run_that_met_a_breach_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(Command, "play", played)
    with pytest.raises(CommandError) as told:
        call_command("rehearse", seed=1)
    (folder,) = tmp_path.iterdir()
    assert (folder / "worker.log").read_text() == "why"
    assert f"logs, history and books are in {folder}; repeat with --seed 1" in str(told.value)


def test_the_folder_of_a_process_that_did_not_start_stays_for_its_log() -> None:
    with pytest.raises(DidNotStart), folder_of_run() as folder:
        raise DidNotStart(f"see {folder}")
    assert folder.is_dir()
    folder.rmdir()


def test_the_folder_of_a_clean_run_goes_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(Command, "play", played)
    call_command("rehearse", seed=2)
    assert list(tmp_path.iterdir()) == []


def test_who_interrupts_a_run_finds_no_folder_of_it() -> None:
    with pytest.raises(KeyboardInterrupt), folder_of_run() as folder:
        raise KeyboardInterrupt
    assert not folder.exists()


@pytest.mark.chaos
def test_a_small_raffle_is_sold_out_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody of this seed goes away, so that no hold has to run out first."""
    call_command("rehearse", players=8, numbers=40, seed=4, faults=False)
    told = capsys.readouterr().out
    assert "Sold 40 numbers" in told
    assert "Verdict: clean" in told


@pytest.mark.chaos
def test_a_worker_that_ends_by_itself_is_replaced_and_is_a_breach(tmp_path: Path) -> None:
    with staged(places(tmp_path)) as stage:

        def end_worker_once(paid: int) -> None:
            if paid and not stage.own_ends:
                assert stage.worker._child is not None
                kill_session(stage.worker._child)

        plan = planned(players=8, numbers=40, seed=4, hold_minutes=2, faults=False)
        rehearsal = Rehearsal(stage, plan, lambda _line: None, end_worker_once)
        rehearsal.begin()
        rehearsal.sell()
        rehearsal.settle()
        unexplained, explained = rehearsal.report(), rehearsal.report(own_ends_allowed=1)
    assert unexplained.verdict.breaches == ["web and worker ended by themselves: 1; explained: 0"]
    assert (explained.verdict.breaches, explained.verdict.sold) == ([], 40)


def test_who_interrupts_the_end_leaves_nothing_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(places(tmp_path))
    sleeper = [sys.executable, "-c", "import sys; sys.stdin.read(); import time; time.sleep(600)"]
    monkeypatch.setattr(stage, "web", Process("web", sleeper, environment={}, log=tmp_path / "web.log"))
    stage.web.start()

    def interrupted() -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(stage.worker, "stop", interrupted)
    with pytest.raises(KeyboardInterrupt):
        stage.close()
    assert not stage.web.is_alive
