"""Meta and its players in one thread: webhooks out, Graph calls in, three statuses for every message."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from random import Random
from typing import Any

from config.rehearsal.processes import HOST
from tests.bench import events
from tests.bench.wire import Door, Line

# What a phone tells after the answer to a send, and how long after it.
STATUSES = (("sent", 0.05), ("delivered", 0.15), ("read", 0.4))
MOST_LINES = 48
# The raffle that config.rehearsal.office_desk opens; its module needs the database, this process has none.
CODE = "ENSAYO"


@dataclass
class Player:
    phone: events.Phone
    words: Iterator[str]
    asked_at: float | None = None


@dataclass
class Seen:
    """All that the other side of the wire can tell."""

    waits: list[float] = field(default_factory=list)
    webhooks: list[float] = field(default_factory=list)
    events: int = 0
    unasked: int = 0


class Talk:
    def __init__(self, port: int, *, players: int, numbers: int, path: str = "/whatsapp/webhook/") -> None:
        self.seen = Seen()
        self.trouble: BaseException | None = None
        self._port, self._path, self._serials = port, path, count(1)
        people = [Player(events.Phone(n), begun(n, numbers)) for n in range(players)]
        self._by_address = {each.phone.user_id: each for each in people}
        self._by_address |= {f"+{each.phone.digits}": each for each in people}
        self._idle = deque(people)
        self._chance = Random(len(people))
        self._lines: list[Line] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._asks_again = self._is_closed = False
        # Without a limit a server that is full lets the newest connections wait for ever.
        self._doors = asyncio.Semaphore(MOST_LINES)

    @property
    def waiting(self) -> int:
        return len(self._by_address) // 2 - len(self._idle)

    def say(self) -> bool:
        """One of the idle writes: by chance, so that all turns of a purchase mix. False when nobody is."""
        if not self._idle:
            return False
        self._idle.rotate(self._chance.randrange(len(self._idle)))
        player = self._idle.popleft()
        player.asked_at = time.perf_counter()
        self._post(events.message(player.phone, next(player.words)))
        return True

    def _post(self, body: events.Json) -> None:
        self._keep(self._posted(events.post(body, port=self._port, path=self._path)))

    def _keep(self, work: Any) -> None:
        if self._is_closed:  # a status that was to be told later
            work.close()
            return
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.trouble = error

    async def _posted(self, request: bytes) -> None:
        async with self._doors:
            began = time.perf_counter()
            line = await self._line()
            await line.post(request)
            self._lines.append(line)
            self.seen.webhooks.append(time.perf_counter() - began)
            self.seen.events += 1

    async def _line(self) -> Line:
        while self._lines:
            line = self._lines.pop()
            if line.is_open:
                return line
            line.close()
        return await Line.open(self._port)

    def hear(self, body: events.Json) -> events.Json:
        """A Graph call: a message, or blue ticks."""
        if "status" in body:
            return {"success": True}
        player = self._by_address[body.get("to") or body["recipient"]]
        wamid = events.new_wamid()
        self._note_reply(player)
        mark = body.get("biz_opaque_callback_data", f"bench:{next(self._serials)}")
        for state, seconds in STATUSES:
            told = events.status(player.phone, wamid=wamid, mark=mark, state=state)
            asyncio.get_running_loop().call_later(seconds, self._post, told)
        return {"messaging_product": "whatsapp", "messages": [{"id": wamid}]}

    def _note_reply(self, player: Player) -> None:
        if player.asked_at is None:
            self.seen.unasked += 1
            return
        self.seen.waits.append(time.perf_counter() - player.asked_at)
        player.asked_at = None
        self._idle.append(player)
        if self._asks_again:
            self.say()

    async def keep_asking(self, at_once: int, is_enough: Callable[[], bool]) -> None:
        """So many players wait at any time: the next one writes when one was answered."""
        self._asks_again = True
        for _ in range(at_once):
            self.say()
        while not is_enough():
            await asyncio.sleep(0.02)
            self.raise_trouble()
        self._asks_again = False

    async def ask_steadily(self, per_second: float, seconds: float) -> int:
        """On the clock's beat, whoever answers or not. Returns how often nobody was left to write."""
        began, missed = time.perf_counter(), 0
        for beat in range(int(per_second * seconds)):
            await asyncio.sleep(max(0.0, began + beat / per_second - time.perf_counter()))
            missed += not self.say()
            self.raise_trouble()
        return missed

    async def come_to_rest(self, seconds: float) -> bool:
        """Whether everybody was answered, and every status told, within so long."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            await asyncio.sleep(0.05)
            if not self.waiting and not self._tasks:
                return True
        return False

    async def stay_open(self, seconds: float) -> None:
        """Answers, and tells statuses, for so long and not until something comes true."""
        await asyncio.sleep(seconds)
        self.raise_trouble()

    def raise_trouble(self) -> None:
        if self.trouble is not None:
            raise self.trouble

    async def close(self) -> None:
        self._is_closed = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for line in self._lines:
            line.close()


def begun(serial: int, numbers: int) -> Iterator[str]:
    """Half of them come by the link of the raffle and say no hello."""
    words = purchases(Random(serial), numbers)
    return islice(words, serial % 2, None)


def purchases(draw: Random, numbers: int) -> Iterator[str]:
    """One after the other: hello, the raffle, three numbers, yes."""
    while True:
        chosen = draw.sample(range(numbers), 3)
        yield from ("menu", CODE, " ".join(map(str, chosen)), "confirmar")


@asynccontextmanager
async def talking(talk: Talk, graph_port: int) -> AsyncIterator[Talk]:
    loop = asyncio.get_running_loop()
    doors: list[Door] = []
    server = await loop.create_server(lambda: Door(talk.hear, doors), HOST, graph_port)
    try:
        yield talk
    finally:
        await talk.close()
        server.close()
        for door in doors:
            door.close()
        await asyncio.sleep(0)
