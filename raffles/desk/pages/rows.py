"""The queue: every order with a proof that nobody has decided, by time or by risk."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _

from raffles.desk.leases import name_of
from raffles.desk.models import Card, Verdict
from raffles.desk.pages.choosing import chosen
from raffles.desk.pages.waits import is_awaited, questions_to
from raffles.evidence.findings import Sheet
from raffles.evidence.queries import evidence_of
from raffles.sales.admin.additions import Glance, glances
from raffles.sales.admin.showing import ago, duration, money, shortened
from raffles.sales.approvals import counting
from raffles.sales.models import Approval, Order, OrderChange, PaymentProof
from raffles.sales.sight import seen_by

# A screen full many times over; the page says how many lie deeper, and they come up as these are decided.
MOST_ROWS = 200
SOON = timedelta(hours=2)
# A receipt that was seen with another order.
WORST = 3
FAR = timedelta(days=365_000)


@dataclass(frozen=True)
class Tag:
    words: str
    tone: str


@dataclass(frozen=True)
class Row:
    order: Order
    glance: Glance
    since: datetime
    tags: tuple[Tag, ...]
    risk: int
    taken_by: str
    # It is somebody else's turn: the player's, or a second person's.
    is_awaited: bool
    is_mine: bool
    amount: str
    units: str
    age: str


@dataclass(frozen=True)
class Queue:
    """`waiting` counts those too for which there is no place on the page."""

    waiting: int
    rows: list[Row]

    @property
    def unlisted(self) -> int:
        return max(self.waiting - len(self.rows), 0)


def queue_of(*, user: User, now: datetime, by_risk: bool) -> Queue:
    """A constant number of queries, whatever waits."""
    waiting = int(_undecided(user).count())
    return Queue(waiting, _rows(user, now, by_risk=by_risk, is_long=waiting > MOST_ROWS))


def _rows(user: User, now: datetime, *, by_risk: bool, is_long: bool) -> list[Row]:
    orders = list(
        _shown(user, now, by_risk=by_risk, is_long=is_long)
        .select_related("player")
        .prefetch_related(_waiting_proofs())
    )
    seen = _Seen(
        glances(orders),
        _cards(orders, now),
        _approvals(orders),
        evidence_of(_proofs(orders)),
        questions_to(orders),
    )
    # Decided between two of these queries it has no waiting proof any more, and no row.
    found = [_row(order, seen, user, now) for order in orders if order.proofs.all()]
    return sorted(found, key=_by_risk if by_risk else _by_time)


def _by_time(row: Row) -> tuple[float, ...]:
    return (row.is_awaited, *_by_draw(row))


def _by_risk(row: Row) -> tuple[float, ...]:
    return (row.is_awaited, -row.risk, *_by_draw(row))


def _by_draw(row: Row) -> tuple[float, ...]:
    draw = row.glance.draw_at.timestamp() if row.glance.draw_at else FAR.total_seconds()
    return (draw, row.since.timestamp(), row.order.pk)


def _shown(user: User, now: datetime, *, by_risk: bool, is_long: bool) -> QuerySet[Order]:
    """All; of a queue that is longer than the page those that are first in the order of the page."""
    undecided = _undecided(user)
    if not is_long:
        return undecided
    ids = chosen(undecided, user=user, now=now, by_risk=by_risk, most=MOST_ROWS)
    return Order.objects.filter(pk__in=ids)


def _undecided(user: User) -> QuerySet[Order]:
    planned = Verdict.objects.filter(order=OuterRef("pk"), status=Verdict.Status.PLANNED)
    waiting = PaymentProof.objects.filter(order=OuterRef("pk"), status=PaymentProof.Status.SUBMITTED)
    reviewed = Order.objects.filter(Exists(waiting), status=Order.Status.UNDER_REVIEW)
    return seen_by(user, reviewed).exclude(Exists(planned))


def _waiting_proofs() -> Prefetch[str]:
    waiting = PaymentProof.objects.filter(status=PaymentProof.Status.SUBMITTED)
    return Prefetch("proofs", waiting.order_by("-id"))


def _cards(orders: Collection[Order], now: datetime) -> dict[int, Card]:
    leased = Card.objects.filter(order__in=orders, lease_until__gt=now).select_related("reviewer")
    return {card.order_id: card for card in leased}


def _approvals(orders: Collection[Order]) -> dict[int, list[Approval]]:
    found: dict[int, list[Approval]] = {}
    for approval in counting().filter(order__in=orders):
        found.setdefault(approval.order_id, []).append(approval)
    return found


@dataclass(frozen=True)
class _Seen:
    """What was read for all orders of the queue together, by the id of the order or of the proof."""

    about: dict[int, Glance]
    cards: dict[int, Card]
    said: dict[int, list[Approval]]
    sheets: dict[int, Sheet]
    asked: dict[int, OrderChange]

    def risk(self, order: Order) -> int:
        return max(self.sheets[proof.pk].risk for proof in order.proofs.all())


def _proofs(orders: Collection[Order]) -> list[PaymentProof]:
    return [proof for order in orders for proof in order.proofs.all()]


def _row(order: Order, seen: _Seen, user: User, now: datetime) -> Row:
    glance, card, said = seen.about[order.pk], seen.cards.get(order.pk), seen.said.get(order.pk, [])
    risk = seen.risk(order)
    since = min(proof.received_at for proof in order.proofs.all())
    question = seen.asked.get(order.pk)
    tags = (*_tags(order, glance, said, risk=risk, now=now), *_asked(question, now))
    reviewer = card.reviewer if card is not None else None
    return Row(
        order=order,
        glance=glance,
        since=since,
        tags=tags,
        risk=2 * risk + (order.late_since is not None),
        taken_by=name_of(reviewer) if reviewer else "",
        is_awaited=is_awaited(question, now) or any(approval.by_id == user.pk for approval in said),
        is_mine=reviewer == user,
        amount=money(order.total_minor, order.currency),
        units=shortened(glance.units),
        age=ago(since, _minute_of(now)),
    )


def _minute_of(now: datetime) -> datetime:
    """Ages move on together: each at a second of its own, no two answers of a long queue were the same."""
    return now.replace(second=0, microsecond=0)


def _tags(order: Order, glance: Glance, said: list[Approval], *, risk: int, now: datetime) -> tuple[Tag, ...]:
    tags: list[Tag] = []
    if risk:
        tags.append(Tag(_("used before?"), "bad") if risk == WORST else Tag(_("look closely"), "wait"))
    if order.late_since is not None:
        tags.append(Tag(_("late money"), "bad"))
    if glance.draw_at and now < glance.draw_at < now + SOON:
        tags.append(Tag(_("draw in %(time)s") % {"time": duration(glance.draw_at - now)}, "wait"))
    limit = glance.two_people_from_minor
    if limit is not None and order.total_minor >= limit:
        who = ", ".join(name_of(approval.by) for approval in said)
        words = _("seen by %(who)s, a second person confirms") % {"who": who} if who else _("two people")
        tags.append(Tag(words, "look"))
    return tuple(tags)


def _asked(question: OrderChange | None, now: datetime) -> tuple[Tag, ...]:
    return (Tag(_("asked %(time)s") % {"time": ago(question.at, now)}, "quiet"),) if question else ()


def orders_before(order: Order, user: User) -> dict[str, int]:
    """The player's other orders by status, for one line of the card; those that the reader may see."""
    others = seen_by(user, Order.objects.filter(player=order.player_id)).exclude(pk=order.pk)
    counted = others.values("status").annotate(count=Count("pk")).order_by("status")
    return {str(Order.Status(row["status"]).label): row["count"] for row in counted}
