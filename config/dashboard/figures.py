"""What the dashboard shows. A constant number of queries, each over what its panel names and no more."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncHour
from django.utils.formats import number_format, time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.beat import silence
from raffles.desk.models import Digest
from raffles.draws.admin.filters import closing, troubled, waiting
from raffles.draws.models import Draw
from raffles.numbers.models import Raffle, Ticket
from raffles.sales.admin.showing import ago, duration, list_url, moment, money
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
    """Orders, by the first of their proofs that nobody has decided: as many as the first page says."""
    undecided = Q(proofs__status=PaymentProof.Status.SUBMITTED)
    reviewed = Order.objects.filter(status=Order.Status.UNDER_REVIEW)
    waiting = reviewed.annotate(since=Min("proofs__received_at", filter=undecided))
    edges = [now - timedelta(minutes=age) for age in AGES]
    counted = waiting.aggregate(
        young=Count("pk", filter=Q(since__gt=edges[0])),
        hour=Count("pk", filter=Q(since__lte=edges[0], since__gt=edges[1])),
        day=Count("pk", filter=Q(since__lte=edges[1], since__gt=edges[2])),
        older=Count("pk", filter=Q(since__lte=edges[2])),
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


def next_draws(now: datetime) -> list[Figure]:
    """What comes, what somebody must decide before, and what cannot go on by itself."""
    counted = Draw.objects.aggregate(
        closing=Count("pk", filter=closing(now)),
        waiting=Count("pk", filter=waiting(now)),
        troubled=Count("pk", filter=troubled()),
        first=Min("draws_at", filter=Q(status__in=[Draw.Status.COMMITTED, Draw.Status.CLOSED])),
    )
    late, stopped = counted["waiting"], counted["troubled"]
    return [
        Figure(_("sales end within a day"), str(counted["closing"]), url=_draws("closing")),
        Figure(_("wait for undecided orders"), str(late), is_bad=bool(late), url=_draws("waiting")),
        Figure(_("stopped by something"), str(stopped), is_bad=bool(stopped), url=_draws("troubled")),
        Figure(_("the next draw"), moment(counted["first"]) if counted["first"] else "–"),
    ]


def _draws(what: str) -> str:
    return list_url(Draw, next=what)


def sales_by_hour(now: datetime) -> dict[str, Any]:
    """Numbers sold in each of the last 24 hours, by raffle: `hours` are named as clocks here show them.

    The browser of whoever travels has another zone than the rest of the desk.
    """
    hours = _hours_until(now)
    sold = Ticket.objects.filter(
        status=Ticket.Status.SOLD, order__status=Order.Status.PAID, order__closed_at__gte=hours[0]
    )
    hour = TruncHour("order__closed_at", tzinfo=hours[0].tzinfo)
    rows = sold.values(title=F("raffle__title"), code=F("raffle__code"), hour=hour).annotate(
        count=Count("pk")
    )
    by_raffle: dict[tuple[str, str], dict[datetime, int]] = defaultdict(dict)
    for row in rows.order_by("raffle__title", "raffle__code", "hour"):
        by_raffle[row["title"], row["code"]][row["hour"]] = row["count"]
    named = zip(_told_apart(by_raffle), by_raffle.values(), strict=True)
    lines = [_line(title, hours, [counts]) for title, counts in list(named)[:MOST_RAFFLES]]
    if rest := list(by_raffle.values())[MOST_RAFFLES:]:
        lines.append(_line(_("other raffles"), hours, rest))
    return {"hours": [time_format(localtime(hour), "TIME_FORMAT") for hour in hours], "lines": lines}


def _told_apart(raffles: Iterable[tuple[str, str]]) -> list[str]:
    """By title; two that are called the same, as each week's, by their codes besides."""
    named = list(raffles)
    often = Counter(title for title, _code in named)
    return [f"{title} ({code})" if often[title] > 1 else title for title, code in named]


def _line(label: str, hours: list[datetime], counted: list[dict[datetime, int]]) -> dict[str, Any]:
    values = [sum(counts.get(hour, 0) for counts in counted) for hour in hours]
    return {"label": label, "values": values}


def _hours_until(now: datetime) -> list[datetime]:
    """Whole hours of the clocks here, by the offset of now: no hour comes twice when clocks are changed."""
    here = timezone(localtime(now).utcoffset() or timedelta())
    last = now.astimezone(here).replace(minute=0, second=0, microsecond=0)
    return [last - timedelta(hours=step) for step in reversed(range(24))]


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
    counted = _open_raffles().annotate(
        reserved=Coalesce(Sum("blocks__reserved"), 0), sold=Coalesce(Sum("blocks__sold"), 0)
    )
    rows = list(counted.order_by("draw_at", "pk")[:MOST_RAFFLES])
    titles = _told_apart((row.title, row.code) for row in rows)
    return [
        Share(title, getattr(row, "sold"), getattr(row, "reserved"), row.size)  # noqa: B009 - annotated
        for title, row in zip(titles, rows, strict=True)
    ]


def other_raffles() -> tuple[int, str]:
    """How many are on sale or paused beyond those whose shares are shown, and where all of them stand."""
    states = [Raffle.Status.ACTIVE.value, Raffle.Status.PAUSED.value]
    return max(0, _open_raffles().count() - MOST_RAFFLES), list_url(Raffle, status__in=",".join(states))


def _open_raffles() -> QuerySet[Raffle]:
    return Raffle.objects.filter(status__in=[Raffle.Status.ACTIVE, Raffle.Status.PAUSED])


# Meta's words; of what it adds later its own word is shown.
CATEGORIES = {
    "service": gettext_lazy("answer"),
    "utility": gettext_lazy("notice by template"),
    "marketing": gettext_lazy("advertising"),
    "marketing_lite": gettext_lazy("advertising"),
    "authentication": gettext_lazy("sign-in code"),
    "authentication_international": gettext_lazy("sign-in code"),
    "referral_conversion": gettext_lazy("answer to an advertisement"),
}
CHARGED = "regular"
PRICES = {
    CHARGED: gettext_lazy("charged"),
    "free_customer_service": gettext_lazy("free, within the allowance"),
    "free_entry_point": gettext_lazy("free, came by an advertisement"),
}


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


def prices_in_words(priced: Iterable[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    return [
        (str(CATEGORIES.get(category, category)), str(PRICES.get(kind, kind)), count)
        for category, kind, count in priced
    ]


def talk_per_order(now: datetime, priced: Iterable[tuple[str, str, int]]) -> str:
    """Messages that Meta charges, for each paid order of the same days."""
    paid = Order.objects.filter(status=Order.Status.PAID, closed_at__gt=now - MONTH).count()
    messages = sum(count for _category, kind, count in priced if kind == CHARGED)
    return number_format(round(messages / paid, 1), 1) if paid else "–"


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
        Figure(_("messages failed in 24 h"), str(failed), is_bad=bool(failed)),
        Figure(_("received and not understood"), str(broken), is_bad=bool(broken)),
        Figure(_("alerts to staff not sent in 24 h"), str(unheard), is_bad=bool(unheard)),
        _worker(now),
    ]


def _worker(now: datetime) -> Figure:
    silent = silence(now=now)
    if silent is None:
        return Figure(_("worker"), _("never heard"), is_bad=True)
    words = _("heard %(time)s ago") % {"time": duration(silent)}
    return Figure(_("worker"), words, is_bad=silent > timedelta(minutes=2))
