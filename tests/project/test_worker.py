from __future__ import annotations

import logging
import signal
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from config import pulse
from config.worker import FEWEST_THREADS, STUCK_SECONDS, ProductConsumer


@pytest.fixture
def consumer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ProductConsumer:
    monkeypatch.setattr(pulse, "FOLDER", tmp_path)
    return ProductConsumer(settings.HUEY, FEWEST_THREADS)


@pytest.mark.parametrize("word", ["0", "2", "65", "-4", "many", "٤", ""])
def test_a_number_of_threads_that_makes_no_sense_is_refused_in_words(word: str) -> None:
    with pytest.raises(CommandError, match="is not a number of threads from 3 to 64"):
        call_command("worker", f"--threads={word}")


def test_an_idle_worker_looks_often_enough_for_nobody_to_notice(consumer: ProductConsumer) -> None:
    assert (consumer.default_delay, consumer.max_delay, consumer.backoff) == (0.02, 0.02, 1)


def test_ctrl_c_is_as_patient_as_sigterm(consumer: ProductConsumer) -> None:
    assert consumer._signal_actions[signal.SIGINT] == (False, True)
    assert consumer._signal_actions[signal.SIGTERM] == (False, True)


def test_one_thread_that_comes_round_is_enough_for_a_pulse(consumer: ProductConsumer) -> None:
    for worker, _ in consumer.worker_threads[1:]:
        worker.came_round_at = time.monotonic() - STUCK_SECONDS - 1
    consumer.note_pulse()
    assert pulse.complaint() is None


def test_a_worker_whose_threads_all_hang_has_no_pulse_and_says_so(
    consumer: ProductConsumer, caplog: pytest.LogCaptureFixture
) -> None:
    for worker, _ in consumer.worker_threads:
        worker.came_round_at = time.monotonic() - STUCK_SECONDS - 1
    consumer.note_pulse()
    assert "all worker threads hang" in caplog.text
    assert pulse.complaint() is not None


def test_a_pulse_that_cannot_be_written_is_told_and_stops_no_worker(
    consumer: ProductConsumer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(pulse, "FOLDER", tmp_path / "file")
    with caplog.at_level(logging.WARNING):
        consumer.note_pulse()
    assert "the worker's pulse cannot be written" in caplog.text
