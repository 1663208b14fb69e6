"""The process of the players: the crowd, the courier that carries their messages, the simulator's memory."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after setup

from config.rehearsal.lines import answer_until_the_end  # noqa: E402
from config.rehearsal.recorder import recorded, undelivered  # noqa: E402
from whatsapp.simulator import faults  # noqa: E402
from whatsapp.simulator.crowd import Crowd  # noqa: E402
from whatsapp.simulator.crowd_player import Temper  # noqa: E402


class CrowdSide:
    def __init__(self) -> None:
        self._crowd = Crowd(players=0, seed=0, temper=Temper())

    def make_tables(self) -> None:
        call_command("migrate", verbosity=0)

    def begin(self, players: int, seed: int, temper: dict[str, Any]) -> None:
        self._crowd = Crowd(players=players, seed=seed, temper=Temper(**temper))
        self._crowd.arrive()
        threading.Thread(target=self._crowd.run, daemon=True).start()

    def standing(self) -> Any:
        return self._crowd.standing()

    def close(self) -> None:
        self._crowd.close()

    def undelivered(self) -> int:
        return undelivered()

    def stop(self) -> None:
        self._crowd.stop()

    def arrange(self, seed: int, rates: dict[str, Any]) -> None:
        faults.arrange(seed, **rates)

    def clear_faults(self) -> None:
        faults.clear()

    def write_history(self, path: str) -> None:
        Path(path).write_text(json.dumps(asdict(recorded(self._crowd))))


if __name__ == "__main__":
    side = CrowdSide()
    answer_until_the_end(
        {
            "make_tables": side.make_tables,
            "begin": side.begin,
            "standing": side.standing,
            "close": side.close,
            "undelivered": side.undelivered,
            "stop": side.stop,
            "arrange": side.arrange,
            "clear_faults": side.clear_faults,
            "write_history": side.write_history,
        }
    )
