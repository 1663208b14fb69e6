"""Deliveries on their way out. Rows are the truth; any number of workers may look at them at once.

1. claim: the lease is set where nobody has one, by the state that was read; of two workers one wins;
2. call: threads post, outside every transaction, and touch no row;
3. settle: by the lease of the claim, so that a worker that was given up for dead changes nothing.

A worker that dies between 2 and 3 leaves a lease that runs out: the receiver hears the event once more,
under the same id. One receiver that is slow holds a few of the threads and never all of them, however many
webhooks its owner made, and however many lead to its host.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import connection
from django.db.models import F

from raffles.hooks.calls import Call, Outcome, outcome_of
from raffles.hooks.models import Delivery, Subscription
from raffles.hooks.queries import due, sealed_secrets
from raffles.hooks.schedule import MOST_TRIES
from raffles.hooks.settling import settle

# For one webhook, and for all of one owner or of one host.
SLOTS, SLOTS_FOR_ONE, SLOTS_FOR_KIN = 8, 2, 3
# Longer than any call.
LEASE = timedelta(minutes=2)
# After that nothing new is begun, so that a worker can be stopped.
ROUND = timedelta(seconds=20)
LOOK = 50

Clock = Callable[[], datetime]


def send_due(*, clock: Clock) -> int:
    """Until nothing is due or the time of the round is over; how many arrived."""
    if connection.in_atomic_block:
        raise RuntimeError("nothing leaves inside a transaction")
    with ThreadPoolExecutor(SLOTS, thread_name_prefix="webhook") as threads:
        return _Round(clock, threads).run()


class _Round:
    def __init__(self, clock: Clock, threads: ThreadPoolExecutor) -> None:
        self._clock, self._threads = clock, threads
        self._flying: dict[Future[Outcome], Call] = {}

    def run(self) -> int:
        arrived, until = 0, self._clock() + ROUND
        self._begin()
        while self._flying:
            done, _ = wait(self._flying, return_when=FIRST_COMPLETED)
            arrived += sum(settle(self._flying.pop(one), one.result(), self._clock()) for one in done)
            if self._clock() < until:
                self._begin()
        return arrived

    def _begin(self) -> None:
        while keys := self._chosen(self._clock()):
            for key in keys:
                call = claim(key, self._clock())
                if call is not None:
                    self._flying[self._threads.submit(outcome_of, call)] = call

    def _chosen(self, now: datetime) -> list[int]:
        """What has waited longest first, and of nobody more than their share."""
        shares = _Shares(call.delivery.subscription for call in self._flying.values())
        chosen: list[int] = []
        full: set[int] = set()
        found = LOOK
        while found == LOOK and shares.taken < SLOTS:  # all that was seen may be of who has their share
            rows = _waiting(now, chosen, full)
            found = len(rows)
            for row in rows:
                if shares.taken < SLOTS and shares.take(row.subscription):
                    chosen.append(row.pk)
                else:
                    full.add(row.subscription_id)
        return chosen


class _Shares:
    """Who has how many of the threads."""

    def __init__(self, flying: Iterable[Subscription]) -> None:
        self.taken = 0
        self._busy: Counter[tuple[str, object]] = Counter()
        for subscription in flying:
            self._add(_kin(subscription))

    def take(self, subscription: Subscription) -> bool:
        kin = _kin(subscription)
        if any(self._busy[each] >= most for each, most in kin.items()):
            return False
        self._add(kin)
        return True

    def _add(self, kin: Iterable[tuple[str, object]]) -> None:
        self.taken += 1
        self._busy.update(list(kin))  # a mapping would be taken for counts


def _kin(subscription: Subscription) -> dict[tuple[str, object], int]:
    """Whom a call is counted for, and how many they may have."""
    host = urlsplit(subscription.url).hostname or ""
    return {
        ("webhook", subscription.pk): SLOTS_FOR_ONE,
        ("owner", subscription.owner_id): SLOTS_FOR_KIN,
        ("host", host): SLOTS_FOR_KIN,
    }


def _waiting(now: datetime, chosen: Collection[int], full: Collection[int]) -> list[Delivery]:
    rows = Delivery.objects.filter(due(now)).exclude(pk__in=chosen).exclude(subscription__in=full)
    return list(rows.select_related("subscription").order_by("next_try_at", "pk")[:LOOK])


def claim(key: int, now: datetime) -> Call | None:
    """None: somebody was faster, or its workers died too often."""
    mine = now + LEASE
    if not Delivery.objects.filter(due(now), pk=key).update(lease_until=mine, tries=F("tries") + 1):
        return None
    delivery = Delivery.objects.select_related("event", "subscription").get(pk=key)
    call = Call(delivery, mine, tuple(sealed_secrets(delivery.subscription_id, now)), now)
    if delivery.tries <= MOST_TRIES:
        return call
    settle(call, Outcome(error="WorkerDied"), now)
    return None
