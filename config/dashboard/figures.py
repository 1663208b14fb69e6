"""What the dashboard shows. A constant number of queries, each over what its panel names and no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, Sum
from django.db.models.functions import Coalesce, TruncHour
from django.utils.translation import gettext as _

from config.beat import silence
from raffles.desk.models import Digest
from raffles.numbers.models import Raffle, Ticket
from raffles.sales.admin.showing import ago, duration, money
from raffles.sales.models import HELD, Order, Payment, PaymentProof
from whatsapp.models import InboundEvent, OutboundMessage

DAY = timedelta(days=1)
MONTH = timedelta(days=30)
# Minutes; the last one is open.
AGES = (10, 60, 24 * 60)
SOON = (5, 15)
MOST_RAFFLES = 12
Status = OutboundMessage.Status


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    is_bad: bool = False
    url: str = ""


@dataclass(frozen=True)
class Share:
    """How far a raffle is sold."""

    title: str
    sold: int
    held: int
    size: int

    @property
    def percent(self) -> int:
        return self.sold * 100 // self.size


def proofs_by_age(now: datetime) -> list[Figure]:
    waiting = PaymentProof.objects.filter(
        status=PaymentProof.Status.SUBMITTED, order__status=Order.Status.UNDER_REVIEW
    )
    edges = [now - timedelta(minutes=age) for age in AGES]
    counted = waiting.aggregate(
        young=Count("pk", filter=Q(received_at__gt=edges[0])),
        hour=Count("pk", filter=Q(received_at__lte=edges[0], received_at__gt=edges[1])),
        day=Count("pk", filter=Q(received_at__lte=edges[1], received_at__gt=edges[2])),
        older=Count("pk", filter=Q(received_at__lte=edges[2])),
    )
    labels = (_("under 10 min"), _("10 to 60 min"), _("1 to 24 h"), _("over a day"))
    return [
        Figure(label, str(count), is_bad=bool(count) and place > 1)
        for place, (label, count) in enumerate(zip(labels, counted.values(), strict=True))
    ]


def holds_running_out(now: datetime) -> list[Figure]:
    first, second = (now + timedelta(minutes=minutes) for minutes in SOON)
    counted = Order.objects.filter(status__in=HELD, expires_at__lte=second).aggregate(
        overdue=Count("pk", filter=Q(expires_at__lte=now)),
        first=Count("pk", filter=Q(expires_at__gt=now, expires_at__lte=first)),
        second=Count("pk", filter=Q(expires_at__gt=first)),
    )
    return [
        Figure(_("overdue"), str(counted["overdue"]), is_bad=bool(counted["overdue"])),
        Figure(_("within 5 min"), str(counted["first"])),
        Figure(_("within 15 min"), str(counted["second"])),
    ]


def sales_by_hour(now: datetime) -> dict[str, Any]:
    """Numbers sold in each of the last 24 hours, by raffle: `hours` are ISO 8601, one value for each."""
    begin = (now - DAY + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    sold = Ticket.objects.filter(
        status=Ticket.Status.SOLD, order__status=Order.Status.PAID, order__closed_at__gte=begin
    )
    rows = sold.values(title=F("raffle__title"), hour=TruncHour("order__closed_at")).annotate(
        count=Count("pk")
    )
    hours = [begin + timedelta(hours=step) for step in range(24)]
    by_raffle: dict[str, dict[datetime, int]] = defaultdict(dict)
    for row in rows.order_by("raffle__title", "hour"):
        by_raffle[row["title"]][row["hour"]] = row["count"]
    lines = [
        {"label": title, "values": [counts.get(hour, 0) for hour in hours]}
        for title, counts in list(by_raffle.items())[:MOST_RAFFLES]
    ]
    return {"hours": [hour.isoformat() for hour in hours], "lines": lines}


def revenue(now: datetime) -> list[tuple[str, str, str]]:
    """Confirmed money by currency: of the last day, of the last thirty days."""
    rows = (
        Payment.objects.filter(confirmed_at__gt=now - MONTH)
        .values("currency")
        .annotate(
            day=Coalesce(Sum("amount_minor", filter=Q(confirmed_at__gt=now - DAY)), 0),
            month=Sum("amount_minor"),
        )
    )
    return [
        (row["currency"], money(row["day"], row["currency"]), money(row["month"], row["currency"]))
        for row in rows.order_by("currency")
    ]


def sell_through() -> list[Share]:
    """Raffles on sale or paused, the next draw first."""
    open_ones = Raffle.objects.filter(status__in=[Raffle.Status.ACTIVE, Raffle.Status.PAUSED])
    counted = open_ones.annotate(
        reserved=Coalesce(Sum("blocks__reserved"), 0), sold=Coalesce(Sum("blocks__sold"), 0)
    )
    return [
        Share(row.title, getattr(row, "sold"), getattr(row, "reserved"), row.size)  # noqa: B009 - annotated
        for row in counted.order_by("draw_at", "pk")[:MOST_RAFFLES]
    ]


def messages_by_price(now: datetime) -> list[tuple[str, str, int]]:
    """Of the last thirty days, as Meta's statuses priced them, each message once: category, type, count."""
    rows = (
        OutboundMessage.objects.filter(created_at__gt=now - MONTH)
        .exclude(price_category="")
        .values("price_category", "price_type")
        .annotate(count=Count("pk"))
    )
    return [
        (row["price_category"], row["price_type"], row["count"])
        for row in rows.order_by("price_category", "price_type")
    ]


def talk_per_order(now: datetime, priced: Iterable[tuple[str, str, int]]) -> str:
    """Messages that Meta charged or could have charged, for each paid order of the same days."""
    paid = Order.objects.filter(status=Order.Status.PAID, closed_at__gt=now - MONTH).count()
    messages = sum(count for _category, _type, count in priced)
    return f"{messages / paid:.1f}" if paid else "–"


def health(now: datetime) -> list[Figure]:
    backlog = OutboundMessage.objects.filter(
        status__in=[Status.QUEUED, Status.SENDING, Status.WAITING]
    ).aggregate(
        queued=Count("pk", filter=Q(status__in=[Status.QUEUED, Status.SENDING])),
        waiting=Count("pk", filter=Q(status=Status.WAITING)),
        oldest=Min("created_at", filter=Q(status__in=[Status.QUEUED, Status.SENDING])),
    )
    failed = OutboundMessage.objects.filter(status=Status.FAILED, failed_at__gt=now - DAY).count()
    broken = InboundEvent.objects.filter(status=InboundEvent.Status.FAILED).count()
    unheard = Digest.objects.filter(status=Digest.Status.FAILED, made_at__gt=now - DAY).count()
    oldest = ago(backlog["oldest"], now) if backlog["oldest"] else "–"
    return [
        Figure(_("messages on their way"), str(backlog["queued"])),
        Figure(_("the oldest of them"), oldest),
        Figure(_("wait for the player to write"), str(backlog["waiting"])),
        Figure(_("messages failed today"), str(failed), is_bad=bool(failed)),
        Figure(_("received and not understood"), str(broken), is_bad=bool(broken)),
        Figure(_("alerts to staff not sent today"), str(unheard), is_bad=bool(unheard)),
        _worker(now),
    ]


def _worker(now: datetime) -> Figure:
    silent = silence(now=now)
    if silent is None:
        return Figure(_("worker"), _("never heard"), is_bad=True)
    words = _("heard %(time)s ago") % {"time": duration(silent)}
    return Figure(_("worker"), words, is_bad=silent > timedelta(minutes=2))
