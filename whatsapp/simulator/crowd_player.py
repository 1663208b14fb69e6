"""One player of the crowd: reads what arrives, wants numbers, acts like people do. Knows no database.

Everything a player decides comes from the seed and from what the chat says; only the clock is the machine's.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from .crowd_reading import Choice, Heard

LANGUAGES = ("es", "es", "es", "pt", "en")
FIRST_NAMES = ("Ana", "Bruno", "Carla", "Diego", "Elena", "Fábio", "Gloria", "Hugo", "Inés", "João", "Luz")
LAST_NAMES = ("Benítez", "Carvalho", "Duarte", "Ferreira", "Giménez", "Miranda", "Núñez", "Okafor", "Rojas")
PREFIX = {"es": "59598", "pt": "551196", "en": "447700"}
WORDS = {
    "es": {
        "hello": ("hola", "buenas", "buen día", "Hola 🙂"),
        "raffles": ("rifas",),
        "orders": ("mis pedidos",),
        "cancel": ("cancelar",),
        "later": ("después",),
        "random": ("al azar {}", "azar {}"),
    },
    "pt": {
        "hello": ("oi", "olá", "bom dia"),
        "raffles": ("rifas",),
        "orders": ("meus pedidos",),
        "cancel": ("cancelar",),
        "later": ("depois",),
        "random": ("ao acaso {}", "surpresa {}"),
    },
    "en": {
        "hello": ("hello", "hi", "good morning"),
        "raffles": ("raffles",),
        "orders": ("my orders",),
        "cancel": ("cancel",),
        "later": ("later",),
        "random": ("random {}", "any {}"),
    },
}
CHATTER = ("¿cuándo es el sorteo de {}?", "quero saber de {}", "my cousin {} told me about this")
RANGE = re.compile(r"\((\d{1,9})\D{1,12}(\d{1,9})(?:\D{1,40}(\d{1,9}))?")
CODE = re.compile(r"\*([2-9A-HJKMNP-Z]{6})\*")
LUCKY = (7, 13, 21, 22, 33, 42, 69, 77, 88, 99)


@dataclass(frozen=True)
class Temper:
    """How the crowd behaves. `pace` stretches every pause; `patience` is when a person writes again.

    `asks_again`: after so many times in a row without an answer the chat counts as a dead end.
    """

    most_numbers: int = 20
    pace: float = 1.0
    patience: float = 60.0
    asks_again: int = 3
    restless_share: float = 0.15
    arrive_within: float = 20.0


@dataclass(frozen=True)
class Say:
    text: str


@dataclass(frozen=True)
class Tap:
    wamid: str
    reply_id: str


@dataclass(frozen=True)
class ShowReceipt:
    code: str


Act = Say | Tap | ShowReceipt
FINISHING = frozenset({"confirm", "receipt", "cancel_yes"})


def finishes(act: Act) -> bool:
    """Whether it carries on what was begun; the rest is left once the raffle is sold out."""
    return isinstance(act, ShowReceipt) or (
        isinstance(act, Tap) and act.reply_id.partition(":")[0] in FINISHING
    )


class Player:
    def __init__(self, index: int, seed: int, temper: Temper) -> None:
        self.random = random.Random(f"{seed}/{index}")  # noqa: S311 - no secret
        self.index, self.temper = index, temper
        self.language = self.random.choice(LANGUAGES)
        self.name = f"{self.random.choice(FIRST_NAMES)} {self.random.choice(LAST_NAMES)} {index:04d}"
        self.number = f"{PREFIX[self.language]}{seed % 100:02d}{index:06d}"
        self.reads_receipts = self.random.random() < 0.7
        self.strays_left = 1 if self.random.random() < temper.restless_share else 0
        self.range: tuple[int, int, int] | None = None
        self.code = ""
        self.paid = 0
        self.refusals = 0
        self.unanswered = 0
        # Who wrote twice reads both answers; where one came and then no more, the other has been lost.
        self.awaited, self.has_heard = 0, False
        self.is_closing = False
        self.is_waiting = False
        self.due: tuple[Act, ...] = (Say(self._word("hello")),)
        self.due_at = self.random.uniform(0, temper.arrive_within)
        self.troubles: list[str] = []

    # --- what the loop calls

    def acts(self, at: float) -> tuple[Act, ...]:
        """What is done now. A person who hears nothing for too long writes again."""
        if self.is_waiting:
            self.unanswered += 1
            if self.unanswered == self.temper.asks_again:
                self._complain("is not answered")
            self.due = (Say("menu"),)
            self.awaited *= not self.has_heard
        acts, self.due = self.due, ()
        self.awaited, self.has_heard = self.awaited + len(acts), False
        self.is_waiting, self.due_at = True, at + self.temper.patience
        return acts

    def hear(self, heard: Heard, at: float) -> None:
        if heard.is_notice:
            self._take_notice(heard, at)
            return
        self.unanswered, self.has_heard, self.awaited = 0, True, max(0, self.awaited - 1)
        if self.is_waiting and self.awaited:
            self.due_at = at + self.temper.patience
            return
        self.is_waiting = False
        self._answer(heard, at)

    def close(self) -> None:
        """The raffle is sold out: nobody begins anything new, what is begun is finished."""
        self.is_closing = True
        if not self.is_waiting and not all(finishes(act) for act in self.due):
            self._leave()

    @property
    def is_busy(self) -> bool:
        return self.is_waiting or bool(self.due)

    # --- what a person makes of a message

    def _take_notice(self, heard: Heard, at: float) -> None:
        if heard.is_good_news:
            self.paid += 1
        if self.is_waiting:
            return
        if heard.is_bad_news and self.code:
            self._plan(at, 2, 8, ShowReceipt(self.code))
        elif heard.is_good_news:
            self._plan(at, 2, 12, Say(self._word("raffles")))
        elif (again := heard.offers("open")) and self.random.random() < 0.5:
            self._plan(at, 2, 8, Tap(heard.wamid, again[0].reply_id))

    def _answer(self, heard: Heard, at: float) -> None:
        if code := CODE.search(heard.text):
            self.code = code.group(1)
        for verb, reaction in REACTIONS.items():
            if chosen := heard.offers(verb):
                reaction(self, heard, chosen, at)
                return
        if heard.choices:
            self._complain(f"can do nothing with {[choice.verb for choice in heard.choices]}")
            self._plan(at, 2, 8, Say("menu"))
        else:
            self._pay(at)

    def _pay(self, at: float) -> None:
        """Words without buttons ask for the receipt."""
        if self._strays():
            stray = self.random.choice(("away", "later", "cancel", "orders"))
            if stray == "away":
                return self._rest(at)
            return self._plan(at, 1, 6, Say(self._word(stray)))
        receipt = ShowReceipt(self.code)
        twice = self.random.random() < 0.04
        return self._plan(at, 3, 15, receipt, *([receipt] if twice else []))

    def _confirm(self, heard: Heard, chosen: list[Choice], at: float) -> None:
        self.refusals = 0
        tap = Tap(heard.wamid, chosen[0].reply_id)
        if self._strays():
            stray = self.random.choice(("away", "change", "cancel", "receipt", "orders"))
            if stray == "away":
                return self._rest(at)
            if stray == "receipt":
                return self._plan(at, 3, 10, ShowReceipt(self.code))
            if stray == "orders":
                return self._plan(at, 1, 6, Say(self._word("orders")))
            other = heard.offers(stray)
            tap = Tap(heard.wamid, other[0].reply_id) if other else tap
        twice = self.random.random() < 0.05
        return self._plan(at, 2, 10, tap, *([tap] if twice else []))

    def _choose_numbers(self, heard: Heard, chosen: list[Choice], at: float) -> None:
        if found := RANGE.search(heard.text):
            first, last, most = (int(part) if part else 1 for part in found.groups())
            self.range = (first, last, most)
        self.refusals += 1
        if self.range is None or self.refusals > 3 or self.random.random() < 0.3:
            pick = chosen[-1] if self.refusals <= 3 else chosen[0]
            return self._plan(at, 2, 10, Tap(heard.wamid, pick.reply_id))
        words = Say(self._numbers(*self.range))
        twice = self.random.random() < 0.03
        return self._plan(at, 3, 12, words, *([words] if twice else []))

    def _numbers(self, first: int, last: int, most: int) -> str:
        count = self.random.randint(1, max(1, min(most, self.temper.most_numbers, last - first + 1)))
        manner = self.random.random()
        if manner < 0.4:
            return self.random.choice(WORDS[self.language]["random"]).format(count)
        if manner < 0.7:
            wanted = self.random.sample(LUCKY, min(count, 5))
            return ", ".join(str(first + (number * (last - first + 1)) // 100) for number in wanted)
        if manner < 0.8:
            start = self.random.randint(first, max(first, last - count + 1))
            return f"{start}-{start + count - 1}" if count > 1 else str(start)
        return ", ".join(str(number) for number in self.random.sample(range(first, last + 1), count))

    def _take_what_is_free(self, heard: Heard, chosen: list[Choice], at: float) -> None:
        others = [choice for verb in ("rest", "near", "open") for choice in heard.offers(verb)]
        self._plan(at, 2, 8, Tap(heard.wamid, self.random.choice(others).reply_id))

    def _choose_row(self, heard: Heard, chosen: list[Choice], at: float) -> None:
        wish = self.random.choice(chosen)
        if self.random.random() < 0.2:
            return self._plan(at, 2, 8, Say(str(chosen.index(wish) + 1)))
        return self._plan(at, 2, 8, Tap(heard.wamid, wish.reply_id))

    def _look_at_orders(self, heard: Heard, chosen: list[Choice], at: float) -> None:
        if self.random.random() < 0.5:
            return self._plan(at, 2, 8, Tap(heard.wamid, self.random.choice(chosen).reply_id))
        return self._plan(at, 2, 8, Say(self._word("raffles")))

    def _tap_any(self, heard: Heard, chosen: list[Choice], at: float) -> None:
        self._plan(at, 1, 6, Tap(heard.wamid, self.random.choice(chosen).reply_id))

    def _at_the_menu(self, heard: Heard, chosen: list[Choice], at: float) -> None:
        """Also what follows a receipt, and "nothing is on sale": wait for news, look around, or go on."""
        manner = self.random.random()
        if manner < 0.06:
            word = self.random.choice(CHATTER).format(self.random.choice(FIRST_NAMES) + f" {self.index}")
            return self._plan(at, 2, 9, Say(word))
        if manner < 0.12:
            return self._plan(at, 2, 9, Say(self._word("orders")))
        if self.code and CODE.search(heard.text):
            return self._plan(at, 15, 40, Say(self._word("raffles")))
        return self._plan(at, 2, 10, Tap(heard.wamid, chosen[0].reply_id))

    # --- small things

    def _strays(self) -> bool:
        if self.strays_left and self.random.random() < 0.5:
            self.strays_left -= 1
            return True
        return False

    def _rest(self, at: float) -> None:
        """Goes away, and the hold runs out meanwhile; comes back as if nothing had been."""
        self._plan(at, 80, 140, Say(self._word("hello")))

    def _plan(self, at: float, soonest: float, latest: float, *acts: Act) -> None:
        if self.is_closing and not all(finishes(act) for act in acts):
            self._leave()
            return
        self.due = acts
        self.due_at = at + self.temper.pace * self.random.uniform(soonest, latest)

    def _leave(self) -> None:
        self.due, self.due_at = (), float("inf")

    def _word(self, meaning: str) -> str:
        return self.random.choice(WORDS[self.language][meaning])

    def _complain(self, words: str) -> None:
        self.troubles.append(f"player {self.index} {words}")


REACTIONS = {
    "cancel_yes": Player._tap_any,
    "confirm": Player._confirm,
    "receipt": Player._tap_any,
    "rest": Player._take_what_is_free,
    "near": Player._take_what_is_free,
    "random": Player._choose_numbers,
    "row": Player._choose_row,
    "language": Player._tap_any,
    "order": Player._look_at_orders,
    "raffles": Player._at_the_menu,
    "open": Player._take_what_is_free,
}
