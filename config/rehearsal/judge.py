"""Compares what Meta saw with what the rows say. Every breach is one line; knows neither database."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from config.rehearsal.books import Books, Event, Message
from config.rehearsal.history import History, Said, Sent

ROW = re.compile(r"outbox:(\d+)\Z")
PAID_KEY = re.compile(r"order:(\d+):paid\Z")
NUMBERS = re.compile(r": \*(\d+(?:-\d+)?(?:, \d+(?:-\d+)?)*)")
SENT = frozenset({"SENT", "DELIVERED", "READ"})
UNSENT = frozenset({"QUEUED", "SENDING"})
FINISHED = frozenset({"DONE", "IGNORED"})
SHOWN = 20


@dataclass(frozen=True)
class Verdict:
    breaches: list[str]
    paid: int
    sold: int
    extra_confirmations: int
    extra_messages: int

    @property
    def is_clean(self) -> bool:
        return not self.breaches


def judge(history: History, books: Books, *, extras_allowed: int = 0) -> Verdict:
    """`extras_allowed`: confirmations that may have come twice, where Meta's echoes were withheld."""
    arrived = _arrivals(history.sent)
    extras = sum(max(0, count - 1) for count in _confirmations(books, arrived).values())
    breaches = [
        *_turns(history, books),
        *_numbers(books),
        *_confirmed(books, arrived, may_repeat=extras <= extras_allowed),
        *_told_numbers(books, arrived),
        *_holds(books),
        *_outbox(history, books),
        *(f"doctor: {line}" for line in books.doctor),
        *(f"a dead end: {line}" for line in history.troubles),
    ]
    return Verdict(
        breaches=breaches,
        paid=sum(purchase.status == "PAID" for purchase in books.purchases),
        sold=sum(claim.status == "SOLD" for claim in books.claims),
        extra_confirmations=extras,
        extra_messages=sum(max(0, len(messages) - 1) for messages in arrived.values()),
    )


def _turns(history: History, books: Books) -> Iterator[str]:
    """Every message that got its 200 has one row, and that row is finished."""
    rows = defaultdict(list)
    for event in books.events:
        rows[event.wamid].append(event)
    for said in history.said:
        yield from _turn(said, rows.pop(said.wamid, []))
    for wamid, found in rows.items():
        yield f"event {_ids(found)} holds message {wamid}, which no player wrote"


def _turn(said: Said, found: list[Event]) -> Iterator[str]:
    if said.is_accepted and not found:
        yield f"message {said.wamid} got its 200 and has no row: it is lost"
    if len(found) > 1:
        yield f"message {said.wamid} has {len(found)} rows: events {_ids(found)}"
    for event in found:
        if event.status not in FINISHED:
            yield f"message {said.wamid} had no turn: event {event.pk} is {event.status}"


def _numbers(books: Books) -> Iterator[str]:
    status = {purchase.pk: purchase.status for purchase in books.purchases}
    holders = defaultdict(list)
    has = Counter(claim.order for claim in books.claims if claim.status == "SOLD")
    for claim in books.claims:
        holders[claim.raffle, claim.number].append(claim)
        if claim.status == "SOLD" and status.get(claim.order) != "PAID":
            yield f"number {claim.number} is sold by order {claim.order}, which is {status.get(claim.order)}"
    for (raffle, number), claims in holders.items():
        if len(claims) > 1:
            orders = ", ".join(str(claim.order) for claim in claims)
            yield f"number {number} of {raffle} is held {len(claims)} times: orders {orders}"
    for purchase in books.purchases:
        if purchase.status == "PAID" and not has[purchase.pk]:
            yield f"order {purchase.code} is paid and has no number"


def _arrivals(sent: Iterable[Sent]) -> dict[str, list[Sent]]:
    """What reached a phone, by the mark that the product wrote on it."""
    found = defaultdict(list)
    for message in sent:
        if not message.has_failed:
            found[message.row].append(message)
    return found


