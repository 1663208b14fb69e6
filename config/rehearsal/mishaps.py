"""What happens to the product while it sells: where and when follows from the seed."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from config.rehearsal.held_answers import HELD, WISH
from config.rehearsal.stage import Stage

LOOK_EVERY = 0.02
LONGEST_WAIT = 20.0
# Nothing happens to the last sales: what was broken must be seen to mend.
QUIET_SHARE = 0.9
# A worker that was killed costs up to a minute and a half; a short run has time for two of them.
ENOUGH_FOR_ALL = 60


class Mishaps:
    """Each strikes at a number of paid orders, so that a slow machine lives through the same ones.

    `crashes` counts what may have cut a send off, which may go out twice where no echo tells of it.
    """

    def __init__(
        self, stage: Stage, *, seed: int, sales: int, rounds: int, restart: Callable[[], None]
    ) -> None:
        self._stage, self._restart = stage, restart
        self._random = random.Random(seed)  # noqa: S311 - no secret
        kinds = [
            self.kill_web,
            self.kill_worker_while_it_sends,
            self.delete_queue,
            self.stop_in_order,
            self.restart_database,
            *([self.kill_worker] if sales >= ENOUGH_FOR_ALL else []),
        ]
        deck = [kind for _ in range(rounds) for kind in self._random.sample(kinds, len(kinds))]
        places = range(1, max(2, int(sales * QUIET_SHARE)))
        points = sorted(self._random.choices(places, k=len(deck)))
        self._left = list(zip(points, deck, strict=True))
        self.happened: Counter[str] = Counter()
        self.crashes = 0

    @property
    def agenda(self) -> str:
        return ", ".join(f"{kind.__name__} at {point}" for point, kind in self._left)

    def strike(self, paid: int) -> None:
        while self._left and self._left[0][0] <= paid:
            _, mishap = self._left.pop(0)
            self.happened[mishap.__name__] += 1
            mishap()

    def kill_web(self) -> None:
        self._stage.web.kill()
        self._stage.start_product()

    def kill_worker(self) -> None:
        self.crashes += 1
        self._stage.worker.kill()
        self._stage.start_product()

    def kill_worker_while_it_sends(self) -> None:
        """Meta has taken the message, and the worker never reads the answer."""
        wish, held = self._file(WISH), self._file(HELD)
        wish.touch()
        until = time.monotonic() + LONGEST_WAIT
        while not held.exists() and time.monotonic() < until:
            time.sleep(LOOK_EVERY)
        if held.exists():
            self.happened["sends cut off"] += 1
        self.kill_worker()
        held.unlink(missing_ok=True)
        wish.unlink(missing_ok=True)

    def delete_queue(self) -> None:
        self.crashes += 1
        self._stage.delete_queue()

    def stop_in_order(self) -> None:
        """As at each release: no send may be cut off by it."""
        self.happened["stops that were not in order"] += not self._stage.worker.stop()
        self._stage.web.stop()
        self._stage.start_product()

    def restart_database(self) -> None:
        """A worker that begins just then ends, and is started again."""
        self.crashes += 1
        self._restart()

    def _file(self, name: str) -> Path:
        return self._stage.places.folder / name
