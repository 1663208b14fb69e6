"""The queue's consumer as this product runs it; `manage.py worker` starts it."""

from __future__ import annotations

import logging
import signal
import time
from typing import Any

from huey.consumer import Consumer, Scheduler, Worker

from config import pulse
from config.queue_tables import make_queue_tables
from config.queue_watch import ToldOnce, watch
from whatsapp import alone

logger = logging.getLogger(__name__)

# While much is to be done one thread reads and one sends without a pause; the others come round for sweeps.
FEWEST_THREADS = 3
# When none of them has come round for so long, they all hang.
STUCK_SECONDS = 300
# What is not finished then is given back by its lease. Compose and Kubernetes grant ten seconds more.
STOP_SECONDS = 30
# How soon a thread sees that the queue is back.
LOOK_EVERY_SECONDS = 0.5
# SQLite is polled: 20 ms cost one per cent of a core while idle. Redis and PostgreSQL wake the worker.
POLLING = {"initial_delay": 0.02, "max_delay": 0.02, "backoff": 1}


class WatchedWorker(Worker):  # type: ignore[misc]  # huey has no types
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.came_round_at = time.monotonic()

    def create_logger(self) -> ToldOnce:
        return ToldOnce(super().create_logger())

    def loop(self, now: Any = None) -> None:
        self.came_round_at = time.monotonic()
        if watch.is_away:
            self.stop_flag.wait(LOOK_EVERY_SECONDS)
        else:
            super().loop(now)


class WatchedScheduler(Scheduler):  # type: ignore[misc]
    """The one thread that looks whether a queue that is away has come back."""

    def create_logger(self) -> ToldOnce:
        return ToldOnce(super().create_logger())

    def loop(self, now: Any = None) -> None:
        if watch.is_away and not self.is_back():
            self.stop_flag.wait(watch.next_pause())
        else:
            super().loop(now)

    def is_back(self) -> bool:
        try:
            self.huey.pending_count()
        except Exception as error:  # noqa: BLE001 - whatever it is, the queue does not answer
            watch.note_away(error)
            return False
        watch.note_back()
        return True


class ProductConsumer(Consumer):  # type: ignore[misc]
    """Ends in order on SIGTERM and on Ctrl-C alike; a second one of them ends it at once."""

    worker_class = WatchedWorker
    scheduler_class = WatchedScheduler

    def __init__(self, huey: Any, threads: int) -> None:
        super().__init__(
            huey,
            workers=threads,
            worker_type="thread",
            shutdown_timeout=STOP_SECONDS,
            graceful_signal="TERM",
            **POLLING,
        )
        self._signal_actions[signal.SIGINT] = self._signal_actions[signal.SIGTERM]

    def stop(self, graceful: bool = False) -> None:
        logger.info("the worker is asked to stop; what it has begun it ends within %d seconds", STOP_SECONDS)
        alone.ending.set()
        super().stop(graceful)

    def start(self) -> None:
        pulse.forget_the_dead()
        super().start()
        logger.info("the worker has begun with %d threads", self.workers)
        self.note_pulse()

    def run(self) -> None:
        super().run()
        pulse.forget()
        logger.info("the worker has ended in order")

    def check_worker_health(self) -> bool:
        """huey calls this every ten seconds; a thread that died has been replaced by then."""
        is_well = bool(super().check_worker_health())
        self.note_pulse()
        self.mend_queue()
        return is_well

    def mend_queue(self) -> None:
        try:
            make_queue_tables(self.huey)
        except Exception as error:  # noqa: BLE001 - a database that is gone comes back
            logger.warning("the queue's tables could not be looked at: %s", type(error).__name__)

    def note_pulse(self) -> None:
        if self.is_stuck():
            logger.error("all worker threads hang for %d seconds", STUCK_SECONDS)
            return
        try:
            pulse.note()
        except OSError as error:
            logger.warning("the worker's pulse cannot be written: %s", error.strerror)

    def is_stuck(self) -> bool:
        last = max(worker.came_round_at for worker, _ in self.worker_threads)
        return bool(time.monotonic() - last > STUCK_SECONDS)
