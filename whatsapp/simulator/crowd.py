"""A crowd of simulated players: one loop reads all phones and does what falls due."""

from __future__ import annotations

import heapq
import threading
import time
from collections import Counter

from django.db import OperationalError, connection, transaction

from . import phones
from .crowd_player import Act, Player, Say, ShowReceipt, Tap, Temper
from .crowd_reading import read
from .crowd_receipts import receipt_picture
from .models import ChatMessage, Phone
from .shapes import Json

LOOK_EVERY = 0.02
AT_ONCE = 400


class Crowd:
    def __init__(self, *, players: int, seed: int, temper: Temper) -> None:
        self.players = [Player(index, seed, temper) for index in range(players)]
        self.done: Counter[str] = Counter()
        self._phones: dict[int, Phone] = {}
        self._by_phone: dict[int, Player] = {}
        self._last_heard = 0
        self._agenda: list[tuple[float, int]] = []
        self._stopping = threading.Event()
        self._began = 0.0

    def arrive(self) -> None:
        with transaction.atomic():
            for player in self.players:
                phone = phones.create_phone(
                    profile_name=player.name,
                    wa_id=player.number,
                    language=player.language,
                    receipts_on=player.reads_receipts,
                )
                self._phones[player.index], self._by_phone[phone.pk] = phone, player

    def run(self) -> None:
        """Until `stop`. A locked database is met like a bad network: once more."""
        self._began = time.monotonic()
        self._agenda = [(player.due_at, player.index) for player in self.players]
        heapq.heapify(self._agenda)
        while not self._stopping.is_set():
            try:
                moved = self._listen() + self._act()
            except OperationalError:
                connection.close()
                moved = 0
            if not moved:
                self._stopping.wait(LOOK_EVERY)

    def stop(self) -> None:
        self._stopping.set()

    def close(self) -> None:
        for player in self.players:
            player.close()

    def standing(self) -> Json:
        return {
            "acts": sum(self.done.values()),
            "by_kind": dict(self.done),
            "paid": sum(player.paid for player in self.players),
            "busy": sum(player.is_busy for player in self.players),
            "troubles": [trouble for player in self.players for trouble in player.troubles],
        }

    def _clock(self) -> float:
        return time.monotonic() - self._began

    def _listen(self) -> int:
        """SQLite writes one transaction after another, so a higher key was never committed earlier."""
        news = ChatMessage.objects.filter(pk__gt=self._last_heard, direction=ChatMessage.Direction.OUT)
        found = list(news.order_by("pk")[:AT_ONCE])
        for message in found:
            self._last_heard = message.pk
            player = self._by_phone.get(message.phone_id)
            if player is None or message.status == ChatMessage.Status.FAILED:
                continue
            player.hear(read(message), self._clock())
            heapq.heappush(self._agenda, (player.due_at, player.index))
        return len(found)

    def _act(self) -> int:
        """An entry of the agenda that has been overtaken is passed over."""
        acted = 0
        while self._agenda and self._agenda[0][0] <= self._clock() and acted < AT_ONCE:
            due_at, index = heapq.heappop(self._agenda)
            player = self.players[index]
            if player.due_at != due_at:
                continue
            acted += 1
            self._perform(player)
            heapq.heappush(self._agenda, (player.due_at, index))
        return acted

    def _perform(self, player: Player) -> None:
        phone = self._phones[player.index]
        acts = player.acts(self._clock())
        with transaction.atomic():
            phones.read_all(phone)
            for act in acts:
                self.done[type(act).__name__] += 1
                perform(phone, act)


def perform(phone: Phone, act: Act) -> str:
    match act:
        case Say(text):
            return phones.say(phone, text)
        case Tap(wamid, reply_id):
            return phones.tap(phone, wamid, reply_id)
        case ShowReceipt(code):
            content = receipt_picture(code, phone.profile_name)
            return phones.send_media(phone, content, "image/jpeg", caption="")
