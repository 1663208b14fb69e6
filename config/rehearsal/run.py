"""One rehearsal from the first greeting to the verdict."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from config.rehearsal.books import Books, read_books
from config.rehearsal.history import History, read_history
from config.rehearsal.judge import Verdict, judge
from config.rehearsal.lines import Partner
from config.rehearsal.private_words import named_players
from config.rehearsal.stage import Stage
from config.rehearsal.waits import Waits, measured
from whatsapp.simulator.crowd_player import Temper

LOOK_EVERY = 0.5
TELL_EVERY = 5.0
# Faults that people and networks make every day; what Meta refuses for good is not the product's to mend.
FAULTS: Mapping[str, Any] = {
    "duplicate": 0.05,
    "duplicate_parallel": 0.02,
    "reorder": 0.05,
    "bundle": 0.10,
    "delay": 0.02,
    "delay_seconds": [0.2, 3.0],
    "tampered_signature": 0.01,
    "status_before_answer": 0.05,
    "answer_lost": 0.005,
    "connection_reset": 0.003,
    # Some of its codes hold the whole number for a minute, as they must.
    "http_429": 0.0005,
    "http_500": 0.005,
    "http_503": 0.005,
    "error_answer": 0.01,
    "error_status": 0.005,
    "codes": [130429, 131056, 131000, 131016],
    "media_link_dead": 0.02,
    "media_cut": 0.01,
    "media_slow": 0.02,
    "edit": 0.005,
    "revoke": 0.005,
    "system_message": 0.002,
    "number_change": 0.002,
    "recycled_number": 0.002,
}


@dataclass(frozen=True)
class Plan:
    """`sales`: how many paid orders are enough; 0 sells the raffle out. Short holds: some never come back."""

    players: int
    numbers: int
    seed: int
    sales: int = 0
    hold_minutes: int = 2
    faults: Mapping[str, Any] = field(default_factory=dict)
    temper: Temper = field(default_factory=Temper)
    longest_seconds: float = 3600.0
    settle_seconds: float = 420.0
    echoes_withheld: bool = False


@dataclass(frozen=True)
class Report:
    verdict: Verdict
    waits: Waits
    seconds: float
    acts: int


class Rehearsal:
    def __init__(
        self,
        stage: Stage,
        plan: Plan,
        tell: Callable[[str], None],
        meanwhile: Callable[[int], None] = lambda paid: None,
    ) -> None:
        self._stage, self._plan, self._tell, self._meanwhile = stage, plan, tell, meanwhile
        self._began = self._told_at = 0.0

    @property
    def office(self) -> Partner:
        assert self._stage.office is not None  # noqa: S101 - the stage is open
        return self._stage.office

    @property
    def crowd(self) -> Partner:
        assert self._stage.crowd is not None  # noqa: S101 - the stage is open
        return self._stage.crowd

    def begin(self) -> None:
        plan = self._plan
        self.office.ask(
            "prepare",
            numbers=plan.numbers,
            most_per_order=plan.temper.most_numbers,
            hold_minutes=plan.hold_minutes,
        )
        if plan.faults:
            self.crowd.ask("arrange", seed=plan.seed, rates=dict(plan.faults))
        self._began = time.monotonic()
        self.office.ask("begin", seed=plan.seed)
        self.crowd.ask("begin", players=plan.players, seed=plan.seed, temper=asdict(plan.temper))

    def look(self) -> bool:
        """Whether enough is sold. Also says how it goes, and lets happen what is to happen by now."""
        self._stage.keep_up()
        now = self.office.ask("standing")
        self._meanwhile(now["paid"])
        if time.monotonic() - self._told_at > TELL_EVERY:
            self._told_at = time.monotonic()
            self._tell(self._progress(now))
        if self._plan.sales:
            return bool(now["paid"] >= self._plan.sales)
        return bool(now["sold"] >= self._plan.numbers)

    def _progress(self, now: dict[str, int]) -> str:
        acts = self.crowd.ask("standing")["acts"]
        return (
            f"{self.seconds():5.0f} s  {now['sold']} of {self._plan.numbers} sold, {now['held']} held; "
            f"{now['paid']} orders paid, {acts} acts, {now['unread']} unread, "
            f"{now['unsent']} unsent ({now['sending']} on their way)"
        )

    def seconds(self) -> float:
        return time.monotonic() - self._began

    @property
    def is_overdue(self) -> bool:
        return self.seconds() > self._plan.longest_seconds

    def sell(self) -> None:
        while not self.look() and not self.is_overdue:
            time.sleep(LOOK_EVERY)

    def settle(self) -> None:
        """Nobody begins anything new; what was begun comes to its end, faults included."""
        self.crowd.ask("close")
        if not self._plan.echoes_withheld:
            self.crowd.ask("clear_faults")
        until = time.monotonic() + self._plan.settle_seconds
        while time.monotonic() < until and not self._is_at_rest():
            time.sleep(LOOK_EVERY)
        self.crowd.ask("stop")
        self.office.ask("stop")

    def _is_at_rest(self) -> bool:
        self._stage.keep_up()
        crowd = self.crowd.ask("standing")
        return not crowd["busy"] and not self.crowd.ask("undelivered") and self.office.ask("at_rest")

    def report(self, *, extras_allowed: int = 0, own_ends_allowed: int = 0) -> Report:
        """`own_ends_allowed`: how often web and worker may have ended with nobody ending them."""
        seconds = self.seconds()
        history, books = self._evidence()
        verdict = judge(history, books, extras_allowed=extras_allowed)
        others = [*self._own_ends(own_ends_allowed), *self._other_breaches(history, verdict)]
        verdict = replace(verdict, breaches=[*verdict.breaches, *others])
        return Report(verdict, measured(history, books), seconds, self.crowd.ask("standing")["acts"])

    def _evidence(self) -> tuple[History, Books]:
        folder = self._stage.places.folder
        self.crowd.ask("write_history", path=str(folder / "history.json"))
        self.office.ask("write_books", path=str(folder / "books.json"))
        return read_history(folder / "history.json"), read_books(folder / "books.json")

    def _own_ends(self, allowed: int) -> Iterator[str]:
        if (ends := self._stage.own_ends) > allowed:
            yield f"web and worker ended by themselves: {ends}; explained: {allowed}"

    def _other_breaches(self, history: History, verdict: Verdict) -> list[str]:
        breaches = list(named_players(self._stage.product_logs(), history.private_words))
        if self._plan.sales and verdict.paid < self._plan.sales:
            breaches.append(f"only {verdict.paid} of {self._plan.sales} sales were made")
        if not self._plan.sales and verdict.sold < self._plan.numbers:
            breaches.append(f"only {verdict.sold} of {self._plan.numbers} numbers were sold")
        return breaches