def _confirmations(books: Books, arrived: dict[str, list[Sent]]) -> dict[str, int]:
    """Counted by the words as well: a second row with the same words would be a second confirmation."""
    codes = {purchase.pk: purchase.code for purchase in books.purchases if purchase.status == "PAID"}
    words = Counter(message.text for messages in arrived.values() for message in messages)
    rows = {message.key: message for message in books.messages}
    count = {}
    for pk, code in codes.items():
        row = rows.get(f"order:{pk}:paid")
        count[code] = words[row.text] if row and code in row.text else 0
    return count


def _confirmed(books: Books, arrived: dict[str, list[Sent]], *, may_repeat: bool) -> Iterator[str]:
    rows = {message.key: message for message in books.messages}
    pks = {purchase.code: purchase.pk for purchase in books.purchases}
    for code, count in _confirmations(books, arrived).items():
        row = rows.get(f"order:{pks[code]}:paid")
        if row is None:
            yield f"order {code} is paid and no confirmation was ever written"
        elif count == 0 and not _was_refused(row):
            yield f"the confirmation of order {code} (message {row.pk}, {row.status}) reached no phone"
        elif count > 1 and not may_repeat:
            yield f"the confirmation of order {code} (message {row.pk}) reached the phone {count} times"


def _told_numbers(books: Books, arrived: dict[str, list[Sent]]) -> Iterator[str]:
    """What phones were told, against one another and against the rows: neither hides what the other did."""
    claimed = {(claim.order, claim.number): claim.raffle for claim in books.claims}
    told_to: dict[tuple[str, int], int] = {}
    for order, number in _told_pairs(books, arrived):
        raffle = claimed.get((order, number))
        if raffle is None:
            yield f"order {order} was told that number {number} is its own, and no row says so"
        elif (other := told_to.setdefault((raffle, number), order)) != order:
            yield f"number {number} was told to orders {other} and {order} as their own"


def _told_pairs(books: Books, arrived: dict[str, list[Sent]]) -> Iterator[tuple[int, int]]:
    for row in books.messages:
        if found := PAID_KEY.match(row.key):
            texts = {sent.text for sent in arrived.get(f"outbox:{row.pk}", [])}
            for number in sorted({number for text in texts for number in numbers_in(text)}):
                yield int(found.group(1)), number


def numbers_in(text: str) -> Iterator[int]:
    """Of "Your numbers: *007, 010-012*"; of a long list what is shown."""
    for listed in NUMBERS.findall(text):
        for part in listed.split(","):
            first, _, last = part.strip().partition("-")
            yield from range(int(first), int(last or first) + 1)


def _was_refused(row: Message) -> bool:
    """Meta said that this message can never arrive; staff see it in the admin."""
    return row.status == "FAILED" and row.error_code > 0


def _holds(books: Books) -> Iterator[str]:
    for purchase in books.purchases:
        if purchase.is_overdue:
            yield f"order {purchase.code} is {purchase.status} long after its hold ran out"


def _outbox(history: History, books: Books) -> Iterator[str]:
    rows = {message.pk: message for message in books.messages}
    wamids = defaultdict(set)
    for sent in history.sent:
        found = ROW.match(sent.row)
        if found is None or int(found.group(1)) not in rows:
            yield f"Meta took {sent.wamid}, marked {sent.mark!r}, and no row knows it"
        else:
            wamids[int(found.group(1))].add(sent.wamid)
    for row in books.messages:
        if row.status in UNSENT and row.is_due:
            yield f"message {row.pk} ({row.key}) should have gone and is {row.status}"
        if row.status in SENT and not wamids[row.pk]:
            yield f"message {row.pk} ({row.key}) is {row.status} and Meta never took it"
        elif row.status in SENT and row.wamid and row.wamid not in wamids[row.pk]:
            yield f"message {row.pk} ({row.key}) bears the id {row.wamid}, which Meta gave to another"


def _ids(events: Iterable[object]) -> str:
    return ", ".join(str(getattr(event, "pk", event)) for event in events)


def told(verdict: Verdict, seed: int) -> list[str]:
    """The breaches for people, cut where they repeat themselves."""
    lines = [f"BREACH (seed {seed}): {line}" for line in verdict.breaches[:SHOWN]]
    if len(verdict.breaches) > SHOWN:
        lines.append(f"... and {len(verdict.breaches) - SHOWN} more")
    return lines
